package dev.larder.internal.format;

import static dev.larder.internal.format.FileFormatDocumentTest.STORE_ID;
import static dev.larder.internal.format.FileFormatDocumentTest.constant;
import static dev.larder.internal.format.FileFormatDocumentTest.hex;
import static dev.larder.internal.format.FileFormatDocumentTest.lastWord;
import static dev.larder.internal.format.FileFormatDocumentTest.plain;
import static dev.larder.internal.format.FileFormatDocumentTest.requireFields;
import static dev.larder.internal.format.FileFormatDocumentTest.requireMagic;
import static dev.larder.internal.format.FileFormatDocumentTest.requireMeanings;
import static dev.larder.internal.format.FileFormatDocumentTest.requireParts;
import static dev.larder.internal.format.FileFormatDocumentTest.requireText;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bytes;
import dev.larder.internal.format.FormatDocument.Table;
import dev.larder.internal.format.Layout.Part;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.index.KeyHash;
import dev.larder.internal.index.Pages;
import dev.larder.internal.log.Addresses;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What `docs/FILE_FORMAT.md` says of checkpoints, and of the hash of keys, is what the code does.
class CheckpointDocumentTest {
  private static final FormatDocument DOCUMENT = FormatDocument.read();
  private static final Bytes INDEX_KEY = Bytes.ofUtf8("index key");

  @Test
  void checkpointPreludeLiesAsTheTableSays() {
    Table table = DOCUMENT.table("Checkpoint", "offset in the prelude");
    byte[] bytes = new CheckpointHeader.Prelude(11, 12, 13).encode();
    var expected = new HashMap<String, Object>();
    expected.put("major version", (long) FormatVersion.MAJOR);
    expected.put("minor version", (long) FormatVersion.MINOR);
    expected.put("head size", 12L);
    expected.put("head position", 11L);
    expected.put("next delta", 13L);
    expected.put("required flags", 0L);
    expected.put("checksum", plain(bytes, 0, bytes.length - Integer.BYTES));
    requireFields(table, bytes, 0, expected);
    requireMagic(table, CheckpointHeader.MAGIC);
    requireMeanings(table, "major version", "minor version");
    assertThat(Layout.fixed(table).size())
        .isEqualTo(CheckpointHeader.Prelude.SIZE)
        .isEqualTo(bytes.length);
  }

  @Test
  void deltaPreludeLiesAsTheTableSays() {
    Table table = DOCUMENT.table("Delta", "offset in the prelude of a delta");
    byte[] bytes = new DeltaHeader(STORE_ID, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12).encode();
    var expected = new HashMap<String, Object>();
    expected.put("major version", (long) FormatVersion.MAJOR);
    expected.put("minor version", (long) FormatVersion.MINOR);
    expected.put("store id", STORE_ID);
    expected.put("number", 1L);
    expected.put("from segment", 2L);
    expected.put("from position", 3L);
    expected.put("to segment", 4L);
    expected.put("to position", 5L);
    expected.put("epoch", 6L);
    expected.put("log bytes", 7L);
    expected.put("head size", 8L);
    expected.put("row count", 9L);
    expected.put("new key count", 10L);
    expected.put("deadline count", 11L);
    expected.put("departed size", 12L);
    expected.put("required flags", 0L);
    expected.put("checksum", plain(bytes, 0, bytes.length - Integer.BYTES));
    requireFields(table, bytes, 0, expected);
    requireMagic(table, DeltaHeader.MAGIC);
    requireMeanings(table, "major version", "minor version");
    assertThat(Layout.fixed(table).size()).isEqualTo(DeltaHeader.SIZE).isEqualTo(bytes.length);
    assertThat(DOCUMENT.table("Delta", "position").toString())
        .contains(Integer.toString(DeltaHeader.SIZE + DeltaHeader.TABLE_SIZE));
  }

  private static CheckpointHeader checkpointHead(int pageCount) {
    var usage = new CheckpointHeader.SegmentUsage(41, 42, 43, 44, 45, 46, 47, 48, 49, 50);
    return new CheckpointHeader(
        STORE_ID,
        11,
        12,
        13,
        14,
        15,
        16,
        new CheckpointHeader.Roots(21, 22, 23, 24, 25, 26),
        pageCount,
        List.of(31, 32, 33, 34, 35, 36),
        List.of(new CheckpointHeader.Removal(51, 52, INDEX_KEY)),
        Map.of("later", 2, "earlier", 1),
        List.of(usage, usage, usage, usage));
  }

  @Test
  void checkpointHeadLiesAsTheTablesSay() {
    byte[] bytes = checkpointHead(300).encode();
    Table table = DOCUMENT.table("Checkpoint", "offset");
    var expected = new HashMap<String, Object>();
    expected.put("store id", STORE_ID);
    expected.put("sequence", 11L);
    expected.put("replay segment", 12L);
    expected.put("replay position", 13L);
    expected.put("time", 14L);
    expected.put("epoch", 15L);
    expected.put("entry count", 16L);
    expected.put("table page", 21L);
    expected.put("tree page", 22L);
    expected.put("ahead page", 23L);
    expected.put("remembered page", 24L);
    expected.put("ahead count", 25L);
    expected.put("remembered count", 26L);
    expected.put("page count", 300L);
    expected.put("free run count", 3L);
    expected.put("removal count", 1L);
    expected.put("bucket count", 2L);
    expected.put("segment count", 4L);
    expected.put("required flags", 0L);
    requireFields(table, bytes, 0, expected);
    assertThat(Layout.fixed(table).size()).isEqualTo(CheckpointHeader.FIXED_SIZE);
    assertThat(plain(bytes, 0, bytes.length - 4)).isEqualTo(lastWord(bytes));
  }

  @Test
  void listsOfTheCheckpointHeadLieAsTheTablesSay() {
    byte[] bytes = checkpointHead(300).encode();
    int fixed = CheckpointHeader.FIXED_SIZE;
    int size = CheckpointHeader.SEGMENT_SIZE;
    List<List<String>> rows = DOCUMENT.table("Checkpoint", "offset").rows();
    List<List<String>> lists = rows.subList(rows.size() - 5, rows.size());
    assertThat(lists.get(0)).startsWith(fixed + " + " + size + " i", "" + size, "segment i");
    assertThat(lists.get(1)).startsWith(fixed + " + " + size + " s", "8 f", "free runs");
    assertThat(lists.stream().skip(2).map(row -> row.get(2)).toList())
        .containsExactly("removals", "buckets", "checksum");

    Table part = DOCUMENT.table("Checkpoint", FileFormatDocumentTest.SEGMENT_PART);
    Map<String, Object> segment = fields("segment number", 41L, "first unit", 42L);
    segment.putAll(fields("unit count", 43L, "live count", 44L, "live bytes", 45L));
    segment.putAll(fields("tombstone bytes", 46L, "tombstone sequence", 47L));
    segment.putAll(fields("remembered count", 48L, "remembered bytes", 49L, "framing bytes", 50L));
    requireFields(part, bytes, fixed + 3 * size, segment);
    assertThat(Layout.fixed(part).size()).isEqualTo(size);

    int offset = fixed + 4 * size;
    for (long first = 31; first < 36; first += 2) {
      Map<String, Object> run = fields("first page", first, "page count", first + 1);
      offset = requireElement("free run", bytes, offset, run);
    }
    Map<String, Object> removal =
        fields("key hash", 51L, "address", 52L, "key size", 9L, "key", INDEX_KEY);
    offset = requireElement("removal", bytes, offset, removal);
    Map<String, Object> earlier =
        fields("bucket", 1L, "name size", 7L, "name", Bytes.ofUtf8("earlier"));
    offset = requireElement("bucket", bytes, offset, earlier);
    Map<String, Object> later =
        fields("bucket", 2L, "name size", 5L, "name", Bytes.ofUtf8("later"));
    offset = requireElement("bucket", bytes, offset, later);
    assertThat(offset).isEqualTo(bytes.length - Integer.BYTES);
  }

  private static Map<String, Object> fields(Object... namesAndValues) {
    var fields = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  /// Fails unless an element of a list of the checkpoint's head has these fields.
  ///
  /// @return where the next one begins
  private static int requireElement(
      String name, byte[] bytes, int offset, Map<String, Object> expected) {
    Table table =
        DOCUMENT.tables("Checkpoint").stream()
            .filter(each -> each.columns().contains("field of a " + name))
            .findFirst()
            .orElseThrow();
    List<Part> parts = Layout.sequence(table, Map.of()).walk(bytes, offset);
    requireParts(parts, bytes, expected);
    return parts.getLast().offset() + parts.getLast().size();
  }

  @Test
  void checkpointIsMadeOfWhatTheTableSays() {
    Table table = DOCUMENT.table("Checkpoint", "position");
    assertThat(table.column("position")).containsExactly("0", "4096 i", "4096 n", "4096 n + 4 c");
    assertThat(table.column("size")).startsWith("40", "4096", "4 c");
    for (int pageCount : new int[] {1, 127, 128, 129, 256, 257}) {
      CheckpointHeader head = checkpointHead(pageCount);
      int chunkCount = (int) Math.ceil(pageCount / 128.0);
      assertThat(head.chunkCount()).isEqualTo(chunkCount);
      assertThat(head.checksumsPosition()).isEqualTo(4096L * pageCount);
      assertThat(head.headPosition()).isEqualTo(4096L * pageCount + 4L * chunkCount);
    }
    requireText("Checkpoint", "each chunk: %d pages".formatted(Pages.CHUNK_PAGES));
    assertThat(CheckpointHeader.CHUNK_PAGES).isEqualTo(Pages.CHUNK_PAGES).isEqualTo(128);
    assertThat(CheckpointHeader.PAGE_SIZE).isEqualTo(Pages.PAGE_SIZE).isEqualTo(4096);
  }

  @Test
  void addressesAreMadeAsTheTextSays() throws ReflectiveOperationException {
    requireText(
        "Checkpoint", "2^%d, plus the position divided by %d".formatted(24, FrameHeader.ALIGNMENT));
    assertThat(Addresses.address(3, 400)).isEqualTo((3L << 24) + 100);
    int unit = 64 << 20;
    requireText("Checkpoint", "a unit is %d MiB".formatted(unit >> 20));
    assertThat(Addresses.unitCount(unit)).isEqualTo(1);
    assertThat(Addresses.unitCount(unit + 1L)).isEqualTo(2);
    assertThat(constant(CheckpointHeader.class, "UNIT_COUNT_MAX"))
        .isEqualTo(constant(Addresses.class, "UNIT_COUNT_MAX"));
  }

  @Test
  void keyHashesAreThoseOfTheExamples() {
    String text = DOCUMENT.text("Key hash");
    byte[] storeId = FormatDocument.hex(text.substring(text.indexOf("the store id `")));
    assertThat(storeId).hasSize(SegmentHeader.ID_SIZE);
    requireText("Key hash", "and bucket 7");
    var keyHash = KeyHash.of(Bytes.wrap(storeId));
    Map<String, String> examples = DOCUMENT.table("Key hash", "key").map("key", "hash");
    assertThat(examples).hasSizeGreaterThan(2);
    for (Map.Entry<String, String> example : examples.entrySet()) {
      String name = example.getKey();
      byte[] key =
          (name.equals("none") ? "" : FormatDocument.name(name)).getBytes(StandardCharsets.UTF_8);
      assertThat(hex(DocumentedKeyHash.of(storeId, 7, key))).as(name).isEqualTo(example.getValue());
      assertThat(hex(keyHash.of(7, key, 0, key.length))).as(name).isEqualTo(example.getValue());
    }
  }

  @Test
  void keyHashIsTheDocumentedOneForKeysOfEveryLength() {
    var random = new SplittableRandom(1);
    for (int size = 0; size < 70; size++) {
      Bytes storeId = Samples.id(random);
      byte[] key = Samples.bytes(random, size);
      int bucket = random.nextInt() >>> 1;
      long expected = DocumentedKeyHash.of(storeId.toArray(), bucket, key);
      var keyHash = KeyHash.of(storeId);
      assertThat(keyHash.of(bucket, key, 0, size)).as("%d bytes", size).isEqualTo(expected);
      assertThat(keyHash.of(bucket, MemorySegment.ofArray(key), 0, size)).isEqualTo(expected);
      assertThat(keyHash.of(IndexKey.of(bucket, key))).isEqualTo(expected);
    }
  }
}
