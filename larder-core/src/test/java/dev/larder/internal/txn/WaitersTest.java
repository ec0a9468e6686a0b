package dev.larder.internal.txn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.internal.txn.Waiters.Waiter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WaitersTest {
  private static final long FORCE_NANOS = 100_000;

  private final Waiters waiters = new Waiters();

  @Test
  void whoIsAloneHasTheLogForcedAtOnce() {
    for (int sequence = 1; sequence <= 10; sequence++) {
      Waiter alone = come(sequence);
      assertThat(waiters.patience(alone)).isZero();
      force(sequence);
      assertThat(alone.isServed()).isTrue();
    }
  }

  @Test
  void theFirstWaitsForAsManyAsThereWereAndTheLastHasTheLogForcedForAll() {
    serveTogether(3);

    Waiter first = come(4);
    assertThat(waiters.patience(first)).isEqualTo(FORCE_NANOS / 4);
    Waiter second = come(5);
    assertThat(waiters.patience(second)).isEqualTo(Waiters.UNTIL_WOKEN);
    Waiter last = come(6);
    assertThat(waiters.patience(last)).isZero();

    force(6);
    assertThat(List.of(first, second, last)).allMatch(Waiter::isServed);
  }

  @Test
  void whoCameDuringAForceCountsForTheNext() {
    Waiter served = come(1);
    waiters.forcing();
    Waiter next = come(2);
    waiters.parks(next);
    finishForce(1);

    assertThat(served.isServed()).isTrue();
    assertThat(waiters.takeWoken()).as("one of those who wait has to look").contains(next);
    assertThat(waiters.patience(next)).as("the other comes back").isEqualTo(FORCE_NANOS / 4);
  }

  @Test
  void theFirstWaitsOnceOnly() {
    serveTogether(3);
    Waiter first = come(4);
    waiters.patience(first);

    assertThat(waiters.patience(first)).as("nobody came").isZero();
  }

  @Test
  void waitsInVainBecomeRare() {
    int waits = 0;
    long sequence = 2;
    for (int i = 0; i < 400; i++) {
      // Two come at a time, one of them after the force of the other has begun, and neither again.
      Waiter one = come(++sequence);
      if (waiters.patience(one) > 0) {
        waits++;
        assertThat(waiters.patience(one)).isZero();
      }
      waiters.forcing();
      come(sequence + 1);
      finishForce(sequence);
      sequence++;
      force(sequence);
      come(++sequence);
      come(++sequence);
      force(sequence);
    }
    assertThat(waits).isBetween(1, 20);
  }

  @Test
  void whereTheFirstGivesUpAnotherLooks() {
    serveTogether(3);
    Waiter first = come(4);
    waiters.patience(first);
    Waiter second = come(5);
    waiters.patience(second);
    waiters.parks(second);

    waiters.leave(first);

    assertThat(waiters.takeWoken()).containsExactly(second);
    assertThat(waiters.patience(second)).isEqualTo(FORCE_NANOS / 4);
  }

  @Test
  void whoNeedsNoForceWaitsForThoseWhoDo() {
    var patient = new Waiter(1, false);
    waiters.join(patient, 0);
    assertThat(waiters.patience(patient)).isEqualTo(Waiters.UNTIL_WOKEN);
    Waiter forcer = come(2);
    assertThat(waiters.patience(forcer)).isZero();
    force(2);
    assertThat(patient.isServed()).isTrue();
  }

  @Test
  void whatIsVisibleAlreadyIsNotWaitedFor() {
    var late = new Waiter(5, true);
    waiters.join(late, 5);
    assertThat(late.isServed()).isTrue();
  }

  @Test
  void clocksThatStandStillMeanNoWaits() {
    come(1);
    come(2);
    waiters.forcing();
    waiters.visible(2);
    waiters.forced(0);
    assertThat(waiters.patience(come(3))).isZero();
  }

  @Test
  void waitingKeepsTheInterruptFlag() throws Exception {
    var outcome = new CompletableFuture<Boolean>();
    var begun = new CompletableFuture<Waiter>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              Waiter waiter = come(1);
              waiters.parks(waiter);
              begun.complete(waiter);
              waiter.park(Waiters.UNTIL_WOKEN);
              outcome.complete(Thread.currentThread().isInterrupted() && waiter.isServed());
            });
    begun.join();
    thread.interrupt();
    waiters.lock().lock();
    try {
      waiters.visible(1);
    } finally {
      waiters.lock().unlock();
    }
    assertThat(outcome.join()).isTrue();
    thread.join();
  }

  private Waiter come(long sequence) {
    var waiter = new Waiter(sequence, true);
    waiters.join(waiter, sequence - 1);
    return waiter;
  }

  private void serveTogether(int count) {
    for (int sequence = 1; sequence <= count; sequence++) {
      come(sequence);
    }
    force(count);
    waiters.takeWoken();
  }

  private void force(long sequence) {
    waiters.forcing();
    finishForce(sequence);
  }

  private void finishForce(long sequence) {
    waiters.visible(sequence);
    waiters.forced(FORCE_NANOS);
  }
}
