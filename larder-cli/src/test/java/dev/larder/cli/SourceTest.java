package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(String text) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(utf8(text));
    }
    return packed.toByteArray();
  }

  private static Console consoleOver(InputStream in) {
    return Console.over(in, new ByteArrayOutputStream(), new ByteArrayOutputStream(), Map.of());
  }

  private static String read(InputStream in) throws IOException {
    try (Source source = Source.open("-", consoleOver(in))) {
      return new String(source.content().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void plainAndPackedInputIsToldApart() throws IOException {
    assertThat(read(new ByteArrayInputStream(utf8("plain")))).isEqualTo("plain");
    assertThat(read(new ByteArrayInputStream(gzip("packed")))).isEqualTo("packed");
    assertThat(read(new ByteArrayInputStream(utf8("")))).isEmpty();
    assertThat(read(new ByteArrayInputStream(utf8("x")))).isEqualTo("x");
    assertThat(read(new ByteArrayInputStream(new byte[] {0x1f}))).isEqualTo("\u001f");
  }

  /// `GZIPInputStream` takes the end of a member for the end of everything where `available()` says
  /// 0, as it does on a pipe whose writer is slow.
  @Test
  void everyMemberOfAPackedPipeIsRead() throws IOException {
    var members = new ByteArrayOutputStream();
    members.write(gzip("one\n"));
    members.write(gzip("two\n"));
    members.write(gzip("three\n"));
    var pipe =
        new ByteArrayInputStream(members.toByteArray()) {
          @Override
          public synchronized int available() {
            return 0;
          }

          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(1, length));
          }
        };

    assertThat(read(pipe)).isEqualTo("one\ntwo\nthree\n");
  }

  @Test
  void filesHaveASizeAndAPosition(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("lines"), utf8("12345"));

    try (Source source = Source.open(file.toString(), consoleOver(InputStream.nullInputStream()))) {
      assertThat(source.size()).isEqualTo(5);
      assertThat(source.content().readAllBytes()).hasSize(5);
      assertThat(source.position()).isEqualTo(5);
    }
  }

  @Test
  void whatCannotBeReadIsNamed(@TempDir Path folder) {
    Console console = consoleOver(InputStream.nullInputStream());
    String missing = folder.resolve("missing").toString();

    assertThatThrownBy(() -> Source.open(missing, console))
        .hasMessage("cannot read %s: no such file", missing);
    assertThatThrownBy(() -> Source.open(folder.toString(), console))
        .hasMessage("cannot read %s: it is a directory", folder);
  }

  @Test
  void aValueHasASensibleSize() {
    Console console = consoleOver(new ByteArrayInputStream(new byte[11]));

    try (Source source = Source.openRaw("-", console)) {
      assertThatThrownBy(() -> source.readAll(10))
          .hasMessage("standard input: more than 10 bytes are no value");
    }
  }
}
