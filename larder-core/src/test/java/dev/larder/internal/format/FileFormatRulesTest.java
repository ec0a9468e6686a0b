package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.internal.format.Damage.Decoder;
import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The lists of what is valid in `docs/FILE_FORMAT.md` are what the code checks, in that order: for
/// each item a structure breaks it and those behind it, and it is the item that is reported.
class FileFormatRulesTest {
  private static final FormatDocument DOCUMENT = FormatDocument.read();
  private static final long POSITION = SegmentHeader.SIZE;

  private final SplittableRandom random = new SplittableRandom(1);

  /// One item of a list.
  ///
  /// @param reason what the code says when it does not hold
  /// @param offset where to write, to break it; -1 for the checksum
  /// @param number what to write there
  private record Rule(String reason, int offset, int number) {
    static Rule checksum(String reason) {
      return new Rule(reason, -1, 0);
    }

    boolean isChecksum() {
      return offset < 0;
    }
  }

  @Test
  void segmentHeaderIsCheckedAsTheListSays() {
    requireOrder(
        DOCUMENT.list("Segment header", "A segment header is valid if and only if"),
        Samples.segmentHeader(random).encode(),
        SegmentHeader::decode,
        new Rule("not the beginning of a segment", 0, 0),
        new Rule("format version 2", SegmentHeader.MAJOR_OFFSET, 2),
        new Rule("header size", SegmentHeader.HEADER_SIZE_OFFSET, 127),
        Rule.checksum("the checksum of the segment's header"),
        new Rule("format version 0", SegmentHeader.MAJOR_OFFSET, 0),
        new Rule("format features 0x1", SegmentHeader.REQUIRED_FLAGS_OFFSET, 1),
        new Rule("segment kind 9", SegmentHeader.KIND_OFFSET, 9));
  }

  @Test
  void manifestIsCheckedAsTheListSays() {
    requireOrder(
        DOCUMENT.list("Manifest", "A manifest is valid if and only if"),
        Samples.manifest(random, 1).encode(),
        Manifest::decode,
        new Rule("not the beginning of a manifest", 0, 0),
        new Rule("format version 2", 8, 2),
        new Rule("the manifest says it has", 12, 3),
        Rule.checksum("the checksum of the manifest"),
        new Rule("format version 0", 8, 0),
        new Rule("format features 0x1", 68, 1),
        new Rule("a count of 2 segments", 64, 2),
        new Rule("segment kind 9", Manifest.HEADER_SIZE + 8, 9));
  }

  @Test
  void checkpointHeadIsCheckedAsTheListSays() {
    requireOrder(
        DOCUMENT.list("Checkpoint", "A checkpoint head is valid if and only if"),
        Samples.checkpointHeader(random, 1).encode(),
        CheckpointHeader::decode,
        new Rule("not the beginning of a checkpoint", 0, 0),
        new Rule("a checkpoint of another format version", 8, 2),
        new Rule("a head of 3 bytes", 12, 3),
        Rule.checksum("the checksum of the checkpoint's head"),
        new Rule("features that are not known", 84, 1),
        new Rule("a count of 2 segments", 80, 2));
  }

  private static void requireOrder(
      List<String> items, byte[] valid, Decoder decoder, Rule... rules) {
    assertThat(items).as("the list and the test").hasSameSizeAs(rules);
    int checksum = 0;
    while (!rules[checksum].isChecksum()) {
      checksum++;
    }
    for (int item = 0; item < rules.length; item++) {
      byte[] bytes = valid.clone();
      for (int i = rules.length - 1; i >= item; i--) { // the item itself is broken last
        if (!rules[i].isChecksum()) {
          bytes[rules[i].offset()] = (byte) rules[i].number();
        }
      }
      if (item > checksum) {
        Damage.plain().seal(bytes);
      }
      assertThatThrownBy(() -> decoder.decode(bytes))
          .as(items.get(item))
          .hasMessageContaining(rules[item].reason());
    }
  }

  @Test
  void frameHeadIsCheckedAsTheListSays() {
    var checksums = new Checksums(new byte[16], 1);
    byte[] valid = new byte[FrameHeader.SIZE];
    new FrameHeader(FrameKind.COMMIT, 64, 1, 1, 1, 0, 0).encode(valid, 0, checksums, POSITION);
    assertThat(FrameHeader.decode(valid, 0, checksums, POSITION)).isNotNull();
    int[][] breaks = {
      {FrameHeader.MAGIC_OFFSET, 0},
      {FrameHeader.CHECKSUM_OFFSET, valid[0] ^ 1},
      {FrameHeader.KIND_OFFSET, 4},
      {FrameHeader.FLAGS_OFFSET, 1},
      {FrameHeader.SIZE_OFFSET, 40},
      {FrameHeader.SIZE_OFFSET, 63},
      {FrameHeader.RECORD_COUNT_OFFSET + 3, 0x80},
    };
    assertThat(DOCUMENT.list("Frame", "A frame head is valid if and only if"))
        .hasSameSizeAs(breaks);
    for (int[] next : breaks) {
      byte[] bytes = valid.clone();
      bytes[next[0]] = (byte) next[1];
      if (next[0] != FrameHeader.CHECKSUM_OFFSET) {
        seal(bytes, checksums, POSITION);
      }
      assertThat(FrameHeader.decode(bytes, 0, checksums, POSITION)).isNull();
    }
  }

  private static void seal(byte[] bytes, Checksums checksums, long position) {
    int count = FrameHeader.SIZE - FrameHeader.MAGIC_OFFSET;
    int checksum = checksums.of(bytes, FrameHeader.MAGIC_OFFSET, count, position, 0);
    ByteWriter.U32.set(bytes, 0, checksum);
  }

  @Test
  void recordIsCheckedAsTheListSays() {
    List<String> items = DOCUMENT.list("Record", "A record is valid if and only if");
    // Kind, flags, bucket, key size, value size, sequence delta, and key and value. What is wrong
    // with them is reported although their checksum, which is checked later, does not hold.
    List<String> records = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    records.add("00 00 00 00 01");
    reasons.add("the bytes end within a field");
    records.add("00 00 00 00 09 08 80 80 80 80 08 7f 7f ff");
    reasons.add("record flags 0x8");
    records.add("00 00 00 00 09 00 80 80 80 80 08 7f 7f ff");
    reasons.add("the bucket is 2147483648");
    records.add("00 00 00 00 09 00 01 7f 7f ff");
    reasons.add("the key's size is 127, at most 3 makes sense");
    records.add("00 00 00 00 09 00 01 01 7f ff");
    reasons.add("the value's size is 127, at most 2 makes sense");
    records.add("00 00 00 00 09 00 01 01 01 ff ff ff ff ff ff ff ff ff 02 00");
    reasons.add("a number of more than 64 bits");
    records.add("00 00 00 00 09 00 01 02 01 00 00 00");
    reasons.add("the bytes end within a field");
    records.add("00 00 00 00 09 00 01 01 01 00 00 00");
    reasons.add("the checksum of a record");
    assertThat(items).hasSize(records.size() + 1);
    for (int i = 0; i < records.size(); i++) {
      byte[] bytes = Hex.parse(records.get(i));
      assertThatThrownBy(() -> decode(bytes))
          .as(items.get(i))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining(reasons.get(i));
    }
    byte[] bytes = Hex.parse(records.getLast());
    var checksums = new Checksums(new byte[16], 1);
    ByteWriter.U32.set(bytes, 0, checksums.of(bytes, 4, bytes.length - 4, POSITION, 1));
    assertThatThrownBy(() -> decode(bytes)).as(items.getLast()).hasMessage("record kind 9");
  }

  private static void decode(byte[] bytes) throws FormatException {
    var place = new RecordCodec.Place(1, 1, new Checksums(new byte[16], 1));
    new RecordData().decode(bytes, 0, bytes.length, place, POSITION);
  }

  @Test
  void placeInASegmentIsDecidedAsTheListSays() {
    List<String> items = DOCUMENT.list("Frame", "is decided like this");
    var place = new RecordCodec.Place(1, 1, new Checksums(new byte[16], 1));
    var encoder = new FrameEncoder();
    encoder.begin(place, POSITION, 100);
    encoder.add(new RecordData().set(RecordKind.PUT, 1, 1).key(new byte[1], 0, 1));
    encoder.finish(FrameKind.COMMIT, 1, 1, 0, 0);
    byte[] valid = Arrays.copyOf(encoder.array(), encoder.size());

    var steps = new ArrayList<Step>();
    steps.add(next(Arrays.copyOf(valid, 47), place));
    byte[] headless = valid.clone();
    headless[0]++;
    steps.add(next(headless, place));
    steps.add(next(Arrays.copyOf(valid, valid.length - 1), place));
    byte[] other = valid.clone();
    other[FrameHeader.SIZE]++;
    steps.add(next(other, place));
    byte[] padded = valid.clone();
    padded[padded.length - 1] = 1;
    steps.add(next(padded, place));
    steps.add(next(valid, place));
    assertThat(items).hasSameSizeAs(steps);
    assertThat(steps.get(0)).isEqualTo(new Step.End(POSITION));
    assertThat(steps.get(1)).isEqualTo(new Step.Broken(POSITION, POSITION, "the head of a frame"));
    assertThat(steps.get(2))
        .isEqualTo(new Step.Broken(POSITION, POSITION, "a frame of 64 bytes is cut short"));
    assertThat(steps.get(3))
        .isEqualTo(new Step.Broken(POSITION, POSITION + 48, "the checksum of a record"));
    assertThat(steps.get(4))
        .isEqualTo(new Step.Broken(POSITION, POSITION + 59, "the end of a frame"));
    assertThat(steps.get(5)).isInstanceOf(Step.Frame.class);
    assertThat(next(new byte[64], place)).isEqualTo(new Step.End(POSITION));
  }

  private static Step next(byte[] bytes, RecordCodec.Place place) {
    FrameScanner.Source source =
        (position, target, offset, count) ->
            System.arraycopy(bytes, (int) (position - POSITION), target, offset, count);
    try {
      return new FrameScanner(source, place, POSITION, POSITION + bytes.length).next();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
