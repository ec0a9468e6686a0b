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
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.log.RecordView;
import dev.larder.internal.txn.Records.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Holds preconditions against the newest state and works out what mutations come to in it. Changes
/// nothing.
///
/// **Threads.** Called under the commit lock, so that no segment of the state is deleted meanwhile.
final class Planner {
  private final Index index;
  private final Records records;
  private final Removals removals;

  /// What mutations come to.
  ///
  /// @param changes what is to be written
  /// @param buckets the numbers of buckets afterwards
  record Plan(List<Change> changes, Map<String, Integer> buckets) {}

  Planner(Index index, Records records, Removals removals) {
    this.index = index;
    this.records = records;
    this.removals = removals;
  }

  /// {@return every precondition that does not hold}
  List<CommitResult.Conflict> judge(
      Map<String, Integer> buckets, List<Precondition> preconditions, long now) {
    List<CommitResult.Conflict> conflicts = List.of();
    for (Precondition precondition : preconditions) {
      Integer bucket = buckets.get(precondition.bucket());
      Entry entry = bucket == null ? null : verified(bucket, precondition.key());
      long version = entry != null && entry.isLive(now) ? entry.version() : 0;
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
        long deadline =
            entry == null || entry.isGone() ? Expiry.NO_DEADLINE : entry.deadlineMillis();
        conflicts.add(new CommitResult.Conflict(precondition, version, deadline));
      }
    }
    return conflicts;
  }

  /// What a commit depends on must be what was written.
  private @Nullable Entry verified(int bucket, Bytes key) {
    byte[] indexKey = IndexKey.of(bucket, key);
    long address = index.find(index.keyHash().of(indexKey), indexKey);
    if (address == 0) {
      return null;
    }
    readValue(indexKey, address);
    return known(records.entry(address));
  }

  /// {@return what the index has of a key; null if it has nothing}
  private @Nullable Entry before(long hash, byte[] indexKey) {
    long address = index.find(hash, indexKey);
    return address == 0 ? null : known(records.entry(address));
  }

  private Entry known(Entry entry) {
    return entry.isRemembered() && removals.isDropped(entry.address()) ? entry.forgotten() : entry;
  }

  /// Works out what mutations come to.
  ///
  /// @param mutations what is to change
  /// @param buckets the numbers of buckets; those that are written to and have none get one
  /// @param now the store's present
  Plan plan(List<Mutation> mutations, Map<String, Integer> buckets, long now) {
    if (mutations.size() == 1) {
      Mutation mutation = mutations.getFirst();
      Integer bucket = buckets.get(mutation.bucket());
      if (bucket != null) {
        requireKey(mutation.key());
        Change change = change(mutation, bucket, now);
        return new Plan(change == null ? List.of() : List.of(change), buckets);
      }
    }
    return planMany(mutations, buckets, now);
  }

  private Plan planMany(List<Mutation> mutations, Map<String, Integer> present, long now) {
    Map<String, Integer> buckets = present;
    var changes = new ArrayList<Change>(mutations.size() + 1);
    for (Mutation mutation : mutations) {
      requireKey(mutation.key());
      Integer bucket = buckets.get(mutation.bucket());
      if (bucket == null && mutation instanceof Mutation.Put) {
        buckets = new HashMap<>(buckets);
        bucket = buckets.size() + 1;
        buckets.put(mutation.bucket(), bucket);
        changes.add(newBucket(mutation.bucket(), bucket));
      }
      if (bucket == null) {
        continue; // nothing is in a bucket that does not exist
      }
      Change change = change(mutation, bucket, now);
      if (change != null) {
        changes.add(change);
      }
    }
    return new Plan(changes, buckets);
  }

  private static void requireKey(Bytes key) {
    if (key.size() > Limits.KEY_BYTES_MAX) {
      throw new KeyTooLongException("0x" + key, key.size(), Limits.KEY_BYTES_MAX, "bytes");
    }
  }

  private @Nullable Change change(Mutation mutation, int bucket, long now) {
    byte[] indexKey = IndexKey.of(bucket, mutation.key());
    long hash = index.keyHash().of(indexKey);
    Entry before = before(hash, indexKey);
    boolean isLive = before != null && before.isLive(now);
    long deadline = before != null && isLive ? before.deadlineMillis() : Expiry.NO_DEADLINE;
    return switch (mutation) {
      case Mutation.Put(_, _, Bytes value, Expiry expiry) ->
          put(indexKey, hash, value, expiry.deadlineMillis(now, deadline), before);
      case Mutation.Renew(_, _, Expiry expiry) when before != null && isLive ->
          put(
              indexKey,
              hash,
              Bytes.wrap(readValue(indexKey, before.address())),
              expiry.deadlineMillis(now, deadline),
              before);
      case Mutation.Renew _ -> null;
      case Mutation.Remove _ ->
          before == null || before.isGone() ? null : Change.remove(indexKey, hash, before);
    };
  }

  private static Change put(
      byte[] indexKey, long hash, Bytes value, long deadlineMillis, @Nullable Entry before) {
    return new Change(indexKey, hash, RecordKind.PUT, value, deadlineMillis, false, before);
  }

  private Change newBucket(String name, int number) {
    byte[] value = {
      (byte) number, (byte) (number >>> 8), (byte) (number >>> 16), (byte) (number >>> 24)
    };
    byte[] indexKey = IndexKey.of(IndexKey.DIRECTORY_BUCKET, Bytes.ofUtf8(name));
    return put(indexKey, index.keyHash().of(indexKey), Bytes.wrap(value), Expiry.NO_DEADLINE, null);
  }

  private byte[] readValue(byte[] indexKey, long address) {
    try {
      RecordView view = records.view();
      if (!view.at(address)) {
        throw view.damaged();
      }
      return view.value(indexKey, IndexKey.PREFIX_SIZE);
    } catch (IOException e) {
      throw new StoreIoException("cannot read the store: " + Reasons.of(e), e);
    }
  }
}
