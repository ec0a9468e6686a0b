package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private static LineReader reader(String text) {
    return new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void linesAreCounted() throws IOException {
    LineReader reader = reader("a\n\nb\r\nlast");

    assertThat(reader.next()).isEqualTo("a");
    assertThat(reader.next()).isEmpty();
    assertThat(reader.next()).isEqualTo("b\r");
    assertThat(reader.number()).isEqualTo(3);
    assertThat(reader.next()).isEqualTo("last");
    assertThat(reader.number()).isEqualTo(4);
    assertThat(reader.next()).isNull();
    assertThat(reader.next()).isNull();
  }

  @Test
  void aFinalLineEndMakesNoFurtherLine() throws IOException {
    LineReader reader = reader("a\n");

    assertThat(reader.next()).isEqualTo("a");
    assertThat(reader.next()).isNull();
  }

  @Test
  void linesMayBeLongerThanTheBuffer() throws IOException {
    String line = "\u00fc".repeat(100_000);

    LineReader reader = reader(line + "\n" + line);

    assertThat(reader.next()).isEqualTo(line);
    assertThat(reader.next()).isEqualTo(line);
    assertThat(reader.next()).isNull();
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstLine() throws IOException {
    assertThat(reader("\ufeffa\n").next()).isEqualTo("a");
  }

  @Test
  void invalidUtf8IsRefusedWithItsPlace() {
    byte[] bytes = {'o', 'k', '\n', 'x', 'y', (byte) 0xc3, '('};
    var reader = new LineReader(new ByteArrayInputStream(bytes));

    assertThatThrownBy(
            () -> {
              reader.next();
              reader.next();
            })
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("invalid UTF-8 at byte 3");
    assertThat(reader.number()).isEqualTo(2);
  }

  @Test
  void aLineWithoutEndIsRefusedBeforeItFillsTheMemory() {
    var endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            Arrays.fill(bytes, offset, offset + length, (byte) 'x');
            return length;
          }
        };

    assertThatThrownBy(() -> new LineReader(endless).next())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the line is longer than 16 MiB");
  }
}
