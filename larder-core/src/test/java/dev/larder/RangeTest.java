package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RangeTest {
  @Test
  void aRangeIsBuiltStepByStep() {
    assertThat(Range.<String>all()).isEqualTo(new Range<>(null, null, null, false, Long.MAX_VALUE));
    assertThat(Range.prefix("p").from("a").to("b").reversed().limit(3))
        .isEqualTo(new Range<>("p", "a", "b", true, 3));
  }

  @Test
  void reversingTwiceIsTheSameOrder() {
    assertThat(Range.prefix("p").reversed().reversed()).isEqualTo(Range.prefix("p"));
  }

  @Test
  void theLastBoundAndLimitCount() {
    assertThat(Range.<String>all().from("a").from("b").limit(5).limit(9))
        .isEqualTo(Range.<String>all().from("b").limit(9));
  }

  @Test
  void encodingMeetsPrefixAndBounds() {
    assertThat(Range.<String>all().encode(Codec.text())).isEqualTo(KeyRange.ALL);
    assertThat(Range.prefix("FR.").limit(2).reversed().encode(Codec.text()))
        .isEqualTo(new KeyRange(Bytes.ofUtf8("FR."), Bytes.ofUtf8("FR/"), true, 2));
    assertThat(Range.prefix("b").from("a").to("bm").encode(Codec.text()))
        .isEqualTo(new KeyRange(Bytes.ofUtf8("b"), Bytes.ofUtf8("bm"), false, Long.MAX_VALUE));
    assertThat(Range.<Integer>all().from(-5).to(5).encode(Codec.int32()))
        .isEqualTo(
            new KeyRange(
                Bytes.wrap(Codec.int32().encode(-5)),
                Bytes.wrap(Codec.int32().encode(5)),
                false,
                Long.MAX_VALUE));
  }

  @Test
  void boundsGoThroughTheCodec() {
    assertThatThrownBy(() -> Range.prefix("\ud83d").encode(Codec.text()))
        .isInstanceOf(CodecException.class);
  }

  @Test
  void aNegativeLimitIsAMistake() {
    assertThatThrownBy(() -> Range.all().limit(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a limit is at least 0, not -1");
  }
}
