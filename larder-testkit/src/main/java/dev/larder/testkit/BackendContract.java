package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Backend;
import dev.larder.BackendCursor;
import dev.larder.BackendSnapshot;
import dev.larder.Bytes;
import dev.larder.Commit;
import dev.larder.CommitResult;
import dev.larder.CommitResult.Committed;
import dev.larder.CommitResult.Conflict;
import dev.larder.CommitResult.Rejected;
import dev.larder.Durability;
import dev.larder.Expiry;
import dev.larder.KeyRange;
import dev.larder.Lookup;
import dev.larder.Mutation;
import dev.larder.Mutation.Put;
import dev.larder.Mutation.Remove;
import dev.larder.Mutation.Renew;
import dev.larder.Precondition;
import dev.larder.Precondition.Absent;
import dev.larder.Precondition.Present;
import dev.larder.Precondition.VersionIs;
import dev.larder.StoreClosedException;
import dev.larder.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The two doors of a backend, commit and snapshot, beyond what the verbs of [StoreContract] can
/// reach: commits over several buckets, preconditions on keys that stay as they are, and snapshots
/// that are asked for single keys.
@SuppressWarnings("NullAway.Init") // JUnit sets what is needed before each test
public abstract class BackendContract {
  private static final Bytes A = Bytes.ofUtf8("a");
  private static final Bytes B = Bytes.ofUtf8("b");
  private static final Bytes C = Bytes.ofUtf8("c");
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir private Path directory;

  private final ManualClock clock = new ManualClock();
  private Backend backend;

  /// For subclasses; JUnit makes an instance for each test.
  protected BackendContract() {}

  /// Opens the backend where nothing is yet.
  ///
  /// @param location where; its parent exists. A backend without a location ignores it
  /// @param options how
  /// @return the open backend
  protected abstract Backend open(Path location, StoreOptions options);

  @BeforeEach
  final void openBackend() {
    StoreOptions options =
        StoreOptions.defaults().withTimeSource(clock).withDurability(Durability.OS);
    backend = open(directory.resolve("backend"), options);
    commit(put("foundation", A, "stone"));
  }

  @AfterEach
  final void closeBackend() {
    backend.close();
  }

  private static Mutation put(String bucket, Bytes key, String value) {
    return new Put(bucket, key, Bytes.ofUtf8(value), Expiry.never());
  }

  private static Mutation put(String bucket, Bytes key, String value, Duration ttl) {
    return new Put(bucket, key, Bytes.ofUtf8(value), Expiry.after(ttl));
  }

  private CommitResult commit(List<Precondition> preconditions, Mutation... mutations) {
    return backend.commit(new Commit(preconditions, List.of(mutations), null));
  }

  private long commit(Mutation... mutations) {
    return version(commit(List.of(), mutations));
  }

  private static long version(CommitResult result) {
    assertThat(result).isInstanceOf(Committed.class);
    return result instanceof Committed(long version) ? version : 0;
  }

  private static Lookup live(String value, long version) {
    return new Lookup.Live(Bytes.ofUtf8(value), version, Expiry.NO_DEADLINE);
  }

  private static List<String> keys(BackendSnapshot snapshot, String bucket, KeyRange range) {
    var keys = new ArrayList<String>();
    try (BackendCursor cursor = snapshot.cursor(bucket, range)) {
      while (cursor.next()) {
        keys.add(cursor.key().toUtf8());
      }
      assertThat(cursor.next()).isFalse();
    }
    return keys;
  }

  @Test
  void oneCommitChangesSeveralBucketsWithOneVersion() {
    commit(put("two", B, "old"));
    long version = commit(put("one", A, "1"), put("two", A, "2"), new Remove("two", B));
    assertThat(backend.find("one", A)).isEqualTo(live("1", version));
    assertThat(backend.find("two", A)).isEqualTo(live("2", version));
    assertThat(backend.find("two", B)).isEqualTo(Lookup.Absent.INSTANCE);
  }

  @Test
  void onePreconditionThatFailsInAnotherBucketSpoilsTheWholeCommit() {
    CommitResult result =
        commit(
            List.of(new Absent("one", A), new Present("two", A)),
            put("one", A, "1"),
            put("three", A, "3"));
    assertThat(result).isInstanceOf(Rejected.class);
    assertThat(backend.find("one", A)).isEqualTo(Lookup.Absent.INSTANCE);
    try (BackendSnapshot snapshot = backend.snapshot()) {
      assertThat(snapshot.buckets()).containsExactly("foundation");
    }
  }

  @Test
  void everyPreconditionThatFailsIsReportedInTheOrderGivenWithWhatStoodThere() {
    long version = commit(put("one", A, "1"), put("one", B, "1", Duration.ofMinutes(1)));
    long deadlineMillis = clock.wallMillis() + 60_000;
    commit(put("one", C, "1", SECOND));
    clock.advance(SECOND);
    Precondition absent = new Absent("one", A);
    Precondition wrongVersion = new VersionIs("one", B, version + 7);
    Precondition expired = new Present("one", C);
    Precondition missing = new Present("two", A);
    CommitResult result =
        commit(
            List.of(
                missing,
                new Present("one", A),
                expired,
                wrongVersion,
                new VersionIs("one", A, version),
                absent,
                new Absent("one", C)),
            put("one", A, "2"));
    assertThat(result)
        .isEqualTo(
            new Rejected(
                List.of(
                    new Conflict(missing, 0, Expiry.NO_DEADLINE),
                    new Conflict(expired, 0, clock.wallMillis()),
                    new Conflict(wrongVersion, version, deadlineMillis),
                    new Conflict(absent, version, Expiry.NO_DEADLINE))));
    assertThat(backend.find("one", A)).isEqualTo(live("1", version));
  }

  @Test
  void preconditionsMayBeAboutKeysThatStayAsTheyAre() {
    long version = commit(put("one", A, "1"));
    List<Precondition> preconditions =
        List.of(new VersionIs("one", A, version), new Absent("two", C));
    long next = version(commit(preconditions, put("one", B, "2")));
    assertThat(backend.find("one", A)).isEqualTo(live("1", version));
    assertThat(backend.find("one", B)).isEqualTo(live("2", next));
  }

  @Test
  void aCommitWithoutMutationsOnlyJudges() {
    long version = commit(put("one", A, "1"));
    assertThat(commit(List.of(new Present("one", A)))).isEqualTo(new Committed(version));
    assertThat(commit(List.of())).isEqualTo(new Committed(version));
    assertThat(commit(List.of(new Absent("one", A)))).isInstanceOf(Rejected.class);
    assertThat(backend.statistics().version()).isEqualTo(version);
  }

  @Test
  void renewingWhatIsNotThereDoesNothing() {
    commit(put("one", B, "1", SECOND));
    clock.advance(SECOND);
    commit(new Renew("one", A, Expiry.never()), new Renew("one", B, Expiry.never()));
    assertThat(backend.find("one", A)).isEqualTo(Lookup.Absent.INSTANCE);
    assertThat(backend.find("one", B)).isInstanceOf(Lookup.Expired.class);
  }

  @Test
  void renewingLeavesTheValue() {
    commit(put("one", A, "1"));
    long version = commit(new Renew("one", A, Expiry.after(SECOND)));
    assertThat(backend.find("one", A))
        .isEqualTo(new Lookup.Live(Bytes.ofUtf8("1"), version, clock.wallMillis() + 1000));
  }

  @Test
  void removingWhatIsNotThereIsNoMistake() {
    commit(new Remove("one", A), put("one", B, "1"));
    assertThat(backend.find("one", A)).isEqualTo(Lookup.Absent.INSTANCE);
    assertThat(backend.find("one", B)).isInstanceOf(Lookup.Live.class);
  }

  @Test
  void theDurabilityOfACommitIsItsOwnOrTheStores() {
    for (Durability level :
        List.of(Durability.SYNC, Durability.batched(5, SECOND), Durability.OS, Durability.NONE)) {
      var commit = new Commit(List.of(), List.of(put("one", A, "1")), level);
      assertThat(version(backend.commit(commit))).isPositive();
    }
  }

  @Test
  void aSnapshotStaysAsItWas() {
    long version = commit(put("one", A, "1"), put("one", B, "1"));
    try (BackendSnapshot snapshot = backend.snapshot()) {
      commit(put("one", A, "2"), new Remove("one", B), put("one", C, "2"), put("new", A, "2"));
      assertThat(snapshot.version()).isEqualTo(version);
      assertThat(snapshot.find("one", A)).isEqualTo(live("1", version));
      assertThat(snapshot.find("one", B)).isEqualTo(live("1", version));
      assertThat(snapshot.find("one", C)).isEqualTo(Lookup.Absent.INSTANCE);
      assertThat(snapshot.find("new", A)).isEqualTo(Lookup.Absent.INSTANCE);
      assertThat(keys(snapshot, "one", KeyRange.ALL)).containsExactly("a", "b");
      assertThat(keys(snapshot, "new", KeyRange.ALL)).isEmpty();
      assertThat(snapshot.buckets()).containsExactly("foundation", "one");
    }
    assertThat(backend.find("one", C)).isInstanceOf(Lookup.Live.class);
  }

  @Test
  void onlyTimeGoesOnInASnapshot() {
    commit(put("one", A, "1", SECOND), put("one", B, "1"));
    try (BackendSnapshot snapshot = backend.snapshot()) {
      assertThat(snapshot.find("one", A)).isInstanceOf(Lookup.Live.class);
      clock.advance(SECOND);
      assertThat(snapshot.find("one", A)).isNotInstanceOf(Lookup.Live.class);
      assertThat(keys(snapshot, "one", KeyRange.ALL)).containsExactly("b");
    }
  }

  @Test
  void aLookupTellsExpiredFromAbsent() {
    commit(put("one", A, "1", SECOND));
    Instant deadline = clock.now().plus(SECOND);
    clock.advance(SECOND);
    assertThat(backend.find("one", A)).isEqualTo(new Lookup.Expired(deadline.toEpochMilli()));
    try (BackendSnapshot snapshot = backend.snapshot()) {
      assertThat(snapshot.find("one", A)).isEqualTo(new Lookup.Expired(deadline.toEpochMilli()));
      assertThat(snapshot.find("one", B)).isEqualTo(Lookup.Absent.INSTANCE);
      assertThat(snapshot.find("no such bucket", A)).isEqualTo(Lookup.Absent.INSTANCE);
    }
    backend.purgeExpired();
    assertThat(backend.find("one", A)).isEqualTo(Lookup.Absent.INSTANCE);
  }

  @Test
  void aCursorGivesEverythingOfAnEntry() {
    long version = commit(put("one", A, "1", SECOND));
    try (BackendSnapshot snapshot = backend.snapshot();
        BackendCursor cursor = snapshot.cursor("one", KeyRange.ALL)) {
      commit(put("one", A, "2"));
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.key()).isEqualTo(A);
      assertThat(cursor.value()).isEqualTo(Bytes.ofUtf8("1"));
      assertThat(cursor.version()).isEqualTo(version);
      assertThat(cursor.deadlineMillis()).isEqualTo(clock.wallMillis() + 1000);
      assertThat(cursor.next()).isFalse();
    }
  }

  @Test
  void aCursorKeepsToItsRange() {
    commit(put("one", A, "1"), put("one", B, "1"), put("one", C, "1"));
    try (BackendSnapshot snapshot = backend.snapshot()) {
      assertThat(keys(snapshot, "one", new KeyRange(B, null, false, 9))).containsExactly("b", "c");
      assertThat(keys(snapshot, "one", new KeyRange(null, C, true, 9))).containsExactly("b", "a");
      assertThat(keys(snapshot, "one", new KeyRange(null, null, true, 1))).containsExactly("c");
      assertThat(keys(snapshot, "one", new KeyRange(A, C, false, 1))).containsExactly("a");
      assertThat(keys(snapshot, "one", new KeyRange(Bytes.EMPTY, null, false, 9))).hasSize(3);
      assertThat(keys(snapshot, "one", new KeyRange(null, Bytes.EMPTY, false, 9))).isEmpty();
      assertThat(keys(snapshot, "one", new KeyRange(C, A, true, 9))).isEmpty();
    }
  }

  @Test
  void severalCursorsOfASnapshotAreIndependent() {
    commit(put("one", A, "1"), put("one", B, "1"));
    try (BackendSnapshot snapshot = backend.snapshot();
        BackendCursor first = snapshot.cursor("one", KeyRange.ALL);
        BackendCursor second = snapshot.cursor("one", KeyRange.ALL)) {
      assertThat(first.next()).isTrue();
      assertThat(first.next()).isTrue();
      assertThat(second.next()).isTrue();
      assertThat(first.key()).isEqualTo(B);
      assertThat(second.key()).isEqualTo(A);
    }
  }

  @Test
  void whatIsClosedRefuses() {
    BackendSnapshot snapshot = backend.snapshot();
    BackendCursor cursor = snapshot.cursor("foundation", KeyRange.ALL);
    cursor.close();
    cursor.close();
    assertThatThrownBy(cursor::next).isInstanceOf(StoreClosedException.class);
    snapshot.close();
    snapshot.close();
    assertThatThrownBy(() -> snapshot.find("foundation", A))
        .isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(() -> snapshot.cursor("foundation", KeyRange.ALL))
        .isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(snapshot::buckets).isInstanceOf(StoreClosedException.class);
    assertThat(backend.statistics().openSnapshots()).isZero();
  }

  @Test
  void aClosedBackendClosesWhatIsOpen() {
    BackendSnapshot snapshot = backend.snapshot();
    BackendCursor cursor = snapshot.cursor("foundation", KeyRange.ALL);
    backend.close();
    backend.close();
    assertThatThrownBy(cursor::next).isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(() -> snapshot.find("foundation", A))
        .isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(() -> backend.find("foundation", A))
        .isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(backend::snapshot).isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(() -> commit(put("one", A, "1"))).isInstanceOf(StoreClosedException.class);
    cursor.close();
    snapshot.close();
  }
}
