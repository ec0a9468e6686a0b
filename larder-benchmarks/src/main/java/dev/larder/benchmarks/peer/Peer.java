package dev.larder.benchmarks.peer;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// A store that is compared with others.
///
/// An implementation must not touch the library before [#open], so that opening in a fresh JVM is
/// measured with all that it costs.
///
/// **Threads.** Immutable.
public interface Peer {
  /// {@return its short name in options and results}
  String id();

  /// {@return its name for readers}
  String title();

  /// {@return the artifact whose version counts, as in the name of its jar}
  String artifact();

  /// {@return what the class path of its process is chosen by: parts of the paths of jars}
  List<String> jars();

  /// {@return options that its JVM needs}
  default List<String> jvmOptions() {
    return List.of();
  }

  /// {@return what it can do; rows that need more are left out}
  Set<Feature> features();

  /// {@return how it is set up at a level and what that means, for the table of modes}
  String mode(Level level);

  /// Opens the store in a directory, making it where there is none.
  PeerStore open(Path directory, Level level, Sizing sizing) throws Exception;

  /// What not every store can do.
  enum Feature {
    /// Keys have an order: scans and ranges.
    ORDER,
    /// What was written is there again when it is opened again.
    PERSISTENCE,
    /// Single writes can be forced to the device.
    DURABILITY,
    /// Many writes can be one durable commit.
    BATCH,
    /// It opens again after its process was killed, and claims to hold what had been written.
    SURVIVES_KILL,
    /// It can be told to give back the space of what is no longer needed.
    COMPACTION
  }
}
