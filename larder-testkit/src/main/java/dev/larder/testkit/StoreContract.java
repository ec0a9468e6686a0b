package dev.larder.testkit;

import dev.larder.Store;
import dev.larder.StoreOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// What every store does, whatever is behind it: the contract of [Store] and [dev.larder.Bucket] as
/// tests. A backend extends it once; one that outlives its process extends
/// [PersistentStoreContract] instead.
///
/// ```java
/// class LogStoreContractTest extends PersistentStoreContract {
///   @Override
///   protected Store open(Path location, StoreOptions options) {
///     return Larder.open(location, options);
///   }
/// }
/// ```
///
/// The themes are nested classes, so that a failure says what it is about. Each test has a location
/// of its own; what it opened is closed after it.
public abstract class StoreContract {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it before each test
  private Path directory;

  private int locationCount;

  /// For subclasses; JUnit makes an instance for each test.
  protected StoreContract() {}

  /// Opens a store.
  ///
  /// @param location where; nothing is there the first time, and its parent exists. A backend
  ///   without a location opens an empty store each time
  /// @param options how
  /// @return the open store
  protected abstract Store open(Path location, StoreOptions options);

  /// Checks what a closed store left behind; called after each test for each location that was
  /// opened. Throws if something is wrong.
  ///
  /// @param location where the store was
  protected void verify(Path location) {}

  /// {@return whether opening a location again gives what was written there}
  boolean isPersistent() {
    return false;
  }

  /// {@return a location that no other call got}
  Path newLocation() {
    locationCount++;
    return directory.resolve("store-" + locationCount);
  }

  @Nested
  class StrictVerbs extends StrictVerbContract {
    StrictVerbs() {
      super(StoreContract.this);
    }
  }

  @Nested
  class LenientVerbs extends LenientVerbContract {
    LenientVerbs() {
      super(StoreContract.this);
    }
  }

  @Nested
  class Versions extends VersionContract {
    Versions() {
      super(StoreContract.this);
    }
  }

  @Nested
  class Deadlines extends DeadlineContract {
    Deadlines() {
      super(StoreContract.this);
    }
  }

  @Nested
  class Expiring extends ExpiryContract {
    Expiring() {
      super(StoreContract.this);
    }
  }

  @Nested
  class Clocks extends ClockContract {
    Clocks() {
      super(StoreContract.this);
    }
  }

  @Nested
  class Batches extends BatchContract {
    Batches() {
      super(StoreContract.this);
    }
  }

  @Nested
  class Order extends OrderContract {
    Order() {
      super(StoreContract.this);
    }
  }

  @Nested
  class Cursors extends CursorContract {
    Cursors() {
      super(StoreContract.this);
    }
  }

  @Nested
  class Buckets extends BucketContract {
    Buckets() {
      super(StoreContract.this);
    }
  }

  @Nested
  class LimitsOfAStore extends LimitContract {
    LimitsOfAStore() {
      super(StoreContract.this);
    }
  }

  @Nested
  class Arguments extends ArgumentContract {
    Arguments() {
      super(StoreContract.this);
    }
  }

  @Nested
  class FullStores extends FullStoreContract {
    FullStores() {
      super(StoreContract.this);
    }
  }

  @Nested
  class Closing extends ClosingContract {
    Closing() {
      super(StoreContract.this);
    }
  }

  @Nested
  class Interrupts extends InterruptContract {
    Interrupts() {
      super(StoreContract.this);
    }
  }

  @Nested
  class Concurrency extends ConcurrencyContract {
    Concurrency() {
      super(StoreContract.this);
    }
  }

  @Nested
  class Upkeep extends UpkeepContract {
    Upkeep() {
      super(StoreContract.this);
    }
  }

  @Nested
  class RandomHistories extends HistoryContract {
    RandomHistories() {
      super(StoreContract.this);
    }
  }
}
