import org.jspecify.annotations.NullMarked;

/// The command line.
@NullMarked
module dev.larder.cli {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires dev.larder;
  requires dev.larder.json;
  requires info.picocli;
  requires static java.logging; // only where the program is a guest in another one
  requires org.jline.reader;
  requires org.jline.terminal;

  provides java.lang.System.LoggerFinder with
      dev.larder.cli.Loggers;
}
