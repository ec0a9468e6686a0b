package dev.larder.internal.engine;

import dev.larder.BackendSnapshot;
import dev.larder.Bytes;
import dev.larder.Commit;
import dev.larder.CommitResult;
import dev.larder.Durability;
import dev.larder.LarderException;
import dev.larder.Lookup;
import dev.larder.Statistics;
import dev.larder.Statistics.Holder;
import dev.larder.StoreClosedException;
import dev.larder.StoreFullException;
import dev.larder.StoreIoException;
import dev.larder.StoreOptions;
import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.base.Logs;
import dev.larder.internal.base.PresentClock;
import dev.larder.internal.base.Reasons;
import dev.larder.internal.base.Worker;
import dev.larder.internal.compaction.Compaction;
import dev.larder.internal.expiry.ExpirySweep;
import dev.larder.internal.file.DirectoryLock;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.ControlLayout;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.index.DamagedImageException;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.KeyHash;
import dev.larder.internal.index.KeyReader.RetryException;
import dev.larder.internal.index.Pages;
import dev.larder.internal.log.Control;
import dev.larder.internal.log.Failure;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Space;
import dev.larder.internal.log.StoreFiles;
import dev.larder.internal.recovery.Checkpointer;
import dev.larder.internal.recovery.Recovery;
import dev.larder.internal.txn.CommitPath;
import dev.larder.internal.txn.Deadlines;
import dev.larder.internal.txn.Hold;
import dev.larder.internal.txn.Records;
import dev.larder.internal.txn.Recovered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A store that is open in this process: its parts and its threads.
///
/// **Threads.** Safe for any number of threads. It has six of its own: `larder-sync` forces what
/// nobody waits for, `larder-index` keeps the order of keys, `larder-log` makes room in the log,
/// `larder-expiry` commits expiries, `larder-compaction` compacts and deletes retired segments,
/// `larder-checkpoint` writes checkpoints.
final class OpenStore {
  private final DirectoryLock lock;
  private final Control control;
  private final Log log;
  private final Failure failure;
  private final PresentClock clock;
  private final CommitPath commits;
  private final Compaction compaction;
  private final Checkpointer checkpointer;
  private final RoomKeeper room;
  private final Reader reader;
  private final List<Worker.Handle> workers = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Runnable> announcement;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private OpenStore(Opening opening, StoreOptions options) {
    this.lock = opening.lock;
    this.control = opening.control;
    this.failure = opening.failure;
    this.clock = opening.clock;
    Recovery.Result recovered = opening.recovered;
    this.log = recovered.log();
    this.announcement = new AtomicReference<>(recovered.announcement());
    failure.onFailure(control::failed);
    control.begin(log.storeId().toArray(), log.epoch());
    control.published(recovered.state().sequence(), log.active().number(), log.active().end());
    control.durable(recovered.state().sequence());
    var parts = new CommitPath.Parts(log, control, failure, options.timeSource(), clock);
    this.room = new RoomKeeper(log);
    this.commits = new CommitPath(parts, recovered.state(), recovered.isClean(), room);
    this.compaction = new Compaction(log, commits, failure, clock, options.spaceAmplification());
    this.checkpointer =
        new Checkpointer(
            log, commits, recovered.behind(), recovered.replayedBytes(), opening.deltaWorth);
    room.use(commits, compaction, checkpointer);
    this.reader = new Reader(log, commits, clock);
  }

  private void start(Worker.Starter starter) {
    workers.add(commits.startSync(starter));
    workers.addAll(commits.startUpkeep(starter));
    Worker.Handle expiry = starter.start("larder-expiry", new ExpirySweep(commits));
    workers.add(expiry);
    commits.expiryWorker(expiry);
    var housekeeper = new Housekeeper(log, compaction, checkpointer, failure, clock);
    Worker.Handle compacting = starter.start("larder-compaction", housekeeper.compacting());
    workers.add(compacting);
    Worker.Handle keeping =
        starter.start(
            "larder-checkpoint", announcing(housekeeper.keepingCheckpoints(compacting::wake)));
    workers.add(keeping);
    commits.index().changes().whenGathered(keeping::wake);
    commits.housekeepers(List.of(compacting, keeping));
  }

  private Worker announcing(Worker worker) {
    return () -> {
      announce();
      return worker.step();
    };
  }

  private void announce() {
    Runnable waiting = announcement.getAndSet(null);
    if (waiting != null) {
      waiting.run();
    }
  }

  /// What is put together while a store is opened.
  private static final class Opening {
    private final DirectoryLock lock;
    private final Control control;
    private final Failure failure;
    private final PresentClock clock;
    private final Recovery.Result recovered;
    private final long deltaWorth;

    Opening(
        DirectoryLock lock,
        Control control,
        Failure failure,
        PresentClock clock,
        Recovery.Result recovered,
        long deltaWorth) {
      this.lock = lock;
      this.control = control;
      this.failure = failure;
      this.clock = clock;
      this.recovered = recovered;
      this.deltaWorth = deltaWorth;
    }
  }

  /// Opens the store in a directory that exists and is locked, or creates it there.
  static OpenStore open(
      LogStorage.Environment environment, StoreOptions options, DirectoryLock lock)
      throws IOException {
    StoreDirectory directory = environment.directory();
    var clock = new PresentClock(options.timeSource());
    Control control = new Control(directory.mapWords(FileNames.CONTROL, ControlLayout.WORD_COUNT));
    try {
      control.writer(ProcessHandle.current().pid(), options.timeSource().wallMillis());
      var setting =
          new Log.Setting(
              directory, new Space(options.limits().storeBytes()), environment.random(), lock);
      Recovery.Result recovered = recover(setting, options, clock);
      var failure = new Failure(directory.path());
      long deltaWorth = environment.deltaWorth();
      var opening = new Opening(lock, control, failure, clock, recovered, deltaWorth);
      return start(opening, options, environment.workers());
    } catch (IOException | RuntimeException | Error e) {
      control.writer(0, 0);
      control.close();
      throw e;
    }
  }

  private static OpenStore start(Opening opening, StoreOptions options, Worker.Starter starter)
      throws IOException {
    List<Worker.Handle> started = List.of();
    try {
      var store = new OpenStore(opening, options);
      started = store.workers;
      store.start(starter);
      return store;
    } catch (RuntimeException | Error e) {
      started.forEach(Worker.Handle::stop);
      opening.recovered.log().close();
      opening.recovered.state().index().close();
      throw e;
    }
  }

  private static Recovery.Result recover(
      Log.Setting setting, StoreOptions options, PresentClock clock) throws IOException {
    if (!StoreFiles.hasStore(setting.directory())) {
      return create(setting, options.ordered(), clock.presentMillis());
    }
    Recovery.Result recovered =
        Recovery.open(setting, options.ordered(), options.timeSource().wallMillis());
    clock.committed(recovered.timeMillis());
    return recovered;
  }

  private static Recovery.Result create(Log.Setting setting, boolean isOrdered, long presentMillis)
      throws IOException {
    StoreDirectory directory = setting.directory();
    StoreFiles.removeBeginnings(directory);
    Log log = Log.create(setting, presentMillis);
    var keyHash = KeyHash.of(log.storeId());
    var records = new Records(log.addresses(), keyHash);
    Index index = Index.create(Pages.offHeap(), records, keyHash, isOrdered);
    var deadlines = new Deadlines(index, records, Deadlines.Roots.NONE);
    var empty = new Recovered(0, index, records, deadlines, Map.of(), 0);
    return new Recovery.Result(log, empty, 0, 0, false, Recovery.Behind.NONE, () -> {});
  }

  CommitResult commit(Commit commit, Durability level) {
    return commits.commit(commit, level);
  }

  BackendSnapshot snapshot() {
    return new LogSnapshot(commits, reader);
  }

  Lookup find(String bucket, Bytes key) {
    return reader.findPresent(bucket, key);
  }

  int read(String bucket, byte[] key, byte[] target, int offset) {
    return reader.read(bucket, key, target, offset);
  }

  <R> Optional<R> withValue(
      String bucket, Bytes key, Function<? super MemorySegment, ? extends R> visitor) {
    Hold hold = commits.acquire(Holder.Kind.LOAN);
    try {
      return reader.withValue(hold.sequence(), bucket, key, visitor);
    } finally {
      commits.release(hold);
    }
  }

  List<Lookup> findAll(String bucket, List<Bytes> keys) {
    Hold hold = commits.acquire(Holder.Kind.GET_ALL);
    try {
      return reader.findAll(hold.sequence(), bucket, keys);
    } finally {
      commits.release(hold);
    }
  }

  long purgeExpired(Durability level) {
    return commits.purgeExpired(level, true);
  }

  void force() {
    commits.force();
  }

  void checkpoint() {
    try {
      while (!checkpointer.write()) {
        String reason = room.makeRoom(checkpointer.sizeBound(), Space.Purpose.GROW, false);
        if (reason != null) {
          throw new StoreFullException(reason, null);
        }
      }
    } catch (DiskFullException e) {
      throw new StoreFullException("no room for a checkpoint: " + Reasons.of(e), e);
    } catch (IOException e) {
      throw ioFailure("cannot write a checkpoint", e);
    }
  }

  void compact() {
    try {
      boolean hadCheckpoint = log.checkpoint().bytes() > 0;
      checkpointer.drop(); // it would keep all history from its place on
      compactAll();
      if (hadCheckpoint) {
        checkpointer.write();
      }
    } catch (DiskFullException e) {
      throw new StoreFullException("no room to compact in: " + Reasons.of(e), e);
    } catch (IOException e) {
      throw ioFailure("cannot compact", e);
    }
  }

  private void compactAll() throws IOException {
    rollIfRoom();
    // While others overwrite there is always something to gain: everything once, and once more for
    // what they did meanwhile, is enough.
    long enough = compaction.clearedBytes() + 2 * log.segmentBytes();
    boolean isMore = true;
    while (isMore && compaction.clearedBytes() < enough) {
      isMore = compaction.run(true);
    }
  }

  /// What is in the active segment is compacted too, unless the disk has no room for the next.
  private void rollIfRoom() throws IOException {
    try {
      commits.roll();
    } catch (DiskFullException e) {
      Logs.log().log(System.Logger.Level.DEBUG, "no room to roll: {0}", e.getMessage());
    }
  }

  private StoreIoException ioFailure(String what, IOException e) {
    return new StoreIoException("%s in %s: %s".formatted(what, log.location(), Reasons.of(e)), e);
  }

  Statistics statistics() {
    try {
      commits.index().order(); // what keys in the queue take does not show before
      return statistics(Inventory.of(log, commits, compaction, clock));
    } catch (RetryException | IllegalStateException e) {
      if (commits.isShut()) { // what was looked at was let go of meanwhile
        throw new StoreClosedException("the store is closed");
      }
      throw e;
    } catch (UncheckedIOException | DamagedImageException e) {
      throw Reader.translated(e);
    }
  }

  private Statistics statistics(Inventory inventory) {
    return new Statistics(
        "log",
        commits.visible(),
        commits.durableSequence(),
        inventory.entryCount(),
        inventory.rememberedCount(),
        inventory.readerCount(),
        inventory.holders(),
        inventory.space(),
        commits.locked(commits.index()::memory),
        Map.of(
            "commits", commits.commitCount(),
            "appendedBytes", log.appendedBytes(),
            "forces", commits.forceCount(),
            "expired", commits.expiredCount(),
            "compactions", compaction.runCount(),
            "compactedBytes", compaction.writtenBytes(),
            "checkpoints", checkpointer.count(),
            "checkpointedBytes", checkpointer.writtenBytes()));
  }

  /// It is only a cache: whatever goes wrong with it is no reason not to close.
  private void writeCheckpointAtClose() {
    try {
      if (!failure.hasFailed()) {
        checkpointer.writeAtClose();
      }
    } catch (IOException | LarderException e) {
      Logs.log().log(System.Logger.Level.DEBUG, "no checkpoint was written at the close", e);
    }
  }

  /// Makes everything durable and lets go of everything. Closing twice does nothing.
  void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    announce();
    compaction.stop();
    checkpointer.stop();
    workers.forEach(Worker.Handle::stop);
    compaction.close();
    try {
      writeCheckpointAtClose();
      checkpointer.close();
      if (commits.close()) {
        log.giveRoomBack();
      }
    } catch (IOException e) {
      Logs.log().log(System.Logger.Level.DEBUG, "room could not be given back", e);
    } finally {
      try {
        log.close();
      } catch (IOException e) {
        Logs.log().log(System.Logger.Level.WARNING, "a file could not be closed", e);
      } finally {
        commits.index().close();
        control.writer(0, 0);
        control.close();
        lock.close();
      }
    }
  }
}
