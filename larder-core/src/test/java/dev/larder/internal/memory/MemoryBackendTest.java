package dev.larder.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.BackendSnapshot;
import dev.larder.Bytes;
import dev.larder.Commit;
import dev.larder.CommitResult;
import dev.larder.Expiry;
import dev.larder.Limits;
import dev.larder.Lookup;
import dev.larder.Mutation;
import dev.larder.StoreFullException;
import dev.larder.StoreOptions;
import dev.larder.internal.base.HandClock;
import dev.larder.internal.base.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the contract suite cannot see: what is kept in memory, and when the worker is called.
class MemoryBackendTest {
  private static final long NOON = 1_800_000_000_000L;

  private final HandClock clock = new HandClock(NOON);
  private final HandWorkers workers = new HandWorkers();
  private final MemoryBackend backend =
      new MemoryBackend(
          StoreOptions.defaults()
              .withTimeSource(clock)
              .withLimits(Limits.defaults().withStoreBytes(Limits.STORE_BYTES_MIN)),
          workers);

  @AfterEach
  void close() {
    backend.close();
  }

  private static Bytes bytes(String text) {
    return Bytes.ofUtf8(text);
  }

  private static Mutation put(String key, int valueSize, Expiry expiry) {
    return new Mutation.Put("b", bytes(key), Bytes.wrap(new byte[valueSize]), expiry);
  }

  private void commit(Mutation... mutations) {
    CommitResult result = backend.commit(new Commit(List.of(), List.of(mutations), null));
    assertThat(result).isInstanceOf(CommitResult.Committed.class);
  }

  private long storedBytes() {
    return backend.statistics().space().directoryBytes();
  }

  @Test
  void anEntryTakesItsBytesAndTheOverhead() {
    commit(put("abc", 10, Expiry.never()));
    assertThat(backend.statistics().space().liveBytes()).isEqualTo(3 + 10 + Slot.OVERHEAD_BYTES);
    commit(put("abc", 4, Expiry.never()));
    assertThat(storedBytes()).isEqualTo(3 + 4 + Slot.OVERHEAD_BYTES);
    commit(new Mutation.Remove("b", bytes("abc")));
    assertThat(storedBytes()).isZero();
  }

  @Test
  void theWorkerTakesTheValueAtTheDeadlineAndTheKeyAMinuteLater() {
    commit(put("abc", 1000, Expiry.after(Duration.ofSeconds(5))));
    clock.advance(Duration.ofSeconds(5).minusMillis(1));
    workers.step();
    assertThat(backend.statistics().entries()).isEqualTo(1);

    clock.advance(Duration.ofMillis(1));
    workers.step();
    assertThat(backend.statistics().entries()).isZero();
    assertThat(backend.statistics().expiredRemembered()).isEqualTo(1);
    assertThat(storedBytes()).isEqualTo(3 + Slot.OVERHEAD_BYTES);
    assertThat(backend.find("b", bytes("abc"))).isEqualTo(new Lookup.Expired(NOON + 5000));

    clock.advance(Duration.ofMinutes(1).minusMillis(1));
    workers.step();
    assertThat(backend.find("b", bytes("abc"))).isEqualTo(new Lookup.Expired(NOON + 5000));
    clock.advance(Duration.ofMillis(1));
    workers.step();
    assertThat(backend.find("b", bytes("abc"))).isEqualTo(Lookup.Absent.INSTANCE);
    assertThat(backend.statistics().expiredRemembered()).isZero();
    assertThat(storedBytes()).isZero();
  }

  @Test
  void theWorkerWaitsForTheNextDeadlineButLooksAtTheClockNowAndThen() {
    assertThat(workers.step()).isEqualTo(Worker.NOT_BEFORE_WOKEN);
    commit(put("abc", 1, Expiry.after(Duration.ofSeconds(5))));
    assertThat(workers.step()).isEqualTo(Duration.ofSeconds(5).toNanos());
    clock.advance(Duration.ofSeconds(6));
    assertThat(workers.step()).isEqualTo(Duration.ofSeconds(10).toNanos());
    clock.advance(Duration.ofSeconds(60));
    assertThat(workers.step()).isEqualTo(Worker.NOT_BEFORE_WOKEN);
  }

  @Test
  void onlyADeadlineEarlierThanAllOthersWakesTheWorker() {
    commit(put("never", 1, Expiry.never()));
    assertThat(workers.wakings).isZero();
    commit(put("a", 1, Expiry.after(Duration.ofSeconds(5))));
    assertThat(workers.wakings).isEqualTo(1);
    commit(put("later", 1, Expiry.after(Duration.ofSeconds(6))));
    assertThat(workers.wakings).isEqualTo(1);
    commit(put("sooner", 1, Expiry.after(Duration.ofSeconds(4))));
    assertThat(workers.wakings).isEqualTo(2);
  }

  @Test
  void aStepOfTheWorkerIsBoundedAndTheNextComesSoon() {
    for (int batch = 0; batch < 10; batch++) {
      var mutations = new ArrayList<Mutation>();
      for (int i = 0; i < 100; i++) {
        mutations.add(put(batch + "/" + i, 1, Expiry.after(Duration.ofSeconds(1))));
      }
      commit(mutations.toArray(Mutation[]::new));
    }
    clock.advance(Duration.ofSeconds(1));
    assertThat(workers.step()).isLessThan(Duration.ofMillis(1).toNanos());
    assertThat(backend.statistics().entries()).isBetween(1L, 999L);
    workers.step();
    assertThat(backend.statistics().entries()).isZero();
  }

  @Test
  void commitsRemoveWhatHasExpiredEvenWithoutTheWorker() {
    for (int i = 0; i < 1000; i++) {
      commit(put("k" + i, 1, Expiry.after(Duration.ofMillis(10))));
      clock.advance(Duration.ofMillis(1));
    }
    assertThat(backend.statistics().entries()).isLessThanOrEqualTo(11);
  }

  @Test
  void aFullStoreMakesRoomFromWhatHasExpired() {
    int valueSize = 1 << 20;
    commit(put("a", valueSize, Expiry.after(Duration.ofSeconds(1))));
    assertThatThrownBy(() -> commit(put("b", valueSize, Expiry.never())))
        .isInstanceOf(StoreFullException.class)
        .hasMessage(
            "the store in memory is full: it holds 1,048,705 bytes, the write needs 1,048,705"
                + " more, 2,097,152 are allowed");
    clock.advance(Duration.ofSeconds(1));
    commit(put("b", valueSize, Expiry.never()));
    assertThat(backend.find("b", bytes("a"))).isEqualTo(new Lookup.Expired(NOON + 1000));
  }

  @Test
  void aFullStoreRemovesAsManyExpiredEntriesAsItTakes() {
    for (int i = 0; i < 20; i++) {
      commit(put("k" + i, 100_000, Expiry.after(Duration.ofSeconds(1))));
    }
    clock.advance(Duration.ofSeconds(1));
    commit(put("large", 1_900_000, Expiry.never()));
    assertThat(backend.statistics().entries()).isEqualTo(1);
    assertThat(backend.purgeExpired()).isEqualTo(20);
  }

  @Test
  void aFullStoreForgetsWhatIsOnlyRememberedWhereThatMakesRoom() {
    commit(put("a", 1, Expiry.after(Duration.ofSeconds(1))));
    clock.advance(Duration.ofSeconds(1));
    workers.step();
    int rest = (int) Limits.STORE_BYTES_MIN - Slot.OVERHEAD_BYTES - 1;
    commit(put("b", rest, Expiry.never()));
    assertThat(storedBytes()).isEqualTo(Limits.STORE_BYTES_MIN);
    assertThat(backend.find("b", bytes("a"))).isEqualTo(Lookup.Absent.INSTANCE);
  }

  @Test
  void aFullStoreTakesWritesThatDoNotMakeItLarger() {
    int rest = (int) Limits.STORE_BYTES_MIN - Slot.OVERHEAD_BYTES - 1;
    commit(put("a", rest, Expiry.never()));
    commit(put("a", rest, Expiry.after(Duration.ofDays(1))));
    commit(new Mutation.Renew("b", bytes("a"), Expiry.never()));
    assertThatThrownBy(() -> commit(put("b", 0, Expiry.never())))
        .isInstanceOf(StoreFullException.class);
    commit(new Mutation.Remove("b", bytes("a")), put("b", rest, Expiry.never()));
  }

  @Test
  void aSnapshotPinsNothingButItsOwnState() {
    commit(put("a", 10, Expiry.never()));
    try (BackendSnapshot snapshot = backend.snapshot()) {
      commit(new Mutation.Remove("b", bytes("a")));
      assertThat(storedBytes()).isZero();
      assertThat(snapshot.find("b", bytes("a"))).isInstanceOf(Lookup.Live.class);
      assertThat(backend.statistics().openSnapshots()).isEqualTo(1);
    }
    assertThat(backend.statistics().openSnapshots()).isZero();
  }

  @Test
  void closingStopsTheWorkerAndAnotherStepDoesNothing() {
    commit(put("a", 1, Expiry.after(Duration.ofSeconds(1))));
    clock.advance(Duration.ofSeconds(2));
    backend.close();
    assertThat(workers.isStopped).isTrue();
    assertThat(workers.step()).isEqualTo(Worker.NOT_BEFORE_WOKEN);
  }

  @Test
  void theProviderTakesNoLocation() {
    var provider = new MemoryStoreProvider();
    assertThat(provider.name()).isEqualTo("memory");
    assertThat(provider.claims(Path.of("anything"))).isFalse();
    assertThatThrownBy(() -> provider.open(Path.of("there"), StoreOptions.defaults()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a store in memory has no location, not there");
    assertThatThrownBy(() -> provider.verify(Path.of("there"), StoreOptions.defaults()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a store in memory has no location that could be verified, not there");
  }

  /// Keeps the one worker to be stepped by hand.
  private static final class HandWorkers implements Worker.Starter, Worker.Handle {
    private Worker worker;
    private int wakings;
    private boolean isStopped;

    @Override
    public Worker.Handle start(String name, Worker started) {
      worker = started;
      return this;
    }

    long step() {
      return worker.step();
    }

    @Override
    public void wake() {
      wakings++;
    }

    @Override
    public void stop() {
      isStopped = true;
    }
  }
}
