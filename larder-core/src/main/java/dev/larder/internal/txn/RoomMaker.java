package dev.larder.internal.txn;

import dev.larder.internal.log.Space;
import org.jspecify.annotations.Nullable;

/// Makes room in a store that has none left.
@FunctionalInterface
public interface RoomMaker {
  /// Purges and compacts until so many bytes fit, if that is possible. Called without any lock.
  ///
  /// @param bytes how many are needed
  /// @param purpose what for
  /// @param isDiskFull whether the disk is full although the store's limit is not reached
  /// @return null if it is worth another try; otherwise why not
  @Nullable String makeRoom(long bytes, Space.Purpose purpose, boolean isDiskFull);
}
