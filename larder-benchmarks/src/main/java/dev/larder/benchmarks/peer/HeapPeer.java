package dev.larder.benchmarks.peer;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A map on the heap that keeps nothing: no store, but what the workload itself costs in a JVM.
final class HeapPeer implements Peer {
  @Override
  public String id() {
    return "heap";
  }

  @Override
  public String title() {
    return "ConcurrentHashMap (keeps nothing)";
  }

  @Override
  public String artifact() {
    return "";
  }

  @Override
  public List<String> jars() {
    return List.of();
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.noneOf(Feature.class);
  }

  @Override
  public String mode(Level level) {
    return "a map on the heap, for comparison only; it survives nothing and is not counted among"
        + " the peers";
  }

  @Override
  public PeerStore open(Path directory, Level level, Sizing sizing) {
    return new Open(new ConcurrentHashMap<>());
  }

  private record Open(Map<Key, byte[]> map) implements PeerStore {
    @Override
    public PeerSession session() {
      return new Session(map);
    }

    @Override
    public void close() {
      map.clear();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // equality is by content
  private record Key(byte[] bytes) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  private record Session(Map<Key, byte[]> map) implements PeerSession {
    @Override
    public void put(byte[] key, byte[] value) {
      map.put(new Key(key.clone()), value.clone());
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) {
      for (int i = 0; i < count; i++) {
        put(keys[i], values[i]);
      }
    }

    @Override
    public int get(byte[] key, byte[] target) {
      byte[] value = map.get(new Key(key));
      if (value == null) {
        return -1;
      }
      System.arraycopy(value, 0, target, 0, value.length);
      return value.length;
    }

    @Override
    public void delete(byte[] key) {
      map.remove(new Key(key));
    }

    @Override
    public void close() {}
  }
}
