package dev.larder.internal.file;

import java.io.IOException;

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

  /// Unmaps. Waits until no reader is inside. Closing twice does nothing.
  @Override
  void close();
}
