package dev.larder;

import java.lang.foreign.MemorySegment;

/// Sees the stored bytes of one entry after the other; see [Bucket#scan].
@FunctionalInterface
public interface EntryVisitor {
  /// Sees an entry.
  ///
  /// @param key the stored bytes of the key: read-only memory that is valid until this returns
  /// @param value the stored bytes of the value, likewise
  /// @return whether to go on
  boolean visit(MemorySegment key, MemorySegment value);
}
