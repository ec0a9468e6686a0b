package dev.larder;

/// One change of a [Commit]. Each key is changed at most once in a commit.
public sealed interface Mutation {
  /// {@return the name of the bucket}
  String bucket();

  /// {@return the key}
  Bytes key();

  /// Sets the value and the deadline.
  ///
  /// @param bucket the name of the bucket, which need not exist yet
  /// @param key the key
  /// @param value the value
  /// @param expiry when the entry ends
  record Put(String bucket, Bytes key, Bytes value, Expiry expiry) implements Mutation {}

  /// Sets the deadline of a live entry and leaves its value. Does nothing where there is none, so a
  /// precondition belongs to it.
  ///
  /// @param bucket the name of the bucket
  /// @param key the key
  /// @param expiry when the entry ends
  record Renew(String bucket, Bytes key, Expiry expiry) implements Mutation {}

  /// Removes the entry, if there is one.
  ///
  /// @param bucket the name of the bucket
  /// @param key the key
  record Remove(String bucket, Bytes key) implements Mutation {}
}
