package dev.larder.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads lines of UTF-8 and counts them. Bytes that are no UTF-8 are refused, not replaced.
///
/// **Threads.** For one thread at a time.
final class LineReader {
  /// A line beyond this is no document; reading on would only fill the memory.
  static final int LINE_SIZE_MAX = 16 << 20;

  private static final int BUFFER_SIZE = 1 << 16;

  private final InputStream in;
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private final byte[] buffer = new byte[BUFFER_SIZE];
  private int next;
  private int end;
  private byte[] line = new byte[1024];
  private int size;
  private long number;

  LineReader(InputStream in) {
    this.in = in;
  }

  /// {@return the number of the line read last, from 1}
  long number() {
    return number;
  }

  /// Reads a line.
  ///
  /// @return it without its end; null where there is none left
  /// @throws IOException if the file cannot be read
  /// @throws IllegalArgumentException if it is too long or no UTF-8
  @Nullable String next() throws IOException {
    size = 0;
    if (next == end && !fill()) {
      return null;
    }
    number++;
    do {
      int stop = next;
      while (stop < end && buffer[stop] != '\n') {
        stop++;
      }
      append(stop);
      if (stop < end) {
        next = stop + 1;
        return text();
      }
    } while (fill());
    return text();
  }

  private boolean fill() throws IOException {
    int count = in.read(buffer);
    next = 0;
    end = Math.max(0, count);
    return count > 0;
  }

  private void append(int stop) {
    int length = stop - next;
    if (size + length > LINE_SIZE_MAX) {
      throw new IllegalArgumentException(
          "the line is longer than %d MiB".formatted(LINE_SIZE_MAX >> 20));
    }
    if (size + length > line.length) {
      line = Arrays.copyOf(line, Math.max(size + length, line.length * 2));
    }
    System.arraycopy(buffer, next, line, size, length);
    size += length;
    next = stop;
  }

  private String text() {
    int start = number == 1 && startsWithMark() ? 3 : 0;
    ByteBuffer bytes = ByteBuffer.wrap(line, start, size - start);
    try {
      return decoder.decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("invalid UTF-8 at byte " + (bytes.position() + 1), e);
    }
  }

  /// Whether the file begins with a byte order mark, which some editors write.
  private boolean startsWithMark() {
    return size >= 3 && line[0] == (byte) 0xef && line[1] == (byte) 0xbb && line[2] == (byte) 0xbf;
  }
}
