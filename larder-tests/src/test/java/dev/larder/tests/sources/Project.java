package dev.larder.tests.sources;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The checked-out project that these tests look at.
final class Project {
  private static final Set<String> SKIPPED_FOLDERS = Set.of("target", "node_modules");
  private static final Set<String> HIDDEN_FOLDERS_OF_OURS = Set.of(".ci", ".mvn", ".github");

  private Project() {}

  /// The folder that holds the launcher, wherever under it the tests were started.
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(".mvn"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new AssertionError("not started inside the project: " + Path.of("").toAbsolutePath());
      }
    }
    return folder;
  }

  /// All files of the project that are neither built nor private to somebody's tools, relative to
  /// the root and in order.
  static List<Path> files() throws IOException {
    Path root = root();
    var found = new ArrayList<Path>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean isForeign = name.startsWith(".") && !HIDDEN_FOLDERS_OF_OURS.contains(name);
            return !folder.equals(root) && (isForeign || SKIPPED_FOLDERS.contains(name))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              found.add(root.relativize(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(null);
    return found;
  }
}
