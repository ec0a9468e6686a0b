package dev.larder.internal.file;

import dev.larder.internal.base.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One store's directory and everything that is done to it: the only door from the engine to the
/// file system. Tests put a directory behind it that fails, or that forgets what was not forced.
///
/// Names are flat: no separators, no links followed, regular files only. Files and directories are
/// made for the owner alone (0600, 0700) where the file system knows such modes.
///
/// **Threads.** Safe for any number of threads. No call is hurt by an interrupt: the flag stays
/// set, nothing is closed.
///
/// **Errors.** Each method throws [DiskFullException] where the file system has no room, and
/// [IOException] for everything else that it refuses. Nothing is tried again in here.
public interface StoreDirectory {
  /// {@return where the directory is; for messages}
  Path path();

  /// {@return whether the directory exists}
  ///
  /// @throws java.nio.file.NotDirectoryException if something else is there
  boolean exists() throws IOException;

  /// Creates the directory and its missing parents, and forces each parent, so that the names
  /// survive a power failure. Where the directory exists, its parent is forced nevertheless: who
  /// made it may have died before that. So whoever begins a store calls this first.
  void create() throws IOException;

  /// {@return the names of everything in the directory, in no particular order}
  List<String> list() throws IOException;

  /// {@return how many bytes a file has, or -1 if there is none of that name}
  ///
  /// @param name the name of a file
  long size(String name) throws IOException;

  /// Creates a file. The name is durable after the next [#force()].
  ///
  /// @param name a name that does not exist
  /// @return the open file, empty
  DataFile createFile(String name) throws IOException;

  /// Opens a file that exists.
  ///
  /// @param name its name
  /// @param isWritable whether it may be written and forced; reading needs no permission to write
  /// @return the open file
  /// @throws java.nio.file.NoSuchFileException if there is none
  DataFile openFile(String name, boolean isWritable) throws IOException;

  /// Gives a file another name, in one step, replacing what has that name. Durable after the next
  /// [#force()].
  void rename(String from, String to) throws IOException;

  /// Removes a file. Durable after the next [#force()].
  ///
  /// @throws java.nio.file.NoSuchFileException if there is none
  void delete(String name) throws IOException;

  /// Makes the directory itself durable: names created, changed and removed so far.
  void force() throws IOException;

  /// Takes the exclusive lock on a file that nothing else opens; creates the file where it is
  /// missing. The lock is gone when the process ends, however it ends.
  ///
  /// @param name the name of the lock file
  /// @return the lock, or null if another process, another class loader or another call has it
  @Nullable DirectoryLock tryLock(String name) throws IOException;

  /// Maps words of 64 bits that all openers of the store share. Where the file is missing or
  /// shorter it is created and filled with zeros first, so that no later store into it can meet a
  /// full disk. What is in it need not survive a power failure.
  ///
  /// @param name the name of the file
  /// @param count how many words
  /// @return the words
  SharedWords mapWords(String name, int count) throws IOException;

  /// {@return how many bytes the file system has left for this user, or `Long.MAX_VALUE` if that is
  /// unknown}
  long freeBytes() throws IOException;

  /// {@return the kind of file system, in small letters, such as `ext4` or `nfs`; empty if unknown}
  String fileSystemType() throws IOException;

  /// {@return something that equals the same of every other path to this directory (through links,
  /// or relative); the directory must exist}
  Object identity() throws IOException;
}
