package dev.larder.internal.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// The beginning of a file, mapped for reading.
///
/// **Threads.** Safe for any number of threads, [#close()] included.
public interface ReadMapping extends AutoCloseable {
  /// {@return how many bytes are mapped}
  long size();

  /// Copies bytes out of the mapping.
  ///
  /// @param position the first byte
  /// @param target where they go
  /// @param offset the first place in `target`
  /// @param count how many; all of them must be mapped
  /// @throws MappingClosedException if the mapping is closed, before or meanwhile
  /// @throws IOException if the bytes are gone from the disk (a file cut by somebody else, a bad
  ///   sector)
  void read(long position, byte[] target, int offset, int count) throws IOException;

  /// {@return the mapped bytes themselves, for reading: [#size()] of them, beginning at a multiple
  /// of 4096 in memory; always the same object, so that it may be kept}
  ///
  /// It shows what is written later, whoever writes it, as soon as the writer has said so through
  /// something volatile. Reading outside of it is an `IndexOutOfBoundsException`.
  ///
  /// Once the mapping is closed, every access is an `IllegalStateException`, and this call may be
  /// one; so is an access under way when it is closed. A page that cannot be read is an
  /// `InternalError`, which compiled code throws late: every access is made as [PageFaults] says.
  ///
  /// The memory is for accesses of Java alone. Nobody makes a buffer of it for a channel, or gives
  /// it to native code: that would keep [#close()] from unmapping it.
  MemorySegment memory();

  /// Unmaps. Waits until no reader is inside. Closing twice does nothing.
  @Override
  void close();
}
