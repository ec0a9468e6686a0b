import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/// Checks or applies the format of all Java sources: `Format check|apply FOLDER MEMORY FAILURES`.
///
/// The file MEMORY holds the digests of the sources that were found well formed, so that a check
/// looks again only at what has changed. The file FAILURES gets what is wrong and is empty if
/// nothing is.
public final class Format {
  private static final Set<String> SKIPPED_FOLDERS = Set.of("target", "generated", "node_modules");

  private final boolean isApplying;
  private final Set<String> known;
  private final Set<String> wellFormed = new ConcurrentSkipListSet<>();
  private final Set<Path> changed = new ConcurrentSkipListSet<>();
  private final Set<String> broken = new ConcurrentSkipListSet<>();

  private Format(boolean isApplying, Set<String> known) {
    this.isApplying = isApplying;
    this.known = known;
  }

  public static void main(String[] arguments) throws IOException {
    boolean isApplying = arguments[0].equals("apply");
    Path root = Path.of(arguments[1]).toRealPath();
    Path memory = Path.of(arguments[2]).toAbsolutePath();
    Set<String> known = Files.exists(memory) ? new TreeSet<>(Files.readAllLines(memory)) : Set.of();

    var format = new Format(isApplying, known);
    sources(root).parallelStream().forEach(format::visit);
    Files.createDirectories(memory.getParent());
    Files.write(memory, format.wellFormed);
    String failures = format.report(root);
    Files.writeString(Path.of(arguments[3]), failures);
    System.exit(failures.isEmpty() ? 0 : 1);
  }

  private static List<Path> sources(Path root) throws IOException {
    var found = new ArrayList<Path>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean isSkipped = SKIPPED_FOLDERS.contains(name) || name.startsWith(".");
            return isSkipped && !folder.equals(root)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && file.toString().endsWith(".java")) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  private void visit(Path file) {
    try {
      String source = Files.readString(file);
      String digest = digest(source);
      if (known.contains(digest)) {
        wellFormed.add(digest);
        return;
      }
      String formatted = new Formatter().formatSourceAndFixImports(source);
      if (formatted.equals(source)) {
        wellFormed.add(digest);
        return;
      }
      changed.add(file);
      if (isApplying) {
        replace(file, formatted);
        wellFormed.add(digest(formatted));
      }
    } catch (FormatterException e) {
      broken.add(file + ":" + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes beside the source and renames: whatever happens, a source is whole.
  private static void replace(Path file, String formatted) throws IOException {
    if (formatted.isBlank()) {
      throw new IOException("nothing would be left of " + file);
    }
    Path beside = file.resolveSibling(file.getFileName() + ".tmp");
    Files.writeString(beside, formatted);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String digest(String source) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(source.getBytes());
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /// Returns what is wrong with the sources, a line for each file; nothing if all are well.
  private String report(Path root) {
    var lines = new StringJoiner("\n");
    lines.setEmptyValue("");
    for (String message : broken) {
      lines.add("cannot be parsed: " + message);
    }
    if (isApplying) {
      changed.forEach(file -> System.out.println("formatted: " + root.relativize(file)));
    } else if (!changed.isEmpty()) {
      changed.forEach(file -> lines.add("not formatted: " + root.relativize(file)));
      lines.add("Run './build format' to format them.");
    }
    return lines.toString();
  }
}
