import dev.larder.internal.engine.LogStoreProvider;
import dev.larder.internal.memory.MemoryStoreProvider;
import org.jspecify.annotations.NullMarked;

/// The Larder engine: an embedded, durable, ordered key-value store.
@NullMarked
@SuppressWarnings("module") // the friends named below are compiled after this module
module dev.larder {
  requires jdk.jfr;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.larder;
  exports dev.larder.internal.base to
      dev.larder.testkit;
  exports dev.larder.internal.engine to
      dev.larder.testkit;
  exports dev.larder.internal.file to
      dev.larder.testkit;

  uses dev.larder.StoreProvider;

  provides dev.larder.StoreProvider with
      LogStoreProvider,
      MemoryStoreProvider;
}
