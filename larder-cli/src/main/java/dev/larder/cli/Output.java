package dev.larder.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A stream of UTF-8 lines, whatever the locale says, that notices when nobody reads any more.
///
/// A `PrintStream` would hide the difference between a reader that has gone (`| head`), which ends
/// a command quietly, and a full disk, which must not pass for success.
///
/// **Threads.** Any; each line is written whole.
final class Output {
  private static final int BUFFER_SIZE = 1 << 16;

  private final OutputStream target;
  private final String name;
  private byte[] buffer = new byte[512];
  private int size;
  private boolean hasFailed;

  /// Makes an output.
  ///
  /// @param target where the bytes go
  /// @param name what messages call it
  Output(OutputStream target, String name) {
    this.target = target;
    this.name = name;
  }

  /// Writes a line. It may stay in the buffer until [#flush()].
  ///
  /// @throws ReaderGoneException if nobody reads any more
  /// @throws CommandException if it cannot be written
  synchronized void line(String text) {
    append(text.getBytes(StandardCharsets.UTF_8));
    append((byte) '\n');
  }

  /// Writes text as it is.
  synchronized void text(String text) {
    append(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Hands everything written to the operating system.
  synchronized void flush() {
    if (hasFailed) {
      return;
    }
    try {
      if (size > 0) {
        target.write(buffer, 0, size);
        size = 0;
      }
      target.flush();
    } catch (IOException e) {
      hasFailed = true;
      size = 0;
      throw failure(e);
    }
  }

  /// {@return a stream that writes here, for what can only write to streams}
  OutputStream asStream() {
    return new OutputStream() {
      @Override
      public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        synchronized (Output.this) {
          append(bytes, offset, length);
        }
      }

      @Override
      public void flush() {
        Output.this.flush();
      }
    };
  }

  private void append(byte[] bytes) {
    append(bytes, 0, bytes.length);
  }

  private void append(byte b) {
    reserve(1);
    buffer[size++] = b;
  }

  private void append(byte[] bytes, int offset, int length) {
    reserve(length);
    System.arraycopy(bytes, offset, buffer, size, length);
    size += length;
  }

  /// Makes room. The buffer grows with what a command writes, since most write one line.
  private void reserve(int length) {
    if (size + length > BUFFER_SIZE) {
      flush();
    }
    int needed = size + length;
    if (needed > buffer.length) {
      byte[] larger = new byte[Math.max(needed, Math.min(BUFFER_SIZE, buffer.length * 8))];
      System.arraycopy(buffer, 0, larger, 0, size);
      buffer = larger;
    }
  }

  private RuntimeException failure(IOException e) {
    String reason = Failures.reasonOf(e);
    String lower = reason.toLowerCase(Locale.ROOT);
    if (lower.contains("broken pipe") || lower.contains("pipe is being closed")) {
      return new ReaderGoneException();
    }
    return CommandException.unable("cannot write to " + name + ": " + reason, e);
  }

  /// Whoever read the output has gone: the command ends, and nothing is wrong.
  static final class ReaderGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReaderGoneException() {
      super("nobody reads the output any more");
    }
  }
}
