package dev.larder.internal.inspect;

import dev.larder.CorruptionException;
import dev.larder.VerifyReport;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.format.FrameKind;
import dev.larder.internal.format.Manifest;
import dev.larder.internal.format.RecordKind;
import dev.larder.internal.format.SegmentHeader;
import dev.larder.internal.format.SegmentKind;
import dev.larder.internal.index.Index;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.log.Addresses;
import dev.larder.internal.log.FrameScanner;
import dev.larder.internal.log.FrameScanner.Step;
import dev.larder.internal.log.Segment;
import dev.larder.internal.log.StoreFiles;
import dev.larder.internal.recovery.FullReplay;
import dev.larder.internal.recovery.Recovery;
import dev.larder.internal.txn.Records;
import dev.larder.internal.txn.Recovered;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads every byte of a store that nobody has open, and lists everything that is wrong. Each
/// segment is looked at on its own, so that damage to one does not hide damage to another.
///
/// **Threads.** For one thread, which holds the store's lock.
public final class Verifier {
  private final StoreDirectory directory;
  private final long wallMillis;
  private final List<VerifyReport.Finding> findings = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();
  private long files;
  private long bytes;
  private long commits;

  /// Verifies a store.
  ///
  /// @param directory where it is
  /// @param wallMillis the wall clock, which decides what is live
  public Verifier(StoreDirectory directory, long wallMillis) {
    this.directory = directory;
    this.wallMillis = wallMillis;
  }

  /// {@return what was found}
  public VerifyReport run() throws IOException {
    try {
      Manifest manifest = readManifest();
      if (manifest != null) {
        openSegments(manifest);
        for (Segment segment : segments) {
          check(segment);
        }
        checkCheckpoint();
        checkNames(manifest);
      }
      long entries = findings.isEmpty() && manifest != null ? countEntries(manifest) : 0;
      return new VerifyReport(files, bytes, commits, entries, findings, remarks);
    } finally {
      for (Segment segment : segments) {
        segment.retire();
      }
    }
  }

  private @Nullable Manifest readManifest() throws IOException {
    try {
      if (!StoreFiles.hasStore(directory)) {
        StoreFiles.requireBeginnings(directory);
        remarks.add("the creation of the store was cut short: it is empty");
        return null;
      }
      files++;
      bytes += Math.max(0, directory.size(FileNames.MANIFEST));
      return StoreFiles.readManifest(directory);
    } catch (CorruptionException e) {
      found(e);
      return null;
    }
  }

  private void openSegments(Manifest manifest) throws IOException {
    for (Manifest.SegmentInfo info : manifest.segments()) {
      try {
        SegmentHeader header = StoreFiles.readHeader(directory, manifest, info);
        segments.add(
            info.isSealed()
                ? Segment.openSealed(directory, header, info)
                : Segment.openActive(directory, header, SegmentHeader.SIZE, false));
      } catch (CorruptionException e) {
        found(e);
      }
    }
  }

  private void check(Segment segment) throws IOException {
    files++;
    try {
      if (segment.isSealed()) {
        bytes += segment.end();
        checkSealed(segment);
      } else {
        bytes += segment.allocated();
        checkActive(segment);
      }
    } catch (CorruptionException e) {
      found(e);
    }
  }

  private void checkSealed(Segment segment) throws IOException {
    var scanner =
        new FrameScanner(segment::read, segment.place(), SegmentHeader.SIZE, segment.end());
    Step step = scanner.next();
    while (step instanceof Step.Frame frame) {
      count(frame);
      step = scanner.next();
    }
    if (step instanceof Step.Broken(_, long position, String reason)) {
      throw new CorruptionException(segment.path(), position, reason);
    }
    if (step instanceof Step.End(long position) && position < segment.end()) {
      throw new CorruptionException(segment.path(), position, "zeros where a frame was written");
    }
    if (!segment.hash().equals(Manifest.SegmentInfo.NO_HASH)
        && !segment.computeHash().equals(segment.hash())) {
      throw new CorruptionException(segment.path(), 0, "the hash of the segment");
    }
  }

  private void checkActive(Segment segment) throws IOException {
    Recovery.Tail tail =
        Recovery.measure(segment.header().baseSequence() - 1, segment, SegmentHeader.SIZE, 0);
    var scanner = new FrameScanner(segment::read, segment.place(), SegmentHeader.SIZE, tail.end());
    while (scanner.next() instanceof Step.Frame frame) {
      count(frame);
    }
    if (!tail.isClean()) {
      remarks.add(
          "%s was not closed cleanly; its last whole commit ends at %d"
              .formatted(segment.name(), tail.end()));
    }
  }

  private void count(Step.Frame frame) {
    if (frame.header().kind() == FrameKind.COMMIT) {
      commits++;
    }
  }

  private void checkCheckpoint() throws IOException {
    long size = directory.size(FileNames.CHECKPOINT);
    if (size < 0) {
      return;
    }
    files++;
    bytes += size;
    String problem = Recovery.checkpointProblem(directory);
    if (problem != null) {
      remarks.add(
          "%s is damaged (%s); opening takes longer until it is written again"
              .formatted(FileNames.CHECKPOINT, problem));
    }
  }

  private void checkNames(Manifest manifest) throws IOException {
    for (String name : directory.list()) {
      boolean isNamed =
          manifest.segments().stream()
              .anyMatch(info -> FileNames.segment(info.number()).equals(name));
      if (FileNames.isSegment(name) && !isNamed) {
        remarks.add(name + " is not named by the manifest; the next opening removes it");
      } else if (!FileNames.isOurs(name)) {
        remarks.add(name + " is not the store's");
      }
    }
  }

  private long countEntries(Manifest manifest) throws IOException {
    var addresses = new Addresses();
    segments.forEach(segment -> addresses.enter(segment, segment.allocated()));
    FullReplay replay = FullReplay.begin(addresses, manifest.storeId(), false, wallMillis);
    try (Index index = replay.index()) {
      replay(replay);
      Recovered state = replay.finish(wallMillis);
      return countLive(index, state.records());
    } catch (CorruptionException e) {
      found(e);
      return 0;
    }
  }

  private void replay(FullReplay replay) throws IOException {
    boolean isFirst = true;
    for (Segment segment : segments) {
      if (segment.kind() == SegmentKind.COLD) {
        replay.cold(segment);
        continue;
      }
      if (isFirst) {
        replay.startAfter(segment.header().baseSequence() - 1);
        isFirst = false;
      }
      if (segment.isSealed()) {
        replay.history(segment, SegmentHeader.SIZE);
      } else {
        Recovery.Tail tail = Recovery.measure(replay.sequence(), segment, SegmentHeader.SIZE, 0);
        segment.reopenAt(tail.end());
        replay.tail(segment, SegmentHeader.SIZE, tail.end(), Long.MAX_VALUE);
      }
    }
  }

  private long countLive(Index index, Records records) {
    long[] count = new long[1];
    index.forEach(address -> {
      Records.Entry entry = records.entry(address);
      boolean isUsers = records.bucket(address) != IndexKey.DIRECTORY_BUCKET;
      if (isUsers && entry.kind() == RecordKind.PUT && entry.isLive(wallMillis)) {
        count[0]++;
      }
    });
    return count[0];
  }

  private void found(CorruptionException e) {
    findings.add(
        new VerifyReport.Finding(String.valueOf(e.file().getFileName()), e.position(), e.reason()));
  }
}
