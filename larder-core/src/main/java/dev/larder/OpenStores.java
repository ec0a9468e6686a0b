package dev.larder;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The stores that are closed when the JVM ends, since their applications left them open.
final class OpenStores {
  private static final System.Logger LOG = System.getLogger("dev.larder");
  private static final Set<Store> OPEN = ConcurrentHashMap.newKeySet();

  static {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(OpenStores::closeAll, "larder-shutdown"));
    } catch (IllegalStateException _) {
      // The JVM is ending already: who opens a store now has to close it.
    }
  }

  private OpenStores() {}

  static void remember(Store store) {
    OPEN.add(store);
  }

  static void forget(Store store) {
    OPEN.remove(store);
  }

  private static void closeAll() {
    for (Store store : OPEN) {
      try {
        store.close();
      } catch (RuntimeException e) {
        // One store that cannot be closed must not keep the others open.
        LOG.log(System.Logger.Level.ERROR, "a store could not be closed at shutdown", e);
      }
    }
  }
}
