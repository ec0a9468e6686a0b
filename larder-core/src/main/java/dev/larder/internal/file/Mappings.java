package dev.larder.internal.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/// Maps files, whatever the state of the thread's interrupt flag.
final class Mappings {
  private static final Set<OpenOption> READING =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  private static final Set<OpenOption> WRITING =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private Mappings() {}

  /// Maps a part of a file. A mapping is indifferent to interrupts and outlives the channel it was
  /// made with; only that channel, which nobody else sees, can be closed by one. Then the mapping
  /// is made again with another.
  ///
  /// @param mode all but `READ_ONLY` need the permission to write the file
  /// @param offset the first byte
  /// @param size how many bytes; the file must have them, or this is an `IOException`
  /// @param arena what unmaps it
  static MemorySegment map(Path path, MapMode mode, long offset, long size, Arena arena)
      throws IOException {
    Set<OpenOption> options = mode.equals(MapMode.READ_ONLY) ? READING : WRITING;
    boolean isInterrupted = Thread.interrupted();
    try {
      while (true) {
        try (var channel = FileChannel.open(path, options)) {
          long end = offset + size;
          if (channel.size() < end) { // or the JDK would make it longer
            throw new IOException(
                "cannot map bytes [%d, %d) of %s, which has %d"
                    .formatted(offset, end, path.getFileName(), channel.size()));
          }
          return channel.map(mode, offset, size, arena);
        } catch (ClosedByInterruptException _) {
          isInterrupted = true;
          Thread.interrupted(); // or the next channel is closed at once
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
