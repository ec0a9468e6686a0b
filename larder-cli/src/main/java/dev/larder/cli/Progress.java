package dev.larder.cli;

import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Shows how far a long command is.
///
/// **Threads.** For one thread at a time.
abstract class Progress {
  /// Says how many entries are done.
  abstract void advanced(long count);

  /// Says what is being done now, where a command does one thing after the other.
  void doing(String what) {}

  /// Leaves the terminal as it was.
  void clear() {}

  /// {@return whether the last line shown was this one}
  boolean hasSaid(String line) {
    return false;
  }

  /// {@return the progress of an import}
  static Progress ofImport(ProgressMode mode, Console console, Source source) {
    return switch (mode) {
      case PLAIN -> new Plain(console);
      case AUTO -> bar(console, "stored", source.size(), source::position);
      case NONE -> new None();
    };
  }

  /// {@return the progress of an export to a file}
  ///
  /// @param total how many entries there are
  static Progress ofExport(ProgressMode mode, Console console, long total) {
    return mode == ProgressMode.AUTO ? bar(console, "written", total, null) : new None();
  }

  /// {@return the progress of a measurement, which counts its nanoseconds}
  ///
  /// @param totalNanos how long it may take
  static Progress ofBench(ProgressMode mode, Console console, long totalNanos) {
    return mode == ProgressMode.AUTO && console.isErrorTerminal()
        ? new Countdown(console, totalNanos)
        : new None();
  }

  private static Progress bar(
      Console console, String verb, long total, @Nullable LongSupplier position) {
    return console.isErrorTerminal() ? new Bar(console, verb, total, position) : new None();
  }

  /// Shows nothing.
  private static final class None extends Progress {
    @Override
    void advanced(long count) {}
  }

  /// A line for programs, handed over at once: what it says is already durable.
  private static final class Plain extends Progress {
    private final Console console;
    private String last = "";
    private boolean isHeard = true;

    Plain(Console console) {
      this.console = console;
    }

    @Override
    void advanced(long count) {
      last = "stored " + count;
      if (isHeard) {
        try {
          console.out().line(last);
          console.out().flush();
        } catch (Output.ReaderGoneException _) {
          isHeard = false; // the entries still want to be stored
        }
      }
    }

    @Override
    boolean hasSaid(String line) {
      return last.equals(line) || !isHeard;
    }
  }

  /// A bar with rate and remaining time, drawn over itself.
  private static final class Bar extends Progress {
    private static final int WIDTH = 30;
    private static final long INTERVAL_NANOS = 100_000_000;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final Console console;
    private final String verb;
    private final long total;

    /// How far the command is, in the unit of the total; null where that is the count itself.
    private final @Nullable LongSupplier position;

    private final long startNanos = System.nanoTime();
    private long drawnNanos = startNanos - INTERVAL_NANOS;

    Bar(Console console, String verb, long total, @Nullable LongSupplier position) {
      this.console = console;
      this.verb = verb;
      this.total = total;
      this.position = position;
    }

    @Override
    void advanced(long count) {
      long now = System.nanoTime();
      if (now - drawnNanos >= INTERVAL_NANOS) {
        drawnNanos = now;
        long done = position == null ? count : position.getAsLong();
        console
            .err()
            .text(ERASE_LINE + ProgressText.of(verb, count, done, total, now - startNanos));
        console.err().flush();
      }
    }

    @Override
    void clear() {
      console.err().text(ERASE_LINE);
      console.err().flush();
    }
  }

  /// A bar of the time, with what it is spent on, drawn over itself.
  private static final class Countdown extends Progress {
    private final Console console;
    private final long totalNanos;
    private String what = "";
    private long dueNanos;

    Countdown(Console console, long totalNanos) {
      this.console = console;
      this.totalNanos = totalNanos;
    }

    @Override
    void doing(String next) {
      what = next;
      dueNanos = 0;
    }

    @Override
    void advanced(long elapsedNanos) {
      if (elapsedNanos >= dueNanos) {
        dueNanos = elapsedNanos + Bar.INTERVAL_NANOS;
        console.err().text(Bar.ERASE_LINE + ProgressText.ofTime(what, elapsedNanos, totalNanos));
        console.err().flush();
      }
    }

    @Override
    void clear() {
      console.err().text(Bar.ERASE_LINE);
      console.err().flush();
    }
  }

  /// What a bar says.
  static final class ProgressText {
    private ProgressText() {}

    /// {@return the line}
    ///
    /// @param verb what is being done, such as `stored`
    /// @param count how many entries are done
    /// @param done how far the command is
    /// @param total where it ends; less than one where that is not known
    /// @param elapsedNanos since it began
    static String of(String verb, long count, long done, long total, long elapsedNanos) {
      double seconds = Math.max(1, elapsedNanos) / 1e9;
      String counted = String.format(Locale.ROOT, "%,d %s  %,.0f/s", count, verb, count / seconds);
      if (total < 1) {
        return counted;
      }
      double part = Math.clamp((double) done / total, 0.0, 1.0);
      String left = part == 0 ? "" : "  " + clock((long) (seconds * (1 - part) / part)) + " left";
      return bar(part) + counted + left;
    }

    /// {@return the line of what has a time to end}
    static String ofTime(String what, long elapsedNanos, long totalNanos) {
      double part = Math.clamp((double) elapsedNanos / totalNanos, 0.0, 1.0);
      long left = Math.max(0, totalNanos - elapsedNanos) / 1_000_000_000;
      return bar(part) + what + "  " + clock(left) + " left";
    }

    private static String bar(double part) {
      int filled = (int) (part * Bar.WIDTH);
      String bar = "#".repeat(filled) + "-".repeat(Bar.WIDTH - filled);
      return String.format(Locale.ROOT, "[%s] %3.0f%%  ", bar, part * 100);
    }

    private static String clock(long seconds) {
      return seconds < 3600
          ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
          : String.format(
              Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
  }
}
