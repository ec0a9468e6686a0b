package dev.larder.benchmarks.jmh;

import dev.larder.benchmarks.workload.Keys;
import dev.larder.benchmarks.workload.Values;
import dev.larder.internal.format.Checksums;
import dev.larder.internal.format.FrameEncoder;
import dev.larder.internal.format.RecordCodec;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.format.RecordHead;
import dev.larder.internal.format.RecordKind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What writing and reading one record costs in bytes alone, without a file and with everything in
/// the processor's caches.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RecordBenchmark {
  private static final int BUCKET = 1;

  /// How many bytes the value has.
  @Param({"100", "1000"})
  public int valueSize;

  private final RecordCodec.Place place =
      new RecordCodec.Place(1, 0, new Checksums(new byte[16], 1), 0);
  private final FrameEncoder encoder = new FrameEncoder();
  private final RecordData data = new RecordData();
  private final RecordHead head = new RecordHead();
  private final byte[] key = new byte[Keys.SIZE];
  private byte[] value = new byte[0];
  private byte[] copy = new byte[0];
  private MemorySegment memory = MemorySegment.ofArray(new byte[0]);

  /// Encodes the record that is read.
  @Setup
  public void fill() {
    value = new byte[valueSize];
    copy = new byte[valueSize];
    new Keys(Keys.Shape.HEX, 1000).write(7, key);
    new Values(valueSize, false).write(7, 0, value);
    encode();
    memory =
        MemorySegment.ofBuffer(
            ByteBuffer.allocateDirect(encoder.size())
                .put(encoder.array(), 0, encoder.size())
                .flip());
    if (!decodeAndVerify()) {
      throw new AssertionError("the record is not what was encoded");
    }
  }

  /// {@return the CRC-32C of a value}
  @Benchmark
  public int checksum() {
    return Checksums.plain(value, 0, value.length);
  }

  /// {@return where a commit of one record begins that was encoded with its checksum}
  @Benchmark
  public long encode() {
    RecordData record =
        data.set(RecordKind.PUT, BUCKET, 1).key(key, 0, key.length).value(value, 0, value.length);
    return encoder.single(place, 0, record, -1, -1);
  }

  /// {@return whether the head of a record in memory was read}
  @Benchmark
  public boolean decode() {
    return head.decode(memory, 0, memory.byteSize(), place);
  }

  /// {@return whether a record was read, its value copied, and its checksum right}
  @Benchmark
  public boolean decodeAndVerify() {
    if (!head.decode(memory, 0, memory.byteSize(), place)) {
      return false;
    }
    MemorySegment.copy(
        memory, ValueLayout.JAVA_BYTE, head.valuePosition(), copy, 0, head.valueSize());
    return head.verify(memory, place, key, 0, copy, 0);
  }
}
