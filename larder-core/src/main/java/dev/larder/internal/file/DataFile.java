package dev.larder.internal.file;

import dev.larder.internal.base.DiskFullException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An open file.
///
/// Where it was opened for reading only, writing in either way, allocating, cutting and forcing it
/// are an `IllegalStateException`.
///
/// **Threads.** Safe for any number of threads, but that [#writeMapped] is for one at a time; no
/// call is hurt by an interrupt.
public interface DataFile extends AutoCloseable {
  /// {@return the file's name in its directory}
  String name();

  /// {@return how many bytes the file has}
  long size() throws IOException;

  /// Reads bytes, all of them.
  ///
  /// @param position the first byte to read
  /// @param target where they go
  /// @param offset the first place in `target`
  /// @param count how many
  /// @throws java.io.EOFException if the file ends before
  void read(long position, byte[] target, int offset, int count) throws IOException;

  /// Hands bytes to the operating system, all of them, in a few big calls. After an exception any
  /// part of them may have been written.
  ///
  /// @param position where the first one goes, at most the size of the file
  /// @param source where they come from
  /// @param offset the first place in `source`
  /// @param count how many
  void write(long position, byte[] source, int offset, int count) throws IOException;

  /// Does the same as [#write] by copying into a shared mapping of the file, without a call to the
  /// operating system. The two may be mixed, and [#read] and every mapping show the bytes of both.
  ///
  /// **Cost.** Some ten nanoseconds for 128 bytes, where [#write] takes a microsecond. The first
  /// write to a page of 4096 bytes adds some hundred nanoseconds, and the first one after each
  /// force of it some microseconds. So what is forced at once is stored as fast by [#write], and
  /// forced better: the device gets the pages that were written, but after a mapped write the whole
  /// block of the operating system's cache (32 KiB, as [#allocate] makes them). From 16 KiB on the
  /// two take the same time. To read a page first is no help, and makes the first write to it
  /// slower.
  ///
  /// **Room.** The file never grows by this, so it needs none: [#allocate] has met the full disk,
  /// if there was one. (It may yet need some where blocks are not written in place, as on btrfs, or
  /// where somebody has put a copy with holes, or one that shares its blocks, in the file's place.
  /// A disk that is full then is an [IOException] as below, not a [DiskFullException].)
  ///
  /// **Threads.** For one thread at a time; everything else may be called meanwhile. A close or a
  /// cut waits for a copy under way, or makes it fail.
  ///
  /// **Errors.** After an exception any part of the bytes may have been stored, also a later one
  /// without an earlier one. Where a page cannot be reached (the device has an error, or somebody
  /// has cut the file), that is an [IOException] of this call, although the JVM tells of it late.
  /// But the device is not asked before the file is forced: as with [#write], an error may show
  /// there only. And a write behind the end that somebody has cut the file to, in the same page,
  /// may go unnoticed.
  ///
  /// **Durability.** When the call has returned, the bytes survive the end of the process, however
  /// it ends. [#force()] makes them durable, as those of [#write]; until then a power failure may
  /// keep any part of them.
  ///
  /// **Mapping.** All the file has is mapped by the first call, and by the first one that goes
  /// beyond what was mapped, at the cost of some tens of microseconds. It is made through the
  /// file's name: such a call fails, before it stores anything, if the file was renamed or deleted
  /// since it was opened.
  ///
  /// @param position where the first one goes
  /// @param source where they come from
  /// @param offset the first place in `source`
  /// @param count how many; together with `position` at most the size of the file
  /// @throws IllegalArgumentException if they would go beyond what was written or allocated
  void writeMapped(long position, byte[] source, int offset, int count) throws IOException;

  /// Fills a part of the file behind its end with zeros that take up blocks, so that later writes
  /// there need no room and forcing them changes no metadata.
  ///
  /// @param size what the file's size becomes, at least what it is
  /// @throws DiskFullException if there is no room; the file may have grown by a part
  void allocate(long size) throws IOException;

  /// Makes everything written so far durable, by [#write] and by [#writeMapped] (`fdatasync`).
  /// After an exception the file must not be written again.
  void force() throws IOException;

  /// Cuts the file. Used on files that hold nothing of value.
  ///
  /// @param size the new size, at most the present one
  void truncate(long size) throws IOException;

  /// Maps the beginning of the file for reading. The mapping shows what is written later, outlives
  /// the file object, and must be closed on its own. It is made through the file's name: a file
  /// that was renamed or deleted since it was opened cannot be mapped.
  ///
  /// @param size how many bytes, at most the size of the file
  ReadMapping map(long size) throws IOException;

  /// Maps a part of the file for one's own use: the memory may be written, and the file does not
  /// change. It costs nothing until it is touched; a page that was written takes up memory, one
  /// that was only read belongs to the operating system's cache.
  ///
  /// Whether the memory shows what is written to the file later, page by page, is open, so this is
  /// for files that nobody writes any more. It outlives the file object, and the file's name. It is
  /// made through that name, as with [#map]. A page that cannot be read is an `InternalError`,
  /// which compiled code throws late: see [PageFaults].
  ///
  /// The mapping is made with the permission to write the file, even if the file was opened for
  /// reading only. Where there is none, the memory is a copy that is made by this call.
  ///
  /// @param offset the first byte; the memory begins at an address that lies as far behind a
  ///   multiple of 4096 as this does
  /// @param size how many bytes; the file must have them
  /// @param arena what unmaps it, and says which threads may use it
  /// @return the memory
  MemorySegment mapPrivate(long offset, long size, Arena arena) throws IOException;

  @Override
  void close() throws IOException;
}
