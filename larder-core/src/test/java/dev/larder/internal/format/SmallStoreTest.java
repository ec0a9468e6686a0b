package dev.larder.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Backend;
import dev.larder.Bytes;
import dev.larder.Expiry;
import dev.larder.Lookup;
import dev.larder.VerifyReport;
import dev.larder.internal.engine.LogStoreProvider;
import dev.larder.internal.file.NioStoreDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The complete store at the end of `docs/FILE_FORMAT.md` is what the engine writes, and the engine
/// opens what stands there. With `-Dformat.write=true` the document is written anew first.
class SmallStoreTest {
  private static final Pattern LINE =
      Pattern.compile(" *(\\d+)  (?:zeros up to (\\d+)|([0-9a-f]{2}(?: [0-9a-f]{2})*))(?:  .*)?");

  @TempDir Path path;

  @BeforeAll
  static void writeTheDocumentIfAsked(@TempDir Path path) throws IOException {
    if (Boolean.getBoolean("format.write")) {
      List<String> explained = explained(path);
      var lines = new ArrayList<>(linesBefore());
      lines.addAll(explained);
      Files.write(FormatDocument.path(), lines);
    }
  }

  private static List<String> explained(Path path) throws IOException {
    new SmallStore(path).write();
    FormatDocument document = FormatDocument.read();
    var lines = new ArrayList<>(new StoreDump(document, path).explain());
    lines.addAll(StoreDump.explainCheckpoint(document, SmallStore.checkpoint()));
    return lines;
  }

  /// {@return the lines of the document that are written by hand}
  private static List<String> linesBefore() throws IOException {
    List<String> lines = Files.readAllLines(FormatDocument.path());
    return lines.subList(0, lines.indexOf(FormatDocument.GENERATED) + 1);
  }

  @Test
  void documentShowsWhatTheEngineWrites() throws IOException {
    List<String> lines = Files.readAllLines(FormatDocument.path());
    assertThat(lines.subList(linesBefore().size(), lines.size()))
        .as("the small store of docs/FILE_FORMAT.md; -Dformat.write=true accepts a change")
        .isEqualTo(explained(path));
  }

  @Test
  void storeHasNoFilesButThoseOfTheDocument() throws IOException {
    new SmallStore(path).write();
    try (Stream<Path> files = Files.list(path)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "LOCK", "CONTROL", "MANIFEST", "0000000002.segment", "0000000003.segment");
    }
  }

  @Test
  void storeInTheDocumentIsOpened() throws IOException {
    writeWhatTheDocumentShows();
    requireContent();
  }

  @Test
  void storeInTheDocumentIsTheSameWithACheckpoint() throws IOException {
    writeWhatTheDocumentShows();
    writeCheckpoint();
    requireContent();
    assertThat(path.resolve(FileNames.CHECKPOINT)).exists();
  }

  @Test
  void checkpointOfTheEngineIsWhatTheTablesSay() throws IOException {
    writeWhatTheDocumentShows();
    writeCheckpoint();
    byte[] file = Files.readAllBytes(path.resolve(FileNames.CHECKPOINT));
    assertThat(StoreDump.explainCheckpoint(FormatDocument.read(), file))
        .anyMatch(line -> line.endsWith(" store id"))
        .anyMatch(line -> line.endsWith(" sequence: 7"))
        .anyMatch(line -> line.endsWith(" replay segment: 2"))
        .anyMatch(line -> line.endsWith(" entry count: 2"))
        .anyMatch(line -> line.endsWith(" remembered count: 1"))
        .anyMatch(line -> line.endsWith(" segment number: 3"))
        .anyMatch(line -> line.endsWith(" name: \"fruit\""));
  }

  private void writeCheckpoint() {
    var store = new SmallStore(path);
    store.skipToEnd();
    try (Backend backend = store.open()) {
      backend.checkpoint();
    }
  }

  private void requireContent() {
    var store = new SmallStore(path);
    store.skipToEnd();
    VerifyReport report = LogStoreProvider.verify(NioStoreDirectory.of(path), store.options());
    assertThat(report.findings()).isEmpty();
    assertThat(report.remarks()).isEmpty();
    try (Backend backend = store.open()) {
      assertThat(find(backend, "apple"))
          .isEqualTo(new Lookup.Live(Bytes.ofUtf8("brown"), 7, Expiry.NO_DEADLINE));
      assertThat(find(backend, "plum"))
          .isEqualTo(new Lookup.Live(Bytes.ofUtf8("blue"), 3, Expiry.NO_DEADLINE));
      assertThat(find(backend, "fig")).isEqualTo(Lookup.Absent.INSTANCE);
      assertThat(find(backend, "pear"))
          .isEqualTo(new Lookup.Expired(SmallStore.BEGIN_MILLIS + 3_601_000));
      assertThat(backend.statistics().version()).isEqualTo(7);
    }
  }

  private static Lookup find(Backend backend, String key) {
    return backend.find(SmallStore.BUCKET, Bytes.ofUtf8(key));
  }

  private void writeWhatTheDocumentShows() throws IOException {
    FormatDocument document = FormatDocument.read();
    for (String name :
        List.of(
            FileNames.MANIFEST, FileNames.segment(3), FileNames.segment(2), FileNames.CONTROL)) {
      var bytes = new ByteArrayOutputStream();
      for (String line : document.lines("`" + name + "`")) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          assertThat(matcher.group(1)).isEqualTo(String.valueOf(bytes.size()));
          bytes.writeBytes(
              matcher.group(3) != null
                  ? Hex.parse(matcher.group(3))
                  : new byte[Integer.parseInt(matcher.group(2)) - bytes.size()]);
        }
      }
      Files.write(path.resolve(name), bytes.toByteArray());
    }
  }
}
