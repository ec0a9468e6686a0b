package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Time to live, in every command and across restarts: each command opens and closes the store.
class CliDeadlineTest {
  @TempDir private Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder.resolve("store"));
  }

  @Test
  void ttlIsSecondsWithThreeDecimals() {
    cli.run("put", "a", "1", "--ttl", "2d").isQuiet();
    cli.run("put", "b", "1").isQuiet();

    assertThat(cli.run("ttl", "a").done()).matches("(172800\\.000|1727\\d\\d\\.\\d{3})\n");
    cli.run("ttl", "b").prints("none");
    cli.run("ttl", "c").fails(1, "\"c\" does not exist");
  }

  @Test
  void expireSetsAndPersistClears() {
    cli.run("put", "a", "1").isQuiet();

    cli.run("expire", "a", "90").isQuiet();
    assertThat(cli.run("ttl", "a").done()).matches("(90\\.000|8\\d\\.\\d{3})\n");
    cli.run("expire", "a", "PT1H").isQuiet();
    assertThat(cli.run("ttl", "a").done()).matches("(3600\\.000|35\\d\\d\\.\\d{3})\n");
    cli.run("persist", "a").isQuiet();
    cli.run("ttl", "a").prints("none");
    cli.run("persist", "a").isQuiet();

    cli.run("expire", "b", "1h").fails(1, "\"b\" does not exist");
    cli.run("persist", "b").fails(1, "\"b\" does not exist");
  }

  @Test
  void anExpiredEntryIsGoneInEveryCommand() {
    cli.run("put", "stays", "1").isQuiet();
    cli.run("create", "goes", "{\"a\":1}", "--ttl", "2s").isQuiet();
    cli.run("read", "goes").prints("{\"a\":1}");
    cli.run("count").prints("2");
    await().atMost(Duration.ofSeconds(20)).until(() -> cli.run("get", "goes").exitCode() == 1);

    cli.run("read", "goes").failsWith(1, "\"goes\" expired at 20");
    cli.run("get", "goes", "--entry").isSilentNo();
    cli.run("ttl", "goes").failsWith(1, "\"goes\" expired at 20");
    cli.run("update", "goes", "1").failsWith(1, "\"goes\" expired at 20");
    cli.run("delete", "goes").failsWith(1, "\"goes\" expired at 20");
    cli.run("remove", "goes").isSilentNo();
    cli.run("expire", "goes", "1h").failsWith(1, "\"goes\" expired at 20");
    cli.run("persist", "goes").failsWith(1, "\"goes\" expired at 20");
    cli.run("list").prints("stays");
    cli.run("list", "--values").prints("{\"key\":\"stays\",\"value\":1}");
    cli.run("export").prints("{\"key\":\"stays\",\"value\":1}");
    cli.run("count").prints("1");
    cli.run("verify").done();

    cli.run("create", "goes", "2").isQuiet();
    cli.run("get", "goes").prints("2");
  }

  @Test
  void purgingForgetsAndCounts() {
    cli.run("put", "a", "1").isQuiet();
    cli.runOn(
            List.of(
                "{\"key\":\"b\",\"value\":1,\"ttl\":0.2}",
                "{\"key\":\"c\",\"value\":1,\"ttl\":\"200ms\"}"),
            "batch-create",
            "-")
        .isQuiet();
    await().atMost(Duration.ofSeconds(20)).until(() -> cli.run("count").out().equals("1\n"));

    cli.run("read", "b").failsWith(1, "\"b\" expired at 20");
    cli.run("purge-expired").prints("2");
    cli.run("purge-expired").prints("0");
    cli.run("read", "b").fails(1, "\"b\" does not exist");
  }
}
