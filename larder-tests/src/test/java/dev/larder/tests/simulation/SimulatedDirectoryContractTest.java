package dev.larder.tests.simulation;

import dev.larder.internal.file.StoreDirectory;
import dev.larder.testkit.SimulatedDirectory;
import dev.larder.testkit.SimulatedDisk;

class SimulatedDirectoryContractTest extends StoreDirectoryContract {
  @Override
  StoreDirectory missing() {
    return SimulatedDirectory.on(new SimulatedDisk());
  }
}
