package dev.larder.testkit;

import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.DirectoryLock;
import dev.larder.internal.file.SharedWords;
import dev.larder.internal.file.StoreDirectory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One process's view of the directory on a [SimulatedDisk].
///
/// **Threads.** Safe for any number of threads.
public final class SimulatedDirectory implements StoreDirectory {
  private final SimulatedDisk disk;
  private final Path path;
  private final Set<Object> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable OperationListener listener;
  private volatile boolean isKilled;
  private volatile boolean isConfined;

  private SimulatedDirectory(SimulatedDisk disk) {
    this.disk = disk;
    path = Path.of("/simulated");
  }

  /// {@return the view of a process that has just started}
  public static SimulatedDirectory on(SimulatedDisk disk) {
    return new SimulatedDirectory(disk);
  }

  /// {@return the disk}
  public SimulatedDisk disk() {
    return disk;
  }

  /// Has somebody told of every call before it happens.
  ///
  /// @param newListener who; null for nobody
  public void listen(@Nullable OperationListener newListener) {
    listener = newListener;
  }

  /// Says that this process has one thread, so that closing its mappings costs nothing to speak of
  /// where their memory was read directly. Another thread that touches such a mapping, or its file,
  /// meets a `WrongThreadException`.
  ///
  /// @return this
  public SimulatedDirectory confine() {
    isConfined = true;
    return this;
  }

  Arena newArena() {
    return isConfined ? Arena.ofConfined() : Arena.ofShared();
  }

  /// Kills the process, as `kill -9` does: what it has written stays, its locks are gone, and none
  /// of its threads can do anything any more.
  public void kill() {
    disk.lock.lock();
    try {
      isKilled = true;
      disk.locks().values().removeIf(lock -> equals(lock.owner()));
    } finally {
      disk.lock.unlock();
    }
  }

  /// Kills the process and cuts the power.
  ///
  /// @param mode which writes survive
  /// @param order which names may survive
  /// @param random chooses what the mode leaves open
  /// @return the view of a process that starts afterwards
  public SimulatedDirectory crash(CrashMode mode, NameOrder order, RandomGenerator random) {
    kill();
    return on(disk.crash(mode, order, random));
  }

  boolean isKilled() {
    return isKilled;
  }

  /// {@return what this process has open and not closed, for finding leaks}
  public List<String> openObjects() {
    List<String> texts = new ArrayList<>();
    open.forEach(object -> texts.add(object.toString()));
    texts.sort(null);
    return texts;
  }

  <T> T opened(T object) {
    open.add(object);
    return object;
  }

  void closed(Object object) {
    open.remove(object);
  }

  /// Tells the listener of an operation that changes nothing.
  void announce(Operation.Kind kind, String name, long from, long to) throws IOException {
    checkAlive();
    OperationListener present = listener;
    if (present != null) {
      present.before(Operation.of(kind, name, 0, from, to));
      checkAlive();
    }
  }

  /// Tells the listener of a change, and makes it.
  ///
  /// @param inode the file whose bytes it changes; null if it is about names
  void change(Operation operation, @Nullable Inode inode) throws IOException {
    tell(operation, inode);
    apply(operation, inode);
  }

  private void tell(Operation operation, @Nullable Inode inode) throws IOException {
    checkAlive();
    OperationListener present = listener;
    if (present != null) {
      try {
        present.before(operation);
      } catch (ShortWriteException e) {
        leaveTraces(operation, inode, e.skippedBytes(), e.writtenBytes());
        throw e.error();
      } catch (IOException e) {
        leaveTraces(operation, inode, 0, 0);
        throw e;
      }
    }
  }

  private void leaveTraces(Operation operation, @Nullable Inode inode, long skipped, long size)
      throws IOException {
    if (operation.isForce()) {
      apply(operation.failed(), inode);
    } else if (operation.isWrite()) {
      long written = Math.min(size, operation.to() - operation.from() - skipped);
      if (written > 0) {
        apply(operation.part(skipped, written), inode);
      }
    }
  }

  private void apply(Operation operation, @Nullable Inode inode) throws IOException {
    disk.lock.lock();
    try {
      checkAlive();
      if (inode != null
          && operation.kind() == Operation.Kind.WRITE_MAPPED
          && operation.to() > inode.live.size()) {
        throw new IOException(operation.name() + " was cut: the pages of a mapped write are gone");
      }
      if (inode != null && operation.isWrite()) {
        disk.applyWithinCapacity(operation, inode);
      } else {
        disk.apply(operation);
      }
    } finally {
      disk.lock.unlock();
    }
  }

  private void checkAlive() throws IOException {
    if (isKilled) {
      throw new IOException("the process was killed");
    }
  }

  private void checkDirectory() throws IOException {
    if (!disk.hasDirectory()) {
      throw new NoSuchFileException(path.toString());
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public boolean exists() throws IOException {
    announce(Operation.Kind.EXISTS, "", 0, 0);
    return disk.hasDirectory();
  }

  @Override
  public void create() throws IOException {
    change(Operation.of(Operation.Kind.CREATE_DIRECTORY, "", 0), null);
  }

  @Override
  public List<String> list() throws IOException {
    announce(Operation.Kind.LIST, "", 0, 0);
    checkDirectory();
    return disk.names();
  }

  @Override
  public long size(String name) throws IOException {
    checkName(name);
    announce(Operation.Kind.SIZE, name, 0, 0);
    checkDirectory();
    disk.lock.lock();
    try {
      Inode inode = disk.find(name);
      return inode == null ? -1 : inode.live.size();
    } finally {
      disk.lock.unlock();
    }
  }

  @Override
  public DataFile createFile(String name) throws IOException {
    checkName(name);
    checkDirectory();
    tell(Operation.of(Operation.Kind.CREATE, name, 0), null);
    disk.lock.lock();
    try {
      if (disk.find(name) != null) {
        throw new FileAlreadyExistsException(name);
      }
      apply(Operation.of(Operation.Kind.CREATE, name, disk.nextInode()), null);
      return open(name, true);
    } finally {
      disk.lock.unlock();
    }
  }

  @Override
  public DataFile openFile(String name, boolean isWritable) throws IOException {
    checkName(name);
    announce(Operation.Kind.OPEN, name, 0, 0);
    return open(name, isWritable);
  }

  private DataFile open(String name, boolean isWritable) throws IOException {
    disk.lock.lock();
    try {
      Inode inode = existing(name);
      inode.openCount++;
      return opened(new SimulatedFile(this, name, inode, isWritable));
    } finally {
      disk.lock.unlock();
    }
  }

  private Inode existing(String name) throws IOException {
    disk.lock.lock();
    try {
      checkDirectory();
      Inode inode = disk.find(name);
      if (inode == null) {
        throw new NoSuchFileException(name);
      }
      return inode;
    } finally {
      disk.lock.unlock();
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    checkName(from);
    checkName(to);
    change(Operation.rename(from, to, existing(from).id), null);
  }

  @Override
  public void delete(String name) throws IOException {
    checkName(name);
    change(Operation.of(Operation.Kind.DELETE, name, existing(name).id), null);
  }

  @Override
  public void force() throws IOException {
    checkDirectory();
    change(Operation.of(Operation.Kind.FORCE_DIRECTORY, "", 0, 0, disk.time()), null);
  }

  @Override
  public @Nullable DirectoryLock tryLock(String name) throws IOException {
    checkName(name);
    announce(Operation.Kind.LOCK, name, 0, 0);
    createIfMissing(name);
    disk.lock.lock();
    try {
      checkAlive();
      int inode = existing(name).id;
      var lock = new SimulatedLock(this, name, inode);
      return disk.locks().putIfAbsent(inode, lock) == null ? opened(lock) : null;
    } finally {
      disk.lock.unlock();
    }
  }

  /// {@inheritDoc}
  ///
  /// The words are not among the bytes of the file, and no [Trace] knows of them: after a power
  /// failure they are zeros, or what they were, or anything.
  @Override
  public SharedWords mapWords(String name, int count) throws IOException {
    checkName(name);
    announce(Operation.Kind.MAP_WORDS, name, 0, 0);
    createIfMissing(name);
    Inode inode = existing(name);
    long size = (long) count * Long.BYTES;
    long present = size(name);
    if (present < size) {
      Operation zeros = Operation.of(Operation.Kind.ALLOCATE, name, inode.id, present, size);
      change(zeros, inode);
    }
    disk.lock.lock();
    try {
      if (inode.words == null) {
        inode.words = new WordTable();
      }
      inode.words.grow(count);
      return opened(new SimulatedWords(this, inode.words, count));
    } finally {
      disk.lock.unlock();
    }
  }

  private void createIfMissing(String name) throws IOException {
    if (size(name) < 0) {
      try {
        createFile(name).close();
      } catch (FileAlreadyExistsException _) {
        // Another process was faster, which is as good.
      }
    }
  }

  @Override
  public long freeBytes() {
    return disk.freeBytes();
  }

  @Override
  public String fileSystemType() {
    return disk.fileSystemType();
  }

  @Override
  public Object identity() throws IOException {
    checkDirectory();
    return disk;
  }

  private static void checkName(String name) {
    boolean isFlat =
        !name.isEmpty()
            && !name.equals(".")
            && !name.equals("..")
            && name.indexOf('/') < 0
            && name.indexOf('\0') < 0;
    if (!isFlat) {
      throw new IllegalArgumentException("not the name of a file: " + name);
    }
  }
}
