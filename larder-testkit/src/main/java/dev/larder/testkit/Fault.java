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
  /// The file system has no room.
  DISK_FULL {
    @Override
    void strike(Operation operation) throws IOException {
      throw new DiskFullException("injected: No space left on device in: " + operation, null);
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
  /// Half of a write is done when the file system has no more room.
  SHORT_WRITE_DISK_FULL {
    @Override
    void strike(Operation operation) throws IOException {
      var error = new DiskFullException("injected: No space left within: " + operation, null);
      throw new ShortWriteException((operation.to() - operation.from()) / 2, error);
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
}
