package dev.larder.cli;

import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// What a command reads: a file or standard input, compressed with gzip or not, told by its first
/// two bytes.
///
/// **Threads.** One reads; any may ask how far it came.
final class Source implements AutoCloseable {
  /// The size of what has none: standard input, a pipe.
  static final long SIZE_UNKNOWN = -1;

  private static final String STANDARD_INPUT = "-";
  private static final int BUFFER_SIZE = 1 << 16;

  private final Counter raw;
  private final InputStream content;
  private final String name;
  private final long size;

  private Source(Counter raw, InputStream content, String name, long size) {
    this.raw = raw;
    this.content = content;
    this.name = name;
    this.size = size;
  }

  /// Opens a source.
  ///
  /// @param file a path, or `-`
  /// @param console whose standard input to read
  /// @throws CommandException if it cannot be read
  static Source open(String file, Console console) {
    boolean isInput = file.equals(STANDARD_INPUT);
    String name = isInput ? "standard input" : file;
    try {
      Counter raw = new Counter(isInput ? console.in() : new FileInputStream(file));
      long size = isInput ? SIZE_UNKNOWN : sizeOf(file);
      return new Source(raw, unpacked(raw), name, size);
    } catch (IOException e) {
      throw cannotRead(name, e);
    }
  }

  /// Reads everything, for a value that comes from a file.
  ///
  /// @param sizeMax how many bytes are still sensible
  byte[] readAll(int sizeMax) {
    try {
      byte[] bytes = raw.readNBytes(sizeMax + 1);
      if (bytes.length > sizeMax) {
        throw CommandException.no(
            "%s: more than %,d bytes are no value".formatted(name, sizeMax), null);
      }
      return bytes;
    } catch (IOException e) {
      throw cannotRead(name, e);
    }
  }

  /// Opens a source whose bytes are taken as they are.
  static Source openRaw(String file, Console console) {
    boolean isInput = file.equals(STANDARD_INPUT);
    String name = isInput ? "standard input" : file;
    try {
      Counter raw = new Counter(isInput ? console.in() : new FileInputStream(file));
      return new Source(raw, raw, name, SIZE_UNKNOWN);
    } catch (IOException e) {
      throw cannotRead(name, e);
    }
  }

  /// {@return the bytes, unpacked}
  InputStream content() {
    return content;
  }

  /// {@return what messages call it}
  String name() {
    return name;
  }

  /// {@return how many bytes the file has, or [#SIZE_UNKNOWN]}
  long size() {
    return size;
  }

  /// {@return how many bytes of the file have been read}
  long position() {
    return raw.count;
  }

  @Override
  public void close() {
    try {
      raw.close();
    } catch (IOException _) {
      return; // everything wanted from it has been read
    }
  }

  /// {@return what says that something cannot be read}
  static CommandException cannotRead(String name, IOException e) {
    return CommandException.unable("cannot read %s: %s".formatted(name, Failures.reasonOf(e)), e);
  }

  private static InputStream unpacked(InputStream raw) throws IOException {
    var ahead = new Ahead(raw);
    int first = ahead.read();
    int second = first < 0 ? -1 : ahead.read();
    if (second >= 0) {
      ahead.unread(second);
    }
    if (first >= 0) {
      ahead.unread(first);
    }
    boolean isPacked = (first | second << 8) == GZIPInputStream.GZIP_MAGIC;
    return isPacked ? new GZIPInputStream(ahead, BUFFER_SIZE) : ahead;
  }

  private static long sizeOf(String file) throws IOException {
    try {
      Path path = Path.of(file);
      return Files.isRegularFile(path) ? Files.size(path) : SIZE_UNKNOWN;
    } catch (InvalidPathException _) {
      return SIZE_UNKNOWN; // it could be opened; only the remaining time stays unknown
    }
  }

  /// Counts what has been read.
  private static final class Counter extends FilterInputStream {
    /// Written by the reading thread only.
    private volatile long count;

    Counter(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      if (b >= 0) {
        add(1);
      }
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = in.read(bytes, offset, length);
      if (read > 0) {
        add(read);
      }
      return read;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void add(int read) {
      count += read;
    }
  }

  /// A stream that knows whether there is more.
  ///
  /// A gzip file may consist of several members. `GZIPInputStream` looks for the next one only
  /// where `available()` is more than zero, which on a pipe is zero whenever the writer is slow:
  /// the rest would be lost without a word. Reading one byte ahead gives a true answer.
  private static final class Ahead extends PushbackInputStream {
    Ahead(InputStream in) {
      super(in, BUFFER_SIZE);
    }

    @Override
    public int available() throws IOException {
      int b = read();
      if (b < 0) {
        return 0;
      }
      unread(b);
      return Math.max(1, super.available());
    }
  }
}
