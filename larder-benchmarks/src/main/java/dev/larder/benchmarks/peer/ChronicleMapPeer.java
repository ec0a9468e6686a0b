package dev.larder.benchmarks.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.openhft.chronicle.map.ChronicleMap;

/// Chronicle Map: a hash table in a mapped file, made for a number of entries known beforehand.
final class ChronicleMapPeer implements Peer {
  @Override
  public String id() {
    return "chronicle";
  }

  @Override
  public String title() {
    return "Chronicle Map";
  }

  @Override
  public String artifact() {
    return "chronicle-map";
  }

  @Override
  public List<String> jars() {
    return List.of("/net/openhft/", "/com/squareup/javapoet/", "/org/slf4j/", "/net/java/dev/jna/");
  }

  @Override
  public List<String> jvmOptions() {
    return List.of(
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
        "--add-exports=java.base/jdk.internal.util=ALL-UNNAMED",
        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
        "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
        "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
        "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
        "--add-opens=java.base/java.io=ALL-UNNAMED",
        "--add-opens=java.base/java.nio=ALL-UNNAMED",
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
        "-Dchronicle.analytics.disable=true",
        "-Dchronicle.announcer.disable=true");
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.of(Feature.PERSISTENCE, Feature.SURVIVES_KILL);
  }

  @Override
  public String mode(Level level) {
    return switch (level) {
      case PROCESS ->
          "made for the number of entries of the run, with constant sizes of keys and values;"
              + " stores go to the mapping, and a kill loses nothing that returned. Keys have no"
              + " order; no transactions, no checksums on entries unless asked for. After a kill it"
              + " is opened with `recoverPersistedTo`, which looks at every entry";
      case DEVICE -> "has no call that forces a write";
    };
  }

  @Override
  public PeerStore open(Path directory, Level level, Sizing sizing) throws IOException {
    Files.createDirectories(directory);
    var builder =
        ChronicleMap.of(byte[].class, byte[].class)
            .name("bench")
            .constantKeySizeBySample(new byte[sizing.keySize()])
            .constantValueSizeBySample(new byte[sizing.valueSize()])
            .entries(sizing.keys())
            .putReturnsNull(true)
            .removeReturnsNull(true)
            .skipCloseOnExitHook(true);
    // It cannot tell by itself whether it was closed: a program has to keep that in mind for it.
    Path unclosed = directory.resolve("unclosed");
    boolean wasClosed = !Files.exists(unclosed);
    Path file = directory.resolve("store.chronicle");
    ChronicleMap<byte[], byte[]> map =
        wasClosed
            ? builder.createPersistedTo(file.toFile())
            : builder.recoverPersistedTo(file.toFile(), true);
    if (wasClosed) {
      Files.createFile(unclosed);
    }
    return new Open(map, unclosed);
  }

  private record Open(ChronicleMap<byte[], byte[]> map, Path unclosed) implements PeerStore {
    @Override
    public PeerSession session() {
      return new Session(map);
    }

    @Override
    public void close() throws IOException {
      map.close();
      Files.delete(unclosed);
    }
  }

  private record Session(ChronicleMap<byte[], byte[]> map) implements PeerSession {
    @Override
    public void put(byte[] key, byte[] value) {
      map.put(key, value);
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) {
      for (int i = 0; i < count; i++) {
        map.put(keys[i], values[i]);
      }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // whether it could use the array it was given
    public int get(byte[] key, byte[] target) {
      byte[] value = map.getUsing(key, target);
      if (value == null) {
        return -1;
      }
      if (value != target) {
        System.arraycopy(value, 0, target, 0, value.length);
      }
      return value.length;
    }

    @Override
    public void delete(byte[] key) {
      map.remove(key);
    }

    @Override
    public void close() {}
  }
}
