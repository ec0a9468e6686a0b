package dev.larder.testkit;

import java.io.IOException;

/// Is told of every call of the seam before it happens, and may make it fail.
///
/// **Threads.** Called by whichever threads use the directory, without any lock held: it may block.
@FunctionalInterface
public interface OperationListener {
  /// Called before an operation takes effect.
  ///
  /// What is thrown reaches the caller, and the operation has no effect; with three exceptions. A
  /// [ShortWriteException] leaves a part of a write behind. A failed force of a file or of the
  /// directory does what Linux does: what it should have made durable is taken for clean, so that
  /// no later force makes it durable either, although it can be read back until the power fails.
  /// [DataFile#close()][dev.larder.internal.file.DataFile#close()] closes the file nevertheless.
  void before(Operation operation) throws IOException;
}
