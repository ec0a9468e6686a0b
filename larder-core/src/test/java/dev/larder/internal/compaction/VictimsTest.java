package dev.larder.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bytes;
import dev.larder.internal.compaction.Victims.Figures;
import dev.larder.internal.file.NioStoreDirectory;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.Manifest;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.format.SegmentKind;
import dev.larder.internal.log.Segment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VictimsTest {
  private static final long CAPACITY = 16L << 20;
  private static final long SMALL = 1L << 20;
  private static final Bytes ID = Bytes.wrap(new byte[SegmentHeader.ID_SIZE]);

  @TempDir Path path;
  private final List<Figures> sealed = new ArrayList<>();

  /// A store that is loaded has small segments first and larger and larger ones then. Putting the
  /// small ones together took all the others with it, again and again.
  @Test
  void smallSegmentsArePutTogetherWithoutTheLargeOnesBehindThem() {
    add(SegmentKind.HISTORY, 70, SMALL);
    add(SegmentKind.HISTORY, 20, CAPACITY);

    assertThat(chosen()).isEqualTo(segments(0, 35));
  }

  @Test
  void historyGoesWithoutGapUntilHalfOfTheSmallSegmentsAreInIt() {
    add(SegmentKind.COLD, 2, CAPACITY);
    add(SegmentKind.COLD, 3, SMALL);
    add(SegmentKind.HISTORY, 1, CAPACITY);
    add(SegmentKind.HISTORY, 65, SMALL);
    add(SegmentKind.HISTORY, 3, CAPACITY);

    assertThat(chosen()).isEqualTo(segments(2, 6 + 33));
  }

  @Test
  void fewSmallSegmentsAreLeftAlone() {
    add(SegmentKind.HISTORY, 60, SMALL);

    assertThat(chosen()).isEmpty();
  }

  @Test
  void segmentsOfWhichNothingIsLeftGoBeforeAllOthers() {
    add(SegmentKind.COLD, 1, CAPACITY);
    addEmpty(SegmentKind.COLD, 0);
    addEmpty(SegmentKind.HISTORY, 0);
    addEmpty(SegmentKind.HISTORY, 0);
    add(SegmentKind.HISTORY, 1, CAPACITY);
    addEmpty(SegmentKind.HISTORY, 0); // what is left of history must have no gap

    assertThat(chosen()).isEqualTo(segments(1, 4));
  }

  @Test
  void aSegmentWithATombstoneIsNotEmpty() {
    addEmpty(SegmentKind.HISTORY, 1);

    assertThat(Victims.empty(sealed)).isEmpty();
  }

  /// Entries that were loaded and stayed lay before all that was overwritten after them, and were
  /// more than one run copies: nothing was compacted while they lived, and writers stood still.
  @Test
  void liveHistoryDoesNotKeepTheGarbageBehindItFromGoing() {
    add(SegmentKind.COLD, 2, CAPACITY);
    add(SegmentKind.HISTORY, 9, CAPACITY);
    addHalfDead(SegmentKind.HISTORY, 20);
    Victims first = victims(4 * CAPACITY, Long.MAX_VALUE);

    assertThat(first.choose()).isEqualTo(segments(2, 6));
    assertThat(first.clearsTheWay()).isTrue();

    sealed.subList(2, 11).clear();
    Victims last = victims(4 * CAPACITY, 2 * CAPACITY);
    assertThat(last.choose()).isEqualTo(segments(2, 7));
  }

  @Test
  void liveHistoryWithLittleGarbageBehindItIsLeftAlone() {
    add(SegmentKind.HISTORY, 20, CAPACITY);
    addHalfDead(SegmentKind.HISTORY, 5);
    Victims victims = victims(4 * CAPACITY, Long.MAX_VALUE);

    assertThat(victims.choose()).isEmpty();
    assertThat(victims.clearsTheWay()).isFalse();
  }

  @Test
  void noMoreIsRewrittenThanGivesBackWhatIsWanted() {
    add(SegmentKind.COLD, 1, CAPACITY);
    addHalfDead(SegmentKind.COLD, 20);

    assertThat(victims(1L << 30, CAPACITY).choose()).hasSize(3); // a little of half is overhead
    assertThat(victims(1L << 30, Long.MAX_VALUE).choose()).hasSize(20);
  }

  @Test
  void whatCostsNothingGoesBeyondWhatIsWanted() {
    addHalfDead(SegmentKind.HISTORY, 1);
    addEmpty(SegmentKind.HISTORY, 0);
    addEmpty(SegmentKind.HISTORY, 0);
    addHalfDead(SegmentKind.HISTORY, 1);
    addEmpty(SegmentKind.HISTORY, 0);

    assertThat(victims(1L << 30, 1).choose()).isEqualTo(segments(0, 3));
  }

  private List<Segment> chosen() {
    return victims(1L << 30, Long.MAX_VALUE).choose();
  }

  private Victims victims(long budget, long gainWanted) {
    return new Victims(sealed, budget, CAPACITY, gainWanted, false);
  }

  private List<Segment> segments(int from, int to) {
    return sealed.subList(from, to).stream().map(Figures::segment).toList();
  }

  private void add(SegmentKind kind, int count, long size) {
    for (int i = 0; i < count; i++) {
      sealed.add(new Figures(segment(kind, size), size, size, 0, 0));
    }
  }

  private void addHalfDead(SegmentKind kind, int count) {
    for (int i = 0; i < count; i++) {
      sealed.add(new Figures(segment(kind, CAPACITY), CAPACITY, CAPACITY / 2, 0, 0));
    }
  }

  private void addEmpty(SegmentKind kind, long tombstoneSequence) {
    sealed.add(new Figures(segment(kind, CAPACITY), CAPACITY, 0, 0, tombstoneSequence));
  }

  private Segment segment(SegmentKind kind, long size) {
    StoreDirectory directory = NioStoreDirectory.of(path);
    int number = sealed.size() + 1;
    var header = new SegmentHeader(ID, number, kind, ID, 1, number, 0, 0);
    var info =
        new Manifest.SegmentInfo(
            number, kind, true, ID, number, number, 0, size, Manifest.SegmentInfo.NO_HASH);
    return Segment.openSealed(directory, header, info);
  }
}
