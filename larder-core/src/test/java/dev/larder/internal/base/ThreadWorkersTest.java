package dev.larder.internal.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadWorkersTest {
  private final LinkedBlockingQueue<Thread> steps = new LinkedBlockingQueue<>();

  private long step(long delayNanos) {
    steps.add(Thread.currentThread());
    return delayNanos;
  }

  private Thread awaitStep() throws InterruptedException {
    return steps.take();
  }

  private static Worker.Handle start(Worker worker) {
    return new ThreadWorkers().start("larder-test", worker);
  }

  @Test
  void aWorkerRunsOnADaemonThreadOfItsName() throws Exception {
    Worker.Handle handle = start(() -> step(Worker.NOT_BEFORE_WOKEN));
    Thread thread = awaitStep();
    assertThat(thread.getName()).isEqualTo("larder-test");
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.isVirtual()).isFalse();
    handle.stop();
  }

  @Test
  void aWorkerIsCalledAgainAfterItsDelay() throws Exception {
    long delayNanos = TimeUnit.MILLISECONDS.toNanos(20);
    Worker.Handle handle = start(() -> step(delayNanos));
    awaitStep();
    long start = System.nanoTime();
    awaitStep();
    awaitStep();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(delayNanos);
    handle.stop();
  }

  @Test
  void aDelayOfNothingMeansAtOnce() throws Exception {
    Worker.Handle handle = start(() -> step(steps.size() < 100 ? 0 : Worker.NOT_BEFORE_WOKEN));
    for (int i = 0; i < 100; i++) {
      awaitStep();
    }
    handle.stop();
  }

  @Test
  void wakingEndsTheWait() throws Exception {
    Worker.Handle handle = start(() -> step(Worker.NOT_BEFORE_WOKEN));
    for (int i = 0; i < 100; i++) {
      awaitStep();
      handle.wake();
    }
    awaitStep();
    handle.stop();
  }

  @Test
  void wakingDuringAStepThatUsesUpThePermitOfItsThreadIsNotLost() throws Exception {
    var inStep = new CountDownLatch(1);
    var woken = new CountDownLatch(1);
    Worker.Handle handle =
        start(() -> {
          inStep.countDown();
          awaitUninterruptibly(woken);
          LockSupport.parkNanos(1); // what a contended lock inside a step does
          return step(Worker.NOT_BEFORE_WOKEN);
        });
    inStep.await();
    handle.wake();
    woken.countDown();
    awaitStep();
    awaitStep();
    handle.stop();
  }

  @Test
  void stoppingWaitsForTheStepUnderWay() throws Exception {
    var inStep = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    Worker.Handle handle =
        start(() -> {
          inStep.countDown();
          awaitUninterruptibly(goOn);
          return step(Worker.NOT_BEFORE_WOKEN);
        });
    inStep.await();
    CompletableFuture<Boolean> hadStepEnded =
        CompletableFuture.supplyAsync(() -> {
          handle.stop();
          return !steps.isEmpty();
        });
    goOn.countDown();
    assertThat(hadStepEnded.get()).isTrue();
    assertThat(awaitStep().isAlive()).isFalse();
  }

  @Test
  void noStepFollowsStopping() throws Exception {
    Worker.Handle handle = start(() -> step(0));
    awaitStep();
    handle.stop();
    int count = steps.size();
    handle.wake();
    assertThat(steps).hasSize(count);
  }

  @Test
  void stoppingTwiceDoesNothing() {
    Worker.Handle handle = start(() -> step(Worker.NOT_BEFORE_WOKEN));
    handle.stop();
    handle.stop();
    handle.wake();
  }

  @Test
  void stoppingKeepsTheInterruptFlagOfTheCaller() throws Exception {
    var inStep = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    Worker.Handle handle =
        start(() -> {
          inStep.countDown();
          awaitUninterruptibly(goOn);
          return Worker.NOT_BEFORE_WOKEN;
        });
    inStep.await();
    var wasInterrupted = new AtomicReference<Boolean>();
    Thread stopper =
        Thread.ofPlatform()
            .start(() -> {
              Thread.currentThread().interrupt();
              handle.stop();
              wasInterrupted.set(Thread.currentThread().isInterrupted());
            });
    goOn.countDown();
    stopper.join();
    assertThat(wasInterrupted.get()).isTrue();
  }

  @Test
  void aWorkerCannotWaitForItself() throws Exception {
    var handle = new CompletableFuture<Worker.Handle>();
    var refusal = new CompletableFuture<Throwable>();
    handle.complete(
        start(() -> {
          try {
            handle.join().stop();
          } catch (IllegalStateException e) {
            refusal.complete(e);
          }
          return Worker.NOT_BEFORE_WOKEN;
        }));
    assertThat(refusal.get()).hasMessage("worker larder-test cannot wait for its own end");
    handle.join().stop();
  }

  @Test
  void anErrorThatEscapesIsLoggedAndEndsTheWorker() throws Exception {
    var error = new AssertionError("a fault of our own");
    try (var log = new LogCapture()) {
      Worker.Handle handle =
          start(() -> {
            step(0);
            throw error;
          });
      awaitStep().join();
      handle.wake();
      handle.stop();
      assertThat(steps).isEmpty();
      assertThat(log.records(Level.SEVERE))
          .singleElement()
          .satisfies(logged -> {
            assertThat(logged.getMessage()).isEqualTo("worker larder-test met an error and ended");
            assertThat(logged.getThrown()).isSameAs(error);
          });
    }
  }

  @Test
  void anInterruptDoesNotMakeAWaitingWorkerSpin() throws Exception {
    var count = new AtomicInteger();
    Worker.Handle handle =
        start(() -> {
          count.incrementAndGet();
          return step(Worker.NOT_BEFORE_WOKEN);
        });
    awaitStep().interrupt();
    handle.wake();
    Thread thread = awaitStep();
    assertThat(count.get()).isEqualTo(2);
    handle.stop();
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void workersDoNotWaitForEachOther() throws Exception {
    var goOn = new CountDownLatch(1);
    Worker.Handle blocked =
        start(() -> {
          awaitUninterruptibly(goOn);
          return Worker.NOT_BEFORE_WOKEN;
        });
    Worker.Handle free = start(() -> step(Worker.NOT_BEFORE_WOKEN));
    awaitStep();
    free.stop();
    goOn.countDown();
    blocked.stop();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
