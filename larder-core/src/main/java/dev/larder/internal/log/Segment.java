package dev.larder.internal.log;

import dev.larder.Bytes;
import dev.larder.CorruptionException;
import dev.larder.internal.base.Hashes;
import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.MappingClosedException;
import dev.larder.internal.file.PageFaults;
import dev.larder.internal.file.ReadMapping;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.format.Checksums;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.format.FormatException;
import dev.larder.internal.format.Manifest;
import dev.larder.internal.format.RecordCodec;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.RecordHead;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.format.SegmentKind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One file of the log: active (appended to) or sealed (never changes).
///
/// **Threads.** Reads, [#force()] and [#retire()] are safe for any number of threads. Appending and
/// sealing are for the thread that holds the log's commit lock, or for the compaction that is
/// writing the segment. The figures of [#usage()] are guarded by the commit lock.
public final class Segment {
  /*
   * A reader never holds a lock: it reads the volatile mapping and copies out of it. Mappings cover
   * what was allocated when they were made; a reader that needs more makes a larger one. Old
   * mappings stay open until the segment is retired, since another reader may be inside.
   *
   * `ioLock` guards the file and the list of mappings; `forceLock` keeps the file open while it is
   * forced, which may take long. Whoever needs both takes `forceLock` first.
   */
  private static final int HASH_CHUNK_SIZE = 256 << 10;

  /// Two lines of memory.
  private static final int PEEK_SIZE = 128;

  private final StoreDirectory directory;
  private final SegmentHeader header;
  private final RecordCodec.Place place;
  private final String name;
  private final Usage usage = new Usage();

  private final ReentrantLock forceLock = new ReentrantLock();
  private final ReentrantLock ioLock = new ReentrantLock();
  private final List<ReadMapping> mappings = new ArrayList<>();
  private volatile @Nullable DataFile file;
  private @Nullable Throwable forceFailure;
  private boolean isRetired;

  private volatile @Nullable ReadMapping mapping;

  /// The bytes of `mapping`, for those who read fields in place.
  private volatile MemorySegment memory = MemorySegment.NULL;

  /// Set before the segment is published to readers.
  private int firstUnit;

  private int unitCount;
  private volatile long end;

  /// Up to where it was when it was forced last.
  private volatile long forcedEnd;

  private volatile long allocated;
  private volatile boolean isSealed;
  private volatile long lastSequence;
  private volatile Bytes hash = Manifest.SegmentInfo.NO_HASH;

  private Segment(
      StoreDirectory directory, SegmentHeader header, @Nullable DataFile file, long end) {
    this.directory = directory;
    this.header = header;
    this.place =
        new RecordCodec.Place(
            header.segment(),
            header.baseSequence(),
            new Checksums(header.salt().lend(), header.segment()),
            header.createdMillis());
    this.name = FileNames.segment(header.segment());
    this.file = file;
    this.end = end;
  }

  /// How much of a segment is what. Guarded by the commit lock.
  public static final class Usage {
    /// Bytes of records that the index points to.
    long liveBytes;

    /// How many such records there are.
    long liveCount;

    /// How many bytes of them tell of keys that they expired, and how many records that are.
    long rememberedBytes;

    long rememberedCount;

    /// Bytes between records: headers of frames, and frames that are no commits.
    long framingBytes;

    /// Bytes of tombstones, which keep older records of their keys from coming back.
    long tombstoneBytes;

    /// The highest sequence number of those tombstones.
    long tombstoneSequence;

    /// {@return the bytes of records that the index points to}
    public long liveBytes() {
      return liveBytes;
    }

    /// {@return how many records the index points to}
    public long liveCount() {
      return liveCount;
    }

    /// {@return how many bytes of [#liveBytes()] are of keys that are remembered as expired}
    public long rememberedBytes() {
      return rememberedBytes;
    }

    /// {@return how many of [#liveCount()] are}
    public long rememberedCount() {
      return rememberedCount;
    }

    /// {@return the bytes between records, but for the header of the segment}
    public long framingBytes() {
      return framingBytes;
    }

    /// {@return the bytes of tombstones}
    public long tombstoneBytes() {
      return tombstoneBytes;
    }

    /// {@return the highest sequence number of those tombstones}
    public long tombstoneSequence() {
      return tombstoneSequence;
    }

    /// Counts a record that the index points to from now on.
    ///
    /// @param isRemembered whether it tells of a key that it expired
    public void addLive(long size, boolean isRemembered) {
      countLive(size, 1, isRemembered);
    }

    /// Counts a record that the index points to no longer.
    public void removeLive(long size, boolean isRemembered) {
      countLive(-size, -1, isRemembered);
    }

    private void countLive(long bytes, int count, boolean isRemembered) {
      liveBytes += bytes;
      liveCount += count;
      if (isRemembered) {
        rememberedBytes += bytes;
        rememberedCount += count;
      }
    }

    /// Counts bytes that belong to no record.
    public void addFraming(long size) {
      framingBytes += size;
    }

    /// Goes on from what a checkpoint says, but for tombstones.
    public void restore(CheckpointHeader.SegmentUsage usage) {
      liveBytes = usage.liveBytes();
      liveCount = usage.liveCount();
      rememberedBytes = usage.rememberedBytes();
      rememberedCount = usage.rememberedCount();
      framingBytes = usage.framingBytes();
    }

    /// Begins to count anew, but for tombstones.
    public void clear() {
      restore(CheckpointHeader.SegmentUsage.NONE);
    }

    /// Counts a tombstone.
    public void addTombstones(long size, long sequence) {
      tombstoneBytes += size;
      tombstoneSequence = Math.max(tombstoneSequence, sequence);
    }

    /// Counts a tombstone no longer, since the index points to it.
    public void removeTombstone(long size) {
      tombstoneBytes -= size;
    }
  }

  /// Creates a segment's file with its header. Nothing is durable yet.
  static Segment create(StoreDirectory directory, SegmentHeader header, long allocate)
      throws IOException {
    return begin(directory, header, createFile(directory, header.segment(), allocate));
  }

  /// Creates the file of a segment, without a header. Nothing is durable yet.
  ///
  /// @param number the number of the segment
  /// @param allocate how many bytes it gets
  static DataFile createFile(StoreDirectory directory, long number, long allocate)
      throws IOException {
    String name = FileNames.segment(number);
    DataFile file = directory.createFile(name);
    try {
      file.allocate(allocate);
      return file;
    } catch (IOException | RuntimeException | Error e) {
      discard(directory, file, name, e);
      throw e;
    }
  }

  /// Begins a segment in a file that was created for it.
  static Segment begin(StoreDirectory directory, SegmentHeader header, DataFile file)
      throws IOException {
    try {
      file.write(0, header.encode(), 0, SegmentHeader.SIZE);
      var segment = new Segment(directory, header, file, SegmentHeader.SIZE);
      segment.allocated = file.size();
      return segment;
    } catch (IOException | RuntimeException | Error e) {
      discard(directory, file, FileNames.segment(header.segment()), e);
      throw e;
    }
  }

  /// Closes and deletes the file of a segment that never was one.
  static void discard(StoreDirectory directory, DataFile file, String name, Throwable reason) {
    try {
      file.close();
      directory.delete(name);
    } catch (IOException e) {
      reason.addSuppressed(e); // the next recovery removes a file that no manifest names
    }
  }

  /// Opens a segment that the manifest calls sealed.
  public static Segment openSealed(
      StoreDirectory directory, SegmentHeader header, Manifest.SegmentInfo info) {
    var segment = new Segment(directory, header, null, info.sealedSize());
    segment.allocated = info.sealedSize();
    segment.isSealed = true;
    segment.lastSequence = info.lastSequence();
    segment.hash = info.hash();
    return segment;
  }

  /// Opens the segment that is appended to, for appending at a position after everything in it.
  public static Segment openActive(
      StoreDirectory directory, SegmentHeader header, long end, boolean isWritable)
      throws IOException {
    DataFile file = directory.openFile(FileNames.segment(header.segment()), isWritable);
    try {
      var segment = new Segment(directory, header, file, end);
      segment.allocated = file.size();
      return segment;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /// Sets where the next frame goes, once recovery knows where the whole ones end.
  public void reopenAt(long position) {
    end = position;
    forcedEnd = 0; // what it was forced up to before says nothing of what comes now
  }

  /// {@return the number of the segment}
  public long number() {
    return header.segment();
  }

  /// {@return history or cold}
  public SegmentKind kind() {
    return header.kind();
  }

  /// {@return the segment's header}
  public SegmentHeader header() {
    return header;
  }

  /// {@return what records need to know of the segment they stand in}
  public RecordCodec.Place place() {
    return place;
  }

  /// {@return the name of the file}
  public String name() {
    return name;
  }

  /// {@return the path of the file, for messages}
  public Path path() {
    return directory.path().resolve(name);
  }

  /// {@return where the next frame begins, or the sealed size}
  public long end() {
    return end;
  }

  /// {@return the first of its units of the address space}
  public int firstUnit() {
    return firstUnit;
  }

  /// {@return how many units of the address space it has}
  public int unitCount() {
    return unitCount;
  }

  /// Gives the segment its units; before anybody has its address.
  void placeUnits(int first, int count) {
    firstUnit = first;
    unitCount = count;
  }

  /// {@return how many bytes the file has}
  public long allocated() {
    return allocated;
  }

  /// {@return whether it never changes again}
  public boolean isSealed() {
    return isSealed;
  }

  /// {@return the highest sequence number in it; 0 unless sealed}
  public long lastSequence() {
    return lastSequence;
  }

  /// {@return how much of it is what; guarded by the commit lock}
  public Usage usage() {
    return usage;
  }

  /// {@return what the manifest says of the segment}
  Manifest.SegmentInfo info() {
    return new Manifest.SegmentInfo(
        number(),
        kind(),
        isSealed,
        header.salt(),
        header.baseSequence(),
        lastSequence,
        header.cleanSequence(),
        isSealed ? end : 0,
        hash);
  }

  /// {@return the hash of a sealed segment; all zeros if it is not known yet}
  public Bytes hash() {
    return hash;
  }

  /// Notes the hash of a sealed segment; the next manifest has it.
  public void hash(Bytes computed) {
    hash = computed;
  }

  /// {@return the SHA-256 of a sealed segment's bytes, read from the file}
  public Bytes computeHash() throws IOException {
    MessageDigest digest = Hashes.sha256();
    byte[] bytes = new byte[HASH_CHUNK_SIZE];
    for (long position = 0; position < end; position += bytes.length) {
      int count = (int) Math.min(bytes.length, end - position);
      read(position, bytes, 0, count);
      digest.update(bytes, 0, count);
    }
    return Bytes.wrap(digest.digest());
  }

  /// Makes room for appending up to a position.
  ///
  /// @param size how many bytes the file has afterwards, unless it has more already
  void allocate(long size) throws IOException {
    if (size > allocated) {
      ioLock.lock();
      try {
        DataFile open = writable();
        try {
          open.allocate(size);
        } finally {
          allocated = open.size(); // a part may have been allocated before an error
        }
      } finally {
        ioLock.unlock();
      }
    }
  }

  /// Makes room like [#allocate], unless nothing is appended any more.
  void allocateAhead(long size) throws IOException {
    ioLock.lock();
    try {
      DataFile open = file;
      if (open != null && !isSealed && !isRetired && size > allocated) {
        try {
          open.allocate(size);
        } finally {
          allocated = open.size();
        }
      }
    } finally {
      ioLock.unlock();
    }
  }

  /// Appends bytes; there must be room for them.
  ///
  /// @param isMapped whether to store them into a mapping, which is fast, or to hand them to the
  ///   operating system, which makes a force cheaper
  /// @return where they begin
  long append(byte[] bytes, int count, boolean isMapped) throws IOException {
    long position = end;
    if (isMapped) {
      writable().writeMapped(position, bytes, 0, count);
    } else {
      writable().write(position, bytes, 0, count);
    }
    end = position + count;
    if (end > allocated) {
      allocated = end; // a cold segment, which nobody else makes room in
    }
    return position;
  }

  /// Makes everything appended durable. A sealed segment is durable already.
  void force() throws IOException {
    forceLock.lock(); // not the other lock: appending goes on, and may need room
    try {
      if (forceFailure != null) {
        // The kernel may have dropped the pages: a second force would succeed without them.
        throw new IOException("an earlier force of " + name + " failed", forceFailure);
      }
      DataFile open = file;
      if (open != null && !isSealed) {
        long forced = end;
        try {
          open.force();
          forcedEnd = forced;
        } catch (IOException | RuntimeException | Error e) {
          forceFailure = e;
          throw e;
        }
      }
    } finally {
      forceLock.unlock();
    }
  }

  /// {@return whether something was appended since the last force}
  boolean isUnforced() {
    return end > forcedEnd;
  }

  /// Says that nothing is appended any more. What was appended must be durable.
  ///
  /// @param last the highest sequence number in the segment
  void seal(long last) {
    lastSequence = last;
    isSealed = true;
  }

  /// Takes the seal back, if the manifest could not be written.
  void unseal() {
    isSealed = false;
    lastSequence = 0;
    hash = Manifest.SegmentInfo.NO_HASH;
  }

  /// Gives back the room behind the end, where nothing is appended any more, and the file handle.
  void giveRoomBack() throws IOException {
    forceLock.lock();
    ioLock.lock();
    try {
      DataFile open = file;
      if (open != null) {
        file = null;
        try {
          if (allocated > end) {
            open.truncate(end);
            allocated = end;
          }
        } finally {
          open.close();
        }
      }
    } finally {
      ioLock.unlock();
      forceLock.unlock();
    }
  }

  /// Reads bytes.
  ///
  /// @throws MappingClosedException if the segment was retired
  public void read(long position, byte[] target, int offset, int count) throws IOException {
    ReadMapping current = mapping;
    if (current == null || position + count > current.size()) {
      current = map(position + count);
    }
    current.read(position, target, offset, count);
  }

  /// Reads one record and verifies it.
  ///
  /// @param position where it begins
  /// @param into what the record is put into
  /// @param buffer what its bytes are put into; `into` refers to them
  /// @throws MappingClosedException if the segment was retired
  /// @throws CorruptionException if the bytes are not what was written
  public void readRecord(long position, RecordData into, RecordBuffer buffer) throws IOException {
    int size = recordSize(position, buffer.head);
    if (size > buffer.bytes.length) {
      buffer.bytes = new byte[Math.max(size, 2 * buffer.bytes.length)];
    }
    read(position, buffer.bytes, 0, size);
    try {
      into.decode(buffer.bytes, 0, size, place, position);
      if (into.size() != size) {
        throw new FormatException("a record of %d bytes".formatted(into.size()));
      }
    } catch (FormatException e) {
      throw new CorruptionException(path(), position, e.getMessage());
    }
  }

  /// What [#readRecord] uses again and again.
  public static final class RecordBuffer {
    private final RecordHead head = new RecordHead();
    private byte[] bytes = new byte[512];
  }

  private int recordSize(long position, RecordHead head) throws IOException {
    try {
      if (!head.decode(memory(position + 1), position, end, place)) {
        throw new CorruptionException(path(), position, "the head of a record");
      }
      int size = head.size();
      PageFaults.raise();
      return size;
    } catch (IllegalStateException _) {
      throw new MappingClosedException(name);
    } catch (InternalError e) {
      throw PageFaults.lost(name, position, position + RecordCodec.HEAD_SIZE_MAX, e);
    }
  }

  /// {@return the bytes of the segment, mapped for reading: everything up to [#end()] at the moment
  /// of the call, at least. Accesses after the segment was retired throw `IllegalStateException`;
  /// see [PageFaults] for pages that cannot be read}
  ///
  /// @param needed how many bytes must be mapped
  /// @throws MappingClosedException if the segment was retired
  public MemorySegment memory(long needed) throws IOException {
    MemorySegment present = memory;
    if (needed <= present.byteSize()) {
      return present;
    }
    map(Math.max(needed, end));
    return memory;
  }

  /// Has the processor load the beginning of a record. It is only a hint: nothing is loaded, and
  /// nothing thrown, where there is no record, where the segment was retired, or where the disk
  /// cannot be read; whoever reads the record is told.
  ///
  /// @param position where the record may begin
  /// @return something that depends on it, so that no compiler leaves it out
  public long peek(long position) {
    MemorySegment present = memory;
    // What is behind the end may be mapped and yet be gone: the room there is given back.
    if (position < 0 || position + PEEK_SIZE > Math.min(end, present.byteSize())) {
      return 0;
    }
    try {
      int sum = peekIn(present, position);
      PageFaults.raise();
      return sum;
    } catch (IllegalStateException | InternalError _) {
      return 0;
    }
  }

  /// Has the processor load the beginning of a record like [#peek], for a caller who does so for
  /// many, and then calls [PageFaults#raise()] once.
  ///
  /// @throws IllegalStateException if the segment was retired
  long peekAmongMany(long position) {
    MemorySegment present = memory;
    return position < 0 || position + PEEK_SIZE > Math.min(end, present.byteSize())
        ? 0
        : peekIn(present, position);
  }

  private static int peekIn(MemorySegment present, long position) {
    return present.get(ValueLayout.JAVA_BYTE, position)
        + present.get(ValueLayout.JAVA_BYTE, position + PEEK_SIZE / 2)
        + present.get(ValueLayout.JAVA_BYTE, position + PEEK_SIZE - 1);
  }

  private ReadMapping map(long needed) throws IOException {
    ioLock.lock();
    try {
      if (isRetired) {
        throw new MappingClosedException(name);
      }
      ReadMapping current = mapping;
      if (current != null && needed <= current.size()) {
        return current;
      }
      if (needed > allocated) {
        throw new CorruptionException(path(), needed, "the file ends at %d".formatted(allocated));
      }
      ReadMapping larger = file != null ? file.map(allocated) : mapSealed();
      mappings.add(larger);
      mapping = larger;
      memory = larger.memory();
      return larger;
    } finally {
      ioLock.unlock();
    }
  }

  private ReadMapping mapSealed() throws IOException {
    try (DataFile sealed = directory.openFile(name, false)) {
      return sealed.map(allocated);
    }
  }

  /// Lets go of file and mappings. Readers that come later are told.
  public void retire() throws IOException {
    forceLock.lock();
    ioLock.lock();
    try {
      isRetired = true;
      DataFile open = file;
      file = null;
      if (open != null) {
        open.close();
      }
    } finally {
      ioLock.unlock();
      forceLock.unlock();
    }
    mappings.forEach(ReadMapping::close);
  }

  /// The file is opened and closed under `ioLock`, by the thread that appends or after it is done.
  private DataFile writable() {
    DataFile open = file;
    if (open == null) {
      throw new AssertionError("segment " + number() + " is not open for writing");
    }
    return open;
  }
}
