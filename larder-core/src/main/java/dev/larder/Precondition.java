package dev.larder;

/// What must hold for a [Commit] to happen. Entries past their deadline count as absent.
public sealed interface Precondition {
  /// {@return the name of the bucket}
  String bucket();

  /// {@return the key}
  Bytes key();

  /// The key has no live entry.
  ///
  /// @param bucket the name of the bucket
  /// @param key the key
  record Absent(String bucket, Bytes key) implements Precondition {}

  /// The key has a live entry.
  ///
  /// @param bucket the name of the bucket
  /// @param key the key
  record Present(String bucket, Bytes key) implements Precondition {}

  /// The key has a live entry of one version.
  ///
  /// @param bucket the name of the bucket
  /// @param key the key
  /// @param version the version it must have, at least 1
  record VersionIs(String bucket, Bytes key, long version) implements Precondition {
    /// Checks the version.
    public VersionIs {
      if (version < 1) {
        throw new IllegalArgumentException("a version is at least 1, not " + version);
      }
    }
  }
}
