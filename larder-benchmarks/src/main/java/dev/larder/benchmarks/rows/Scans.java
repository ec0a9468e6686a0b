package dev.larder.benchmarks.rows;

import dev.larder.benchmarks.peer.PeerSession;
import dev.larder.benchmarks.workload.Chunk;
import dev.larder.benchmarks.workload.Keys;
import dev.larder.benchmarks.workload.Randoms;
import dev.larder.benchmarks.workload.Values;

/// Goes over a loaded store in order, as a whole and in short ranges.
///
/// Checking each entry while it is shown would take longer than some peers take to show it. So a
/// digest is made of what was shown and in which order, and compared afterwards with the digest of
/// what should have been.
final class Scans {
  private static final int RANGE = 100;
  private static final int RANGES_CHECKED = 100_000;
  private static final int CLOCK_INTERVAL = 1 << 12;

  private Scans() {}

  static void run(Task task, PeerSession session) throws Exception {
    if (task.wants(Row.SCAN_FORWARD)) {
      task.figure(Row.SCAN_FORWARD, whole(task, session, false));
    }
    if (task.wants(Row.SCAN_REVERSE)) {
      task.figure(Row.SCAN_REVERSE, whole(task, session, true));
    }
    if (task.wants(Row.RANGE_100)) {
      var ranges = new Ranges(task, session);
      task.figure(Row.RANGE_100, task.window().run(ranges).rate());
      ranges.check();
    }
  }

  private static double whole(Task task, PeerSession session, boolean reversed) throws Exception {
    entriesPerSecond(task, session, reversed, task.setting().warmSeconds());
    return entriesPerSecond(task, session, reversed, task.setting().seconds());
  }

  /// Scans again and again until the time is up, in the middle of a scan if need be.
  private static double entriesPerSecond(
      Task task, PeerSession session, boolean reversed, double seconds) throws Exception {
    long limit = (long) (seconds * 1e9);
    long entries = 0;
    long nanos = 0;
    while (nanos < limit) {
      long start = System.nanoTime();
      var digest = new Digest(Long.MAX_VALUE, start + limit - nanos);
      session.scan(null, reversed, digest);
      nanos += System.nanoTime() - start;
      entries += digest.count;
      check(task, digest, reversed);
    }
    return entries / (nanos / 1e9);
  }

  private static void check(Task task, Digest digest, boolean reversed) {
    long keys = task.setting().keys();
    if (!digest.isCutShort && digest.count != keys) {
      throw new WrongAnswerException("a scan showed %d of %d keys".formatted(digest.count, keys));
    }
    long expected =
        digestOf(
            task.keys(), task.values(), reversed ? keys - 1 : 0, reversed ? -1 : 1, digest.count);
    if (expected != digest.digest) {
      throw new WrongAnswerException("a scan showed other entries, or in another order");
    }
  }

  private static long digestOf(Keys keys, Values values, long from, int step, long count) {
    var value = new byte[values.size()];
    var digest = new Digest(Long.MAX_VALUE, Long.MAX_VALUE);
    long number = from;
    for (long i = 0; i < count; i++, number += step) {
      values.write(number, 0, value);
      digest.add(
          keys.head(number),
          keys.tail(number),
          Values.word(value, 0),
          Values.word(value, value.length - Long.BYTES));
    }
    return digest.digest;
  }

  private static final class Digest implements PeerSession.Visitor {
    private final long entriesMax;
    private final long deadline;
    private long digest;
    private long count;
    private boolean isCutShort;

    Digest(long entriesMax, long deadline) {
      this.entriesMax = entriesMax;
      this.deadline = deadline;
    }

    @Override
    public boolean visit(long keyHead, long keyTail, long valueHead, long valueTail) {
      add(keyHead, keyTail, valueHead, valueTail);
      return ++count < entriesMax && ((count & (CLOCK_INTERVAL - 1)) != 0 || isInTime());
    }

    private void add(long keyHead, long keyTail, long valueHead, long valueTail) {
      long word = keyHead ^ Long.rotateLeft(keyTail, 17) ^ Long.rotateLeft(valueHead, 31);
      digest = (digest + (word ^ valueTail)) * 31;
    }

    private boolean isInTime() {
      isCutShort = System.nanoTime() - deadline > 0;
      return !isCutShort;
    }
  }

  /// Seeks random keys and looks at the entries from there.
  private static final class Ranges implements Chunk {
    private final Task task;
    private final PeerSession session;
    private final Randoms randoms = new Randoms(5);
    private final long bound;
    private final Keys keys;
    private final byte[] key = new byte[Keys.SIZE];
    private final long[] starts = new long[RANGES_CHECKED];
    private final long[] digests = new long[RANGES_CHECKED];
    private int done;

    Ranges(Task task, PeerSession session) {
      this.task = task;
      this.session = session;
      bound = Math.max(1, task.setting().keys() - RANGE);
      keys = task.keys();
    }

    @Override
    public long run(int count) throws Exception {
      for (int i = 0; i < count; i++) {
        long number = randoms.below(bound);
        keys.write(number, key);
        var digest = new Digest(RANGE, Long.MAX_VALUE);
        session.scan(key, false, digest);
        int at = done++ % RANGES_CHECKED;
        starts[at] = number;
        digests[at] = digest.digest;
      }
      return count;
    }

    void check() {
      for (int i = 0; i < Math.min(done, RANGES_CHECKED); i++) {
        long count = Math.min(RANGE, task.setting().keys() - starts[i]);
        if (digestOf(keys, task.values(), starts[i], 1, count) != digests[i]) {
          throw new WrongAnswerException("a range from key %d is wrong".formatted(starts[i]));
        }
      }
    }
  }
}
