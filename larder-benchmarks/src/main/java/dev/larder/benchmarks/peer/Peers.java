package dev.larder.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;

/// The peers by name.
public final class Peers {
  /// Those that run unless others are asked for, in the order of the report.
  public static final List<String> DEFAULT =
      List.of(
          "larder",
          "lmdb",
          "rocksdb",
          "mvstore",
          "mapdb",
          "xodus",
          "chronicle",
          "sqlite",
          "leveldb",
          "heap");

  private Peers() {}

  /// {@return a peer}
  ///
  /// @param id its name, or that of a class that implements [Peer]
  public static Peer named(String id) {
    return switch (id) {
      case "larder" -> new LarderPeer();
      case "lmdb" -> new LmdbPeer();
      case "rocksdb" -> new RocksDbPeer();
      case "mvstore" -> new MvStorePeer();
      case "mapdb" -> new MapDbPeer();
      case "xodus" -> new XodusPeer();
      case "chronicle" -> new ChronicleMapPeer();
      case "sqlite" -> new SqlitePeer();
      case "leveldb" -> new LevelDbPeer();
      case "heap" -> new HeapPeer();
      default -> ofClass(id);
    };
  }

  /// {@return peers}
  public static List<Peer> named(List<String> ids) {
    var peers = new ArrayList<Peer>();
    for (String id : ids) {
      peers.add(named(id));
    }
    return peers;
  }

  /// {@return the word by which [#named(String)] finds a peer}
  public static String word(Peer peer) {
    return DEFAULT.contains(peer.id()) ? peer.id() : peer.getClass().getName();
  }

  private static Peer ofClass(String name) {
    try {
      return Class.forName(name).asSubclass(Peer.class).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new IllegalArgumentException("no such peer: " + name + ", known are " + DEFAULT, e);
    }
  }
}
