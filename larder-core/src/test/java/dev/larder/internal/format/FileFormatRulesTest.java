package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Bytes;
import dev.larder.internal.format.Damage.Decoder;
import dev.larder.internal.log.FrameScanner.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The lists of what is valid in `docs/FILE_FORMAT.md` are what the code checks, in that order: for
/// each item a structure breaks it and those behind it, and it is the item that is reported.
class FileFormatRulesTest {
  private static final FormatDocument DOCUMENT = FormatDocument.read();
  private static final long POSITION = Scans.POSITION;

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
  void checkpointPreludeIsCheckedAsTheListSays() {
    requireOrder(
        DOCUMENT.list("Checkpoint", "A prelude is valid if and only if"),
        new CheckpointHeader.Prelude(8192, 200, 1).encode(),
        CheckpointHeader.Prelude::decode,
        new Rule("not the beginning of a checkpoint", 0, 0),
        new Rule("a checkpoint of another format version", 8, 2),
        Rule.checksum("the checksum of the checkpoint's beginning"),
        new Rule("features that are not known", 32, 1),
        new Rule("a head of 123 bytes at 8192", 12, 123));
  }

  @Test
  void checkpointHeadIsCheckedAsTheListSays() {
    int segments = CheckpointHeader.FIXED_SIZE;
    int freeRuns = segments + CheckpointHeader.SEGMENT_SIZE;
    int removals = freeRuns + CheckpointHeader.FREE_RUN_SIZE;
    int buckets = removals + 20 + 5;
    var head =
        new CheckpointHeader(
            Samples.id(random),
            1,
            2,
            3,
            4,
            5,
            6,
            new CheckpointHeader.Roots(1, 2, 3, 4, 7, 8),
            200,
            List.of(100, 28),
            List.of(new CheckpointHeader.Removal(9, 10, Bytes.wrap(new byte[5]))),
            Map.of("a", 1, "b", 2),
            List.of(new CheckpointHeader.SegmentUsage(2, 3, 4, 11, 12, 13, 14, 15, 16, 17)));
    requireOrder(
        DOCUMENT.list("Checkpoint", "A head is valid if and only if"),
        head.encode(),
        CheckpointHeader::decode,
        Rule.checksum("the checksum of the checkpoint's head"),
        new Rule("features that are not known", 116, 1),
        new Rule("a count of 0 pages", 96, 0),
        new Rule("a count of -", 63, 0x80),
        new Rule("aheadPage=203, ", 72, 203),
        new Rule("segment 2 in 0 units from 3 on", segments + 12, 0),
        new Rule("29 free pages from 100 on", freeRuns + 4, 29),
        new Rule("an index key of 3 bytes", removals + 16, 3),
        new Rule("bucket 0 with a name of 1 bytes", buckets, 0),
        new Rule("bytes behind the lists", 108, 1));
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
      {FrameHeader.KIND_OFFSET, 5},
      {FrameHeader.FLAGS_OFFSET, 1},
      {FrameHeader.SIZE_OFFSET, 40},
      {FrameHeader.SIZE_OFFSET, 62},
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
    // Checksum, kind, flags, bucket, key size, value size, sequence delta, key, value and zeros.
    // What is wrong with them is reported although their checksum, which is checked later, does
    // not hold.
    List<String> records = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    records.add("00 00 00 00 09");
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
    records.add("00 00 00 00 09 00 01 01 02 00 00 00 00 01 01");
    reasons.add("the bytes end within a field");
    records.add("00 00 00 00 09 00 01 01 02 00 00 00 00 01 01 01");
    reasons.add("the checksum of a record");
    records.add("00 00 00 00 09 00 01 01 02 00 00 00 00 01 01 01");
    reasons.add("record kind 9");
    records.add("00 00 00 00 01 00 01 01 02 00 00 00 00 01 01 01");
    reasons.add("the padding of a record");
    assertThat(items).hasSize(records.size());
    for (int i = 0; i < records.size(); i++) {
      byte[] bytes = Hex.parse(records.get(i));
      if (i >= 8) {
        seal(bytes, 10, 13);
      }
      assertThatThrownBy(() -> decode(bytes))
          .as(items.get(i))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining(reasons.get(i));
    }
    byte[] bytes = Hex.parse("00 00 00 00 84 00 00 00 00 00 00 00");
    seal(bytes, 10, 10);
    assertThatThrownBy(() -> decode(bytes)).as(items.get(8)).hasMessage("record kind 132");
  }

  private static void seal(byte[] bytes, int keyOffset, int end) {
    long seed = DocumentedChecksums.seed(new byte[16], 1);
    int checksum = DocumentedChecksums.record(bytes, 0, keyOffset, end, seed, POSITION, 1);
    ByteWriter.U32.set(bytes, 0, checksum);
  }

  private static void decode(byte[] bytes) throws FormatException {
    new RecordData().decode(bytes, 0, bytes.length, Samples.place(1, 1), POSITION);
  }

  @Test
  void placeInASegmentIsDecidedAsTheListSays() {
    List<String> items = DOCUMENT.list("Frame", "is decided like this");
    RecordData record = new RecordData().set(RecordKind.PUT, 1, 1).key(new byte[1], 0, 1);
    byte[] valid = frame(FrameKind.COMMIT, 1, record);
    byte[] compact = compact(record);
    byte[] damaged = compact.clone();
    damaged[0]++;
    byte[] headless = valid.clone();
    headless[0]++;
    byte[] other = valid.clone();
    other[FrameHeader.SIZE]++;
    byte[] marked = valid.clone();
    marked[FrameHeader.SIZE + RecordCodec.KIND_OFFSET] |= (byte) RecordCodec.WHOLE_COMMIT;
    long seed = DocumentedChecksums.seed(new byte[16], 1);
    int checksum =
        DocumentedChecksums.record(marked, 48, 58, 59, seed, POSITION + FrameHeader.SIZE, 1);
    ByteWriter.U32.set(marked, FrameHeader.SIZE, checksum);
    byte[] longer = Arrays.copyOf(valid, valid.length + 4);
    longer[FrameHeader.SIZE_OFFSET] = 64;
    seal(longer, Samples.place(1, 1).checksums(), POSITION);
    RecordData changes = new IndexChanges().toRecord(1);
    String notHere = "a record that is in no frame of this kind";

    Map<Integer, Step> steps = new TreeMap<>();
    steps.put(1, new Step.End(POSITION));
    requireStep(new byte[0], steps.get(1));
    steps.put(2, frame(12));
    requireStep(compact, steps.get(2));
    requireStep(Arrays.copyOf(compact, 100), steps.get(2));
    requireStep(damaged, broken(0, "the checksum of a record"));
    requireStep(Arrays.copyOf(compact, 11), broken(0, "the head of a frame"));
    steps.put(3, new Step.End(POSITION));
    requireStep(new byte[4], steps.get(3));
    requireStep(new byte[64], steps.get(3));
    steps.put(4, broken(0, "the head of a frame"));
    requireStep(Arrays.copyOf(valid, 47), steps.get(4));
    requireStep(headless, steps.get(4));
    steps.put(5, broken(0, "a frame of 60 bytes is cut short"));
    requireStep(Arrays.copyOf(valid, valid.length - 1), steps.get(5));
    steps.put(6, broken(48, "the checksum of a record"));
    requireStep(other, steps.get(6));
    requireStep(marked, broken(48, notHere));
    steps.put(7, broken(48, notHere));
    requireStep(frame(FrameKind.COMMIT, 1, changes), steps.get(7));
    requireStep(frame(FrameKind.INDEX, 1, record), steps.get(7));
    steps.put(8, broken(48, "a record of another commit"));
    requireStep(frame(FrameKind.COMMIT, 2, record), steps.get(8));
    steps.put(9, broken(0, "changes of the index in other than one record"));
    requireStep(frame(FrameKind.INDEX, 1), steps.get(9));
    requireStep(frame(FrameKind.INDEX, 1, changes, changes), steps.get(9));
    requireStep(
        frame(FrameKind.INDEX, 1, changes.value(new byte[3], 0, 3)),
        broken(48, "bytes behind the last change of the index"));
    steps.put(10, broken(60, "the end of a frame"));
    requireStep(longer, steps.get(10));
    steps.put(11, frame(60));
    requireStep(valid, steps.get(11));
    assertThat(items).hasSameSizeAs(steps.keySet());
    for (int i = 1; i <= items.size(); i++) {
      String expected =
          switch (Objects.requireNonNull(steps.get(i))) {
            case Step.End _ -> "**end**";
            case Step.Broken _ -> "**broken**";
            case Step.Frame _ -> "**whole**";
          };
      assertThat(items.get(i - 1)).contains(expected);
    }
  }

  private static Step broken(int offset, String reason) {
    return new Step.Broken(POSITION, POSITION + offset, reason);
  }

  private static Step frame(int size) {
    boolean isCompact = size < FrameHeader.SIZE;
    return new Step.Frame(
        new FrameHeader(
            FrameKind.COMMIT,
            size,
            1,
            isCompact ? 0 : 1,
            1,
            0,
            isCompact ? FrameHeader.TIME_UNCHANGED : 0),
        POSITION);
  }

  private static byte[] frame(FrameKind kind, long sequence, RecordData... records) {
    var encoder = new FrameEncoder();
    encoder.begin(Samples.place(1, 1), POSITION, 100);
    for (RecordData record : records) {
      encoder.add(record);
    }
    encoder.finish(kind, 1, sequence, 0, 0);
    return Arrays.copyOf(encoder.array(), encoder.size());
  }

  private static byte[] compact(RecordData record) {
    var encoder = new FrameEncoder();
    encoder.single(Samples.place(1, 1), POSITION, record, -1, -1);
    return Arrays.copyOf(encoder.array(), encoder.size());
  }

  private static void requireStep(byte[] bytes, Step expected) {
    assertThat(Scans.step(bytes, 0, Samples.place(1, 1))).isEqualTo(expected);
  }

  @Test
  void changesOfTheIndexAreCheckedAsTheListSays() {
    List<String> items = DOCUMENT.list("Changes of the index", "valid if and only if");
    List<RecordData> records = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    records.add(changes("ff").key(new byte[1], 0, 1));
    reasons.add("changes of the index with a key");
    records.add(changes("02 00 01"));
    reasons.add("the count of ways is 2, at most 1 makes sense");
    records.add(changes("01 00 01 02"));
    reasons.add("the number of a segment");
    records.add(changes("01 01 01 02" + " 01".repeat(20)));
    reasons.add("the count of changes is 2, at most 1 makes sense");
    records.add(changes("01 01 01 01 01 01 01" + " 00".repeat(8)));
    reasons.add("the number of a way is 1, at most 0 makes sense");
    records.add(changes("01 01 01 01 00 01 01" + " 00".repeat(8)));
    reasons.add("a position of more than 63 bits");
    records.add(changes("01 01 00 01 00 00" + " 00".repeat(8) + " 02"));
    reasons.add("the size of a dropped key is 2, at most 1 makes sense");
    records.add(changes("01 01 01 01 00 00 80 80 80" + " 00".repeat(6)));
    reasons.add("the bytes end within a field");
    records.add(changes("01 01 01 01 00 00 00" + " 00".repeat(9)));
    reasons.add("bytes behind the last change of the index");
    assertThat(items).hasSameSizeAs(records);
    for (int i = 0; i < items.size(); i++) {
      RecordData record = records.get(i);
      assertThatThrownBy(() -> IndexChanges.decode(record, (_, _, _, _, _, _) -> {}))
          .as(items.get(i))
          .isInstanceOf(FormatException.class)
          .hasMessage(reasons.get(i));
    }
  }

  private static RecordData changes(String value) {
    byte[] bytes = Hex.parse(value);
    return new RecordData().set(RecordKind.INDEX_CHANGES, 0, 1).value(bytes, 0, bytes.length);
  }
}
