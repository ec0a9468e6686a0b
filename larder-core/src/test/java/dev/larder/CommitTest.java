package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The waist's records: commits, what becomes of them, and figures.
class CommitTest {
  private static final Bytes KEY = Bytes.ofUtf8("k");

  @Test
  void aCommitCopiesItsLists() {
    var mutations = new ArrayList<Mutation>();
    mutations.add(new Mutation.Remove("b", KEY));
    var preconditions = new ArrayList<Precondition>();
    preconditions.add(new Precondition.Present("b", KEY));
    var commit = new Commit(preconditions, mutations, null);
    mutations.clear();
    preconditions.clear();
    assertThat(commit.mutations()).hasSize(1);
    assertThat(commit.preconditions()).hasSize(1);
  }

  @Test
  void aCommitChangesEachKeyOfABucketAtMostOnce() {
    Mutation remove = new Mutation.Remove("b", KEY);
    Mutation renew = new Mutation.Renew("b", KEY, Expiry.never());
    assertThatThrownBy(() -> new Commit(List.of(), List.of(remove, renew), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a commit changes each key at most once; bucket \"b\", key 0x6b comes twice");
    var elsewhere = new Mutation.Remove("c", KEY);
    assertThat(new Commit(List.of(), List.of(remove, elsewhere), null).mutations()).hasSize(2);
  }

  @Test
  void aCommitWithoutADurabilityTakesTheStores() {
    assertThat(new Commit(List.of(), List.of(), null).durabilityOr(Durability.OS))
        .isEqualTo(Durability.OS);
    assertThat(new Commit(List.of(), List.of(), Durability.NONE).durabilityOr(Durability.OS))
        .isEqualTo(Durability.NONE);
  }

  @Test
  void aVersionThatNoEntryHasIsAMistake() {
    assertThatThrownBy(() -> new Precondition.VersionIs("b", KEY, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a version is at least 1, not 0");
  }

  @Test
  void aConflictTellsExpiredFromAbsentAndLive() {
    var present = new Precondition.Present("b", KEY);
    assertThat(new CommitResult.Conflict(present, 0, 5).isExpired()).isTrue();
    assertThat(new CommitResult.Conflict(present, 0, Expiry.NO_DEADLINE).isExpired()).isFalse();
    assertThat(new CommitResult.Conflict(present, 3, 5).isExpired()).isFalse();
  }

  @Test
  void theSpaceOfADirectoryIsTheSumOfItsParts() {
    var parts = new EnumMap<Statistics.Part, Long>(Statistics.Part.class);
    long bytes = 1;
    for (Statistics.Part part : Statistics.Part.values()) {
      parts.put(part, bytes);
      bytes *= 2;
    }
    var space = new Statistics.Space(parts, 0, 100_000, 90_000, 1);
    parts.clear();
    assertThat(space.directoryBytes()).isEqualTo(bytes - 1);
    assertThat(space.parts().keySet()).containsExactly(Statistics.Part.values());
    assertThatThrownBy(() -> space.parts().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void everyPartOfADirectoryHasBytesIfOnlyNone() {
    var space = new Statistics.Space(Map.of(Statistics.Part.LIVE, 3L), 0, 10, 9, 0);
    assertThat(space.liveBytes()).isEqualTo(3);
    assertThat(space.parts()).hasSize(Statistics.Part.values().length);
    assertThat(space.directoryBytes()).isEqualTo(3);
    Map<Statistics.Part, Long> tooLittle = Map.of(Statistics.Part.AHEAD, -1L);
    assertThatThrownBy(() -> new Statistics.Space(tooLittle, 0, 10, 9, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-1 bytes for AHEAD");
  }

  @Test
  void anIndexWithoutKeysTakesNothingForAKey() {
    assertThat(new Statistics.IndexMemory(0, 4096, 0, 0, 0).bytesPerKey()).isZero();
    assertThat(new Statistics.IndexMemory(10, 100, 200, 30, 7).bytesPerKey()).isEqualTo(33);
  }

  @Test
  void aReportIsSoundWhereNothingIsWrong() {
    assertThat(new VerifyReport(1, 1, 1, 1, List.of(), List.of("a torn tail")).isSound()).isTrue();
    var finding = new VerifyReport.Finding("000001.segment", 7, "a checksum");
    assertThat(new VerifyReport(1, 1, 1, 1, List.of(finding), List.of()).isSound()).isFalse();
  }
}
