package dev.larder.internal.txn;

import dev.larder.CommitResult;
import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.log.Space;
import org.jspecify.annotations.Nullable;

/// What came of one attempt to commit.
sealed interface Outcome {
  /// The commit was made, or rejected.
  ///
  /// @param result what the caller is told once `sequence` is visible
  /// @param sequence a commit that everything was based on that the caller hears of
  /// @param needsForce whether the caller has to have the log forced
  /// @param paceBytes how many bytes it appended, if it is one of those that are slowed down when
  ///   compaction does not keep up; else 0
  record Done(CommitResult result, long sequence, boolean needsForce, int paceBytes)
      implements Outcome {}

  /// There is no room; nothing has changed.
  ///
  /// @param bytes how many are needed
  /// @param purpose what for
  /// @param cause set if the disk is full, and not the store
  record NoRoom(long bytes, Space.Purpose purpose, @Nullable DiskFullException cause)
      implements Outcome {}
}
