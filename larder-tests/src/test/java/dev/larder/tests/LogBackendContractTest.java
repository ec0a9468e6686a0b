package dev.larder.tests;

import dev.larder.Backend;
import dev.larder.StoreOptions;
import dev.larder.StoreProvider;
import dev.larder.testkit.BackendContract;
import java.nio.file.Path;
import java.util.ServiceLoader;

class LogBackendContractTest extends BackendContract {
  @Override
  protected Backend open(Path location, StoreOptions options) {
    return ServiceLoader.load(StoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.name().equals("log"))
        .findAny()
        .orElseThrow()
        .open(location, options);
  }
}
