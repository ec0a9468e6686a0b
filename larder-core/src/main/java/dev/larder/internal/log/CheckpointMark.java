package dev.larder.internal.log;

import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.FileNames;
import java.io.IOException;

/// What a log knows of the checkpoint that stands for the beginning of it: how many bytes that
/// takes, and which history is still needed to go on from it.
///
/// **Threads.** Reading is safe for any number of threads. Who changes something holds the commit
/// lock or is the only one to know the store, but for the bytes and the beginning of a checkpoint,
/// which are for whoever writes it.
public final class CheckpointMark {
  private final StoreDirectory directory;
  private volatile long bytes;
  private volatile long neededFrom = Long.MAX_VALUE;
  private volatile boolean isBeingWritten;
  private volatile boolean isSpoilt;

  CheckpointMark(StoreDirectory directory, long bytes) {
    this.directory = directory;
    this.bytes = bytes;
  }

  /// {@return the bytes of the checkpoint}
  public long bytes() {
    return bytes;
  }

  /// {@return from which history segment on it is needed; `Long.MAX_VALUE` if there is none}
  public long neededFrom() {
    return neededFrom;
  }

  /// Notes how many bytes the checkpoint takes.
  public void bytes(long size) {
    bytes = size;
  }

  /// {@return whether there is one from which an opening can go on}
  public boolean exists() {
    return neededFrom != Long.MAX_VALUE;
  }

  /// {@return whether history segments are needed from a number on, to go on from the checkpoint}
  public boolean needs(long number) {
    return exists() && number >= neededFrom;
  }

  /// Notes that there is one, and from which history segment on it is needed.
  public void neededFrom(long number) {
    neededFrom = number;
  }

  /// Notes that there is none.
  public void gone() {
    neededFrom = Long.MAX_VALUE;
  }

  /// Notes that the checkpoint, if there is one, needs less history than before.
  ///
  /// @return whether there is one
  public boolean advance(long number) {
    boolean isThere = exists();
    if (isThere) {
      neededFrom = number;
    }
    return isThere;
  }

  /// Says that one is being written, or not any more.
  public void beingWritten(boolean isUnderWay) {
    isSpoilt = false;
    isBeingWritten = isUnderWay;
  }

  /// {@return whether the one that is being written must not be used}
  public boolean isSpoilt() {
    return isSpoilt;
  }

  /// {@return whether changes of the index that are no commits must be noted in the log, since a
  /// checkpoint would not know of them}
  public boolean needsIndexChanges() {
    return exists() || isBeingWritten;
  }

  /// Gives the checkpoint up, and one that is being written, since something is about to happen to
  /// the index that the log will not tell. When it returns no opening finds either, after a power
  /// failure neither: it would take the present for something that it is not.
  public void spoil() throws IOException {
    isSpoilt = isBeingWritten;
    if (exists() || isBeingWritten) {
      // The half-made one first: once it is gone it cannot take the name any more.
      if (directory.size(FileNames.CHECKPOINT_NEXT) >= 0) {
        directory.delete(FileNames.CHECKPOINT_NEXT);
      }
      StoreFiles.removeCheckpoint(directory);
      directory.force();
      gone();
      bytes = 0;
    }
  }
}
