package dev.larder.internal.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.internal.format.FormatDocument.Table;
import dev.larder.internal.format.Layout.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Explains the files of a store byte by byte. It knows the format from the tables of the document
/// only, and fails where a checksum, a hash or a size is not what the document says: a second
/// implementation of reading.
final class StoreDump {
  private static final Set<String> OPAQUE =
      Set.of("magic", "checksum", "store id", "salt", "hash", "reserved", "key", "value", "name");
  private static final Set<String> TEXTS = Set.of("key", "value", "name");
  private static final String CHECKPOINT = "Checkpoint";
  private static final int PAGE_SIZE = 4096;
  private static final int CHUNK_PAGES = 128;
  private static final int LINE_BYTES = 16;
  private static final int RECORD_ALIGNMENT = 4;
  private static final int COMPACT = 128;

  private final FormatDocument document;
  private final Path directory;
  private final List<String> lines = new ArrayList<>();
  private final Map<Long, byte[]> salts = new HashMap<>();
  private byte[] bytes = {};
  private int explained;

  StoreDump(FormatDocument document, Path directory) {
    this.document = document;
    this.directory = directory;
  }

  /// {@return a section for each file}
  List<String> explain() throws IOException {
    for (long segment : manifest()) {
      segment(segment);
    }
    control();
    return lines;
  }

  /// {@return a section for a checkpoint, which shows how many pages there are and nothing of them}
  static List<String> explainCheckpoint(FormatDocument document, byte[] file) {
    var dump = new StoreDump(document, Path.of(""));
    dump.begin("`%s`, an example".formatted(FileNames.CHECKPOINT), file);
    dump.checkpoint();
    return dump.lines;
  }

  private void begin(String name) throws IOException {
    begin("`" + name + "`", Files.readAllBytes(directory.resolve(name)));
  }

  private void begin(String title, byte[] file) {
    bytes = file;
    explained = 0;
    lines.add("");
    lines.add("### " + title);
    lines.add("");
    lines.add("```text");
  }

  private void end() {
    if (explained < bytes.length) {
      zeros(bytes.length, "the end of the file");
    }
    lines.add("```");
  }

  private List<Long> manifest() throws IOException {
    begin(FileNames.MANIFEST);
    List<Part> head = fixed("Manifest", "offset", 0, Set.of());
    var segments = new ArrayList<Long>();
    for (int i = 0; i < Layout.find(head, "segment count").value(); i++) {
      line("segment " + i);
      List<Part> part = fixed("Manifest", "offset in the segment's part", explained, Set.of());
      long number = Layout.find(part, "segment number").value();
      segments.add(number);
      salts.put(number, Layout.bytes(bytes, Layout.find(part, "salt")));
      hash(number, part);
    }
    plainChecksum(0);
    requireEqual("size", (long) bytes.length, Layout.find(head, "size").value());
    end();
    return segments;
  }

  private void hash(long segment, List<Part> part) throws IOException {
    byte[] hash = Layout.bytes(bytes, Layout.find(part, "hash"));
    if (!Arrays.equals(hash, new byte[hash.length])) {
      byte[] file = Files.readAllBytes(directory.resolve(FileNames.segment(segment)));
      byte[] counted = Arrays.copyOf(file, (int) Layout.find(part, "sealed size").value());
      try {
        byte[] computed = MessageDigest.getInstance("SHA-256").digest(counted);
        requireEqual("hash", Hex.format(computed), Hex.format(hash));
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void segment(long number) throws IOException {
    begin(FileNames.segment(number));
    List<Part> header = fixed("Segment header", "offset", 0, Set.of("checksum"));
    plainChecksum(0);
    byte[] salt = Layout.bytes(bytes, Layout.find(header, "salt"));
    requireEqual("salt", Hex.format(salts.get(number)), Hex.format(salt));
    long seed = DocumentedChecksums.seed(salt, number);
    long base = Layout.find(header, "base sequence").value();
    while (explained < bytes.length && bytes[explained + Integer.BYTES] != 0) {
      if (bytes[explained + Integer.BYTES] < 0) {
        line("compact frame");
        record(seed, base);
      } else {
        frame(seed, base);
      }
    }
    end();
  }

  private void frame(long seed, long base) {
    int start = explained;
    line("frame");
    List<Part> head = fixed("Frame", "offset", start, Set.of());
    int checked = start + Integer.BYTES;
    int expected =
        DocumentedChecksums.crc(bytes, checked, explained - checked)
            ^ DocumentedChecksums.mask(seed, 0, start, 0);
    requireEqual("checksum", expected, (int) DocumentedChecksums.word(padded(), start));
    for (int i = 0; i < Layout.find(head, "record count").value(); i++) {
      line("record");
      record(seed, base);
    }
    requireEqual("size", (long) explained - start, Layout.find(head, "size").value());
  }

  private void record(long seed, long base) {
    int start = explained;
    Layout layout = Layout.sequence(document.table("Record", "size"), recordFlags());
    List<Part> record = layout.walk(bytes, start);
    record.forEach(part -> show(part, "Record"));
    long sequence = base + Layout.find(record, "sequence delta").value();
    int key = Layout.find(record, "key").offset();
    int expected = DocumentedChecksums.record(bytes, start, key, explained, seed, start, sequence);
    requireEqual("checksum", expected, (int) DocumentedChecksums.word(padded(), start));
    if (explained % RECORD_ALIGNMENT != 0) {
      zeros(explained + RECORD_ALIGNMENT - explained % RECORD_ALIGNMENT, "padding");
    }
  }

  private Map<String, Integer> recordFlags() {
    var flags = new LinkedHashMap<String, Integer>();
    document
        .table("Record", "record flag")
        .map("name", "record flag")
        .forEach((name, bit) -> flags.put(FormatDocument.name(name), Integer.parseInt(bit)));
    return flags;
  }

  private void checkpoint() {
    List<Part> prelude = fixed(CHECKPOINT, "offset in the prelude", 0, Set.of("checksum"));
    plainChecksum(0);
    zeros(PAGE_SIZE, "the rest of page 0");
    int headPosition = (int) Layout.find(prelude, "head position").value();
    Layout head = Layout.fixed(document.table(CHECKPOINT, "offset"));
    int pageCount = (int) Layout.find(head.parts(bytes, headPosition), "page count").value();
    hexLine("pages 1 to %d".formatted(pageCount - 1), "");
    explained = pageCount * PAGE_SIZE;
    for (int first = 0; first < pageCount; first += CHUNK_PAGES) {
      pagesChecksum(Math.max(1, first), Math.min(first + CHUNK_PAGES, pageCount));
    }
    requireEqual("head position", (long) explained, (long) headPosition);
    line("head");
    checkpointHead();
    long size = Layout.find(prelude, "head size").value();
    requireEqual("head size", (long) explained - headPosition, size);
    end();
  }

  private void pagesChecksum(int first, int end) {
    int expected = DocumentedChecksums.crc(bytes, first * PAGE_SIZE, (end - first) * PAGE_SIZE);
    requireEqual("checksum", expected, (int) DocumentedChecksums.word(padded(), explained));
    hexLine(
        Hex.format(bytes, explained, Integer.BYTES),
        "checksum of pages %d to %d".formatted(first, end - 1));
    explained += Integer.BYTES;
  }

  private void checkpointHead() {
    int start = explained;
    List<Part> head = fixed(CHECKPOINT, "offset", start, Set.of());
    for (int i = 0; i < Layout.find(head, "segment count").value(); i++) {
      line("segment " + i);
      fixed(CHECKPOINT, "offset in the segment's part", explained, Set.of());
    }
    list(head, "free run");
    list(head, "removal");
    list(head, "bucket");
    plainChecksum(start);
  }

  private void list(List<Part> head, String element) {
    Table table =
        document.tables(CHECKPOINT).stream()
            .filter(each -> each.columns().contains("field of a " + element))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no table of a " + element));
    Layout layout = Layout.sequence(table, Map.of());
    for (int i = 0; i < Layout.find(head, element + " count").value(); i++) {
      line(element);
      layout.walk(bytes, explained).forEach(part -> show(part, CHECKPOINT));
    }
  }

  private void control() throws IOException {
    begin(FileNames.CONTROL);
    Table words = document.table("Control file", "word");
    for (List<String> word : words.rows()) {
      int offset = Integer.parseInt(word.get(1));
      if (explained < offset) {
        zeros(offset, "reserved");
      }
      show(new Part(word.get(2), offset, Long.BYTES, DocumentedChecksums.word(bytes, offset)), "");
    }
    end();
  }

  private List<Part> fixed(String section, String column, int start, Set<String> left) {
    List<Part> parts = Layout.fixed(document.table(section, column)).parts(bytes, start);
    for (Part part : parts) {
      if (!left.contains(part.name())) {
        show(part, section);
      }
    }
    return parts;
  }

  private void plainChecksum(int start) {
    int expected = DocumentedChecksums.crc(bytes, start, explained - start);
    requireEqual("checksum", expected, (int) DocumentedChecksums.word(padded(), explained));
    show(new Part("checksum", explained, Integer.BYTES, 0), "");
  }

  private byte[] padded() {
    return Arrays.copyOf(bytes, bytes.length + Long.BYTES);
  }

  private void show(Part part, String section) {
    requireEqual("offset of " + part.name(), (long) explained, (long) part.offset());
    if (part.size() > LINE_BYTES && isZero(part)) {
      zeros(part.offset() + part.size(), part.name());
      return;
    }
    String text = meaning(part, section);
    for (int start = 0; start < part.size(); start += LINE_BYTES) {
      int count = Math.min(LINE_BYTES, part.size() - start);
      hexLine(Hex.format(bytes, part.offset() + start, count), start == 0 ? text : "");
      explained += count;
    }
  }

  private boolean isZero(Part part) {
    byte[] value = Layout.bytes(bytes, part);
    return Arrays.equals(value, new byte[value.length]);
  }

  private String meaning(Part part, String section) {
    String name = part.name();
    if (TEXTS.contains(name)) {
      String text = new String(Layout.bytes(bytes, part), UTF_8);
      boolean isText = text.chars().allMatch(c -> ' ' <= c && c <= '~');
      return isText ? "%s: \"%s\"".formatted(name, text) : name;
    }
    if (OPAQUE.contains(name)) {
      return name;
    }
    String code = Long.toUnsignedString(part.value());
    String known =
        switch (section) {
          case "Frame" -> "frame kind";
          case "Record" -> "record kind";
          default -> "segment kind";
        };
    if (name.equals("kind")) {
      String in = section.equals("Manifest") ? "Segment header" : section;
      boolean isCompact = section.equals("Record") && part.value() >= COMPACT;
      String kind = isCompact ? Long.toString(part.value() - COMPACT) : code;
      String word = document.table(in, known).map(known, "name").get(kind);
      return "kind: %s, %s%s"
          .formatted(
              code,
              FormatDocument.name(Objects.requireNonNull(word)),
              isCompact ? ", compact" : "");
    }
    return name + ": " + code;
  }

  private void zeros(int end, String text) {
    for (int i = explained; i < end; i++) {
      requireEqual("zero at " + i, (byte) 0, bytes[i]);
    }
    if (end - explained <= LINE_BYTES) {
      hexLine(Hex.format(bytes, explained, end - explained), text);
    } else {
      hexLine("zeros up to " + end, text);
    }
    explained = end;
  }

  private void hexLine(String hex, String text) {
    lines.add("%6d  %-47s  %s".formatted(explained, hex, text).stripTrailing());
  }

  private void line(String text) {
    lines.add("        " + text);
  }

  private static void requireEqual(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new AssertionError("%s: %s in the file, %s expected".formatted(what, found, expected));
    }
  }
}
