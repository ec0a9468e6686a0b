package dev.larder.testkit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One call of the seam to the file system, as a [SimulatedDirectory] saw it.
///
/// Calls that change something are recorded in a [Trace] and can be applied to another disk again.
/// The text is one line of a transcript, such as `write 000001.segment [4096, 4141)`.
public final class Operation {
  /// What was called.
  public enum Kind {
    /// The directory was created.
    CREATE_DIRECTORY,
    /// A file was created.
    CREATE,
    /// Bytes were written.
    WRITE,
    /// Bytes were copied into a mapping of a file.
    WRITE_MAPPED,
    /// A file was filled up with zeros.
    ALLOCATE,
    /// A file was cut.
    TRUNCATE,
    /// A file was forced.
    FORCE,
    /// A file was given another name.
    RENAME,
    /// A file was removed.
    DELETE,
    /// The directory was forced.
    FORCE_DIRECTORY,
    /// Nothing happened: the test noted something.
    MARK,

    /// It was asked whether the directory exists.
    EXISTS,
    /// The names were listed.
    LIST,
    /// The size of a file was asked for.
    SIZE,
    /// A file was opened.
    OPEN,
    /// Bytes of a file were read.
    READ,
    /// A file was mapped.
    MAP,
    /// A part of a file was mapped for somebody's own use.
    MAP_PRIVATE,
    /// Bytes of a mapping were read.
    READ_MAPPED,
    /// A lock was asked for.
    LOCK,
    /// Shared words were mapped.
    MAP_WORDS,
    /// A file was closed.
    CLOSE;

    /// {@return whether this leaves something behind, and so is recorded}
    public boolean isChange() {
      return compareTo(MARK) <= 0;
    }
  }

  private final Kind kind;
  private final Names names;
  private final Extent extent;

  /// Which file this is about, whatever its name; 0 if none.
  final int inode;

  /// What was written; null for zeros, and for everything but writes.
  final byte @Nullable [] bytes;

  /// Of a force: whether it failed.
  final boolean isFailed;

  private record Names(String name, String newName) {}

  /// Of a force, `to` is the end of the time it covers, on the disk's own clock.
  private record Extent(long from, long to) {
    static final Extent NONE = new Extent(0, 0);
  }

  private Operation(
      Kind kind, Names names, int inode, Extent extent, byte @Nullable [] bytes, boolean isFailed) {
    this.kind = kind;
    this.names = names;
    this.inode = inode;
    this.extent = extent;
    this.bytes = bytes;
    this.isFailed = isFailed;
  }

  static Operation of(Kind kind, String name, int inode) {
    return new Operation(kind, new Names(name, ""), inode, Extent.NONE, null, false);
  }

  static Operation of(Kind kind, String name, int inode, long from, long to) {
    return new Operation(kind, new Names(name, ""), inode, new Extent(from, to), null, false);
  }

  /// {@return a write}
  ///
  /// @param kind `WRITE` or `WRITE_MAPPED`
  static Operation write(Kind kind, String name, int inode, long position, byte[] bytes) {
    var extent = new Extent(position, position + bytes.length);
    return new Operation(kind, new Names(name, ""), inode, extent, bytes, false);
  }

  static Operation rename(String name, String newName, int inode) {
    return new Operation(Kind.RENAME, new Names(name, newName), inode, Extent.NONE, null, false);
  }

  /// {@return the same force, failed}
  Operation failed() {
    return new Operation(kind, names, inode, extent, bytes, true);
  }

  /// {@return the beginning of this write or allocation}
  ///
  /// @param size how many bytes of it, at most all
  Operation beginning(long size) {
    return part(0, size);
  }

  /// {@return a part of this write or allocation}
  ///
  /// @param offset how many bytes come before it
  /// @param size how many bytes it has
  Operation part(long offset, long size) {
    long position = from() + offset;
    byte[] part = bytes;
    if (part != null) {
      part = Arrays.copyOfRange(part, Math.toIntExact(offset), Math.toIntExact(offset + size));
    }
    return new Operation(kind, names, inode, new Extent(position, position + size), part, isFailed);
  }

  /// {@return whether this forces the file or the directory}
  public boolean isForce() {
    return kind == Kind.FORCE || kind == Kind.FORCE_DIRECTORY;
  }

  /// {@return whether this writes bytes, be they zeros}
  public boolean isWrite() {
    return kind == Kind.WRITE || kind == Kind.WRITE_MAPPED || kind == Kind.ALLOCATE;
  }

  /// {@return the end of the time that a force covers}
  long coveredTime() {
    return extent.to;
  }

  /// {@return what was called}
  public Kind kind() {
    return kind;
  }

  /// {@return the name of the file it was called for, or the text of a mark; empty if it was the
  /// directory}
  public String name() {
    return names.name;
  }

  /// {@return the new name, if this is a renaming}
  public String newName() {
    return names.newName;
  }

  /// {@return the first byte that is read, written or allocated}
  public long from() {
    return extent.from;
  }

  /// {@return the end of what is read, written or allocated, or the size to which a file is cut}
  public long to() {
    return isForce() ? 0 : extent.to;
  }

  @Override
  public String toString() {
    String name = names.name;
    String range = "%s [%d, %d)".formatted(name, extent.from, extent.to);
    String outcome = isFailed ? " failed" : "";
    return switch (kind) {
      case CREATE_DIRECTORY -> "create directory";
      case CREATE -> "create " + name;
      case WRITE -> "write " + range;
      case WRITE_MAPPED -> "write mapped " + range;
      case ALLOCATE -> "allocate " + range;
      case TRUNCATE -> "truncate %s to %d".formatted(name, extent.to);
      case FORCE -> "force " + name + outcome;
      case RENAME -> "rename %s %s".formatted(name, names.newName);
      case DELETE -> "delete " + name;
      case FORCE_DIRECTORY -> "force directory" + outcome;
      case MARK -> name;
      case EXISTS -> "look for directory";
      case LIST -> "list directory";
      case SIZE -> "size of " + name;
      case OPEN -> "open " + name;
      case READ -> "read " + range;
      case MAP -> "map " + range;
      case MAP_PRIVATE -> "map privately " + range;
      case READ_MAPPED -> "read mapped " + range;
      case LOCK -> "lock " + name;
      case MAP_WORDS -> "map words " + name;
      case CLOSE -> "close " + name;
    };
  }
}
