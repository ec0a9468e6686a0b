package dev.larder.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Larder;
import dev.larder.Store;
import dev.larder.StoreOptions;
import dev.larder.testkit.PersistentStoreContract;
import java.nio.file.Files;
import java.nio.file.Path;

class LogStoreContractTest extends PersistentStoreContract {
  @Override
  protected Store open(Path location, StoreOptions options) {
    return Larder.open(location, options);
  }

  @Override
  protected void verify(Path location) {
    if (Files.exists(location)) {
      assertThat(Larder.verify(location).findings()).isEmpty();
    }
  }
}
