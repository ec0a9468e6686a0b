package dev.larder.benchmarks.rows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Directories of stores: their size, and their end.
public final class Disk {
  private Disk() {}

  /// {@return the megabytes of 10^6 bytes that the files of a directory take on the disk: the
  /// blocks allocated to them where `du` can tell, otherwise their sizes}
  public static double megabytes(Path directory) throws IOException, InterruptedException {
    long blocks = allocatedBytes(directory);
    return (blocks >= 0 ? blocks : sizes(directory)) / 1e6;
  }

  private static long allocatedBytes(Path directory) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("du", "-s", "-B", "1", directory.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return process.waitFor() == 0 ? Long.parseLong(answer.replaceAll("\\D.*\\s*", "")) : -1;
    } catch (IOException | NumberFormatException _) {
      return -1; // no such program here
    }
  }

  private static long sizes(Path directory) throws IOException {
    var sum = new LongAdder();
    walk(directory, (_, size) -> sum.add(size), null);
    return sum.sum();
  }

  /// Deletes a directory with all that is in it, if it is there.
  public static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      walk(directory, (file, _) -> remove(file), Disk::remove);
    }
  }

  private static void remove(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface OnFile {
    void visit(Path file, long size);
  }

  private interface OnDirectory {
    void leave(Path directory);
  }

  private static void walk(Path root, OnFile onFile, @Nullable OnDirectory onDirectory)
      throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            onFile.visit(file, attributes.size());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // its store deleted it meanwhile
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            if (onDirectory != null) {
              onDirectory.leave(directory);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
