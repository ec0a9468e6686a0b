package dev.larder.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bytes;
import dev.larder.internal.file.NioStoreDirectory;
import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.format.DeltaHeader;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.format.FormatException;
import dev.larder.internal.index.DeltaBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A delta comes back as it was written, or not at all.
class DeltaFileTest {
  private static final Bytes STORE_ID = Bytes.wrap(new byte[16]);

  @TempDir Path place;

  private NioStoreDirectory directory;
  private final SplittableRandom random = new SplittableRandom(3);

  @BeforeEach
  void open() {
    directory = NioStoreDirectory.of(place);
  }

  private static CheckpointHeader head(long sequence, long position, long epoch) {
    return new CheckpointHeader(
        STORE_ID,
        sequence,
        1,
        position,
        0,
        epoch,
        0,
        new CheckpointHeader.Roots(1, 2, 3, 4, 0, 0),
        9,
        List.of(),
        List.of(),
        Map.of(),
        List.of());
  }

  private void write(long number, long from, CheckpointHeader head, DeltaBuffer.Batch batch)
      throws IOException {
    DeltaFile.write(directory, new DeltaFile.Place(number, 1, from, 10), head, batch);
  }

  private static DeltaBuffer.Batch nothing() {
    var buffer = new DeltaBuffer();
    buffer.begin();
    return java.util.Objects.requireNonNull(buffer.take());
  }

  @Test
  void rowsComeBackByPartitionInTheirOrder() throws IOException, FormatException {
    var batch = nothing();
    var expected = new HashMap<Integer, List<Long>>();
    for (int i = 0; i < 100_000; i++) {
      long hash = random.nextLong();
      batch.rows().add(hash, i, i + 1);
      List<Long> own = expected.computeIfAbsent((int) (hash >>> 55), _ -> new ArrayList<>());
      own.addAll(List.of(hash, (long) i, i + 1L));
    }
    batch.newKeys().add(1, 2);
    batch.deadlines().add(3, 4);
    batch.departed().add(5, new byte[] {6, 7});
    write(4, 200, head(9, 300, 1), batch);

    try (DeltaFile file = DeltaFile.open(directory, 4)) {
      assertThat(file).isNotNull();
      for (int partition = 0; partition < DeltaHeader.PARTITIONS; partition++) {
        long[] rows = new long[file.rowCount(partition) * DeltaBuffer.ROW];
        file.rows(partition, rows, 0);
        assertThat(rows)
            .containsExactly(
                expected.getOrDefault(partition, List.of()).stream()
                    .mapToLong(Long::longValue)
                    .toArray());
      }
      assertThat(file.newKeys()).containsExactly(1, 2);
      assertThat(file.deadlines()).containsExactly(3, 4);
      ByteBuffer departed = file.departed();
      assertThat(departed.getLong()).isEqualTo(5);
      assertThat(departed.getInt()).isEqualTo(2);
      assertThat(departed.remaining()).isEqualTo(2);
      assertThat(file.head()).isEqualTo(head(9, 300, 1));
      file.verify();
    }
  }

  private boolean isRefused(byte[] bytes) throws IOException {
    Files.write(place.resolve(FileNames.delta(1)), bytes);
    try (DeltaFile file = DeltaFile.open(directory, 1)) {
      if (file != null) {
        file.verify();
      }
      return false;
    } catch (FormatException _) {
      return true;
    }
  }

  @Test
  void everyBitThatFlipsIsNoticed() throws IOException {
    var batch = nothing();
    for (int i = 0; i < 40; i++) {
      batch.rows().add(random.nextLong(), i, i + 1);
      batch.newKeys().add(random.nextLong(), i);
      batch.deadlines().add(random.nextLong(), i);
      batch.departed().add(random.nextLong(), new byte[i]);
    }
    write(1, 200, head(9, 300, 1), batch);
    byte[] whole = Files.readAllBytes(place.resolve(FileNames.delta(1)));
    assertThat(isRefused(whole)).isFalse();
    for (int position = 0; position < whole.length; position++) {
      if (position == 10 || position == 11) {
        continue; // the minor version
      }
      byte[] damaged = whole.clone();
      damaged[position] ^= (byte) (1 << random.nextInt(8));
      assertThat(isRefused(damaged)).as("position %d", position).isTrue();
    }
    for (int size = 0; size < whole.length; size += 1 + size / 20) {
      assertThat(isRefused(java.util.Arrays.copyOf(whole, size))).as("%d bytes", size).isTrue();
    }
  }

  private int chainLength(CheckpointHeader image) throws IOException {
    Deltas.Chain chain = Deltas.find(directory, image, 1, true, _ -> true, () -> {});
    if (chain == null) {
      return 0;
    }
    chain.deltas().close();
    return chain.deltas().count();
  }

  @Test
  void deltasCountAsFarAsEachGoesOnWhereTheOneBeforeEnds() throws IOException {
    write(1, 200, head(5, 300, 7), nothing());
    write(2, 300, head(6, 400, 7), nothing());
    write(3, 400, head(7, 500, 8), nothing());
    assertThat(chainLength(head(4, 200, 7))).isEqualTo(3);
    assertThat(chainLength(head(4, 201, 7))).isZero(); // of another image
    assertThat(chainLength(head(4, 200, 8))).isZero(); // of an older one, back after a crash
    write(3, 401, head(7, 500, 8), nothing());
    assertThat(chainLength(head(4, 200, 7))).isEqualTo(2);
    directory.delete(FileNames.delta(1));
    assertThat(chainLength(head(4, 200, 7))).isZero();
  }

  @Test
  void theLastDeltaFromWhichReplayCannotGoOnDoesNotCount() throws IOException {
    write(1, 200, head(5, 300, 7), nothing());
    write(2, 300, head(6, 400, 7), nothing());
    Deltas.Chain chain =
        Deltas.find(directory, head(4, 200, 7), 1, true, head -> head.sequence() < 6, () -> {});
    assertThat(chain).isNotNull();
    assertThat(chain.head().sequence()).isEqualTo(5);
    chain.deltas().close();
  }
}
