package dev.larder.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bucket;
import dev.larder.Codec;
import dev.larder.Durability;
import dev.larder.Larder;
import dev.larder.Store;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecorderTest {
  @TempDir private Path folder;

  @Test
  void openingAndCompactionAreRecordedWithoutKeysOrValues() throws Exception {
    Path location = folder.resolve("store");
    try (var recording = new Recording()) {
      recording.enable("dev.larder.StoreOpened");
      recording.enable("dev.larder.Compaction");
      recording.start();
      try (Store store = Larder.open(location)) {
        Bucket<String, String> bucket =
            store.bucket("b", Codec.text(), Codec.text()).with(Durability.OS);
        for (int i = 0; i < 200; i++) {
          bucket.put("secret-key", "secret-value" + i);
        }
        store.compact();
      }
      try (Store store = Larder.open(location)) {
        assertThat(store.statistics().entries()).isEqualTo(1);
      }
      recording.stop();
      Path file = folder.resolve("recording.jfr");
      recording.dump(file);

      List<RecordedEvent> events = RecordingFile.readAllEvents(file);
      RecordedEvent opened = only(events, "dev.larder.StoreOpened").getLast();
      assertThat(opened.getLong("entries")).isEqualTo(1);
      assertThat(opened.getBoolean("isClean")).isTrue();
      assertThat(opened.getString("location")).isEqualTo(location.toString());
      RecordedEvent compacted = only(events, "dev.larder.Compaction").getFirst();
      assertThat(compacted.getLong("gainedBytes")).isPositive();
      assertThat(events.toString()).doesNotContain("secret");
    }
  }

  private static List<RecordedEvent> only(List<RecordedEvent> events, String name) {
    return events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
  }
}
