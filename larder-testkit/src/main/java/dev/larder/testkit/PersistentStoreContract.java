package dev.larder.testkit;

import org.junit.jupiter.api.Nested;

/// The contract of stores that outlive their process: all of [StoreContract], and that a store is
/// the same after it was closed and opened again.
public abstract class PersistentStoreContract extends StoreContract {
  /// For subclasses; JUnit makes an instance for each test.
  protected PersistentStoreContract() {}

  @Override
  final boolean isPersistent() {
    return true;
  }

  @Nested
  class Beginnings extends BeginningContract {
    Beginnings() {
      super(PersistentStoreContract.this);
    }
  }

  @Nested
  class Restarts extends RestartContract {
    Restarts() {
      super(PersistentStoreContract.this);
    }
  }
}
