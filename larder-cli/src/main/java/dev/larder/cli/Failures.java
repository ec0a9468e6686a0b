package dev.larder.cli;

import dev.larder.BatchTooLargeException;
import dev.larder.CodecException;
import dev.larder.CommitUnknownException;
import dev.larder.CorruptionException;
import dev.larder.KeyExistsException;
import dev.larder.KeyNotFoundException;
import dev.larder.KeyTooLongException;
import dev.larder.LarderException;
import dev.larder.NotAStoreException;
import dev.larder.StoreClosedException;
import dev.larder.StoreFailedException;
import dev.larder.StoreFullException;
import dev.larder.StoreIoException;
import dev.larder.StoreLockedException;
import dev.larder.StoreNotFoundException;
import dev.larder.UnsupportedVersionException;
import dev.larder.ValueTooLargeException;
import dev.larder.VersionConflictException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.PicocliException;

/// What becomes of an exception: an exit code and one line.
final class Failures {
  private Failures() {}

  /// Tells the caller of a failure.
  ///
  /// @param failure what was thrown
  /// @param console where to tell it
  /// @param isDebugging whether to add the stack trace
  /// @return the exit code
  static int report(Throwable failure, Console console, boolean isDebugging) {
    if (failure instanceof Output.ReaderGoneException) {
      return Exit.DONE;
    }
    flush(console.out()); // what was found before the failure comes before it
    int exitCode = exitCode(failure);
    if (Shutdown.isUnderWay() && exitCode != Exit.INTERRUPTED) {
      return Exit.INTERRUPTED; // the store was closed under the command: an effect, not a cause
    }
    console.complain(message(failure));
    if (isDebugging) {
      var trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      console.err().text(trace.toString());
      console.err().flush();
    }
    return exitCode;
  }

  private static void flush(Output output) {
    try {
      output.flush();
    } catch (Output.ReaderGoneException | CommandException _) {
      return; // one failure is told, and it is the first
    }
  }

  /// {@return what the process ends with after this failure}
  static int exitCode(Throwable failure) {
    if (failure instanceof CommandException known) {
      return known.exitCode();
    }
    if (Thread.currentThread().isInterrupted()) {
      return Exit.INTERRUPTED;
    }
    return switch (failure) {
      case LarderException known -> exitCode(known);
      case IllegalArgumentException _ -> Exit.NO;
      default -> Exit.UNABLE;
    };
  }

  private static int exitCode(LarderException failure) {
    return switch (failure) {
      case KeyExistsException _,
          KeyNotFoundException _,
          VersionConflictException _,
          KeyTooLongException _,
          ValueTooLargeException _,
          BatchTooLargeException _,
          CodecException _ ->
          Exit.NO;
      case StoreFullException _,
          StoreNotFoundException _,
          NotAStoreException _,
          UnsupportedVersionException _,
          CorruptionException _,
          StoreLockedException _,
          StoreFailedException _,
          CommitUnknownException _,
          StoreIoException _,
          StoreClosedException _ ->
          Exit.UNABLE;
    };
  }

  /// {@return what to say of a failure}
  static String message(Throwable failure) {
    String message = failure.getMessage();
    return switch (failure) {
      case CommandException known -> known.text();
      case LarderException _ when message != null -> message;
      case IllegalArgumentException _ when message != null -> message;
      case PicocliException _ when message != null -> message;
      case OutOfMemoryError _ -> "out of memory";
      case IOException e -> reasonOf(e);
      default -> "a fault in larder itself: %s; --debug shows where".formatted(failure);
    };
  }

  /// {@return why the file system refused, without the path, which the caller names}
  static String reasonOf(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file";
      case AccessDeniedException _ -> "permission denied";
      case NotDirectoryException _ -> "not a directory";
      case FileAlreadyExistsException _ -> "it exists already";
      case FileSystemException fs when fs.getReason() != null -> fs.getReason();
      case FileNotFoundException _ -> fromStream(e.getMessage());
      default -> {
        String message = e.getMessage();
        yield message == null ? e.getClass().getSimpleName() : message;
      }
    };
  }

  /// `FileInputStream` says "path (reason)".
  private static String fromStream(@Nullable String message) {
    if (message == null) {
      return "no such file";
    }
    int open = message.lastIndexOf('(');
    String reason =
        open >= 0 && message.endsWith(")")
            ? message.substring(open + 1, message.length() - 1)
            : message;
    return switch (reason) {
      case "No such file or directory" -> "no such file";
      case "Permission denied" -> "permission denied";
      case "Is a directory" -> "it is a directory";
      default -> reason;
    };
  }

  /// {@return a text without line breaks and other control characters, which could also change the
  /// terminal's state}
  static String oneLine(String text) {
    if (text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    var line = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> {
          if (Character.isISOControl(c)) {
            line.append("\\u{").append(Integer.toHexString(c)).append('}');
          } else {
            line.append(c);
          }
        }
      }
    }
    return line.toString();
  }
}
