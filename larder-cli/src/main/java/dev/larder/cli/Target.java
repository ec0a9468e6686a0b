package dev.larder.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// A file that is there whole or not at all: written beside, forced, renamed.
///
/// What is no ordinary file, such as a pipe or `/dev/null`, is written to directly; renaming over
/// it would destroy it.
///
/// **Threads.** For one thread at a time.
final class Target implements AutoCloseable {
  private static final int BUFFER_SIZE = 1 << 16;

  private final Path path;
  private final @Nullable Path partial;
  private final FileOutputStream file;
  private final OutputStream packed;
  private final Output output;
  private boolean isComplete;

  private Target(Path path, @Nullable Path partial, String name) throws IOException {
    this.path = path;
    this.partial = partial;
    this.file = new FileOutputStream((partial == null ? path : partial).toString());
    boolean isPacked = name.toLowerCase(Locale.ROOT).endsWith(".gz");
    this.packed = isPacked ? new GZIPOutputStream(file, BUFFER_SIZE) : file;
    this.output = new Output(packed, name);
  }

  /// Opens a target.
  ///
  /// @param name the file's path
  /// @throws CommandException if it cannot be written
  static Target open(String name) {
    try {
      Path path = Path.of(name);
      if (Files.exists(path)) {
        path = path.toRealPath(); // a link stays, and what it points to is replaced
        if (Files.isDirectory(path)) {
          throw CommandException.unable("cannot write %s: it is a directory".formatted(name), null);
        }
        if (!Files.isRegularFile(path)) {
          return new Target(path, null, name);
        }
      }
      return new Target(path, beside(path), name);
    } catch (InvalidPathException e) {
      throw CommandException.usage(
          "%s cannot be a path: %s".formatted(JsonStrings.quote(name), e.getReason()));
    } catch (IOException e) {
      throw cannotWrite(name, e);
    }
  }

  /// {@return where the lines go}
  Output output() {
    return output;
  }

  /// Gives the file its name.
  void complete() {
    try {
      output.flush();
      if (packed instanceof GZIPOutputStream gzip) {
        gzip.finish();
      }
      if (partial != null) {
        file.getFD().sync();
      }
      file.close();
      if (partial != null) {
        Files.move(
            partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      isComplete = true;
    } catch (IOException e) {
      throw cannotWrite(path.toString(), e);
    }
  }

  @Override
  public void close() {
    if (isComplete) {
      return;
    }
    try {
      file.close();
      if (partial != null) {
        Files.deleteIfExists(partial);
      }
    } catch (IOException _) {
      return; // the failure that led here is told; a rest with a telling name may stay
    }
  }

  private static Path beside(Path path) {
    Path name = path.getFileName();
    return path.resolveSibling(
        ".%s.%d.partial".formatted(name == null ? "export" : name, ProcessHandle.current().pid()));
  }

  private static CommandException cannotWrite(String name, IOException e) {
    return CommandException.unable("cannot write %s: %s".formatted(name, Failures.reasonOf(e)), e);
  }
}
