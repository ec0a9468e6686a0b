package dev.larder.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What happens at Ctrl-C and SIGTERM: the command is asked to stop, the store is closed, and the
/// JVM ends with the code of the signal, 130 or 143.
///
/// A commit that has begun finishes; nothing after it begins.
///
/// **Threads.** The hook runs on a thread of the JVM; everything else on the main thread.
final class Shutdown {
  /// How long a command that has a store open may take to come to its own end, which for an import
  /// is to say how far it came. What takes longer has the store closed under it.
  private static final long GRACE_MILLIS = 2_000;

  private static final CountDownLatch FINISHED = new CountDownLatch(1);

  /// Published by being volatile; written by the hook only.
  private static volatile boolean isUnderWay;

  /// Published by being volatile; written by the main thread only.
  private static volatile @Nullable Session session;

  /// Published by being volatile; written by the main thread only.
  private static volatile @Nullable Runnable leftover;

  private Shutdown() {}

  /// Prepares for a signal. Called once, by the main thread.
  static void install() {
    Thread main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> run(main), "larder-cli-shutdown"));
  }

  /// Names the session whose store is closed at a signal.
  static void guard(Session guarded) {
    session = guarded;
  }

  /// Names what has to be done at a signal where the command does not come to do it: to delete what
  /// must not stay. Safe to be done twice.
  ///
  /// @param removal what is to be done; null once the command has done it
  static void cleanUp(@Nullable Runnable removal) {
    leftover = removal;
  }

  /// Says that the command has ended, so that nothing is left to be waited for.
  static void finished() {
    FINISHED.countDown();
  }

  /// {@return whether the JVM is ending}
  static boolean isUnderWay() {
    return isUnderWay;
  }

  private static void run(Thread main) {
    if (FINISHED.getCount() == 0) {
      return; // the usual end
    }
    isUnderWay = true;
    main.interrupt();
    Session guarded = session;
    if ((guarded == null || !guarded.isOpen()) && leftover == null) {
      return; // a command that waits for its input must not hold the JVM up
    }
    try {
      if (FINISHED.await(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      // nothing is left to wait with
    }
    if (guarded != null) {
      guarded.release();
    }
    Runnable removal = leftover;
    if (removal != null) {
      removal.run();
    }
  }
}
