package dev.larder.internal.base;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Says in plain words why the file system refused: the exceptions of the JDK often carry only a
/// path.
public final class Reasons {
  private Reasons() {}

  /// {@return the reason of an error}
  public static String of(IOException error) {
    return switch (error) {
      case AccessDeniedException e -> "permission denied: " + e.getFile();
      case NoSuchFileException e -> "no such file: " + e.getFile();
      case NotDirectoryException e -> "not a directory: " + e.getFile();
      case FileAlreadyExistsException e ->
          "a file or a link to nothing is in the way: " + e.getFile();
      case FileSystemException e when e.getReason() != null -> e.getReason() + ": " + e.getFile();
      default -> {
        String message = error.getMessage();
        String kind = error.getClass().getSimpleName();
        boolean isPathOnly =
            error instanceof FileSystemException e
                && message != null
                && message.equals(e.getFile());
        yield message == null ? kind : isPathOnly ? kind + ": " + message : message;
      }
    };
  }
}
