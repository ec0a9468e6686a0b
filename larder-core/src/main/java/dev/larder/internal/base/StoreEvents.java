package dev.larder.internal.base;

import java.nio.file.Path;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// What a store tells about itself: to `System.Logger` under the name `dev.larder`, and to the
/// flight recorder where it is running. Neither ever gets a key or a value.
///
/// **Threads.** Safe for any number of threads.
@SuppressWarnings("UnusedVariable") // the flight recorder reads the fields of events
public final class StoreEvents {
  private StoreEvents() {}

  @Name("dev.larder.StoreOpened")
  @Label("Store Opened")
  @Category("Larder")
  @StackTrace(false)
  private static final class Opened extends Event {
    @Label("Location")
    String location = "";

    @Label("Entries")
    long entries;

    @Label("Clean")
    @Description("Whether the store had been closed cleanly")
    boolean isClean;

    @Label("Replayed")
    @DataAmount
    long replayedBytes;
  }

  @Name("dev.larder.Compaction")
  @Label("Compaction")
  @Category("Larder")
  @StackTrace(false)
  private static final class Compacted extends Event {
    @Label("Location")
    String location = "";

    @Label("Gained")
    @DataAmount
    long gainedBytes;

    @Label("Duration of the run")
    @Timespan(Timespan.NANOSECONDS)
    long nanos;
  }

  @Name("dev.larder.SlowForce")
  @Label("Slow Force")
  @Category("Larder")
  @StackTrace(false)
  private static final class SlowForce extends Event {
    @Label("Location")
    String location = "";

    @Label("Duration of the force")
    @Timespan(Timespan.NANOSECONDS)
    long nanos;
  }

  @Name("dev.larder.StoreFailed")
  @Label("Store Failed")
  @Category("Larder")
  private static final class Failed extends Event {
    @Label("Location")
    String location = "";

    @Label("Cause")
    String cause = "";
  }

  /// A store was opened.
  ///
  /// @param location where it is
  /// @param entries how many entries it has
  /// @param isClean whether it had been closed cleanly
  /// @param replayedBytes how many bytes of log were read
  /// @return says so in the log as well; to be run later, since setting logging up takes longer
  ///   than opening a small store
  public static Runnable opened(Path location, long entries, boolean isClean, long replayedBytes) {
    if (isRecorded()) {
      var event = new Opened();
      event.location = location.toString();
      event.entries = entries;
      event.isClean = isClean;
      event.replayedBytes = replayedBytes;
      event.commit();
    }
    return () ->
        Logs.log().log(
            System.Logger.Level.DEBUG,
            () ->
                "opened the store at %s: %d entries, %s, %d bytes of log replayed"
                    .formatted(
                        location,
                        entries,
                        isClean ? "closed cleanly before" : "recovered after an unclean end",
                        replayedBytes));
  }

  /// A compaction has ended.
  ///
  /// @param location where the store is
  /// @param gainedBytes how many bytes its segments take less
  /// @param nanos how long it took
  public static void compacted(Path location, long gainedBytes, long nanos) {
    Logs.log().log(
        System.Logger.Level.DEBUG,
        () ->
            "compacted the store at %s: %d bytes less, %d ms"
                .formatted(location, gainedBytes, nanos / 1_000_000));
    if (isRecorded()) {
      var event = new Compacted();
      event.location = location.toString();
      event.gainedBytes = gainedBytes;
      event.nanos = nanos;
      event.commit();
    }
  }

  /// A force took so long that commits were noticeably late.
  ///
  /// @param location where the store is
  /// @param nanos how long it took
  public static void slowForce(Path location, long nanos) {
    Logs.log().log(
        System.Logger.Level.INFO,
        () -> "a force of the store at %s took %d ms".formatted(location, nanos / 1_000_000));
    if (isRecorded()) {
      var event = new SlowForce();
      event.location = location.toString();
      event.nanos = nanos;
      event.commit();
    }
  }

  /// A store takes no more writes.
  ///
  /// @param location where it is
  /// @param cause the first error
  public static void failed(Path location, Throwable cause) {
    Logs.log().log(
        System.Logger.Level.ERROR,
        () -> "the store at %s takes no more writes: %s".formatted(location, cause));
    if (isRecorded()) {
      var event = new Failed();
      event.location = location.toString();
      event.cause = cause.toString();
      event.commit();
    }
  }

  /// Loading event classes costs a short command more than everything else it does, so they are
  /// left alone unless somebody records.
  private static boolean isRecorded() {
    return FlightRecorder.isInitialized();
  }
}
