package dev.larder.cli;

import dev.larder.Statistics;

/// `stats`
final class StatsCommand extends StoreCommand {
  private final Argument<Boolean> wantsJson =
      flag("--json", "Print one line of JSON; sizes in bytes, times in milliseconds.");

  StatsCommand(RootCommand root) {
    super(
        root,
        CommandText.of(
                "stats",
                "Print figures of the store, and what its bytes are for.",
                "larder stats [--json]")
            .describedAs(
                "The parts add up to the sizes of the files in the directory:",
                "  live           newest records of entries",
                "  expired        entries past their deadline that wait to be removed",
                "  remembered     that a key has expired, for a minute",
                "  tombstones     that a key was removed",
                "  superseded     records that newer ones have replaced; compaction gives them"
                    + " back",
                "  framing        what stands between records",
                "  pinned         old segments, kept for open snapshots and cursors",
                "  compaction     segments that are being written, or about to be deleted",
                "  ahead          room written ahead of the end of the log",
                "  checkpoint     the image of the index",
                "  reserve        set aside so that removing works on a full disk",
                "  manifest       manifest, control and lock file",
                "  foreign        files that are not the store's")
            .withExamples("  larder stats", "  larder stats --json"));
  }

  @Override
  int run() {
    Statistics statistics = root().store().statistics();
    String location = root().location().toAbsolutePath().toString();
    if (wantsJson.orElse(false)) {
      print(StatsJson.of(location, statistics));
    } else {
      StatsTable.of(location, statistics).forEach(this::print);
    }
    return Exit.DONE;
  }
}
