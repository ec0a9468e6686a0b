package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BytesTest {
  @Test
  void ofCopiesAndWrapDoesNot() {
    byte[] array = {1, 2};
    Bytes copied = Bytes.of(array);
    Bytes wrapped = Bytes.wrap(array);
    array[0] = 9;
    assertThat(copied.at(0)).isEqualTo((byte) 1);
    assertThat(wrapped.at(0)).isEqualTo((byte) 9);
    assertThat(wrapped.lend()).isSameAs(array);
  }

  @Test
  void toArrayCopies() {
    Bytes bytes = Bytes.of(new byte[] {1, 2});
    bytes.toArray()[0] = 9;
    assertThat(bytes.at(0)).isEqualTo((byte) 1);
  }

  @Test
  void bytesAreOrderedUnsignedAndTheShorterFirst() {
    List<Bytes> ordered =
        List.of(
            Bytes.EMPTY,
            Bytes.of(new byte[] {0}),
            Bytes.of(new byte[] {0, 0}),
            Bytes.of(new byte[] {0, (byte) 0xff}),
            Bytes.of(new byte[] {1}),
            Bytes.of(new byte[] {127}),
            Bytes.of(new byte[] {(byte) 0x80}),
            Bytes.of(new byte[] {(byte) 0xff}),
            Bytes.of(new byte[] {(byte) 0xff, 0}));
    for (int i = 0; i < ordered.size(); i++) {
      for (int j = 0; j < ordered.size(); j++) {
        assertThat(Integer.signum(ordered.get(i).compareTo(ordered.get(j))))
            .as("%s and %s", ordered.get(i), ordered.get(j))
            .isEqualTo(Integer.compare(i, j));
      }
    }
  }

  @Test
  void bytesAreEqualWhenTheirContentIs() {
    assertThat(Bytes.of(new byte[] {1, 2}))
        .isEqualTo(Bytes.wrap(new byte[] {1, 2}))
        .hasSameHashCodeAs(Bytes.wrap(new byte[] {1, 2}))
        .isNotEqualTo(Bytes.of(new byte[] {1}))
        .isNotEqualTo("0102");
    assertThat(Bytes.EMPTY).isEqualTo(Bytes.of(new byte[0]));
  }

  @Test
  void startsWithComparesTheBeginning() {
    Bytes bytes = Bytes.of(new byte[] {1, 2, 3});
    assertThat(bytes.startsWith(Bytes.EMPTY)).isTrue();
    assertThat(bytes.startsWith(Bytes.of(new byte[] {1, 2}))).isTrue();
    assertThat(bytes.startsWith(bytes)).isTrue();
    assertThat(bytes.startsWith(Bytes.of(new byte[] {2}))).isFalse();
    assertThat(bytes.startsWith(Bytes.of(new byte[] {1, 2, 3, 4}))).isFalse();
  }

  @Test
  void textGoesToUtf8AndBack() {
    String text = "a\u00e9\u4e2d\ud83d\ude00";
    assertThat(Bytes.ofUtf8(text).toArray()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    assertThat(Bytes.ofUtf8(text).toUtf8()).isEqualTo(text);
    assertThat(Bytes.of(new byte[] {'a', (byte) 0xff}).toUtf8()).isEqualTo("a\ufffd");
  }

  @Test
  void bytesShowAsHexadecimalDigits() {
    assertThat(Bytes.of(new byte[] {0, 0x1f, (byte) 0xff})).hasToString("001fff");
    assertThat(Bytes.EMPTY).hasToString("");
    assertThat(Bytes.of(new byte[3]).size()).isEqualTo(3);
  }
}
