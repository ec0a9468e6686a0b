package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LarderExceptionTest {
  private static final Path PLACE = Path.of("some", "place");
  private final IOException cause = new IOException("no");

  @Test
  void keysThatExistAreNamed() {
    var one = new KeyExistsException(List.of("a"), List.of());
    assertThat(one).hasMessage("\"a\" exists already");
    assertThat(one.existing()).containsExactly("a");
    assertThat(one.repeated()).isEmpty();
    assertThat(new KeyExistsException(List.of("a", "b"), List.of()))
        .hasMessage("\"a\", \"b\" exist already");
    assertThat(new KeyExistsException(List.of(), List.of("c")))
        .hasMessage("\"c\" is given more than once");
    var both = new KeyExistsException(List.of("a"), List.of("c", "d"));
    assertThat(both).hasMessage("\"a\" exists already; \"c\", \"d\" are given more than once");
    assertThat(both.repeated()).containsExactly("c", "d");
  }

  @Test
  void keysThatDoNotExistAreNamed() {
    assertThat(new KeyNotFoundException(List.of("a"))).hasMessage("\"a\" does not exist");
    var many = new KeyNotFoundException(IntStream.range(0, 12).mapToObj(i -> "k" + i).toList());
    assertThat(many.getMessage()).endsWith("\"k9\" and 2 more do not exist");
    assertThat(many.keys()).hasSize(12);
  }

  @Test
  void aKeyThatExpiredIsNamedWithItsDeadline() {
    Instant deadline = Instant.parse("2026-03-01T12:00:00.005Z");
    var expired = new KeyExpiredException("a", deadline);
    assertThat(expired)
        .isInstanceOf(KeyNotFoundException.class)
        .hasMessage("\"a\" expired at 2026-03-01T12:00:00.005Z");
    assertThat(expired.deadline()).isEqualTo(deadline);
    assertThat(expired.keys()).containsExactly("a");
  }

  @Test
  void aConflictNamesBothVersions() {
    var conflict = new VersionConflictException("a", 3, 7);
    assertThat(conflict).hasMessage("\"a\" has version 7, not version 3");
    assertThat(conflict.key()).isEqualTo("a");
    assertThat(conflict.expected()).isEqualTo(3);
    assertThat(conflict.present()).isEqualTo(7);
    assertThat(new VersionConflictException("a", 3, 0))
        .hasMessage("\"a\" has no entry, not version 3");
  }

  @Test
  void limitsSayWhatWasGivenAndWhatIsAllowed() {
    var key = new KeyTooLongException("abc", 33, 32, "characters");
    assertThat(key).hasMessage("key \"abc\" has 33 characters, at most 32 are allowed");
    assertThat(key.size()).isEqualTo(33);
    assertThat(key.limit()).isEqualTo(32);
    var value = new ValueTooLargeException("abc", 16_385, 16_384);
    assertThat(value)
        .hasMessage("the value of \"abc\" takes 16,385 bytes, at most 16,384 are allowed");
    assertThat(value.size()).isEqualTo(16_385);
    assertThat(value.limit()).isEqualTo(16_384);
    var batch = new BatchTooLargeException(11, 10, "entries");
    assertThat(batch).hasMessage("one commit was to have 11 entries, at most 10 are allowed");
    assertThat(batch.size()).isEqualTo(11);
    assertThat(batch.limit()).isEqualTo(10);
  }

  @Test
  void placesAreNamed() {
    var notFound = new StoreNotFoundException(PLACE);
    assertThat(notFound).hasMessage("no store at %s; the first write creates it", PLACE);
    assertThat(notFound.location()).isEqualTo(PLACE);
    var notAStore = new NotAStoreException(PLACE, "is a file");
    assertThat(notAStore).hasMessage("%s is a file", PLACE).hasNoCause();
    assertThat(notAStore.location()).isEqualTo(PLACE);
    assertThat(new NotAStoreException(PLACE, "is a file", cause)).hasCause(cause);
    assertThat(new UnsupportedVersionException(PLACE, "format 3", "format 1"))
        .hasMessage("%s needs format 3; this release reads format 1", PLACE);
  }

  @Test
  void damageIsNamedWithFilePositionAndReason() {
    var corruption = new CorruptionException(PLACE, 4096, "the checksum does not fit");
    assertThat(corruption)
        .hasMessage("%s is damaged at position 4096: the checksum does not fit", PLACE);
    assertThat(corruption.file()).isEqualTo(PLACE);
    assertThat(corruption.position()).isEqualTo(4096);
    assertThat(corruption.reason()).isEqualTo("the checksum does not fit");
    assertThatThrownBy(() -> new CorruptionException(PLACE, -1, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("position must not be negative: -1");
  }

  @Test
  void errorsOfTheWorldKeepTheirCause() {
    assertThat(new StoreFullException("full", cause)).hasMessage("full").hasCause(cause);
    assertThat(new StoreFullException("full", null)).hasNoCause();
    assertThat(new StoreIoException("refused", cause)).hasMessage("refused").hasCause(cause);
    assertThat(new StoreFailedException("failed", cause)).hasMessage("failed").hasCause(cause);
    assertThat(new CommitUnknownException("who knows", cause))
        .hasMessage("who knows")
        .hasCause(cause);
    assertThat(new CodecException("odd", cause)).hasMessage("odd").hasCause(cause);
    assertThat(new CodecException("odd")).hasMessage("odd").hasNoCause();
    assertThat(new StoreLockedException("locked")).hasMessage("locked");
    assertThat(new StoreClosedException("closed")).hasMessage("closed");
  }

  @Test
  void keysInMessagesAreEscapedAndCut() {
    String key = "\u001b[2J" + "x".repeat(500);
    for (LarderException e :
        List.of(
            new KeyNotFoundException(List.of(key)),
            new KeyExistsException(List.of(key), List.of(key)),
            new KeyExpiredException(key, Instant.EPOCH),
            new VersionConflictException(key, 1, 2),
            new KeyTooLongException(key, 504, 32, "characters"),
            new ValueTooLargeException(key, 2, 1))) {
      assertThat(e.getMessage()).contains("\"\\u{1b}[2Jxxx").doesNotContain("\u001b");
      assertThat(e.getMessage().length()).isLessThan(420);
    }
  }

  static Stream<LarderException> allWithFields() {
    return Stream.of(
        new KeyNotFoundException(List.of("a")),
        new KeyExistsException(List.of("a"), List.of("b")),
        new KeyExpiredException("a", Instant.EPOCH),
        new VersionConflictException("a", 1, 2),
        new StoreNotFoundException(PLACE),
        new NotAStoreException(PLACE, "is a file"),
        new CorruptionException(PLACE, 1, "x"));
  }

  @ParameterizedTest
  @MethodSource("allWithFields")
  void exceptionsCanBeSerialized(LarderException exception) throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(exception);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat((Throwable) in.readObject())
          .hasSameClassAs(exception)
          .hasMessage(exception.getMessage());
    }
  }
}
