package dev.larder.benchmarks.alone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// When compactions ran, as the JVM's recorder has it.
///
/// The recorder has its own time; a mark of our own says what `System.nanoTime` was at one of its
/// moments.
///
/// **Threads.** For one thread.
final class Compactions implements AutoCloseable {
  private static final String COMPACTION = "dev.larder.Compaction";
  private static final String MARK = "dev.larder.benchmarks.Mark";
  private static final int MARKS = 100;

  private final Path file;
  private final Recording recording = new Recording();

  /// One run of a compaction, in the time of `System.nanoTime`.
  record Run(long start, long end) {}

  @Name(MARK)
  @StackTrace(false)
  private static final class Mark extends Event {
    @SuppressWarnings("UnusedVariable") // the recorder reads it
    long nanos;
  }

  /// Begins to record.
  ///
  /// @param file where the recording goes for a while
  Compactions(Path file) {
    this.file = file;
    recording.enable(COMPACTION).withoutThreshold();
    recording.enable(Mark.class).withoutThreshold();
    recording.start();
  }

  /// {@return the runs that have ended, in the order of time; those that have not are missing}
  List<Run> stop() throws IOException {
    for (int i = 0; i < MARKS; i++) { // the first ones load code
      var mark = new Mark();
      mark.nanos = System.nanoTime();
      mark.commit();
    }
    recording.stop();
    recording.dump(file);
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    RecordedEvent mark =
        events.stream()
            .filter(event -> event.getEventType().getName().equals(MARK))
            .max(Comparator.comparingLong(event -> event.getLong("nanos")))
            .orElseThrow();
    Instant zero = mark.getStartTime().minusNanos(mark.getLong("nanos"));
    var runs = new ArrayList<Run>();
    for (RecordedEvent event : events) {
      if (event.getEventType().getName().equals(COMPACTION)) {
        // Committed at the end of the run, without a beginning of its own.
        long end = Duration.between(zero, event.getEndTime()).toNanos();
        runs.add(new Run(end - event.getDuration("nanos").toNanos(), end));
      }
    }
    runs.sort(Comparator.comparingLong(Run::start));
    return runs;
  }

  @Override
  public void close() throws IOException {
    recording.close();
    Files.deleteIfExists(file);
  }
}
