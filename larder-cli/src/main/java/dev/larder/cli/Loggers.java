package dev.larder.cli;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// What the store reports, as lines on standard error: warnings and errors always, the rest with
/// `--debug`. Found by the JDK as a service; it spares the process `java.util.logging`.
///
/// In a JVM where the program does not run, such as a test, it hands everything to
/// `java.util.logging`, as the JDK would.
///
/// **Threads.** Safe for any number of threads.
public final class Loggers extends System.LoggerFinder {
  /// Published by being volatile.
  private static volatile @Nullable Console connected;

  private static volatile boolean isDebugging;

  /// Made by the JDK.
  public Loggers() {}

  /// Lets reports go to a console.
  static void connect(Console console) {
    connected = console;
  }

  /// Lets everything through.
  static void debug() {
    isDebugging = true;
  }

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new Line(name);
  }

  private record Line(String name) implements System.Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      if (connected == null) {
        return java.util.logging.Logger.getLogger(name).isLoggable(Bridge.level(level));
      }
      // A library's own chatter is nobody's business here.
      boolean isOurs = name.startsWith("dev.larder");
      int least = (isDebugging && isOurs ? Level.DEBUG : Level.WARNING).getSeverity();
      return level != Level.OFF && level.getSeverity() >= least;
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      Console console = connected;
      if (console == null) {
        Bridge.log(name, level, message, thrown);
      } else if (isLoggable(level)) {
        String text = message == null ? "" : message;
        String cause = thrown == null ? "" : ": " + thrown;
        console.complain(word(level) + ": " + text + cause);
      }
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object @Nullable ... parameters) {
      if (isLoggable(level)) {
        boolean isPlain = format == null || parameters == null || parameters.length == 0;
        String text = isPlain ? format : java.text.MessageFormat.format(format, parameters);
        log(level, bundle, text, (Throwable) null);
      }
    }

    private static String word(Level level) {
      return switch (level) {
        case WARNING -> "warning";
        case ERROR -> "error";
        default -> "info";
      };
    }
  }

  /// The way to `java.util.logging`, a class of its own so that a process that does not go it does
  /// not load what lies at its end.
  private static final class Bridge {
    private Bridge() {}

    static java.util.logging.Level level(System.Logger.Level level) {
      return switch (level) {
        case ALL -> java.util.logging.Level.ALL;
        case TRACE -> java.util.logging.Level.FINER;
        case DEBUG -> java.util.logging.Level.FINE;
        case INFO -> java.util.logging.Level.INFO;
        case WARNING -> java.util.logging.Level.WARNING;
        case ERROR -> java.util.logging.Level.SEVERE;
        case OFF -> java.util.logging.Level.OFF;
      };
    }

    static void log(
        String name,
        System.Logger.Level level,
        @Nullable String message,
        @Nullable Throwable thrown) {
      java.util.logging.Logger.getLogger(name).logp(level(level), null, null, message, thrown);
    }
  }
}
