package dev.larder.benchmarks.jmh;

import dev.larder.benchmarks.workload.Keys;
import dev.larder.benchmarks.workload.Permutation;
import dev.larder.benchmarks.workload.Randoms;
import dev.larder.internal.index.HashIndex;
import dev.larder.internal.index.KeyHash;
import dev.larder.internal.index.KeyReader;
import dev.larder.internal.index.OrderIndex;
import dev.larder.internal.index.Pages;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What finding, inserting and walking cost in the two halves of the index alone. The records that
/// keys are compared with are left out: a record's key follows from its address.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class IndexBenchmark {
  private static final int BUCKET = 1;

  /// Keys whose numbers are one less than their addresses.
  private static final class NumberedKeys implements KeyReader, OrderIndex.Keys {
    private final Keys keys;
    private final KeyHash hash = new KeyHash(42);
    private final Permutation order;

    NumberedKeys(int count) {
      keys = new Keys(Keys.Shape.HEX, 2L * count);
      order = new Permutation(count, 1);
    }

    /// The key that was the so many-th to come.
    void write(long address, byte[] target) {
      keys.write(order.at(address - 1), target);
    }

    long hashOf(byte[] key) {
      return hash.of(BUCKET, key, 0, key.length);
    }

    @Override
    public boolean hasKey(long address, int bucket, byte[] key, int offset, int count) {
      return true; // two of so few keys with the same hash are not to be expected
    }

    @Override
    public long hash(long address) {
      return hashOf(key(address));
    }

    @Override
    public byte[] key(long handle) {
      var key = new byte[Keys.SIZE];
      write(handle, key);
      return key;
    }
  }

  /// A full hash table.
  @State(Scope.Benchmark)
  public static class FullHash {
    /// How many keys it has.
    @Param({"1000000"})
    public int keys;

    private final byte[] key = new byte[Keys.SIZE];
    private final Randoms randoms = new Randoms(1);
    private NumberedKeys reader = new NumberedKeys(1);
    private Pages pages = Pages.onHeap();
    private HashIndex index = HashIndex.create(pages, reader);

    /// Fills it.
    @Setup
    public void fill() {
      pages.close();
      reader = new NumberedKeys(keys);
      pages = Pages.offHeap();
      index = HashIndex.create(pages, reader);
      for (long address = 1; address <= keys; address++) {
        reader.write(address, key);
        index.insert(reader.hashOf(key), address);
      }
    }

    /// Gives its memory back.
    @TearDown
    public void close() {
      pages.close();
    }
  }

  /// A full tree.
  @State(Scope.Benchmark)
  public static class FullTree {
    /// How many keys it has.
    @Param({"1000000"})
    public int keys;

    private Pages pages = Pages.onHeap();
    private OrderIndex index = OrderIndex.create(pages, new NumberedKeys(1));

    /// Fills it, in random order.
    @Setup
    public void fill() {
      pages.close();
      var reader = new NumberedKeys(keys);
      pages = Pages.offHeap();
      index = OrderIndex.create(pages, reader);
      for (long handle = 1; handle <= keys; handle++) {
        index.insert(reader.key(handle), handle);
      }
    }

    /// Gives its memory back.
    @TearDown
    public void close() {
      pages.close();
    }
  }

  /// Both halves, empty, for each time anew.
  @State(Scope.Benchmark)
  public static class Empty {
    /// How many keys will come.
    @Param({"1000000"})
    public int keys;

    private NumberedKeys reader = new NumberedKeys(1);
    private Pages pages = Pages.onHeap();
    private HashIndex hash = HashIndex.create(pages, reader);
    private OrderIndex tree = OrderIndex.create(pages, reader);
    private final byte[] key = new byte[Keys.SIZE];
    private long address;

    /// Empties them.
    @Setup(Level.Iteration)
    public void empty() {
      pages.close();
      reader = new NumberedKeys(keys);
      pages = Pages.offHeap();
      hash = HashIndex.create(pages, reader);
      tree = OrderIndex.create(pages, reader);
      address = 0;
    }

    /// Gives their memory back.
    @TearDown
    public void close() {
      pages.close();
    }
  }

  /// {@return the address of a random key}
  @Benchmark
  public long hashFind(FullHash full) {
    full.reader.write(1 + full.randoms.below(full.keys), full.key);
    return full.index.find(full.reader.hashOf(full.key), BUCKET, full.key, 0, Keys.SIZE);
  }

  /// {@return 0: the key is not there}
  @Benchmark
  public long hashMiss(FullHash full) {
    full.reader.keys.writeAbsent(full.randoms.below(full.keys), full.key);
    return full.index.find(full.reader.hashOf(full.key), BUCKET, full.key, 0, Keys.SIZE);
  }

  /// Inserts keys in random order; begins anew when all are there.
  @Benchmark
  public void hashInsert(Empty empty) {
    if (empty.address == empty.keys) {
      empty.empty();
    }
    long address = ++empty.address;
    empty.reader.write(address, empty.key);
    empty.hash.insert(empty.reader.hashOf(empty.key), address);
  }

  /// {@return whether a key was new; they come in random order}
  @Benchmark
  public boolean treeInsert(Empty empty) {
    if (empty.address == empty.keys) {
      empty.empty();
    }
    long address = ++empty.address;
    return empty.tree.insert(empty.reader.key(address), address);
  }

  /// {@return the sum of the handles of all keys, for one walk over the whole tree}
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public long treeWalk(FullTree full) {
    var handles = new long[256];
    OrderIndex.Walk walk = full.index.walk(null, null, false);
    long sum = 0;
    for (int count = walk.next(handles); count > 0; count = walk.next(handles)) {
      for (int i = 0; i < count; i++) {
        sum += handles[i];
      }
    }
    return sum;
  }
}
