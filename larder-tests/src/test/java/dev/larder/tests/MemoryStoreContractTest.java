package dev.larder.tests;

import dev.larder.Larder;
import dev.larder.Store;
import dev.larder.StoreOptions;
import dev.larder.testkit.StoreContract;
import java.nio.file.Path;

class MemoryStoreContractTest extends StoreContract {
  @Override
  protected Store open(Path location, StoreOptions options) {
    return Larder.inMemory(options);
  }
}
