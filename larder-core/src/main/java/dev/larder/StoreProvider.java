package dev.larder;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A kind of storage. [Larder] finds providers through [java.util.ServiceLoader] and asks each, in
/// turn, whether a path is its own; the log engine takes what no other claims.
///
/// A provider and the [Backend] it opens are the waist: two doors, commit and snapshot, through
/// which every verb, limit and feature goes. One that passes the contract suite of the testkit has
/// them all.
public interface StoreProvider {
  /// {@return a short name that no other provider has, such as `log`}
  String name();

  /// {@return whether a store at this path is this provider's by the path's look, such as its
  /// ending}
  ///
  /// @param location any path
  boolean claims(Path location);

  /// Opens storage. Where none exists yet, nothing is created before the first commit that writes
  /// an entry.
  ///
  /// @param location the path, or null for storage without one
  /// @param options how to open it
  /// @return the open backend
  /// @throws LarderException if it cannot be opened
  /// @throws IllegalArgumentException if a path is needed and none given, or the other way round
  Backend open(@Nullable Path location, StoreOptions options);

  /// Reads everything that is stored at a path and checks it. Writes nothing.
  ///
  /// @param location the path
  /// @param options how to open it
  /// @return what was read and everything that is wrong
  /// @throws StoreNotFoundException if nothing is there
  /// @throws StoreLockedException if it is open
  VerifyReport verify(Path location, StoreOptions options);
}
