package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Statistics;
import dev.larder.Statistics.Holder;
import dev.larder.Statistics.Part;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What `stats` prints, byte for byte.
class StatsTextTest {
  private static final Statistics STATISTICS =
      new Statistics(
          "log",
          1_234,
          1_230,
          1_000,
          2,
          3,
          List.of(
              new Holder(Holder.Kind.SNAPSHOT, 1_000, 2, Duration.ofMinutes(195), 400_000),
              new Holder(Holder.Kind.LOAN, 1_234, 1, Duration.ofMillis(3), 0)),
          new Statistics.Space(
              Map.of(
                  Part.LIVE, 1_000_000L,
                  Part.SUPERSEDED, 500_000L,
                  Part.FRAMING, 200L,
                  Part.PINNED, 400_000L,
                  Part.MANIFEST, 99_800L),
              300_000,
              1L << 30,
              896L << 20,
              5),
          new Statistics.IndexMemory(1_002, 262_144, 20_480, 8_192, 1_048_576),
          Map.of("commits", 1_234L, "forces", 17L));

  @Test
  void peopleGetATable() {
    assertThat(String.join("\n", StatsTable.of("/data/pantry", STATISTICS)) + "\n")
        .isEqualTo(
            """
            store              /data/pantry
            backend            log
            entries            1,000
            expired remembered 2
            version            1,234
            durable version    1,230
            open snapshots     3
            segments           5

            live                          1,000,000  50.0%  ###############
            expired                               0   0.0%
            remembered                            0   0.0%
            tombstones                            0   0.0%
            superseded                      500,000  25.0%  ########
            framing                             200   0.0%  #
            pinned                          400,000  20.0%  ######
            compaction                            0   0.0%
            ahead                                 0   0.0%
            checkpoint                            0   0.0%
            reserve                               0   0.0%
            manifest                         99,800   5.0%  #
            foreign                               0   0.0%
            directory                     2,000,000

            limit              1.0 GiB (1,073,741,824 bytes)
            usable             896.0 MiB (939,524,096 bytes)
            held               293.0 KiB (300,000 bytes) of superseded and tombstones, until the next checkpoint

            held by            2 snapshots as of commit 1,000, for 3 h 15 min, pinning 390.6 KiB (400,000 bytes)
            held by            1 lent value as of commit 1,234, for 3 ms, pinning nothing

            index              284.0 KiB (290,816 bytes), 290.2 bytes for each of 1,002 keys
              table            256.0 KiB (262,144 bytes)
              tree             20.0 KiB (20,480 bytes)
              deadlines        8.0 KiB (8,192 bytes)
              free             1.0 MiB (1,048,576 bytes)

            commits            1,234
            forces             17
            """);
  }

  @Test
  void programsGetALineOfJson() {
    String expected =
        """
        {"store":"/data/pantry","backend":"log","entries":1000,"expiredRemembered":2,
        "version":1234,"durableVersion":1230,"openSnapshots":3,"segments":5,
        "space":{"live":1000000,"expired":0,"remembered":0,"tombstones":0,"superseded":500000,
        "framing":200,"pinned":400000,"compaction":0,"ahead":0,"checkpoint":0,"reserve":0,
        "manifest":99800,"foreign":0,"directory":2000000,"heldForCheckpoint":300000,
        "limit":1073741824,"usable":939524096},
        "holders":[
        {"kind":"snapshot","version":1000,"count":2,"ageMillis":11700000,"keptBytes":400000},
        {"kind":"loan","version":1234,"count":1,"ageMillis":3,"keptBytes":0}],
        "index":{"keys":1002,"table":262144,"tree":20480,"deadlines":8192,"used":290816,
        "free":1048576,"bytesPerKey":290.2},
        "counters":{"commits":1234,"forces":17}}
        """;
    assertThat(StatsJson.of("/data/pantry", STATISTICS)).isEqualTo(expected.replace("\n", ""));
  }

  @Test
  void agesHaveTwoUnits() {
    assertThat(StatsTable.age(Duration.ZERO)).isEqualTo("0 ms");
    assertThat(StatsTable.age(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(StatsTable.age(Duration.ofSeconds(61))).isEqualTo("1 min 1 s");
    assertThat(StatsTable.age(Duration.ofHours(27))).isEqualTo("1 d 3 h");
  }
}
