package dev.larder;

import java.util.List;

/// What became of a [Commit].
public sealed interface CommitResult {
  /// It happened.
  ///
  /// @param version its sequence number: the version of every entry it wrote. For a commit without
  ///   mutations, that of the last commit it was judged against
  record Committed(long version) implements CommitResult {}

  /// It did not happen, since preconditions failed.
  ///
  /// @param conflicts every precondition that failed, in the order given; at least one
  record Rejected(List<Conflict> conflicts) implements CommitResult {
    /// Copies the list.
    public Rejected {
      conflicts = List.copyOf(conflicts);
    }
  }

  /// A precondition that failed, and what stood at its key.
  ///
  /// @param precondition what was asked for
  /// @param version the version of the live entry, 0 if there was none
  /// @param deadlineMillis the deadline of that entry, or of one that has expired and is
  ///   remembered; [Expiry#NO_DEADLINE] if there is neither
  record Conflict(Precondition precondition, long version, long deadlineMillis) {
    /// {@return whether the key had an entry that has expired and is remembered}
    public boolean isExpired() {
      return version == 0 && deadlineMillis != Expiry.NO_DEADLINE;
    }
  }
}
