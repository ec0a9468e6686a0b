package dev.larder.internal.engine;

import dev.larder.Bytes;
import dev.larder.Lookup;
import dev.larder.StoreIoException;
import dev.larder.internal.base.PresentClock;
import dev.larder.internal.base.Reasons;
import dev.larder.internal.file.MappingClosedException;
import dev.larder.internal.format.RecordData;
import dev.larder.internal.index.IndexEntry;
import dev.larder.internal.index.IndexKey;
import dev.larder.internal.log.Log;
import dev.larder.internal.log.Segment;
import dev.larder.internal.txn.CommitPath;
import dev.larder.internal.txn.View;
import java.io.IOException;

/// Answers lookups from a view: the index says where, the log says what, and the record's checksum
/// says that it is so.
///
/// **Threads.** Safe for any number of threads; no lock is taken.
final class Reader {
  private final Log log;
  private final CommitPath commits;
  private final PresentClock clock;

  Reader(Log log, CommitPath commits, PresentClock clock) {
    this.log = log;
    this.commits = commits;
    this.clock = clock;
  }

  PresentClock clock() {
    return clock;
  }

  /// Looks a key up in the visible state.
  Lookup findPresent(String bucket, Bytes key) {
    while (true) {
      View view = commits.visible();
      try {
        return find(view, bucket, key);
      } catch (MappingClosedException e) {
        // The record was moved and its segment deleted after the view was read. A newer view, which
        // is visible by then, knows where it is; only closing the store leaves the view as it is.
        if (commits.visible().ticket() == view.ticket()) {
          commits.release(commits.acquire()); // throws if the store is closed
          throw new AssertionError("a segment was deleted under the visible state", e);
        }
      } catch (IOException e) {
        throw failure(e);
      }
    }
  }

  /// Looks a key up in a view.
  ///
  /// @throws MappingClosedException if the view was not acquired and is too old
  Lookup find(View view, String bucket, Bytes key) throws IOException {
    Integer number = view.buckets().get(bucket);
    IndexEntry entry = number == null ? null : view.index().get(IndexKey.of(number, key));
    if (entry == null) {
      return Lookup.Absent.INSTANCE;
    }
    if (entry.isExpired() || clock.presentMillis() >= entry.deadlineMillis()) {
      return new Lookup.Expired(entry.deadlineMillis());
    }
    return new Lookup.Live(readValue(entry), entry.version(), entry.deadlineMillis());
  }

  /// Reads and verifies the value of an entry.
  Bytes readValue(IndexEntry entry) throws IOException {
    Segment segment = log.find(entry.segment());
    if (segment == null) {
      throw new MappingClosedException("segment " + entry.segment());
    }
    var record = new RecordData();
    segment.readRecord(entry.position(), entry.size(), entry.version(), record);
    return record.valueCopy();
  }

  static StoreIoException failure(IOException e) {
    return new StoreIoException("cannot read the store: " + Reasons.of(e), e);
  }
}
