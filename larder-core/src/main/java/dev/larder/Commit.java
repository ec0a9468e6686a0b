package dev.larder;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Preconditions and mutations that are applied together or not at all: the one way to change a
/// store.
///
/// @param preconditions what must hold; all are judged, and all that fail are reported
/// @param mutations what changes, each key at most once
/// @param durability what the commit survives once it returned; null for the store's own level
public record Commit(
    List<Precondition> preconditions, List<Mutation> mutations, @Nullable Durability durability) {
  /// Copies the lists and checks that no key is changed twice.
  public Commit {
    preconditions = List.copyOf(preconditions);
    mutations = List.copyOf(mutations);
    if (mutations.size() > 1) {
      requireDistinct(mutations);
    }
  }

  private static void requireDistinct(List<Mutation> mutations) {
    record Place(String bucket, Bytes key) {}
    var seen = HashSet.<Place>newHashSet(mutations.size());
    for (Mutation mutation : mutations) {
      if (!seen.add(new Place(mutation.bucket(), mutation.key()))) {
        throw new IllegalArgumentException(
            "a commit changes each key at most once; bucket \"%s\", key 0x%s comes twice"
                .formatted(mutation.bucket(), mutation.key()));
      }
    }
  }

  /// {@return the durability of this commit}
  ///
  /// @param storeLevel the store's own level
  public Durability durabilityOr(Durability storeLevel) {
    return Objects.requireNonNullElse(durability, storeLevel);
  }
}
