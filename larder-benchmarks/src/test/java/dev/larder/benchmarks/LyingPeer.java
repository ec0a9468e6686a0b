package dev.larder.benchmarks;

import dev.larder.benchmarks.peer.Level;
import dev.larder.benchmarks.peer.Peer;
import dev.larder.benchmarks.peer.PeerSession;
import dev.larder.benchmarks.peer.PeerStore;
import dev.larder.benchmarks.peer.Sizing;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// A store on the heap that does one thing wrong.
class LyingPeer implements Peer {
  /// What it does wrong.
  enum Lie {
    NONE,
    /// One value in a thousand has one wrong bit in the middle.
    BIT,
    /// One key in a thousand is not found.
    LOSS,
    /// Absent keys have the value of their neighbour.
    INVENTION,
    /// A write over another one is dropped now and then.
    STALE,
    /// A deleted key stays now and then.
    REVIVAL,
    /// Scans leave out an entry.
    GAP,
    /// Scans show two entries in the wrong order.
    ORDER
  }

  private static final int SELDOM = 1000;

  private final Lie lie;

  LyingPeer(Lie lie) {
    this.lie = lie;
  }

  @Override
  public String id() {
    return "lying-" + lie;
  }

  @Override
  public String title() {
    return "Liar (" + lie + ")";
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
    return EnumSet.of(Feature.ORDER);
  }

  @Override
  public String mode(Level level) {
    return "lies";
  }

  @Override
  public PeerStore open(Path directory, Level level, Sizing sizing) {
    var map = new ConcurrentSkipListMap<byte[], byte[]>(Arrays::compareUnsigned);
    return new PeerStore() {
      @Override
      public PeerSession session() {
        return new Session(map, lie);
      }

      @Override
      public void close() {}
    };
  }

  private record Session(NavigableMap<byte[], byte[]> map, Lie lie) implements PeerSession {
    private boolean isTurn(byte[] key, Lie kind) {
      return lie == kind && Math.floorMod(Arrays.hashCode(key), SELDOM) == 7;
    }

    @Override
    public void put(byte[] key, byte[] value) {
      if (isTurn(key, Lie.STALE)) {
        map.putIfAbsent(key.clone(), value.clone());
      } else {
        map.put(key.clone(), value.clone());
      }
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) {
      for (int i = 0; i < count; i++) {
        put(keys[i], values[i]);
      }
    }

    @Override
    public int get(byte[] key, byte[] target) {
      byte[] value = map.get(key);
      if (value == null && lie == Lie.INVENTION) {
        Map.Entry<byte[], byte[]> neighbour = map.ceilingEntry(key);
        value = neighbour == null ? null : neighbour.getValue();
      }
      if (value == null || isTurn(key, Lie.LOSS)) {
        return -1;
      }
      System.arraycopy(value, 0, target, 0, value.length);
      if (isTurn(key, Lie.BIT)) {
        target[value.length / 2] ^= 4;
      }
      return value.length;
    }

    @Override
    public void delete(byte[] key) {
      if (!isTurn(key, Lie.REVIVAL)) {
        map.remove(key);
      }
    }

    @Override
    public void scan(byte @Nullable [] from, boolean reversed, Visitor visitor) {
      NavigableMap<byte[], byte[]> directed = reversed ? map.descendingMap() : map;
      NavigableMap<byte[], byte[]> rest = from == null ? directed : directed.tailMap(from, true);
      byte[] held = null;
      for (Map.Entry<byte[], byte[]> entry : rest.entrySet()) {
        byte[] key = entry.getKey();
        if (isTurn(key, Lie.GAP)) {
          continue;
        }
        if (isTurn(key, Lie.ORDER)) {
          held = key;
          continue;
        }
        if (!show(key, entry.getValue(), visitor)) {
          return;
        }
        if (held != null && !show(held, map.get(held), visitor)) {
          return;
        }
        held = null;
      }
    }

    private static boolean show(byte[] key, byte @Nullable [] value, Visitor visitor) {
      if (value == null) {
        return true;
      }
      int tail = value.length - Long.BYTES;
      return visitor.visit(
          ByteBuffer.wrap(key).getLong(0),
          ByteBuffer.wrap(key).getLong(key.length - Long.BYTES),
          Long.reverseBytes(ByteBuffer.wrap(value).getLong(0)),
          Long.reverseBytes(ByteBuffer.wrap(value).getLong(tail)));
    }

    @Override
    public void close() {}
  }
}
