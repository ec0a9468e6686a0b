package dev.larder.internal.log;

import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.FileNames;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A file that is made ahead for the next segment, so that rolling is quick. It has no header yet,
/// and no manifest names it; the next opening deletes it if it was not used.
///
/// All its room is written and forced: forcing what is written into it later changes nothing but
/// data, and does not wait for what the file system notes of other files.
///
/// **Threads.** One thread at a time makes it; [#isThere()] is for any; for the rest the caller
/// holds a lock.
final class NextFile {
  private final StoreDirectory directory;
  private volatile @Nullable Made made;

  /// What it is called, from before it is made.
  private volatile String name = "";

  /// What was made.
  ///
  /// @param number the number of the segment that it is for
  /// @param file the file
  record Made(long number, DataFile file) {}

  NextFile(StoreDirectory directory) {
    this.directory = directory;
  }

  /// {@return whether it is there}
  boolean isThere() {
    return made != null;
  }

  /// {@return whether it has a name, from before it is made until it is used}
  boolean hasName(String wanted) {
    return name.equals(wanted);
  }

  /// Makes it, without a lock. Its name is durable afterwards.
  ///
  /// @return what was made, for [#keep]; null if the disk is full
  @Nullable Made make(long number, long size) throws IOException {
    name = FileNames.segment(number);
    DataFile file;
    try {
      file = Segment.createFile(directory, number, size);
    } catch (DiskFullException _) {
      return null; // a commit that needs the room says so
    }
    boolean isForced = false;
    try {
      file.force();
      directory.force();
      isForced = true;
      return new Made(number, file);
    } finally {
      if (!isForced) {
        file.close();
      }
    }
  }

  void keep(@Nullable Made next) {
    made = next;
  }

  /// Gives it to a segment that follows another one.
  ///
  /// @param last the number of the segment that it is to follow: if that is higher, the file comes
  ///   too late and is deleted
  /// @return null if there is none
  @Nullable Made take(long last) throws IOException {
    Made next = made;
    if (next == null || next.number() < last) {
      discard();
      return null;
    }
    made = null;
    name = "";
    return next;
  }

  /// Deletes it, if it is there.
  void discard() throws IOException {
    Made unused = made;
    if (unused != null) {
      made = null;
      unused.file().close();
      directory.delete(FileNames.segment(unused.number()));
    }
  }
}
