package dev.larder.internal.txn;

import dev.larder.Bytes;
import dev.larder.CommitResult;
import dev.larder.Expiry;
import dev.larder.KeyTooLongException;
import dev.larder.Limits;
import dev.larder.Mutation;
import dev.larder.Precondition;
import dev.larder.StoreIoException;
import dev.larder.internal.base.Reasons;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.index.IndexEntry;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Holds preconditions against a state and works out what mutations come to in it. Changes nothing.
///
/// **Threads.** Called under the commit lock, so that no segment of the state is deleted meanwhile.
final class Planner {
  private final Log log;

  Planner(Log log) {
    this.log = log;
  }

  /// {@return every precondition that does not hold}
  List<CommitResult.Conflict> judge(View state, List<Precondition> preconditions, long now) {
    List<CommitResult.Conflict> conflicts = List.of();
    for (Precondition precondition : preconditions) {
      Integer bucket = state.buckets().get(precondition.bucket());
      IndexEntry entry =
          bucket == null ? null : state.index().get(IndexKey.of(bucket, precondition.key()));
      long version = entry != null && isLive(entry, now) ? entry.version() : 0;
      boolean holds =
          switch (precondition) {
            case Precondition.Absent _ -> version == 0;
            case Precondition.Present _ -> version != 0;
            case Precondition.VersionIs(_, _, long expected) -> version == expected;
          };
      if (!holds) {
        if (conflicts.isEmpty()) {
          conflicts = new ArrayList<>();
        }
        conflicts.add(
            new CommitResult.Conflict(
                precondition,
                version,
                entry == null ? Expiry.NO_DEADLINE : entry.deadlineMillis()));
      }
    }
    return conflicts;
  }

  private static boolean isLive(IndexEntry entry, long now) {
    return !entry.isExpired() && now < entry.deadlineMillis();
  }

  /// Works out what mutations come to.
  ///
  /// @param state the state they are applied to
  /// @param mutations what is to change
  /// @param buckets the numbers of buckets; those that are written to and have none get one
  /// @param now the store's present
  List<Change> changes(
      View state, List<Mutation> mutations, Map<String, Integer> buckets, long now) {
    var changes = new ArrayList<Change>(mutations.size() + 1);
    for (Mutation mutation : mutations) {
      requireKey(mutation.key());
      Integer bucket = buckets.get(mutation.bucket());
      if (bucket == null && mutation instanceof Mutation.Put) {
        bucket = buckets.size() + 1;
        buckets.put(mutation.bucket(), bucket);
        changes.add(newBucket(mutation.bucket(), bucket));
      }
      if (bucket == null) {
        continue; // nothing is in a bucket that does not exist
      }
      byte[] indexKey = IndexKey.of(bucket, mutation.key());
      Change change = change(mutation, indexKey, state.index().get(indexKey), now);
      if (change != null) {
        changes.add(change);
      }
    }
    return changes;
  }

  private static void requireKey(Bytes key) {
    if (key.size() > Limits.KEY_BYTES_MAX) {
      throw new KeyTooLongException("0x" + key, key.size(), Limits.KEY_BYTES_MAX, "bytes");
    }
  }

  private @Nullable Change change(
      Mutation mutation, byte[] indexKey, @Nullable IndexEntry before, long now) {
    boolean isLive = before != null && isLive(before, now);
    long deadline = before != null && isLive ? before.deadlineMillis() : Expiry.NO_DEADLINE;
    return switch (mutation) {
      case Mutation.Put(_, _, Bytes value, Expiry expiry) ->
          put(indexKey, value, expiry.deadlineMillis(now, deadline), before);
      case Mutation.Renew(_, _, Expiry expiry) when before != null && isLive ->
          put(indexKey, readValue(before), expiry.deadlineMillis(now, deadline), before);
      case Mutation.Renew _ -> null;
      case Mutation.Remove _ -> before == null ? null : Change.remove(indexKey, before);
    };
  }

  private static Change put(
      byte[] indexKey, Bytes value, long deadlineMillis, @Nullable IndexEntry before) {
    return new Change(indexKey, RecordKind.PUT, value, deadlineMillis, false, before);
  }

  private static Change newBucket(String name, int number) {
    byte[] value = {
      (byte) number, (byte) (number >>> 8), (byte) (number >>> 16), (byte) (number >>> 24)
    };
    byte[] indexKey = IndexKey.of(IndexKey.DIRECTORY_BUCKET, Bytes.ofUtf8(name));
    return put(indexKey, Bytes.wrap(value), Expiry.NO_DEADLINE, null);
  }

  private Bytes readValue(IndexEntry entry) {
    Segment segment = log.find(entry.segment());
    if (segment == null) {
      throw new AssertionError("segment " + entry.segment() + " is gone while it is live");
    }
    var read = new RecordData();
    try {
      segment.readRecord(entry.position(), entry.size(), entry.version(), read);
    } catch (IOException e) {
      throw new StoreIoException("cannot read the store: " + Reasons.of(e), e);
    }
    return read.valueCopy();
  }
}
