package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
  @ParameterizedTest
  @CsvSource({
    "1, 0000000001.segment",
    "4294967296, 4294967296.segment",
    "9999999999, 9999999999.segment",
    "10000000000, 10000000000.segment",
    "9223372036854775807, 9223372036854775807.segment",
  })
  void segmentIsNamedByItsNumber(long number, String name) {
    assertThat(FileNames.segment(number)).isEqualTo(name);
    assertThat(FileNames.isSegment(name)).isTrue();
    assertThat(FileNames.isOurs(name)).isTrue();
  }

  @Test
  void namesDoNotDependOnTheLanguage() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat(FileNames.segment(12)).isEqualTo("0000000012.segment");
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".segment",
        "1.segment",
        "000000001.segment",
        "000000000x.segment",
        "-000000001.segment",
        "0000000001.SEGMENT",
        "0000000001.segment.tmp",
        " 0000000001.segment",
        "\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0661.segment",
        "0000000001segment",
        "MANIFEST.bak",
        "manifest",
        "LOCK2",
      })
  void otherNamesAreNotOurs(String name) {
    assertThat(FileNames.isSegment(name)).isFalse();
    assertThat(FileNames.isOurs(name)).isFalse();
  }

  @Test
  void otherFilesOfAStoreAreOurs() {
    List<String> names =
        List.of(
            FileNames.LOCK,
            FileNames.CONTROL,
            FileNames.MANIFEST,
            FileNames.MANIFEST_NEXT,
            FileNames.CHECKPOINT,
            FileNames.CHECKPOINT_NEXT,
            FileNames.RESERVE);
    assertThat(names).doesNotHaveDuplicates().allMatch(FileNames::isOurs);
    assertThat(names).noneMatch(FileNames::isSegment);
  }
}
