package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
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
    var space = new Statistics.Space(1, 2, 4, 8, 16, 32, 64, 1000, 900, 1);
    assertThat(space.directoryBytes()).isEqualTo(127);
    var statistics = new Statistics("log", 1, 1, 0, 0, 0, space, Map.of("commits", 1L));
    assertThat(statistics.counters()).containsOnlyKeys("commits");
  }

  @Test
  void aReportIsSoundWhereNothingIsWrong() {
    assertThat(new VerifyReport(1, 1, 1, 1, List.of(), List.of("a torn tail")).isSound()).isTrue();
    var finding = new VerifyReport.Finding("000001.segment", 7, "a checksum");
    assertThat(new VerifyReport(1, 1, 1, 1, List.of(finding), List.of()).isSound()).isFalse();
  }
}
