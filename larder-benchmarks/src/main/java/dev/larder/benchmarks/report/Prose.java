package dev.larder.benchmarks.report;

/// What the report says whatever was measured.
final class Prose {
  private static final String HEAD =
      """
      # Performance

      Larder beside other embedded stores, on one machine, in one run. This page is written by the
      command that measures:

      ```sh
      # A quick look: 1M keys, one round, a quarter of an hour on two processors.
      ./build bench
      # What to publish.
      ./build bench --keys 1M,10M --repetitions 3 --seconds 3 --warm-seconds 1 --whole-seconds 60
      # Larder alone, as its store grows, added to what is there.
      ./build bench --growth 100k,1M,10M --merge
      # What can only be asked of Larder: puts beside compaction and beside expiry; some five minutes.
      ./build bench --larder-only all --merge
      # This page anew, from performance/results.json.
      ./build bench report
      ```

      Every store runs from its published artifact, in fresh JVMs: one for each group of rows and
      round, with nothing on its class path but that store. Rounds go over all stores, beginning with
      another one each time. Every value that is read is checked byte by byte, scans by a digest of
      what they showed and in which order; a store that returns anything else has no figure.

      """;

  private static final String CAVEATS =
      """
      ## Caveats

      - **Not forced** means that a write that returned survives the death of its process where the
        store can do that, which the table of modes says and the kill above tries. It says nothing of
        power failures.
      - The page cache is warm and holds everything; nothing here is about stores larger than memory.
      - Reads copy the value into an array of the caller. Scans show the first and last 8 bytes of keys
        and values where they lie, if the store can lend them.
      - What a store does in the background counts where it shows: in the time of others, on one of few
        processors. Before each process the operating system is told to write what the ones before left
        (`sync`).
      - Chronicle Map is told beforehand how many entries will come and how large they are, and gives
        no order; the heap map keeps nothing and is not counted among the peers.
      - Durable rows write new keys into an empty store.
      - A sample (s) ended for lack of time, on a store smaller than the others'.
      - Disk is what the file system has allocated, after the store was closed. The payload is keys and
        values alone.
      - Memory is that of a process that opened the store and read every key once; `VmHWM` counts mapped
        pages of files, which the operating system can take back. It was measured with the JVM's first
        compiler alone, whose own memory is small.
      - Opening a store after a kill follows up to 100,000 overwrites, or 5 seconds of them.
      - RocksDB, LMDB and SQLite unpack their native library at each start of a JVM, and Chronicle Map
        generates classes: that is in the rows of fresh JVMs, as it would be in a program's start.
      """;

  private Prose() {}

  static void head(StringBuilder text) {
    text.append(HEAD);
  }

  static void caveats(StringBuilder text) {
    text.append(CAVEATS);
  }
}
