package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bytes;
import dev.larder.Limits;
import dev.larder.internal.format.FormatDocument.Table;
import dev.larder.internal.format.Layout.Part;
import dev.larder.internal.log.StoreFiles;
import dev.larder.internal.txn.CommitPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/FILE_FORMAT.md` says what the code does: every table is read and compared with constants
/// and with bytes that the code writes. Validity is looked at by [FileFormatRulesTest].
class FileFormatDocumentTest {
  private static final FormatDocument DOCUMENT = FormatDocument.read();
  static final String SEGMENT_PART = "offset in the segment's part";

  static final Bytes STORE_ID = id(1);
  private static final Bytes SALT = id(2);
  private static final Bytes HASH = Bytes.wrap(filled(Manifest.HASH_SIZE, 3));

  private static Bytes id(int filling) {
    return Bytes.wrap(filled(SegmentHeader.ID_SIZE, filling));
  }

  private static byte[] filled(int count, int filling) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) filling);
    return bytes;
  }

  @Test
  void sectionsThatTheCodeNamesExist() throws IOException {
    var named = new TreeSet<String>();
    Pattern pattern = Pattern.compile("FILE_FORMAT\\.md, section \"([^\"]+)\"");
    try (Stream<Path> files =
        Files.walk(FormatDocument.root().resolve("larder-core/src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file).replaceAll("\\s*\\R\\s*/// ?", " ");
        Matcher matcher = pattern.matcher(source);
        while (matcher.find()) {
          named.add(matcher.group(1));
        }
      }
    }
    assertThat(named).contains("Record", "Frame").allMatch(DOCUMENT::hasSection);
  }

  @Test
  void versionIsTheOneThatIsWritten() {
    String version = FormatVersion.MAJOR + "." + FormatVersion.MINOR;
    requireText("File format", "This is version %s of the format.".formatted(version));
    assertThat(DOCUMENT.table("Versions", "version").column("version").getLast())
        .isEqualTo(version);
  }

  @Test
  void varintsAreThoseOfTheExamples() throws FormatException {
    Map<String, String> examples = DOCUMENT.table("Varints", "number").map("number", "bytes");
    assertThat(examples).hasSizeGreaterThan(5);
    for (Map.Entry<String, String> example : examples.entrySet()) {
      long number = FormatDocument.number(example.getKey());
      byte[] bytes = FormatDocument.hex(example.getValue());
      var writer = new ByteWriter(0);
      writer.varint(number);
      assertThat(writer.toArray()).as(example.getKey()).isEqualTo(bytes);
      assertThat(new ByteReader(bytes, 0, bytes.length).varint()).isEqualTo(number);
    }
  }

  @Test
  void checksumsAreThoseOfTheExample() {
    String text = DOCUMENT.text("Checksums");
    byte[] salt = FormatDocument.hex(text.substring(text.indexOf("the salt `")));
    long segment = 7;
    long position = 128;
    long sequence = 3;
    requireText(
        "Checksums",
        "segment %d, position %d, sequence number %d".formatted(segment, position, sequence));
    byte[] bytes = "123456789".getBytes(StandardCharsets.US_ASCII);
    long seed = DocumentedChecksums.seed(salt, segment);
    int crc = Checksums.plain(bytes, 0, bytes.length);
    int mask = DocumentedChecksums.mask(seed, 0, position, sequence);
    byte[] recordHead = FormatDocument.hex(text.substring(text.indexOf("whose head is `")));
    long head = DocumentedChecksums.head(recordHead, 0, recordHead.length);
    int recordMask = DocumentedChecksums.mask(seed, head, position, sequence);
    var computed = new LinkedHashMap<String, String>();
    computed.put("mix(0)", hex(DocumentedChecksums.mix(0)));
    computed.put("mix(segment number)", hex(DocumentedChecksums.mix(segment)));
    computed.put("high", hex(DocumentedChecksums.word(salt, 0)));
    computed.put("low", hex(DocumentedChecksums.word(salt, Long.BYTES)));
    computed.put("seed", hex(seed));
    computed.put("CRC-32C", "0x%08x".formatted(crc));
    computed.put("mask without a head", "0x%08x".formatted(mask));
    computed.put("checksum without a head", "0x%08x".formatted(crc ^ mask));
    computed.put("head of the record", hex(head));
    computed.put("mask of the record", "0x%08x".formatted(recordMask));
    computed.put("checksum of the record", "0x%08x".formatted(crc ^ recordMask));
    assertThat(DOCUMENT.table("Checksums", "value").map("value", "hexadecimal"))
        .isEqualTo(computed);
    var checksums = new Checksums(salt, segment);
    assertThat(checksums.of(bytes, 0, bytes.length, position, sequence)).isEqualTo(crc ^ mask);
    byte[] behindChecksum = new byte[Integer.BYTES + recordHead.length];
    System.arraycopy(recordHead, 0, behindChecksum, Integer.BYTES, recordHead.length);
    long hash = Checksums.hash(behindChecksum, Integer.BYTES, recordHead.length);
    assertThat(checksums.mask(hash, position, sequence)).isEqualTo(recordMask);
    requireText("Checksums", "is 0x%08x".formatted(crc));
  }

  static String hex(long value) {
    return "0x%016x".formatted(value);
  }

  @Test
  void filesHaveTheNamesOfTheTable() {
    List<String> names =
        DOCUMENT.table("Files", "name").column("name").stream().map(FormatDocument::name).toList();
    assertThat(names)
        .containsExactlyInAnyOrder(
            FileNames.MANIFEST,
            FileNames.segment(1),
            FileNames.CHECKPOINT,
            FileNames.delta(1),
            FileNames.CONTROL,
            FileNames.LOCK,
            FileNames.RESERVE,
            FileNames.MANIFEST_NEXT,
            FileNames.CHECKPOINT_NEXT)
        .allMatch(FileNames::isOurs);
  }

  @Test
  void segmentHeaderLiesAsTheTableSays() {
    Table table = DOCUMENT.table("Segment header", "offset");
    var header = new SegmentHeader(STORE_ID, 11, SegmentKind.COLD, SALT, 12, 13, 14, 15);
    byte[] bytes = header.encode();
    var expected = new HashMap<String, Object>();
    expected.put("major version", (long) FormatVersion.MAJOR);
    expected.put("minor version", (long) FormatVersion.MINOR);
    expected.put("header size", (long) SegmentHeader.SIZE);
    expected.put("store id", STORE_ID);
    expected.put("segment number", 11L);
    expected.put("kind", (long) SegmentKind.COLD.code());
    expected.put("required flags", 0L);
    expected.put("salt", SALT);
    expected.put("epoch", 12L);
    expected.put("base sequence", 13L);
    expected.put("clean sequence", 14L);
    expected.put("created", 15L);
    expected.put("key id", 0L);
    expected.put("dictionary id", 0L);
    expected.put("checksum", plain(bytes, 0, SegmentHeader.CHECKSUM_OFFSET));
    requireFields(table, bytes, 0, expected);
    requireMagic(table, SegmentHeader.MAGIC);
    requireMeanings(table, "major version", "minor version", "header size");
    assertThat(Layout.fixed(table).size()).isEqualTo(SegmentHeader.SIZE).isEqualTo(bytes.length);
    Map<String, Integer> constants = new HashMap<>();
    constants.put("major version", SegmentHeader.MAJOR_OFFSET);
    constants.put("minor version", SegmentHeader.MINOR_OFFSET);
    constants.put("header size", SegmentHeader.HEADER_SIZE_OFFSET);
    constants.put("store id", SegmentHeader.STORE_ID_OFFSET);
    constants.put("segment number", SegmentHeader.SEGMENT_OFFSET);
    constants.put("kind", SegmentHeader.KIND_OFFSET);
    constants.put("required flags", SegmentHeader.REQUIRED_FLAGS_OFFSET);
    constants.put("salt", SegmentHeader.SALT_OFFSET);
    constants.put("epoch", SegmentHeader.EPOCH_OFFSET);
    constants.put("base sequence", SegmentHeader.BASE_SEQUENCE_OFFSET);
    constants.put("clean sequence", SegmentHeader.CLEAN_SEQUENCE_OFFSET);
    constants.put("created", SegmentHeader.CREATED_OFFSET);
    constants.put("key id", SegmentHeader.KEY_ID_OFFSET);
    constants.put("dictionary id", SegmentHeader.DICTIONARY_ID_OFFSET);
    constants.put("checksum", SegmentHeader.CHECKSUM_OFFSET);
    requireOffsets(table, constants, "magic");
    assertThat(reservedOffsets(table)).contains(SegmentHeader.RESERVED_OFFSET);
  }

  @Test
  void frameHeadLiesAsTheTableSays() {
    Table table = DOCUMENT.table("Frame", "offset");
    var checksums = new Checksums(SALT.toArray(), 11);
    byte[] bytes = new byte[FrameHeader.SIZE];
    new FrameHeader(FrameKind.CLOSE, 56, 12, 13, 14, 15, 16).encode(bytes, 0, checksums, 136);
    var expected = new HashMap<String, Object>();
    expected.put("kind", (long) FrameKind.CLOSE.code());
    expected.put("flags", 0L);
    expected.put("size", 56L);
    expected.put("record count", 12L);
    expected.put("epoch", 13L);
    expected.put("sequence", 14L);
    expected.put("durable sequence", 15L);
    expected.put("time", 16L);
    long seed = DocumentedChecksums.seed(SALT.toArray(), 11);
    int checked = FrameHeader.MAGIC_OFFSET;
    int crc = DocumentedChecksums.crc(bytes, checked, FrameHeader.SIZE - checked);
    int mask = DocumentedChecksums.mask(seed, 0, 136, 0);
    expected.put("checksum", Integer.toUnsignedLong(crc ^ mask));
    requireFields(table, bytes, 0, expected);
    assertThat(FormatDocument.hex(table.meaning("magic")))
        .isEqualTo(Arrays.copyOfRange(bytes, FrameHeader.MAGIC_OFFSET, FrameHeader.KIND_OFFSET));
    assertThat(Layout.fixed(table).size()).isEqualTo(FrameHeader.SIZE);
    Map<String, Integer> constants = new HashMap<>();
    constants.put("checksum", FrameHeader.CHECKSUM_OFFSET);
    constants.put("magic", FrameHeader.MAGIC_OFFSET);
    constants.put("kind", FrameHeader.KIND_OFFSET);
    constants.put("flags", FrameHeader.FLAGS_OFFSET);
    constants.put("size", FrameHeader.SIZE_OFFSET);
    constants.put("record count", FrameHeader.RECORD_COUNT_OFFSET);
    constants.put("epoch", FrameHeader.EPOCH_OFFSET);
    constants.put("sequence", FrameHeader.SEQUENCE_OFFSET);
    constants.put("durable sequence", FrameHeader.DURABLE_OFFSET);
    constants.put("time", FrameHeader.TIME_OFFSET);
    requireOffsets(table, constants);
    requireText("Frame", "multiples of %d bytes".formatted(FrameHeader.ALIGNMENT));
  }

  @Test
  void recordLiesAsTheTableSays() {
    Layout layout = Layout.sequence(DOCUMENT.table("Record", "size"), recordFlags());
    byte[] key = filled(300, 4);
    byte[] value = filled(5, 5);
    var checksums = new Checksums(SALT.toArray(), 40);
    var place = new RecordCodec.Place(40, 100, checksums, 60_000);
    var writer = new ByteWriter(0);
    RecordData record =
        new RecordData()
            .set(RecordKind.EXPIRED, 200, 1100)
            .key(key, 0, key.length)
            .value(value, 0, value.length)
            .deadline(70_000)
            .previous(37, 5000)
            .forgotten()
            .replaces(true);
    RecordCodec.encodeCommit(writer, place, 136, record, 1095, 59_999);
    byte[] bytes = writer.toArray();
    List<Part> parts = layout.walk(bytes, 0);
    var expected = new LinkedHashMap<String, Object>();
    long seed = DocumentedChecksums.seed(SALT.toArray(), 40);
    int keyOffset = Layout.find(parts, "key").offset();
    int end = keyOffset + 305;
    int checksum = DocumentedChecksums.record(bytes, 0, keyOffset, end, seed, 136, 1100);
    expected.put("checksum", Integer.toUnsignedLong(checksum));
    expected.put("kind", 128L + 3);
    expected.put("flags", 63L);
    expected.put("bucket", 200L);
    expected.put("key size", 300L);
    expected.put("value size", 5L);
    expected.put("sequence delta", 1000L);
    expected.put("deadline", 70_000L);
    expected.put("previous distance", 6L);
    expected.put("previous position", 1250L);
    expected.put("time distance", 1L); // -1
    expected.put("durable distance", 5L);
    expected.put("key", Bytes.wrap(key));
    expected.put("value", Bytes.wrap(value));
    requireParts(parts, bytes, expected);
    assertThat(parts.stream().mapToInt(Part::size).sum()).isEqualTo(end);
    assertThat(bytes).hasSize((int) FrameHeader.padded(end)).endsWith(0, 0);
    requireText("Record", "the next multiple of %d bytes".formatted(FrameHeader.ALIGNMENT));
  }

  @Test
  void recordWithoutOptionalPartsLiesAsTheTableSays() {
    Layout layout = Layout.sequence(DOCUMENT.table("Record", "size"), recordFlags());
    var writer = new ByteWriter(0);
    RecordCodec.encode(
        writer, Samples.place(40, 100), 136, new RecordData().set(RecordKind.TOMBSTONE, 1, 100));
    List<Part> parts = layout.walk(writer.toArray(), 0);
    assertThat(parts.stream().map(Part::name).toList())
        .containsExactly(
            "checksum",
            "kind",
            "flags",
            "bucket",
            "key size",
            "value size",
            "sequence delta",
            "key",
            "value");
    assertThat(Layout.find(parts, "flags").value()).isZero();
  }

  @Test
  void changesOfTheIndexLieAsTheTableSays() {
    var changes = new IndexChanges();
    changes.addMove(7, 128, 9, 256, 0x0102030405060708L);
    changes.addDrop(7, 132, -1, new byte[] {10, 11, 12});
    changes.addMove(7, 124, 9, 248, 0);
    RecordData record = changes.toRecord(1);
    byte[] bytes = Arrays.copyOf(record.valueArray(), record.valueSize());
    List<String> fields = DOCUMENT.table("Changes of the index", "size").column("field");
    assertThat(fields)
        .containsExactly(
            "way count",
            "from segment",
            "to segment",
            "change count",
            "way",
            "from distance",
            "to distance",
            "key hash",
            "key size",
            "key");
    String ways = "02 07 09 07 00";
    String first = "00 40 80 01 08 07 06 05 04 03 02 01"; // 32 and 64, less 0
    String second =
        "01 42 ff ff ff ff ff ff ff ff 03 0a 0b 0c"; // 33, less 0, since the way is another one
    String third = "00 01 03 00 00 00 00 00 00 00 00"; // 31 less 32, 62 less 64
    assertThat(Hex.format(bytes)).isEqualTo(String.join(" ", ways, "03", first, second, third));
  }

  @Test
  void manifestLiesAsTheTablesSay() {
    var active =
        new Manifest.SegmentInfo(
            21, SegmentKind.HISTORY, false, SALT, 22, 23, 24, 25, Manifest.SegmentInfo.NO_HASH);
    var sealed = new Manifest.SegmentInfo(31, SegmentKind.COLD, true, SALT, 32, 33, 34, 35, HASH);
    byte[] bytes = new Manifest(STORE_ID, 11, 12, 13, 14, List.of(active, sealed)).encode();
    Table table = DOCUMENT.table("Manifest", "offset");
    var expected = new HashMap<String, Object>();
    expected.put("major version", (long) FormatVersion.MAJOR);
    expected.put("minor version", (long) FormatVersion.MINOR);
    expected.put("size", (long) bytes.length);
    expected.put("store id", STORE_ID);
    expected.put("generation", 11L);
    expected.put("next segment", 12L);
    expected.put("created", 13L);
    expected.put("epoch", 14L);
    expected.put("segment count", 2L);
    expected.put("required flags", 0L);
    requireFields(table, bytes, 0, expected);
    requireMagic(table, Manifest.MAGIC);
    requireMeanings(table, "major version", "minor version");
    assertThat(Layout.fixed(table).size()).isEqualTo(Manifest.HEADER_SIZE);
    requireVariableRows(table, Manifest.HEADER_SIZE, Manifest.ENTRY_SIZE);
    assertThat(plain(bytes, 0, bytes.length - 4)).isEqualTo(lastWord(bytes));

    Table part = DOCUMENT.table("Manifest", SEGMENT_PART);
    assertThat(Layout.fixed(part).size()).isEqualTo(Manifest.ENTRY_SIZE);
    requireFields(part, bytes, Manifest.HEADER_SIZE, segment(active));
    requireFields(part, bytes, Manifest.HEADER_SIZE + Manifest.ENTRY_SIZE, segment(sealed));
    String states = part.meaning("state");
    assertThat(states).isEqualTo("1: active, 2: sealed");
  }

  private static Map<String, Object> segment(Manifest.SegmentInfo info) {
    var expected = new HashMap<String, Object>();
    expected.put("segment number", info.number());
    expected.put("kind", (long) info.kind().code());
    expected.put("state", info.isSealed() ? 2L : 1L);
    expected.put("salt", info.salt());
    expected.put("base sequence", info.baseSequence());
    expected.put("last sequence", info.lastSequence());
    expected.put("clean sequence", info.cleanSequence());
    expected.put("sealed size", info.sealedSize());
    expected.put("hash", info.hash());
    return expected;
  }

  @Test
  void controlFileHasTheWordsOfTheTable() {
    Table table = DOCUMENT.table("Control file", "word");
    Map<String, Integer> expected = new LinkedHashMap<>();
    expected.put("magic", ControlLayout.MAGIC_WORD);
    expected.put("major version", ControlLayout.VERSION_WORD);
    expected.put("store id", ControlLayout.STORE_ID_WORD);
    expected.put("epoch", ControlLayout.EPOCH_WORD);
    expected.put("failed", ControlLayout.FAILED_WORD);
    expected.put("published sequence", ControlLayout.PUBLISHED_WORD);
    expected.put("published segment", ControlLayout.PUBLISHED_SEGMENT_WORD);
    expected.put("published position", ControlLayout.PUBLISHED_POSITION_WORD);
    expected.put("durable sequence", ControlLayout.DURABLE_WORD);
    expected.put("writer process", ControlLayout.WRITER_PROCESS_WORD);
    expected.put("writer since", ControlLayout.WRITER_SINCE_WORD);
    Map<String, Integer> found = new LinkedHashMap<>();
    for (List<String> row : table.rows()) {
      int word = Integer.parseInt(row.get(0));
      found.put(row.get(2), word);
      assertThat(Integer.parseInt(row.get(1))).isEqualTo(word * Long.BYTES);
    }
    assertThat(found).isEqualTo(expected);
    requireMagic(table, ControlLayout.MAGIC);
    requireMeanings(table, "major version");
    requireText("Control file", "%d words of 8 bytes".formatted(ControlLayout.WORD_COUNT));
  }

  @Test
  void segmentKindsAreThoseOfTheTable() {
    Map<String, Integer> found = codes("Segment header", "segment kind");
    Map<String, Integer> expected = new LinkedHashMap<>();
    for (SegmentKind kind : SegmentKind.values()) {
      expected.put(kind.name(), kind.code());
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void frameKindsAreThoseOfTheTable() {
    Map<String, Integer> found = codes("Frame", "frame kind");
    Map<String, Integer> expected = new LinkedHashMap<>();
    for (FrameKind kind : FrameKind.values()) {
      expected.put(kind.name(), kind.code());
    }
    assertThat(found).isEqualTo(expected);
    List<String> all = DOCUMENT.table("Frame", "frame kind").column("frame kind");
    assertThat(all).containsExactly("1", "2", "3", "4", "5", "6");
    requireText("Reserved space", "kinds 5 and 6");
  }

  @Test
  void recordKindsAndFlagsAreThoseOfTheTables() {
    Map<String, Integer> expected = new LinkedHashMap<>();
    for (RecordKind kind : RecordKind.values()) {
      expected.put(kind.name(), kind.code());
    }
    assertThat(codes("Record", "record kind")).isEqualTo(expected);
    requireText("Record", "%d more if".formatted(RecordCodec.WHOLE_COMMIT));
    requireText("Compact frames", "by %d in its kind".formatted(RecordCodec.WHOLE_COMMIT));
    requireText("Reserved space", "record: kinds 5 to %d".formatted(RecordCodec.WHOLE_COMMIT - 1));
    assertThat(recordFlags())
        .isEqualTo(
            Map.of(
                "DEADLINE",
                RecordCodec.FLAG_DEADLINE,
                "PREVIOUS",
                RecordCodec.FLAG_PREVIOUS,
                "FORGOTTEN",
                RecordCodec.FLAG_FORGOTTEN,
                "TIME",
                RecordCodec.FLAG_TIME,
                "DURABLE",
                RecordCodec.FLAG_DURABLE,
                "REPLACES",
                RecordCodec.FLAG_REPLACES));
    int all = recordFlags().values().stream().mapToInt(flag -> flag).sum();
    assertThat(all)
        .isEqualTo(RecordCodec.RECORD_FLAGS + RecordCodec.COMMIT_FLAGS)
        .isEqualTo(RecordCodec.flagsOf(RecordCodec.WHOLE_COMMIT | RecordKind.PUT.code()));
    requireText("Reserved space", "record: flags %d and 128".formatted(all + 1));
  }

  private static Map<String, Integer> recordFlags() {
    return codes("Record", "record flag");
  }

  /// {@return the codes of a table by name, but for those that are set aside}
  private static Map<String, Integer> codes(String section, String column) {
    Table table = DOCUMENT.table(section, column);
    var codes = new LinkedHashMap<String, Integer>();
    for (int i = 0; i < table.rows().size(); i++) {
      String name = FormatDocument.name(table.column("name").get(i));
      if (!name.equals("reserved")) {
        codes.put(name, Integer.parseInt(table.column(column).get(i)));
      }
    }
    return codes;
  }

  @Test
  void limitsAreThoseOfTheTable() throws ReflectiveOperationException {
    var expected = new LinkedHashMap<String, Long>();
    expected.put("bytes of a key", (long) Limits.KEY_BYTES_MAX);
    expected.put("bytes of a value", (long) Limits.VALUE_BYTES_MAX);
    expected.put("bytes of a frame, written", FrameEncoder.FRAME_SIZE_MAX);
    expected.put("bytes of a frame, read", Integer.MAX_VALUE - 8L);
    expected.put("bytes of a compact frame", (long) FrameEncoder.COMPACT_SIZE_MAX);
    expected.put("bytes of a record's head", (long) RecordCodec.HEAD_SIZE_MAX);
    expected.put("number of a bucket", (long) Integer.MAX_VALUE);
    expected.put("segments in a manifest", constant(Manifest.class, "SEGMENT_COUNT_MAX"));
    expected.put("bytes of a manifest, read", constant(StoreFiles.class, "MANIFEST_SIZE_MAX"));
    expected.put("bytes of a checkpoint's head", constant(CheckpointHeader.class, "SIZE_MAX"));
    expected.put("pages of a checkpoint", constant(CheckpointHeader.class, "PAGE_COUNT_MAX"));
    expected.put(
        "units of all segments together", constant(CheckpointHeader.class, "UNIT_COUNT_MAX"));
    expected.put("bytes of a varint", (long) Varint.SIZE_MAX);
    var found = new LinkedHashMap<String, Long>();
    DOCUMENT
        .table("Limits", "limit")
        .map("limit", "value")
        .forEach((limit, value) -> found.put(limit, FormatDocument.number(value)));
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void numbersInTheTextAreThoseOfTheCode() throws ReflectiveOperationException {
    requireText("Segment header", "a header of %d bytes".formatted(SegmentHeader.SIZE));
    requireText("Frame", "more than %,d:".formatted(Integer.MAX_VALUE - 8));
    requireText("Frame", "Fewer than %d bytes are left".formatted(FrameHeader.SIZE));
    requireText("Frame", "%d bytes or more are left".formatted(RecordCodec.SIZE_MIN));
    requireText("Frame", "offset %d is %d".formatted(4, RecordCodec.WHOLE_COMMIT));
    requireText("Frame", "the next %,d bytes".formatted(FrameEncoder.COMPACT_SIZE_MAX));
    requireText("Compact frames", "%,d bytes at most".formatted(FrameEncoder.COMPACT_SIZE_MAX));
    requireText("Files", "at any multiple of %d bytes".formatted(FrameHeader.ALIGNMENT));
    requireText("The end of the log", "at a multiple of %d bytes".formatted(FrameHeader.ALIGNMENT));
    requireText("Manifest", "and at least %d".formatted(Manifest.size(0)));
    requireText(
        "Manifest",
        "at most %,d and fits".formatted(constant(Manifest.class, "SEGMENT_COUNT_MAX")));
    requireText(
        "Checkpoint",
        "the head size is from %d to %,d, and the head position at least %,d"
            .formatted(
                CheckpointHeader.FIXED_SIZE + Integer.BYTES,
                constant(CheckpointHeader.class, "SIZE_MAX"),
                CheckpointHeader.PAGE_SIZE));
    requireText(
        "Checkpoint",
        "the page count is from 1 to %,d"
            .formatted(constant(CheckpointHeader.class, "PAGE_COUNT_MAX")));
    requireText(
        "Checkpoint",
        "of the %,d that there are".formatted(constant(CheckpointHeader.class, "UNIT_COUNT_MAX")));
    requireText("Reading a store", "less than %,d ms".formatted(CommitPath.REMEMBERED.toMillis()));
  }

  static long constant(Class<?> owner, String name) throws ReflectiveOperationException {
    var field = owner.getDeclaredField(name);
    field.setAccessible(true);
    return field.getLong(null);
  }

  static void requireText(String section, String text) {
    assertThat(DOCUMENT.text(section)).contains(text);
  }

  /// Fails unless the bytes have, where the table says, exactly the fields that are expected and
  /// zeros in everything reserved. The magic is looked at elsewhere.
  static void requireFields(Table table, byte[] bytes, int start, Map<String, Object> expected) {
    Set<String> seen = new HashSet<>();
    for (Part part : Layout.fixed(table).parts(bytes, start)) {
      Object value = expected.get(part.name());
      byte[] found = Layout.bytes(bytes, part);
      if (part.name().equals("reserved")) {
        assertThat(found).as("reserved at %d", part.offset()).containsOnly(0);
      } else if (!part.name().equals("magic")) {
        assertThat(value instanceof Bytes ? Bytes.wrap(found) : (Object) part.value())
            .as(part.name())
            .isEqualTo(value);
        seen.add(part.name());
      }
    }
    assertThat(seen).isEqualTo(expected.keySet());
  }

  static void requireParts(List<Part> parts, byte[] bytes, Map<String, Object> expected) {
    assertThat(parts.stream().map(Part::name).toList())
        .containsExactlyElementsOf(expected.keySet());
    for (Part part : parts) {
      Object value = expected.get(part.name());
      Object found = value instanceof Bytes ? Bytes.wrap(Layout.bytes(bytes, part)) : part.value();
      assertThat(found).as(part.name()).isEqualTo(value);
    }
  }

  private static void requireOffsets(
      Table table, Map<String, Integer> constants, String... others) {
    Map<String, Integer> offsets = new HashMap<>();
    for (Part part : Layout.fixed(table).parts(new byte[Layout.fixed(table).size()], 0)) {
      offsets.put(part.name(), part.offset());
    }
    offsets.keySet().removeAll(Set.of(others));
    offsets.remove("reserved");
    assertThat(offsets).isEqualTo(constants);
  }

  private static List<Integer> reservedOffsets(Table table) {
    return Layout.fixed(table).parts(new byte[Layout.fixed(table).size()], 0).stream()
        .filter(part -> part.name().equals("reserved"))
        .map(Part::offset)
        .toList();
  }

  /// Fails unless a list of segments and a checksum follow the fixed part of the given size.
  private static void requireVariableRows(Table table, int fixedSize, int segmentSize) {
    List<List<String>> rows = table.rows().subList(table.rows().size() - 2, table.rows().size());
    assertThat(rows.get(0))
        .startsWith(fixedSize + " + " + segmentSize + " i", "" + segmentSize, "segment i");
    assertThat(rows.get(1)).startsWith(fixedSize + " + " + segmentSize + " n", "4", "checksum");
  }

  static void requireMagic(Table table, long magic) {
    byte[] bytes = FormatDocument.hex(table.meaning("magic"));
    assertThat(bytes).hasSize(Long.BYTES);
    assertThat(DocumentedChecksums.word(bytes, 0)).isEqualTo(magic);
  }

  /// Fails unless the values that the table gives for versions and sizes are those of the code.
  static void requireMeanings(Table table, String... fields) {
    Map<String, Integer> expected =
        Map.of(
            "major version", FormatVersion.MAJOR,
            "minor version", FormatVersion.MINOR,
            "header size", SegmentHeader.SIZE);
    for (String field : fields) {
      assertThat(table.meaning(field)).as(field).isEqualTo(String.valueOf(expected.get(field)));
    }
  }

  static long plain(byte[] bytes, int offset, int count) {
    return Integer.toUnsignedLong(DocumentedChecksums.crc(bytes, offset, count));
  }

  static long lastWord(byte[] bytes) {
    byte[] wide = Arrays.copyOf(bytes, bytes.length + Integer.BYTES);
    return DocumentedChecksums.word(wide, bytes.length - Integer.BYTES);
  }
}
