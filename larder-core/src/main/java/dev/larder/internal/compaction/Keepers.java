package dev.larder.internal.compaction;

import dev.larder.CorruptionException;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.index.KeyReader.RetryException;
import dev.larder.internal.index.KeySort;
import dev.larder.internal.log.Addresses;
import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import dev.larder.internal.log.Segment;
import dev.larder.internal.txn.Move;
import dev.larder.internal.txn.Records.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The records of segments that have to be kept when the segments go.
///
/// **Threads.** For one thread at a time; no lock is needed. What is superseded while it is looked
/// at is kept too, which costs a little room.
final class Keepers {
  /// How many records are judged at a time, so that the waits for memory overlap.
  private static final int STEP = 64;

  private static final int PREFETCH_DISTANCE = 8;

  /// After so many records it is asked whether to go on.
  private static final int RECORDS_UNTIL_ASKED = 1 << 10;

  private static final int FIRST_CAPACITY = 1024;

  private final Index index;
  private final Runnable requireOpen;

  /// Segments that stay.
  private final List<Segment> others;

  private byte[][] keys = new byte[FIRST_CAPACITY][];
  private Segment[] segments = new Segment[FIRST_CAPACITY];
  private long[] hashes = new long[FIRST_CAPACITY];
  private long[] positions = new long[FIRST_CAPACITY];
  private long[] sequences = new long[FIRST_CAPACITY];
  private RecordKind[] kinds = new RecordKind[FIRST_CAPACITY];
  private boolean[] areTombstones = new boolean[FIRST_CAPACITY];

  /// How many are kept; behind them are those that were not judged yet.
  private int count;

  private int seen;
  private int judgedCount;

  /// The keys of the index of those that were not judged yet, one behind the other.
  private byte[] waitingKeys = new byte[STEP * 32];

  /// Where they end.
  private final int[] waitingEnds = new int[STEP];

  /// Takes what would otherwise be computed for nothing.
  long prefetched;

  /// Begins without records.
  ///
  /// @param index what points to records that count
  /// @param others the segments that stay
  /// @param requireOpen throws if the work is to be given up; asked now and then
  Keepers(Index index, List<Segment> others, Runnable requireOpen) {
    this.index = index;
    this.requireOpen = requireOpen;
    this.others = others;
  }

  /// Adds the records of a segment that have to be kept.
  ///
  /// @throws CorruptionException if not all of it is what was written
  void gather(Segment victim) throws IOException {
    var scanner = new FrameScanner(victim::read, victim.place(), SegmentHeader.SIZE, victim.end());
    Step step = scanner.next();
    while (step instanceof Step.Frame frame) {
      scanner.visit(
          frame,
          (record, position) -> {
            if (record.kind() != RecordKind.INDEX_CHANGES) {
              add(record, victim, position);
            }
          });
      step = scanner.next();
    }
    judge();
    if (step instanceof Step.Broken(_, long position, String reason)) {
      throw new CorruptionException(victim.path(), position, reason);
    }
    if (step instanceof Step.End(long position) && position < victim.end()) {
      throw new CorruptionException(victim.path(), position, "zeros where a frame was written");
    }
  }

  private void add(RecordData record, Segment victim, long position) {
    if (seen == keys.length) {
      grow();
    }
    int waiting = seen - count;
    int start = waitingStart(waiting) + IndexKey.PREFIX_SIZE;
    int keyEnd = start + record.keySize();
    if (keyEnd > waitingKeys.length) {
      waitingKeys = Arrays.copyOf(waitingKeys, Math.max(keyEnd, 2 * waitingKeys.length));
    }
    IndexKey.begin(waitingKeys, start - IndexKey.PREFIX_SIZE, record.bucket());
    record.copyKey(waitingKeys, start);
    waitingEnds[waiting] = keyEnd;
    hashes[seen] = index.keyHash().of(record.bucket(), waitingKeys, start, record.keySize());
    segments[seen] = victim;
    positions[seen] = position;
    sequences[seen] = record.sequence();
    kinds[seen] = record.kind();
    areTombstones[seen] = record.kind() == RecordKind.TOMBSTONE || record.isForgotten();
    seen++;
    if (seen - count == STEP) {
      judge();
    }
  }

  private int waitingStart(int waiting) {
    return waiting == 0 ? 0 : waitingEnds[waiting - 1];
  }

  private byte[] waitingKey(int waiting) {
    return Arrays.copyOfRange(waitingKeys, waitingStart(waiting), waitingEnds[waiting]);
  }

  private void grow() {
    int size = 2 * keys.length;
    keys = Arrays.copyOf(keys, size);
    hashes = Arrays.copyOf(hashes, size);
    segments = Arrays.copyOf(segments, size);
    positions = Arrays.copyOf(positions, size);
    sequences = Arrays.copyOf(sequences, size);
    kinds = Arrays.copyOf(kinds, size);
    areTombstones = Arrays.copyOf(areTombstones, size);
  }

  private void judge() {
    if ((++judgedCount & RECORDS_UNTIL_ASKED / STEP - 1) == 0) {
      requireOpen.run();
    }
    long sum = 0;
    for (int i = count; i < seen; i++) {
      sum += index.prefetch(hashes[i]);
    }
    prefetched = sum;
    int first = count;
    for (int i = first; i < seen; i++) {
      if (index.pointsTo(hashes[i], address(i))) {
        keep(i, waitingKey(i - first));
      } else if (kinds[i] != RecordKind.PUT) {
        byte[] key = waitingKey(i - first);
        if (isNeeded(i, key)) {
          areTombstones[i] = true;
          keep(i, key);
        }
      }
    }
    seen = count;
  }

  private void keep(int i, byte[] key) {
    keys[count] = key;
    if (i != count) {
      hashes[count] = hashes[i];
      segments[count] = segments[i];
      positions[count] = positions[i];
      sequences[count] = sequences[i];
      kinds[count] = kinds[i];
      areTombstones[count] = areTombstones[i];
    }
    count++;
  }

  /// {@return whether a record that says of a key that it is gone, and that the index does not
  /// point to, keeps an older one of the key from coming back}
  private boolean isNeeded(int i, byte[] key) {
    while (true) {
      try {
        return index.find(hashes[i], key) == 0 && !canDrop(sequences[i]);
      } catch (RetryException _) {
        Thread.onSpinWait();
      }
    }
  }

  private boolean canDrop(long tombstone) {
    for (Segment segment : others) {
      if (Victims.mayHoldOlder(segment, tombstone)) {
        return false;
      }
    }
    return true;
  }

  private long address(int i) {
    return Addresses.address(segments[i], positions[i]);
  }

  /// {@return the least sequence number of all; 1 if there are none}
  long baseSequence() {
    return Arrays.stream(sequences, 0, count).min().orElse(1);
  }

  /// Writes the records in the order of their keys.
  ///
  /// @param writer what writes them
  /// @param horizon the oldest commit as of which somebody may look at the store: what is older
  ///   needs no history
  /// @return where each was and is
  List<Move> write(ColdWriter writer, long horizon) throws IOException {
    int[] order = KeySort.order(keys, count);
    var moves = new ArrayList<Move>(count);
    var record = new RecordData();
    var buffer = new Segment.RecordBuffer();
    for (int n = 0; n < count; n++) {
      if (n + PREFETCH_DISTANCE < count) {
        int ahead = order[n + PREFETCH_DISTANCE];
        prefetched = segments[ahead].peek(positions[ahead]);
      }
      if ((n & RECORDS_UNTIL_ASKED - 1) == 0) {
        requireOpen.run();
      }
      int i = order[n];
      segments[i].readRecord(positions[i], record, buffer);
      var from =
          new Entry(
              address(i),
              record.kind(),
              record.isForgotten(),
              record.sequence(),
              record.deadlineMillis(),
              record.size());
      long to = writer.add(record, sequences[i] > horizon);
      moves.add(new Move(hashes[i], from, to, writer.lastSize(), areTombstones[i]));
    }
    return moves;
  }
}
