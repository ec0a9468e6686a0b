package dev.larder.internal.format;

import dev.larder.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The head of a checkpoint. The specification is docs/FILE_FORMAT.md, section "Checkpoint".
///
/// A head that is decoded makes sense in itself: its pages are within the image, and no two
/// segments have the same place in the space of addresses. Whether it fits the store is for
/// recovery to say.
///
/// @param storeId the identity of the store, 16 bytes
/// @param sequence the last commit in the image
/// @param replaySegment the segment in which replay goes on
/// @param replayPosition where in it
/// @param timeMillis the store's present when the image was taken
/// @param epoch the writer's epoch
/// @param entryCount how many entries the image has
/// @param roots where in the pages the parts of the index begin
/// @param pageCount how many pages the image has
/// @param freeRuns pages that are not in use: the first and the count of each run, one run after
///   the other; each lies in one chunk
/// @param removals keys that were removed and still stand in the index
/// @param buckets the numbers of the buckets by name
/// @param segments the live segments
public record CheckpointHeader(
    Bytes storeId,
    long sequence,
    long replaySegment,
    long replayPosition,
    long timeMillis,
    long epoch,
    long entryCount,
    Roots roots,
    int pageCount,
    List<Integer> freeRuns,
    List<Removal> removals,
    Map<String, Integer> buckets,
    List<SegmentUsage> segments) {
  /// `LARDCKP` and a zero.
  public static final long MAGIC = 0x00504b434452414cL;

  /// How many bytes a page of the image has.
  public static final int PAGE_SIZE = 4096;

  /// How many pages have a checksum together.
  public static final int CHUNK_PAGES = 128;

  /// How many bytes stand before the lists.
  public static final int FIXED_SIZE = 120;

  static final int SEGMENT_SIZE = 72;
  static final int FREE_RUN_SIZE = 2 * Integer.BYTES;

  /// What keeps a damaged size from taking memory.
  private static final int SIZE_MAX = 1 << 30;

  /// The last chunk ends at a page number of 31 bits.
  private static final int PAGE_COUNT_MAX = Integer.MAX_VALUE / CHUNK_PAGES * CHUNK_PAGES;

  /// How many units the space of addresses has.
  private static final int UNIT_COUNT_MAX = 1 << 16;

  private static final int REMOVAL_SIZE_MIN = 2 * Long.BYTES + Integer.BYTES;
  private static final int INDEX_KEY_SIZE_MIN = Integer.BYTES;
  private static final int BUCKET_SIZE_MIN = 2 * Integer.BYTES;

  /// Copies the lists.
  public CheckpointHeader {
    if (freeRuns.size() % 2 != 0) {
      throw new IllegalArgumentException("half a run of free pages");
    }
    freeRuns = List.copyOf(freeRuns);
    removals = List.copyOf(removals);
    buckets = Map.copyOf(buckets);
    segments = List.copyOf(segments);
  }

  /// Where in the pages the parts of the index begin.
  ///
  /// @param tablePage the table
  /// @param treePage the tree; 0 if there is none
  /// @param aheadPage the deadlines of entries
  /// @param rememberedPage the deadlines of keys that are remembered as expired
  /// @param aheadCount how many entries have a deadline
  /// @param rememberedCount how many keys are remembered as expired
  public record Roots(
      int tablePage,
      int treePage,
      int aheadPage,
      int rememberedPage,
      long aheadCount,
      long rememberedCount) {}

  /// A key that was removed and still stands in the index, for snapshots.
  ///
  /// @param hash its hash
  /// @param address the address of its tombstone
  /// @param indexKey the key of the index
  public record Removal(long hash, long address, Bytes indexKey) {}

  /// What the image knows of a segment.
  ///
  /// @param number the number of the segment
  /// @param firstUnit the first of its units in the space of addresses
  /// @param unitCount how many units it has
  /// @param liveCount how many of its records the index points to
  /// @param liveBytes how many bytes those take
  /// @param tombstoneBytes the bytes of tombstones in it
  /// @param tombstoneSequence the highest sequence number of those
  /// @param rememberedCount how many of the live records tell of a key that it expired
  /// @param rememberedBytes how many bytes those take
  /// @param framingBytes the bytes between records, but for the header of the segment
  public record SegmentUsage(
      long number,
      int firstUnit,
      int unitCount,
      long liveCount,
      long liveBytes,
      long tombstoneBytes,
      long tombstoneSequence,
      long rememberedCount,
      long rememberedBytes,
      long framingBytes) {
    /// Of no segment.
    public static final SegmentUsage NONE = new SegmentUsage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /// {@return how many chunks the pages make}
  public int chunkCount() {
    return (pageCount + CHUNK_PAGES - 1) / CHUNK_PAGES;
  }

  /// {@return where in the file the checksums of the chunks stand}
  public long checksumsPosition() {
    return (long) pageCount * PAGE_SIZE;
  }

  /// {@return where in the file the head stands}
  public long headPosition() {
    return checksumsPosition() + (long) chunkCount() * Integer.BYTES;
  }

  /// {@return the bytes of the head}
  public byte[] encode() {
    var writer = new ByteWriter(FIXED_SIZE + segments.size() * SEGMENT_SIZE + 64);
    writer.bytes(storeId.lend());
    writer.u64(sequence);
    writer.u64(replaySegment);
    writer.u64(replayPosition);
    writer.u64(timeMillis);
    writer.u64(epoch);
    writer.u64(entryCount);
    writer.u32(roots.tablePage());
    writer.u32(roots.treePage());
    writer.u32(roots.aheadPage());
    writer.u32(roots.rememberedPage());
    writer.u64(roots.aheadCount());
    writer.u64(roots.rememberedCount());
    writer.u32(pageCount);
    writer.u32(freeRuns.size() / 2);
    writer.u32(removals.size());
    writer.u32(buckets.size());
    writer.u32(segments.size());
    writer.u32(0); // required flags
    for (SegmentUsage segment : segments) {
      writer.u64(segment.number());
      writer.u32(segment.firstUnit());
      writer.u32(segment.unitCount());
      writer.u64(segment.liveCount());
      writer.u64(segment.liveBytes());
      writer.u64(segment.tombstoneBytes());
      writer.u64(segment.tombstoneSequence());
      writer.u64(segment.rememberedCount());
      writer.u64(segment.rememberedBytes());
      writer.u64(segment.framingBytes());
    }
    freeRuns.forEach(writer::u32);
    removals.forEach(removal -> {
      writer.u64(removal.hash());
      writer.u64(removal.address());
      writer.u32(removal.indexKey().size());
      writer.bytes(removal.indexKey().lend());
    });
    new TreeMap<>(buckets)
        .forEach((name, number) -> {
          byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
          writer.u32(number);
          writer.u32(utf8.length);
          writer.bytes(utf8);
        });
    writer.u32(Checksums.plain(writer.array(), 0, writer.size()));
    return writer.toArray();
  }

  /// Where in a checkpoint its head is: what stands at the beginning of the file, in the place of
  /// the page 0 that is nobody's.
  ///
  /// @param headPosition where the head begins
  /// @param headSize how many bytes it has
  /// @param nextDelta the number of the first delta behind the image
  public record Prelude(long headPosition, int headSize, long nextDelta) {
    /// How many bytes the prelude takes.
    public static final int SIZE = 40;

    /// {@return the bytes of the prelude}
    public byte[] encode() {
      ByteWriter writer = FileBeginning.begin(SIZE, MAGIC, headSize);
      writer.u64(headPosition);
      writer.u64(nextDelta);
      return FileBeginning.end(writer);
    }

    /// Reads a prelude.
    ///
    /// @param bytes the beginning of the file, or all of it
    /// @throws FormatException if this is no checkpoint of a version that is known
    public static Prelude decode(byte[] bytes) throws FormatException {
      ByteReader reader = FileBeginning.open(bytes, SIZE, MAGIC, "checkpoint");
      int size = reader.u32();
      long position = reader.u64();
      long nextDelta = reader.u64();
      if (size < FIXED_SIZE + Integer.BYTES || size > SIZE_MAX || position < PAGE_SIZE) {
        throw new FormatException("a head of %d bytes at %d".formatted(size, position));
      }
      if (nextDelta < 1) {
        throw new FormatException("delta %d behind a checkpoint".formatted(nextDelta));
      }
      return new Prelude(position, size, nextDelta);
    }
  }

  /// Reads a head.
  ///
  /// @param bytes all bytes of it
  /// @throws FormatException if it is damaged or of another version
  public static CheckpointHeader decode(byte[] bytes) throws FormatException {
    int checked = bytes.length - Integer.BYTES;
    if (checked < FIXED_SIZE
        || Checksums.plain(bytes, 0, checked)
            != new ByteReader(bytes, checked, bytes.length).u32()) {
      throw new FormatException("the checksum of the checkpoint's head");
    }
    var reader = new ByteReader(bytes, 0, checked);
    Bytes storeId = Bytes.wrap(reader.bytes(SegmentHeader.ID_SIZE));
    long sequence = reader.u64();
    long replaySegment = reader.u64();
    long replayPosition = reader.u64();
    long timeMillis = reader.u64();
    long epoch = reader.u64();
    long entryCount = reader.u64();
    var roots =
        new Roots(
            reader.u32(), reader.u32(), reader.u32(), reader.u32(), reader.u64(), reader.u64());
    int pageCount = reader.u32();
    int freeRunCount = reader.u32();
    int removalCount = reader.u32();
    int bucketCount = reader.u32();
    int segmentCount = reader.u32();
    if (reader.u32() != 0) {
      throw new FormatException("a checkpoint with features that are not known");
    }
    if (pageCount < 1 || pageCount > PAGE_COUNT_MAX) {
      throw new FormatException("a count of %d pages".formatted(pageCount));
    }
    if (entryCount < 0) {
      throw new FormatException("a count of %d entries".formatted(entryCount));
    }
    require(roots, pageCount);
    List<SegmentUsage> segments = segments(reader, segmentCount);
    List<Integer> freeRuns = freeRuns(reader, freeRunCount, pageCount);
    List<Removal> removals = removals(reader, removalCount);
    Map<String, Integer> buckets = buckets(reader, bucketCount);
    if (reader.remaining() > 0) {
      throw new FormatException("bytes behind the lists of the checkpoint's head");
    }
    return new CheckpointHeader(
        storeId,
        sequence,
        replaySegment,
        replayPosition,
        timeMillis,
        epoch,
        entryCount,
        roots,
        pageCount,
        freeRuns,
        removals,
        buckets,
        segments);
  }

  private static void require(Roots roots, int pageCount) throws FormatException {
    boolean isPresent =
        roots.tablePage() > 0 && roots.aheadPage() > 0 && roots.rememberedPage() > 0;
    int last = Math.max(roots.tablePage(), Math.max(roots.aheadPage(), roots.rememberedPage()));
    if (!isPresent || roots.treePage() < 0 || Math.max(last, roots.treePage()) >= pageCount) {
      throw new FormatException("%s in %d pages".formatted(roots, pageCount));
    }
  }

  private static void require(ByteReader reader, int count, int size) throws FormatException {
    if (count < 0 || count > reader.remaining() / size) {
      throw new FormatException("a list of %d elements".formatted(count));
    }
  }

  private static List<SegmentUsage> segments(ByteReader reader, int count) throws FormatException {
    require(reader, count, SEGMENT_SIZE);
    var segments = new ArrayList<SegmentUsage>(count);
    var units = new BitSet();
    for (int i = 0; i < count; i++) {
      var segment =
          new SegmentUsage(
              reader.u64(),
              reader.u32(),
              reader.u32(),
              reader.u64(),
              reader.u64(),
              reader.u64(),
              reader.u64(),
              reader.u64(),
              reader.u64(),
              reader.u64());
      take(units, segment);
      segments.add(segment);
    }
    return segments;
  }

  /// Fails unless a segment has a place in the space of addresses, and for itself.
  private static void take(BitSet units, SegmentUsage segment) throws FormatException {
    int first = segment.firstUnit();
    int count = segment.unitCount();
    if (segment.number() < 1 || first < 0 || count < 1 || count > UNIT_COUNT_MAX - first) {
      throw new FormatException(
          "segment %d in %d units from %d on".formatted(segment.number(), count, first));
    }
    int taken = units.nextSetBit(first);
    if (taken >= 0 && taken < first + count) {
      throw new FormatException("unit %d belongs to two segments".formatted(taken));
    }
    units.set(first, first + count);
  }

  private static List<Integer> freeRuns(ByteReader reader, int count, int pageCount)
      throws FormatException {
    require(reader, count, FREE_RUN_SIZE);
    var runs = new ArrayList<Integer>(2 * count);
    for (int i = 0; i < count; i++) {
      int first = reader.u32();
      int length = reader.u32();
      if (first < 1
          || first >= pageCount
          || length < 1
          || length > Math.min(CHUNK_PAGES - first % CHUNK_PAGES, pageCount - first)) {
        throw new FormatException("%d free pages from %d on".formatted(length, first));
      }
      runs.add(first);
      runs.add(length);
    }
    return runs;
  }

  private static List<Removal> removals(ByteReader reader, int count) throws FormatException {
    require(reader, count, REMOVAL_SIZE_MIN + INDEX_KEY_SIZE_MIN);
    var removals = new ArrayList<Removal>(count);
    for (int i = 0; i < count; i++) {
      long hash = reader.u64();
      long address = reader.u64();
      int size = reader.u32();
      if (size < INDEX_KEY_SIZE_MIN || size > reader.remaining()) {
        throw new FormatException("an index key of %d bytes".formatted(size));
      }
      removals.add(new Removal(hash, address, Bytes.wrap(reader.bytes(size))));
    }
    return removals;
  }

  private static Map<String, Integer> buckets(ByteReader reader, int count) throws FormatException {
    require(reader, count, BUCKET_SIZE_MIN);
    var buckets = new HashMap<String, Integer>();
    for (int i = 0; i < count; i++) {
      int number = reader.u32();
      int size = reader.u32();
      if (number < 1 || size < 0 || size > reader.remaining()) {
        throw new FormatException("bucket %d with a name of %d bytes".formatted(number, size));
      }
      var name = new String(reader.bytes(size), StandardCharsets.UTF_8);
      if (buckets.put(name, number) != null) {
        throw new FormatException("two buckets of one name");
      }
    }
    return buckets;
  }
}
