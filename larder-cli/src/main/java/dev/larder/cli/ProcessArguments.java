package dev.larder.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The arguments of this process as UTF-8, in any locale.
///
/// The JVM decodes them in the locale's charset and puts U+FFFD where that fails. Where that may
/// have happened, the bytes are read again from the operating system, if it tells them.
final class ProcessArguments {
  private static final char REPLACEMENT = '\ufffd';
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private ProcessArguments() {}

  /// {@return the arguments, decoded as UTF-8}
  ///
  /// @param arguments as the JVM decoded them
  /// @throws CommandException if they are no UTF-8
  static String[] recover(String[] arguments) {
    for (String argument : arguments) {
      if (argument.indexOf(REPLACEMENT) >= 0) {
        return read(arguments);
      }
    }
    return arguments;
  }

  private static String[] read(String[] arguments) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(COMMAND_LINE);
    } catch (IOException _) {
      return arguments; // this system does not tell; the character may well have been meant
    }
    return decode(bytes, arguments);
  }

  /// Decodes the last words of a command line, each of which ends with a zero byte.
  static String[] decode(byte[] commandLine, String[] arguments) {
    List<ByteBuffer> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < commandLine.length; i++) {
      if (commandLine[i] == 0) {
        words.add(ByteBuffer.wrap(commandLine, start, i - start));
        start = i + 1;
      }
    }
    if (words.size() < arguments.length) {
      return arguments;
    }
    String[] decoded = new String[arguments.length];
    int first = words.size() - arguments.length;
    for (int i = 0; i < decoded.length; i++) {
      try {
        decoded[i] = StandardCharsets.UTF_8.newDecoder().decode(words.get(first + i)).toString();
      } catch (CharacterCodingException e) {
        throw CommandException.no("argument %d is not valid UTF-8".formatted(i + 1), e);
      }
    }
    return decoded;
  }
}
