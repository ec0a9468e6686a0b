package dev.larder.internal.index;

import static dev.larder.internal.index.FakeRecords.bytes;
import static dev.larder.internal.index.FakeRecords.goodHash;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.internal.format.DeltaHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A table that was opened from an image answers at once as if all changes behind it were applied.
@SuppressWarnings("ThreadPriorityCheck")
class PendingRowsTest {
  private static final int KEYS = 30_000;

  private final FakeRecords records = new FakeRecords(400_000, FakeRecords::goodHash);
  private final Map<Long, Long> model = new HashMap<>();
  private final List<long[]> rows = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(1);
  private @Nullable String damage;

  /// What would come from files.
  private final class FakeDeltas implements IndexDeltas {
    @Override
    public int count() {
      return 0;
    }

    @Override
    public long[] rows(int partition) {
      List<long[]> own =
          rows.stream()
              .filter(row ->
                  row[0] >>> (64 - Integer.numberOfTrailingZeros(DeltaHeader.PARTITIONS))
                      == partition)
              .toList();
      long[] all = new long[own.size() * DeltaBuffer.ROW];
      for (int i = 0; i < own.size(); i++) {
        System.arraycopy(own.get(i), 0, all, i * DeltaBuffer.ROW, DeltaBuffer.ROW);
      }
      return all;
    }

    @Override
    public long[] newKeys(int part) {
      throw new AssertionError();
    }

    @Override
    public long[] deadlines(int part) {
      throw new AssertionError();
    }

    @Override
    public void departed(int part, Visitor visitor) {
      throw new AssertionError();
    }

    @Override
    public DamagedImageException damaged(String reason) {
      damage = reason;
      return new DamagedImageException(reason);
    }

    @Override
    public void close() {}
  }

  /// Changes a key in some way, and takes note of how.
  private void change(@Nullable HashIndex index, long key, boolean isNoted) {
    long hash = goodHash(key);
    Long before = model.get(key);
    long to = before != null && random.nextInt(4) == 0 ? 0 : records.append(key);
    if (before == null) {
      model.put(key, to);
      if (index != null) {
        index.insert(hash, to);
      }
    } else if (to == 0) {
      model.remove(key);
      if (index != null) {
        assertThat(index.remove(hash, before)).isTrue();
      }
    } else {
      model.put(key, to);
      if (index != null) {
        assertThat(index.replace(hash, before, to)).isTrue();
      }
    }
    if (isNoted) {
      rows.add(new long[] {hash, before == null ? 0 : before, to});
    }
  }

  /// An index over an image, with changes behind it that nobody has applied.
  private HashIndex pending() {
    Pages pages = Pages.onHeap();
    HashIndex first = HashIndex.create(pages, records);
    for (int i = 0; i < 2 * KEYS; i++) {
      change(first, random.nextInt(KEYS), false);
    }
    PagesCopy image = PagesCopy.of(pages);
    for (int i = 0; i < 2 * KEYS; i++) {
      change(null, random.nextInt(2 * KEYS), true);
    }
    HashIndex index = HashIndex.open(image.open(), records, first.metaPage());
    index.pend(new FakeDeltas());
    return index;
  }

  private void requireModel(HashIndex index) {
    for (long key = 0; key < 2 * KEYS; key++) {
      assertThat(index.find(goodHash(key), bytes(key)))
          .as("key %d", key)
          .isEqualTo(model.getOrDefault(key, 0L));
    }
  }

  @Test
  void everyKeyIsFoundWhereTheChangesLeftIt() {
    HashIndex index = pending();
    assertThat(index.isPending()).isTrue();
    requireModel(index);
    assertThat(index.isPending()).isFalse();
    assertThat(index.size()).isEqualTo(model.size());
    index.checkInvariants();
  }

  @Test
  void whatIsChangedBeforeTheChangesBehindTheImageAreAppliedComesAfterThem() {
    HashIndex index = pending();
    for (int i = 0; i < 400; i++) {
      change(index, random.nextInt(2 * KEYS), false);
      index.mergeStep();
    }
    requireModel(index);
    index.checkInvariants();
  }

  @Test
  void allThreadsMayLookWhileOneChangesAndOneMerges() throws InterruptedException {
    HashIndex index = pending();
    Map<Long, Long> untouched = new HashMap<>(model);
    untouched.keySet().removeIf(key -> key % 2 == 0);
    var failure = new AtomicReference<@Nullable Throwable>();
    Runnable reading =
        () -> {
          try {
            for (int round = 0; round < 2; round++) {
              untouched.forEach((key, address) ->
                  assertThat(index.find(goodHash(key), bytes(key))).isEqualTo(address));
            }
          } catch (Throwable t) {
            failure.set(t);
          }
        };
    List<Thread> threads =
        List.of(
            new Thread(reading),
            new Thread(reading),
            new Thread(() -> {
              while (index.mergeStep()) {
                Thread.yield();
              }
            }));
    threads.forEach(Thread::start);
    for (int i = 0; i < 20_000; i++) {
      change(index, 2L * random.nextInt(KEYS), false);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    requireModel(index);
    index.checkInvariants();
  }

  @Test
  void aChangeThatDoesNotFitTheImageIsDamage() {
    HashIndex index = pending();
    rows.add(new long[] {goodHash(1), 399_999, 5});
    assertThatExceptionOfType(DamagedImageException.class)
        .isThrownBy(() -> index.find(goodHash(1), bytes(1)));
    assertThat(damage).isNotNull();
    // It stays so, and the others are not concerned.
    assertThatExceptionOfType(DamagedImageException.class).isThrownBy(index::mergeAll);
  }
}
