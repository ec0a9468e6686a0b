package dev.larder.tests.simulation;

import dev.larder.internal.file.NioStoreDirectory;
import dev.larder.internal.file.StoreDirectory;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class NioStoreDirectoryContractTest extends StoreDirectoryContract {
  @TempDir Path parent;

  @Override
  StoreDirectory missing() {
    return NioStoreDirectory.of(parent.resolve("missing"));
  }
}
