package dev.larder.testkit;

import dev.larder.internal.base.DiskFullException;
import java.io.IOException;

/// A way in which an operation fails.
public enum Fault {
  /// The device reports an error.
  IO_ERROR {
    @Override
    void strike(Operation operation) throws IOException {
      throw new IOException("injected: Input/output error in: " + operation);
    }
  },
  /// The file system has no room. Mapped writes need none.
  DISK_FULL {
    @Override
    void strike(Operation operation) throws IOException {
      throw new DiskFullException("injected: No space left on device in: " + operation, null);
    }

    @Override
    boolean isPossible(Operation operation) {
      return operation.kind() != Operation.Kind.WRITE_MAPPED;
    }
  },
  /// Half of a write is done when the device reports an error.
  SHORT_WRITE {
    @Override
    void strike(Operation operation) throws IOException {
      var error = new IOException("injected: Input/output error within: " + operation);
      throw new ShortWriteException((operation.to() - operation.from()) / 2, error);
    }
  },
  /// The second half of a mapped write is done and the first one not, since the device reports an
  /// error for its page. Every other operation is treated as by `IO_ERROR`.
  LATE_HALF {
    @Override
    void strike(Operation operation) throws IOException {
      if (operation.kind() != Operation.Kind.WRITE_MAPPED) {
        IO_ERROR.strike(operation);
      }
      long size = operation.to() - operation.from();
      var error = new IOException("injected: Input/output error within: " + operation);
      throw new ShortWriteException(size / 2, size, error);
    }
  },
  /// Half of a write is done when the file system has no more room. Mapped writes need none.
  SHORT_WRITE_DISK_FULL {
    @Override
    void strike(Operation operation) throws IOException {
      var error = new DiskFullException("injected: No space left within: " + operation, null);
      throw new ShortWriteException((operation.to() - operation.from()) / 2, error);
    }

    @Override
    boolean isPossible(Operation operation) {
      return operation.kind() != Operation.Kind.WRITE_MAPPED;
    }
  },
  /// The heap is full.
  OUT_OF_MEMORY {
    @Override
    void strike(Operation operation) {
      throw new OutOfMemoryError("injected in: " + operation);
    }
  };

  abstract void strike(Operation operation) throws IOException;

  /// {@return whether an operation can fail in this way}
  boolean isPossible(Operation operation) {
    return true;
  }
}
