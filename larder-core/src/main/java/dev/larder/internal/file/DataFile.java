package dev.larder.internal.file;

import dev.larder.internal.base.DiskFullException;
import java.io.IOException;

/// An open file.
///
/// Where it was opened for reading only, writing, allocating, cutting and forcing it are an
/// `IllegalStateException`.
///
/// **Threads.** Safe for any number of threads; no call is hurt by an interrupt.
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

  /// Fills a part of the file behind its end with zeros that take up blocks, so that later writes
  /// there need no room and forcing them changes no metadata.
  ///
  /// @param size what the file's size becomes, at least what it is
  /// @throws DiskFullException if there is no room; the file may have grown by a part
  void allocate(long size) throws IOException;

  /// Makes everything written so far durable (`fdatasync`). After an exception the file must not be
  /// written again.
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

  @Override
  void close() throws IOException;
}
