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
  private final String name;
  private final String newName;
  private final long from;
  private final long to;

  /// Which file this is about, whatever its name; 0 if none.
  final int inode;

  /// What was written; null for zeros, and for everything but writes.
  final byte @Nullable [] bytes;

  /// Of a force: whether it failed.
  final boolean isFailed;

  private Operation(
      Kind kind,
      String name,
      String newName,
      long from,
      long to,
      int inode,
      byte @Nullable [] bytes,
      boolean isFailed) {
    this.kind = kind;
    this.name = name;
    this.newName = newName;
    this.from = from;
    this.to = to;
    this.inode = inode;
    this.bytes = bytes;
    this.isFailed = isFailed;
  }

  static Operation of(Kind kind, String name) {
    return new Operation(kind, name, "", 0, 0, 0, null, false);
  }

  static Operation of(Kind kind, String name, int inode) {
    return new Operation(kind, name, "", 0, 0, inode, null, false);
  }

  static Operation of(Kind kind, String name, int inode, long from, long to) {
    return new Operation(kind, name, "", from, to, inode, null, false);
  }

  static Operation write(String name, int inode, long position, byte[] bytes) {
    long end = position + bytes.length;
    return new Operation(Kind.WRITE, name, "", position, end, inode, bytes, false);
  }

  static Operation rename(String name, String newName, int inode) {
    return new Operation(Kind.RENAME, name, newName, 0, 0, inode, null, false);
  }

  /// A force of what was done before a time.
  ///
  /// @param coveredTime the time on the disk's own clock, kept in [#to()]
  static Operation force(Kind kind, String name, int inode, long coveredTime) {
    return new Operation(kind, name, "", 0, coveredTime, inode, null, false);
  }

  /// {@return the same force, failed}
  Operation failed() {
    return new Operation(kind, name, newName, from, to, inode, bytes, true);
  }

  /// {@return the beginning of this write or allocation}
  ///
  /// @param size how many bytes of it, at most all
  Operation beginning(long size) {
    byte[] part = bytes == null ? null : Arrays.copyOf(bytes, Math.toIntExact(size));
    return new Operation(kind, name, newName, from, from + size, inode, part, isFailed);
  }

  /// {@return what was called}
  public Kind kind() {
    return kind;
  }

  /// {@return the name of the file it was called for, or the text of a mark; empty if it was the
  /// directory}
  public String name() {
    return name;
  }

  /// {@return the new name, if this is a renaming}
  public String newName() {
    return newName;
  }

  /// {@return the first byte that is read, written or allocated}
  public long from() {
    return from;
  }

  /// {@return the end of what is read, written or allocated, or the size to which a file is cut}
  public long to() {
    return to;
  }

  @Override
  public String toString() {
    String outcome = isFailed ? " failed" : "";
    return switch (kind) {
      case CREATE_DIRECTORY -> "create directory";
      case CREATE -> "create " + name;
      case WRITE -> "write %s [%d, %d)".formatted(name, from, to);
      case ALLOCATE -> "allocate %s [%d, %d)".formatted(name, from, to);
      case TRUNCATE -> "truncate %s to %d".formatted(name, to);
      case FORCE -> "force " + name + outcome;
      case RENAME -> "rename %s %s".formatted(name, newName);
      case DELETE -> "delete " + name;
      case FORCE_DIRECTORY -> "force directory" + outcome;
      case MARK -> name;
      case EXISTS -> "look for directory";
      case LIST -> "list directory";
      case SIZE -> "size of " + name;
      case OPEN -> "open " + name;
      case READ -> "read %s [%d, %d)".formatted(name, from, to);
      case MAP -> "map %s [%d, %d)".formatted(name, from, to);
      case READ_MAPPED -> "read mapped %s [%d, %d)".formatted(name, from, to);
      case LOCK -> "lock " + name;
      case MAP_WORDS -> "map words " + name;
      case CLOSE -> "close " + name;
    };
  }
}
