package dev.larder.internal.format;

import dev.larder.Backend;
import dev.larder.Bytes;
import dev.larder.Commit;
import dev.larder.Expiry;
import dev.larder.Mutation;
import dev.larder.StoreOptions;
import dev.larder.internal.base.HandClock;
import dev.larder.internal.base.Worker;
import dev.larder.internal.engine.LogStorage;
import dev.larder.internal.engine.LogStoreProvider;
import dev.larder.internal.file.NioStoreDirectory;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.index.KeyHash;
import dev.larder.internal.log.Addresses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The store at the end of the document: always the same bytes, since time, chance and the order of
/// work in the background are given.
final class SmallStore {
  /// 2026-01-01T00:00:00Z.
  static final long BEGIN_MILLIS = 1_767_225_600_000L;

  static final String BUCKET = "fruit";

  private final Map<String, Worker> workers = new HashMap<>();
  private final HandClock clock = new HandClock(BEGIN_MILLIS);
  private final Path path;

  SmallStore(Path path) {
    this.path = path;
  }

  /// Writes the store, closes it, and leaves the clock at the time of closing.
  void write() {
    try (Backend backend = open()) {
      commit(backend, put("plum", "blue and ".repeat(1000)), put("apple", "green"));
      clock.advance(Duration.ofSeconds(1));
      commit(backend, put("pear", "yellow", Expiry.after(Duration.ofHours(1))));
      commit(backend, put("plum", "blue"));
      backend.compact(); // history 1 becomes cold 3, history goes on in 2
      clock.advance(Duration.ofSeconds(1));
      commit(backend, put("apple", "red"), put("fig", ""));
      commit(backend, new Mutation.Remove(BUCKET, Bytes.ofUtf8("fig")));
      clock.advance(Duration.ofHours(1));
      step("larder-expiry"); // pear
      commit(backend, put("apple", "brown"));
    }
  }

  /// {@return a checkpoint as the engine might have written it of this store behind commit 6, while
  /// somebody looked at the state before commit 5; its pages are zeros}
  static byte[] checkpoint() {
    Bytes storeId = Bytes.wrap(Hex.parse("11 11 11 11 11 11 11 11 22 22 22 22 22 22 22 22"));
    byte[] fig = IndexKey.of(1, Bytes.ofUtf8("fig"));
    long figHash = KeyHash.of(storeId).of(fig);
    long figAddress = Addresses.address(1, 212);
    var header =
        new CheckpointHeader(
            storeId,
            6,
            2,
            256,
            BEGIN_MILLIS + 3_602_000,
            1,
            2,
            new CheckpointHeader.Roots(1, 66, 68, 69, 0, 1),
            131,
            List.of(70, 58, 129, 1),
            List.of(new CheckpointHeader.Removal(figHash, figAddress, Bytes.wrap(fig))),
            Map.of(BUCKET, 1),
            List.of(
                new CheckpointHeader.SegmentUsage(3, 2, 1, 2, 40, 0, 0, 0, 0, 48),
                new CheckpointHeader.SegmentUsage(2, 1, 1, 2, 48, 16, 5, 1, 28, 48)));
    byte[] head = header.encode();
    byte[] file = new byte[(int) header.headPosition() + head.length];
    byte[] prelude = new CheckpointHeader.Prelude(header.headPosition(), head.length, 1).encode();
    System.arraycopy(prelude, 0, file, 0, prelude.length);
    int chunkSize = CheckpointHeader.CHUNK_PAGES * CheckpointHeader.PAGE_SIZE;
    int position = (int) header.checksumsPosition();
    for (int chunk = 0; chunk < header.chunkCount(); chunk++) {
      int first = Math.max(CheckpointHeader.PAGE_SIZE, chunk * chunkSize);
      int end = Math.min((chunk + 1) * chunkSize, (int) header.checksumsPosition());
      ByteWriter.U32.set(file, position, Checksums.plain(file, first, end - first));
      position += Integer.BYTES;
    }
    System.arraycopy(head, 0, file, position, head.length);
    return file;
  }

  /// {@return the store, opened}
  Backend open() {
    return LogStoreProvider.open(
        new LogStorage.Environment(NioStoreDirectory.of(path), this::start, new NotRandom()),
        options());
  }

  StoreOptions options() {
    return StoreOptions.defaults().withTimeSource(clock);
  }

  /// Lets time go by until just after the store was written.
  void skipToEnd() {
    clock.advance(Duration.ofHours(1).plusSeconds(2));
  }

  private Worker.Handle start(String name, Worker worker) {
    workers.put(name, worker);
    return new Worker.Handle() {
      @Override
      public void wake() {}

      @Override
      public void stop() {}
    };
  }

  private void step(String name) {
    Worker worker = workers.get(name);
    if (worker == null) {
      throw new AssertionError("no worker " + name);
    }
    worker.step();
  }

  private static void commit(Backend backend, Mutation... mutations) {
    backend.commit(new Commit(List.of(), List.of(mutations), null));
  }

  private static Mutation put(String key, String value) {
    return put(key, value, Expiry.never());
  }

  private static Mutation put(String key, String value, Expiry expiry) {
    return new Mutation.Put(BUCKET, Bytes.ofUtf8(key), Bytes.ofUtf8(value), expiry);
  }

  /// Eight times 11, eight times 22 and so on, so that identities and salts are easily recognized.
  private static final class NotRandom implements RandomGenerator {
    private long last;

    @Override
    public long nextLong() {
      last += 0x1111111111111111L;
      return last;
    }
  }
}
