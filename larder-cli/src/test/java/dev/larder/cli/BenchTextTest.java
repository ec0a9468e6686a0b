package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.BenchResult.Figure;
import dev.larder.cli.BenchResult.Measure;
import dev.larder.cli.BenchResult.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What `bench` prints, byte for byte.
class BenchTextTest {
  private static final Place PLACE =
      new Place(
          "1.2.3",
          "/data",
          "ext4",
          "/dev/sda1",
          3L << 30,
          "Linux 6.1, amd64",
          "OpenJDK 25, mixed mode",
          8);
  private static final List<Figure> FIGURES =
      List.of(
          new Figure(Measure.DEVICE_FORCE, 3, 2_000_000, latencies(500_000, 510_000, 990_000)),
          new Figure(Measure.DEVICE_WRITE, 256L << 20, 512_000_000, null),
          new Figure(Measure.DURABLE_PUT_1, 3, 2_400_000, latencies(600_000, 800_000, 1_000_000)),
          new Figure(Measure.LOAD, 900_000, 2_000_000_000, null),
          new Figure(Measure.READ_HIT, 3, 1_800, latencies(200, 600, 1_000)),
          new Figure(Measure.OPEN, 3, 100_000_000, latencies(30_000_000, 30_000_000, 40_000_000)));

  private static Latencies latencies(long... nanos) {
    var latencies = new Latencies();
    for (long one : nanos) {
      latencies.record(one);
    }
    return latencies;
  }

  private static String table(BenchResult result) {
    return String.join("\n", BenchTable.of(result)) + "\n";
  }

  @Test
  void peopleGetATable() {
    assertThat(table(new BenchResult(PLACE, 60, 1_000_000, 1_000_000, 100, FIGURES)))
        .isEqualTo(
            """
            larder             1.2.3
            directory          /data
            disk               ext4 on /dev/sda1, 3.0 GiB (3,221,225,472 bytes) free
            system             Linux 6.1, amd64
            jvm                OpenJDK 25, mixed mode
            processors         8
            keys               1,000,000 of 16 bytes with values of 100 bytes

                                                      rate       p50       p99     p99.9       max  of device
            device, 4 KiB forced            1,500 forces/s    512 us    990 us    990 us    990 us
            device, sequential write             500 MiB/s
            durable put, 1 thread             1,250 puts/s    803 us   1.00 ms   1.00 ms   1.00 ms       0.83
            load                         450,000 entries/s
            read, hit                    1,666,667 reads/s    603 ns   1.00 us   1.00 us   1.00 us
            open after close                  30.0 opens/s   30.0 ms   40.0 ms   40.0 ms   40.0 ms
            """);
  }

  @Test
  void whatThereWasNoTimeForIsSaid() {
    assertThat(table(new BenchResult(PLACE, 60, 1_000_000, 4_096, 1_000, FIGURES)))
        .contains(
            "keys               1,000,000 of 16 bytes with values of 1,000 bytes,"
                + " 4,096 of which there was time to load\n");
  }

  @Test
  void programsGetALineOfJson() {
    String expected =
        """
        {"larder":"1.2.3","directory":"/data","fileSystem":"ext4","device":"/dev/sda1",
        "freeBytes":3221225472,"system":"Linux 6.1, amd64","jvm":"OpenJDK 25, mixed mode",
        "processors":8,"seconds":60,"keys":1000000,"loadedKeys":1000000,"keySize":16,
        "valueSize":100,"measures":{
        "deviceForce":{"unit":"forces","count":3,"nanos":2000000,"perSecond":1500.0,"operations":3,
        "p50Nanos":511999,"p99Nanos":990000,"p999Nanos":990000,"maxNanos":990000},
        "deviceWrite":{"unit":"bytes","count":268435456,"nanos":512000000,"perSecond":5.24288E8},
        "durablePut1":{"unit":"puts","count":3,"nanos":2400000,"perSecond":1250.0,"operations":3,
        "p50Nanos":802815,"p99Nanos":1000000,"p999Nanos":1000000,"maxNanos":1000000,
        "ofDevice":0.8333333333333334},
        "load":{"unit":"entries","count":900000,"nanos":2000000000,"perSecond":450000.0},
        "readHit":{"unit":"reads","count":3,"nanos":1800,"perSecond":1666666.6666666667,
        "operations":3,"p50Nanos":603,"p99Nanos":1000,"p999Nanos":1000,"maxNanos":1000},
        "open":{"unit":"opens","count":3,"nanos":100000000,"perSecond":30.0,"operations":3,
        "p50Nanos":30015487,"p99Nanos":40000000,"p999Nanos":40000000,"maxNanos":40000000}}}
        """;
    assertThat(BenchJson.of(new BenchResult(PLACE, 60, 1_000_000, 1_000_000, 100, FIGURES)))
        .isEqualTo(expected.replace("\n", ""));
  }

  @Test
  void timesHaveThreeDigits() {
    assertThat(BenchTable.time(999)).isEqualTo("999 ns");
    assertThat(BenchTable.time(1_000)).isEqualTo("1.00 us");
    assertThat(BenchTable.time(9_994)).isEqualTo("9.99 us");
    assertThat(BenchTable.time(9_996)).isEqualTo("10.0 us");
    assertThat(BenchTable.time(99_960)).isEqualTo("100 us");
    assertThat(BenchTable.time(999_600)).isEqualTo("1.00 ms");
    assertThat(BenchTable.time(2_500_000_000L)).isEqualTo("2.50 s");
  }
}
