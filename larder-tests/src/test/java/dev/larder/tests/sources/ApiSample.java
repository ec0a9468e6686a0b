package dev.larder.tests.sources;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the listing of the public interface is tried on.
public interface ApiSample<K> extends Iterable<K> {
  int LIMIT = 1;

  @Nullable String find(K key, byte[] bytes, List<? extends K> others) throws IOException;

  @SuppressWarnings("UnusedMethod") // it is here not to be listed
  private void hidden() {}
}
