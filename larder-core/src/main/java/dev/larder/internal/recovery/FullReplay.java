package dev.larder.internal.recovery;

import dev.larder.Bytes;
import dev.larder.internal.format.FrameKind;
import dev.larder.internal.format.IndexChanges;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.index.KeyHash;
import dev.larder.internal.index.Pages;
import dev.larder.internal.log.Addresses;
import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import dev.larder.internal.log.Segment;
import dev.larder.internal.txn.CommitPath;
import dev.larder.internal.txn.Deadlines;
import dev.larder.internal.txn.Records;
import dev.larder.internal.txn.Records.Entry;
import dev.larder.internal.txn.Recovered;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/// Builds the index from the whole log.
///
/// Cold segments come first, in any order: the record with the higher sequence number counts, and
/// tombstones are kept in mind until all of them are read. History follows in commit order, and
/// everything in it is newer than everything in cold segments.
///
/// **Threads.** For one thread.
public final class FullReplay extends Replay {
  private final long rememberedMillis;
  private final Map<Bytes, Long> coldTombstones = new HashMap<>();

  private FullReplay(Index index, Records records, Addresses addresses, long wallMillis) {
    super(index, records, addresses, new Deadlines(index, records, Deadlines.Roots.NONE));
    this.rememberedMillis = wallMillis - CommitPath.REMEMBERED.toMillis();
  }

  /// Begins with nothing.
  ///
  /// @param addresses where segments stand in the space of addresses
  /// @param storeId the identity of the store
  /// @param isOrdered whether keys can be walked over in order
  /// @param wallMillis the wall clock, which decides what is still remembered as expired
  public static FullReplay begin(
      Addresses addresses, Bytes storeId, boolean isOrdered, long wallMillis) {
    var keyHash = KeyHash.of(storeId);
    var records = new Records(addresses, keyHash);
    Index index = Index.create(Pages.offHeap(), records, keyHash, isOrdered);
    return new FullReplay(index, records, addresses, wallMillis);
  }

  /// Replays a cold segment.
  public void cold(Segment segment) throws IOException {
    timeMillis = Math.max(timeMillis, segment.header().createdMillis());
    FrameScanner scanner = scanner(segment, SegmentHeader.SIZE, segment.end());
    Step step = scanner.next();
    while (step instanceof Step.Frame frame) {
      if (frame.header().kind() != FrameKind.COLD) {
        throw damaged(segment, frame.framePosition(), "a frame that is not of a cold segment");
      }
      scanner.visit(frame, (record, position) -> applyCold(segment, record, position));
      countFraming(segment, frame);
      step = scanner.next();
    }
    requireEnd(segment, step);
  }

  private void applyCold(Segment segment, RecordData record, long position) {
    countRecord(record);
    byte[] key = IndexKey.of(record);
    long present = index.find(index.keyHash().of(key), key);
    long presentVersion = present == 0 ? 0 : records.entry(present).version();
    Bytes wrapped = Bytes.wrap(key);
    long tombstone = coldTombstones.getOrDefault(wrapped, 0L);
    if (record.bucket() == IndexKey.DIRECTORY_BUCKET) {
      bucket(segment, record, position, key);
    }
    if (record.sequence() > Math.max(presentVersion, tombstone)) {
      apply(segment, record, position, key);
    } else if (!isIndexed(record)) {
      tombstones(segment.number(), record.size(), record.sequence());
    }
    if (!isIndexed(record) && record.sequence() > tombstone) {
      coldTombstones.put(wrapped, record.sequence());
    }
  }

  @Override
  void apply(Segment segment, RecordData record, long position, byte[] key) {
    long hash = index.keyHash().of(key);
    long address = Addresses.address(segment, position);
    long before = index.find(hash, key);
    if (before != 0) {
      superseded(before);
    }
    if (!isIndexed(record)) {
      tombstones(segment.number(), record.size(), record.sequence());
      if (before != 0) {
        index.remove(hash, key, before);
      }
    } else if (before != 0) {
      index.replace(hash, before, address);
    } else {
      index.insert(hash, key, address);
    }
  }

  private void superseded(long address) {
    Entry entry = records.entry(address);
    Segment segment = addresses.segment(address);
    if (entry.isRemembered() && segment != null) {
      tombstones(segment.number(), entry.size(), entry.version());
    }
  }

  @Override
  void change(
      long fromSegment,
      long fromPosition,
      long toSegment,
      long toPosition,
      long hash,
      byte[] droppedKey) {
    // Where compaction put a record shows from its segment; what is remembered, from the clock.
    if (toSegment != IndexChanges.NO_SEGMENT) {
      return;
    }
    long present = index.find(hash, droppedKey);
    if (present != 0 && records.entry(present).isRemembered()) {
      superseded(present);
      index.remove(hash, droppedKey, present);
    }
  }

  private boolean isIndexed(RecordData record) {
    return record.kind() == RecordKind.PUT
        || (record.kind() == RecordKind.EXPIRED
            && !record.isForgotten()
            && record.deadlineMillis() > rememberedMillis);
  }

  @Override
  public Recovered finish(long presentMillis) {
    long forgottenMillis = presentMillis - CommitPath.REMEMBERED.toMillis();
    var forgotten = new ArrayList<Long>();
    index.forEach(address -> {
      Entry entry = records.entry(address);
      if (entry.isRemembered() && entry.deadlineMillis() <= forgottenMillis) {
        forgotten.add(address); // expired a minute before the store's present
      } else {
        count(entry);
      }
    });
    for (long address : forgotten) {
      superseded(address);
      byte[] key = records.key(address);
      index.remove(index.keyHash().of(key), key, address);
    }
    return recovered();
  }

  private void count(Entry entry) {
    Segment segment = addresses.segment(entry.address());
    if (segment == null) {
      throw new AssertionError("the index points to a segment that is gone");
    }
    segment.usage().addLive(entry.size(), entry.isRemembered());
    deadlines.add(entry);
    boolean isUsers = records.bucket(entry.address()) != IndexKey.DIRECTORY_BUCKET;
    if (entry.kind() == RecordKind.PUT && isUsers) {
      entryCount++;
    }
  }
}
