package dev.larder.cli;

import dev.larder.Larder;
import dev.larder.Store;
import dev.larder.VerifyReport;
import java.util.Locale;

/// The commands about the store as a whole.
final class UpkeepCommands {
  private UpkeepCommands() {}

  /// {@return a size for people and the exact one: `1.5 MiB (1,572,864 bytes)`}
  static String size(long bytes) {
    if (bytes == Long.MAX_VALUE) {
      return "unlimited";
    }
    String exact = String.format(Locale.ROOT, "%,d bytes", bytes);
    if (bytes < 1024) {
      return exact;
    }
    double scaled = bytes;
    int unit = -1;
    while (scaled >= 1024 && unit < 4) {
      scaled /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %ciB (%s)", scaled, "KMGTP".charAt(unit), exact);
  }

  /// `compact`
  static final class Compact extends StoreCommand {
    Compact(RootCommand root) {
      super(
          root,
          CommandText.of(
                  "compact",
                  "Give back the space of what is superseded, removed or expired.",
                  "larder compact")
              .describedAs(
                  "The store does this by itself; this waits until there is nothing to gain.")
              .withExamples("  larder compact"));
    }

    @Override
    int run() {
      Store store = root().store();
      long before = store.statistics().space().directoryBytes();
      store.compact();
      long after = store.statistics().space().directoryBytes();
      print(
          "gave back %s; the store takes %s"
              .formatted(size(Math.max(0, before - after)), size(after)));
      return Exit.DONE;
    }
  }

  /// `verify`
  static final class Verify extends StoreCommand {
    Verify(RootCommand root) {
      super(
          root,
          CommandText.of(
                  "verify",
                  "Read the whole store and check everything; change nothing.",
                  "larder verify")
              .describedAs(
                  "Where something is wrong, each finding is a line, and the exit code is 3.")
              .withExamples("  larder verify"));
    }

    @Override
    int run() {
      root().session().release(); // a store is verified closed; the shell opens it again
      VerifyReport report = Larder.verify(root().location());
      for (String remark : report.remarks()) {
        print("remark: " + Failures.oneLine(remark));
      }
      for (VerifyReport.Finding finding : report.findings()) {
        print(
            Failures.oneLine(
                "%s at position %d: %s"
                    .formatted(finding.file(), finding.position(), finding.reason())));
      }
      String read =
          String.format(
              Locale.ROOT,
              "%,d files, %s, %,d commits, %,d entries",
              report.files(),
              size(report.bytes()),
              report.commits(),
              report.entries());
      if (!report.isSound()) {
        int count = report.findings().size();
        throw CommandException.unable(
            "%s is damaged: %,d %s; read %s"
                .formatted(root().location(), count, count == 1 ? "finding" : "findings", read),
            null);
      }
      print("sound: " + read);
      return Exit.DONE;
    }
  }
}
