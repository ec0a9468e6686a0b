package dev.larder;

import java.time.Duration;

/// How a store is opened. The defaults suit most.
///
/// ```java
/// StoreOptions.defaults().withDurability(Durability.OS).withBatchLimit(10)
/// ```
///
/// @param durability what commits survive unless a call says otherwise; [Durability#SYNC] by
///   default. Change it where a bounded loss is worth the speed
/// @param limits how much the store takes; [Limits#defaults()] by default
/// @param lockWait how long opening waits for another process that has the store open, from 0 to 1
///   hour; 2 seconds by default
/// @param spaceAmplification up to how many times the bytes of live records the segments may take
///   before compaction sets in, from 1.1 to 100; 1.5 by default. A larger one writes less and takes
///   more space. A store that nears its limit is compacted further
/// @param closeAtShutdown whether a store left open is closed at a normal exit or SIGTERM; true by
///   default. Turn it off where the application closes its stores in a hook of its own
/// @param allowNetworkFileSystem whether to open a store on a network file system, where locks and
///   forces may not hold what they promise; false by default
/// @param ordered whether keys can be walked over in order; true by default. A store that is only
///   asked for single keys can do without and takes less than half the memory for each
/// @param timeSource what the store takes for the time; the machine's clocks by default
public record StoreOptions(
    Durability durability,
    Limits limits,
    Duration lockWait,
    double spaceAmplification,
    boolean closeAtShutdown,
    boolean allowNetworkFileSystem,
    boolean ordered,
    TimeSource timeSource) {
  private static final Duration LOCK_WAIT_MAX = Duration.ofHours(1);
  private static final StoreOptions DEFAULTS =
      new StoreOptions(
          Durability.SYNC,
          Limits.defaults(),
          Duration.ofSeconds(2),
          1.5,
          true,
          false,
          true,
          TimeSource.system());

  /// Checks the limits.
  public StoreOptions {
    if (lockWait.isNegative() || lockWait.compareTo(LOCK_WAIT_MAX) > 0) {
      throw new IllegalArgumentException("lockWait must be from PT0S to PT1H, not " + lockWait);
    }
    if (!(spaceAmplification >= 1.1 && spaceAmplification <= 100)) {
      throw new IllegalArgumentException(
          "spaceAmplification must be from 1.1 to 100, not " + spaceAmplification);
    }
  }

  /// {@return the options of a store that was opened with none}
  public static StoreOptions defaults() {
    return DEFAULTS;
  }

  /// {@return these options with another durability}
  ///
  /// @param level what commits survive unless a call says otherwise
  public StoreOptions withDurability(Durability level) {
    return new StoreOptions(
        level,
        limits,
        lockWait,
        spaceAmplification,
        closeAtShutdown,
        allowNetworkFileSystem,
        ordered,
        timeSource);
  }

  /// {@return these options with other limits}
  ///
  /// @param other how much the store takes
  public StoreOptions withLimits(Limits other) {
    return new StoreOptions(
        durability,
        other,
        lockWait,
        spaceAmplification,
        closeAtShutdown,
        allowNetworkFileSystem,
        ordered,
        timeSource);
  }

  /// {@return these options with another limit on the mutations of a batch}
  ///
  /// @param count at least 1
  public StoreOptions withBatchLimit(int count) {
    return withLimits(limits.withBatchCount(count));
  }

  /// {@return these options with another wait for a process that has the store open}
  ///
  /// @param wait from 0 to 1 hour
  public StoreOptions withLockWait(Duration wait) {
    return new StoreOptions(
        durability,
        limits,
        wait,
        spaceAmplification,
        closeAtShutdown,
        allowNetworkFileSystem,
        ordered,
        timeSource);
  }

  /// {@return these options with another space amplification}
  ///
  /// @param factor from 1.1 to 100
  public StoreOptions withSpaceAmplification(double factor) {
    return new StoreOptions(
        durability,
        limits,
        lockWait,
        factor,
        closeAtShutdown,
        allowNetworkFileSystem,
        ordered,
        timeSource);
  }

  /// {@return these options, closing at shutdown or not}
  ///
  /// @param close whether a store left open is closed when the JVM ends
  public StoreOptions withCloseAtShutdown(boolean close) {
    return new StoreOptions(
        durability,
        limits,
        lockWait,
        spaceAmplification,
        close,
        allowNetworkFileSystem,
        ordered,
        timeSource);
  }

  /// {@return these options, with network file systems allowed or refused}
  ///
  /// @param allow whether to open a store there
  public StoreOptions withAllowNetworkFileSystem(boolean allow) {
    return new StoreOptions(
        durability,
        limits,
        lockWait,
        spaceAmplification,
        closeAtShutdown,
        allow,
        ordered,
        timeSource);
  }

  /// {@return these options, with the keys in order or not}
  ///
  /// Order is no property of the files: the same store can be opened with it and without. Changing
  /// one's mind costs reading the whole log once. Without order, cursors and everything that needs
  /// one throw `UnsupportedOperationException`.
  ///
  /// @param isOrdered whether keys can be walked over in order
  public StoreOptions withOrdered(boolean isOrdered) {
    return new StoreOptions(
        durability,
        limits,
        lockWait,
        spaceAmplification,
        closeAtShutdown,
        allowNetworkFileSystem,
        isOrdered,
        timeSource);
  }

  /// {@return these options with another clock}
  ///
  /// @param source what the store takes for the time
  public StoreOptions withTimeSource(TimeSource source) {
    return new StoreOptions(
        durability,
        limits,
        lockWait,
        spaceAmplification,
        closeAtShutdown,
        allowNetworkFileSystem,
        ordered,
        source);
  }
}
