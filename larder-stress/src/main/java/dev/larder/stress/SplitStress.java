package dev.larder.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.larder.internal.index.HashIndex;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.index.KeyReader;
import dev.larder.internal.index.Pages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Looks again and again for two keys of the hash index while their table is split: one goes to the
/// new table, the other moves home.
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "never missed")
@Outcome(expect = FORBIDDEN, desc = "missed, or another")
@State
public class SplitStress {
  private static final int BUCKET = 7;
  private static final int LOOKS = 200;

  /// Keys of one line, as many as there is a place for.
  private static final int CROWD = 64;

  /// So many that the table is split when there is no place for one more.
  private static final int COUNT = 7_100;

  private static final int TABLE_PAGES = 64;

  /// Keys are their own addresses.
  private static final KeyReader KEYS =
      new KeyReader() {
        @Override
        public boolean hasKey(long address, int bucket, byte[] key, int offset, int count) {
          return address == ByteBuffer.wrap(key, offset, count).getLong();
        }

        @Override
        public long hash(long address) {
          throw new UnsupportedOperationException();
        }

        @Override
        public byte[] key(long address) {
          throw new UnsupportedOperationException();
        }
      };

  /// An index that will split its table, to begin with copies of it.
  private static final class Template {
    private final int metaPage;
    private final int[] freeRuns;
    private final int pageCount;
    private final MemorySegment bytes;

    Template() {
      try (Pages pages = Pages.offHeap()) {
        int spare = pages.allocate(TABLE_PAGES);
        HashIndex index = HashIndex.create(pages, KEYS);
        for (int key = 1; key <= COUNT; key++) {
          index.insert(hash(key), key);
        }
        pages.free(spare, TABLE_PAGES);
        metaPage = index.metaPage();
        freeRuns = pages.freeRuns();
        pageCount = pages.pageCount();
        bytes = Arena.global().allocate((long) pageCount * Pages.PAGE_SIZE, 64);
        Pages.Saver saver =
            (page, memory, offset) ->
                MemorySegment.copy(
                    memory, offset, bytes, (long) page * Pages.PAGE_SIZE, Pages.PAGE_SIZE);
        try (Pages.Capture capture = pages.capture(saver)) {
          for (int page = 0; page < pageCount; page++) {
            capture.save(page);
          }
        }
      }
    }

    /// {@return an index in some memory}
    HashIndex copyTo(MemorySegment memory) {
      MemorySegment.copy(bytes, 0, memory, 0, bytes.byteSize());
      Pages.Image image =
          new Pages.Image() {
            @Override
            public int pageCount() {
              return pageCount;
            }

            @Override
            public MemorySegment chunk(int number) {
              return memory.asSlice((long) number * Pages.CHUNK_SIZE, Pages.CHUNK_SIZE);
            }
          };
      return HashIndex.open(Pages.over(image, freeRuns), KEYS, metaPage);
    }

    private MemorySegment memory() {
      int chunks = (pageCount + Pages.CHUNK_PAGES - 1) / Pages.CHUNK_PAGES;
      return Arena.global().allocate((long) chunks * Pages.CHUNK_SIZE, 64);
    }
  }

  private static final Template TEMPLATE = new Template();
  private static final Supply<MemorySegment> SUPPLY = new Supply<>(TEMPLATE::memory);

  private final MemorySegment memory = SUPPLY.take();
  private final HashIndex index = TEMPLATE.copyTo(memory);

  private static long hash(long key) {
    boolean isInCrowd = key <= CROWD || key > COUNT;
    return isInCrowd ? key << 63 | key << 20 : (key * 0x9e3779b97f4a7c15L | 0x800) >>> 1;
  }

  @Actor
  public void write() {
    index.insert(hash(COUNT + 1), COUNT + 1);
  }

  @Actor
  public void read(II_Result r) {
    for (int i = 0; i < LOOKS; i++) {
      r.r1 += find(CROWD - 1) ? 0 : 1;
      r.r2 += find(CROWD) ? 0 : 1;
    }
  }

  private boolean find(long key) {
    byte[] bytes = IndexKey.of(BUCKET, ByteBuffer.allocate(Long.BYTES).putLong(key).array());
    return index.find(hash(key), bytes) == key;
  }

  @Arbiter
  public void giveBack(II_Result r) {
    SUPPLY.giveBack(memory);
  }
}
