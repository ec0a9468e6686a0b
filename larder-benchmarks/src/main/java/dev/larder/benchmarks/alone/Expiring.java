package dev.larder.benchmarks.alone;

import dev.larder.Bucket;
import dev.larder.Expiry;
import dev.larder.Store;
import dev.larder.StoreOptions;
import dev.larder.benchmarks.rows.Setting;
import dev.larder.benchmarks.rows.Task;
import dev.larder.benchmarks.rows.WrongAnswerException;
import dev.larder.benchmarks.workload.Keys;
import dev.larder.benchmarks.workload.Window;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// What becomes of the rate at which one thread overwrites entries without deadlines while as many
/// others expire, and how late the others go.
///
/// Readers see no entry past its deadline, however late its removal is; that is checked beside it.
final class Expiring {
  /// How many times the time of a rate puts are measured before and after others expire.
  static final int TIMES = 15;

  private static final int CHUNK = 128;

  /// How many times the time of a rate before that: a new store has no garbage, and nobody pays for
  /// compaction.
  private static final int WARM_TIMES = 10;

  private static final long MARGIN_MILLIS = 300;
  private static final long POLL_MILLIS = 20;

  /// Statistics have their price: this many times as long as they took nobody asks for them again.
  private static final int POLL_PAUSE_TIMES = 20;

  private static final double PATIENCE = 2;
  private static final int LOOKS = 20;

  private final Task task;
  private final Measure measure;
  private final Setting setting;
  private final Entries entries;
  private final long spreadMillis;

  /// @param measure says over how long deadlines are spread
  Expiring(Task task, Measure measure) {
    this.task = task;
    this.measure = measure;
    setting = task.setting();
    entries = new Entries(setting);
    spreadMillis = Math.max(1, (long) (setting.seconds() * 1e3 * measure.spread()));
  }

  void run() throws Exception {
    try (Store store =
        Entries.open(task.directory(), StoreOptions.defaults().spaceAmplification())) {
      Bucket<byte[], byte[]> bucket = Entries.bucket(store);
      long loadStart = System.nanoTime();
      entries.load(bucket);
      long loadMillis = (System.nanoTime() - loadStart) / 1_000_000;
      Entries.Overwriting overwriting = entries.new Overwriting(bucket);
      double warmSeconds = setting.seconds() * WARM_TIMES;
      double seconds = setting.seconds() * TIMES;
      // Loading the others takes longer than what stays, since they have deadlines.
      long measuringMillis = (long) ((warmSeconds + seconds) * 1e3);
      long begin = System.currentTimeMillis() + 2 * loadMillis + measuringMillis + MARGIN_MILLIS;
      entries.loadOthers(
          bucket, number -> Expiry.at(Instant.ofEpochMilli(deadline(begin, number))));
      if (System.currentTimeMillis() >= begin) {
        throw new IllegalStateException("deadlines came before all entries were loaded");
      }
      double before = rate(overwriting, warmSeconds, seconds);
      rate(overwriting, 0, Math.max(0, begin - System.currentTimeMillis()) / 1e3);
      var watching = new FutureTask<>(() -> watch(store, bucket, begin));
      Thread.ofPlatform().daemon().start(watching);
      double during = rate(overwriting, 0, spreadMillis / 1e3);
      Seen seen = await(watching);
      double after = rate(overwriting, 0, seconds);
      overwriting.check();
      figure("seconds", spreadMillis / 1e3);
      figure("before", before);
      figure("during", during);
      figure("after", after);
      figure("expired", (double) seen.expired);
      figure("late", (double) seen.lateMillis);
      figure("looks", (double) seen.looks);
    }
  }

  private static double rate(Entries.Overwriting overwriting, double warmSeconds, double seconds)
      throws Exception {
    return new Window(warmSeconds, seconds, Long.MAX_VALUE, CHUNK).run(overwriting).rate();
  }

  /// When an entry ends; the first does at the beginning, in the order of the numbers.
  private long deadline(long begin, long number) {
    return begin + number * spreadMillis / entries.count();
  }

  /// @param expired how many had been removed at the end
  /// @param lateMillis the longest time from a deadline until its entry was removed
  /// @param looks how often that was looked at
  private record Seen(long expired, long lateMillis, long looks) {}

  /// Counts what has been removed until everything is, or patience is at its end. As many as were
  /// removed, so many deadlines count as served, the earliest first.
  private Seen watch(Store store, Bucket<byte[], byte[]> bucket, long begin)
      throws InterruptedException {
    var key = new byte[Keys.SIZE];
    var value = new byte[setting.valueSize()];
    long giveUp = begin + (long) (PATIENCE * spreadMillis) + 10_000;
    long expired = 0;
    long late = 0;
    long looks = 0;
    long pauseMillis = POLL_MILLIS;
    while (expired < entries.count() && System.currentTimeMillis() < giveUp) {
      Thread.sleep(pauseMillis);
      // The time first: what goes between the two is not counted as late.
      long now = System.currentTimeMillis();
      expired = store.statistics().counters().getOrDefault("expired", 0L);
      long tookMillis = System.currentTimeMillis() - now;
      pauseMillis = Math.max(POLL_MILLIS, POLL_PAUSE_TIMES * tookMillis);
      looks++;
      if (expired < entries.count()) {
        late = Math.max(late, now - deadline(begin, expired));
      }
      look(bucket, begin, key, value);
    }
    return new Seen(expired, late, looks);
  }

  /// Looks for entries whose deadlines have come this moment, and for the next ones.
  private void look(Bucket<byte[], byte[]> bucket, long begin, byte[] key, byte[] value) {
    for (int i = 0; i < LOOKS; i++) {
      long now = System.currentTimeMillis();
      long number = (now - begin + i - LOOKS / 2) * entries.count() / spreadMillis;
      if (number < 0 || number >= entries.count()) {
        continue;
      }
      entries.writeOtherKey(number, key);
      boolean isThere = bucket.getInto(key, value, 0) >= 0;
      long deadline = deadline(begin, number);
      boolean mustBeThere = System.currentTimeMillis() < deadline;
      boolean mustBeGone = now >= deadline;
      if (isThere ? mustBeGone : mustBeThere) {
        throw new WrongAnswerException(
            "key %d was %s %d ms after its deadline"
                .formatted(number, isThere ? "there" : "gone", now - deadline));
      }
    }
  }

  private static Seen await(FutureTask<Seen> watching) throws Exception {
    try {
      return watching.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private void figure(String name, double value) {
    task.sink().figure(measure.row(name), value, "");
  }
}
