package dev.larder.internal.recovery;

import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.PageFaults;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.ByteReader;
import dev.larder.internal.format.ByteWriter;
import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.format.CheckpointHeader.Prelude;
import dev.larder.internal.format.Checksums;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.format.FormatException;
import dev.larder.internal.index.DamagedImageException;
import dev.larder.internal.index.Pages;
import dev.larder.internal.txn.Cut;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads and writes the image of the index.
final class CheckpointFile {
  private static final int PRELUDE_PAGE = 1;

  private CheckpointFile() {}

  /// Writes an image beside the present one and puts it in its place, while the index goes on being
  /// changed.
  ///
  /// @param directory where to
  /// @param isForced whether it is durable afterwards
  /// @param nextDelta the number of the first delta behind it
  /// @param expectedPages about how many pages there will be
  /// @param cutter begins the image
  /// @param whileWriting runs now and then, and throws if the image is to be given up
  /// @param beforeUse runs when the image is complete, and before it can be met by anybody
  /// @return how many bytes it takes
  static long write(
      StoreDirectory directory,
      boolean isForced,
      long nextDelta,
      int expectedPages,
      Function<Pages.Saver, Cut> cutter,
      IoAction whileWriting,
      IoAction beforeUse)
      throws IOException {
    if (directory.size(FileNames.CHECKPOINT_NEXT) >= 0) {
      directory.delete(FileNames.CHECKPOINT_NEXT); // left behind by a crash
    }
    long size;
    try (DataFile file = directory.createFile(FileNames.CHECKPOINT_NEXT)) {
      size = write(file, nextDelta, expectedPages, cutter, whileWriting);
      if (isForced) {
        file.force();
      }
      beforeUse.run();
    } catch (IOException | RuntimeException | Error e) {
      removeHalf(directory, e);
      throw e;
    }
    directory.rename(FileNames.CHECKPOINT_NEXT, FileNames.CHECKPOINT);
    if (isForced) {
      directory.force();
    }
    return size;
  }

  /// Something that may fail.
  interface IoAction {
    void run() throws IOException;
  }

  private static long write(
      DataFile file,
      long nextDelta,
      int expectedPages,
      Function<Pages.Saver, Cut> cutter,
      IoAction whileWriting)
      throws IOException {
    var saver = new PageSaver(file);
    file.allocate((long) expectedPages * Pages.PAGE_SIZE);
    Cut cut = cutter.apply(saver);
    CheckpointHeader header = cut.header();
    var checksums = new ByteWriter(header.chunkCount() * Integer.BYTES + Integer.BYTES);
    try (Pages.Capture capture = Objects.requireNonNull(cut.capture())) {
      file.allocate(header.checksumsPosition());
      for (int first = 0; first < header.pageCount(); first += Pages.CHUNK_PAGES) {
        whileWriting.run();
        int end = Math.min(first + Pages.CHUNK_PAGES, header.pageCount());
        checksums.u32(saver.saveChunk(capture, first, end));
      }
    }
    saver.check();
    byte[] head = header.encode();
    checksums.bytes(head);
    file.write(header.checksumsPosition(), checksums.array(), 0, checksums.size());
    byte[] prelude = new Prelude(header.headPosition(), head.length, nextDelta).encode();
    file.write(0, prelude, 0, prelude.length);
    return header.headPosition() + head.length;
  }

  private static void removeHalf(StoreDirectory directory, Throwable reason) {
    try {
      if (directory.size(FileNames.CHECKPOINT_NEXT) >= 0) {
        directory.delete(FileNames.CHECKPOINT_NEXT);
      }
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /// Writes pages to their places in the file: a chunk at a time, and one at a time those that a
  /// writer is about to change.
  private static final class PageSaver implements Pages.Saver {
    private final DataFile file;
    private final Thread owner = Thread.currentThread();
    private final byte[] chunk = new byte[Pages.CHUNK_SIZE];
    private final boolean[] isInChunk = new boolean[Pages.CHUNK_PAGES];
    private volatile @Nullable IOException error;

    PageSaver(DataFile file) {
      this.file = file;
    }

    @Override
    public void save(int page, MemorySegment memory, long offset) {
      if (owner.equals(Thread.currentThread())) {
        int at = page % Pages.CHUNK_PAGES;
        copy(memory, offset, chunk, at * Pages.PAGE_SIZE);
        isInChunk[at] = true;
        return;
      }
      byte[] bytes = new byte[Pages.PAGE_SIZE];
      copy(memory, offset, bytes, 0);
      try {
        long position = (long) page * Pages.PAGE_SIZE;
        file.allocate(position);
        file.write(position, bytes, 0, bytes.length);
      } catch (IOException e) {
        error = e; // whoever changes the page is not to suffer from it
      }
    }

    private static void copy(MemorySegment memory, long offset, byte[] target, int to) {
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, target, to, Pages.PAGE_SIZE);
    }

    /// Saves what is not saved yet of some pages.
    ///
    /// @return the checksum of all of them, but for page 0
    int saveChunk(Pages.Capture capture, int first, int end) throws IOException {
      Arrays.fill(isInChunk, false);
      for (int page = first; page < end; page++) {
        capture.save(page);
      }
      check();
      for (int page = first; page < end; page++) {
        int at = page - first;
        if (!isInChunk[at]) { // a writer has saved it
          long position = (long) page * Pages.PAGE_SIZE;
          file.read(position, chunk, at * Pages.PAGE_SIZE, Pages.PAGE_SIZE);
        }
      }
      int count = (end - first) * Pages.PAGE_SIZE;
      file.write((long) first * Pages.PAGE_SIZE, chunk, 0, count);
      int skipped = first == 0 ? PRELUDE_PAGE * Pages.PAGE_SIZE : 0;
      return Checksums.plain(chunk, skipped, count - skipped);
    }

    void check() throws IOException {
      IOException failure = error;
      if (failure != null) {
        throw failure;
      }
    }
  }

  /// An image in a file, mapped. Each chunk is verified when it is first needed.
  static final class Image implements Pages.Image {
    private final CheckpointHeader header;
    private final Prelude prelude;
    private final int[] checksums;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment mapping;
    private volatile Runnable onDamage = () -> {};

    /// Whether all of it was. Nobody else knows the image before.
    private boolean isVerified;

    private Image(CheckpointHeader header, Prelude prelude, int[] checksums, DataFile file)
        throws IOException {
      this.header = header;
      this.prelude = prelude;
      this.checksums = checksums;
      try {
        this.mapping = file.mapPrivate(0, header.checksumsPosition(), arena);
      } catch (IOException | RuntimeException | Error e) {
        arena.close();
        throw e;
      }
    }

    CheckpointHeader header() {
      return header;
    }

    /// {@return the number of the first delta behind it}
    long nextDelta() {
      return prelude.nextDelta();
    }

    /// {@return how many bytes the file has}
    long fileSize() {
      return prelude.headPosition() + prelude.headSize();
    }

    /// Says what to do when pages are found damaged.
    void onDamage(Runnable action) {
      onDamage = action;
    }

    @Override
    public int pageCount() {
      return header.pageCount();
    }

    @Override
    public MemorySegment chunk(int number) {
      MemorySegment chunk = mapped(number);
      if (!isVerified) {
        verify(number, chunk, new byte[(int) chunk.byteSize()]);
      }
      return chunk;
    }

    private MemorySegment mapped(int number) {
      int first = number * Pages.CHUNK_PAGES;
      int count = Math.min(Pages.CHUNK_PAGES, header.pageCount() - first) * Pages.PAGE_SIZE;
      return mapping.asSlice((long) first * Pages.PAGE_SIZE, count);
    }

    /// @param copy takes the bytes of the chunk
    private void verify(int number, MemorySegment chunk, byte[] copy) {
      int first = number * Pages.CHUNK_PAGES;
      int count = (int) chunk.byteSize();
      try {
        MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, 0, copy, 0, count);
        PageFaults.raise();
      } catch (InternalError e) {
        throw new DamagedImageException("pages that cannot be read: " + e.getMessage());
      }
      int skipped = first == 0 ? PRELUDE_PAGE * Pages.PAGE_SIZE : 0;
      if (Checksums.plain(copy, skipped, count - skipped) != checksums[number]) {
        onDamage.run();
        throw new DamagedImageException("the checksum of pages from %d on".formatted(first));
      }
    }

    /// Verifies all of it.
    void verify() throws FormatException {
      try {
        byte[] copy = new byte[Pages.CHUNK_SIZE];
        for (int number = 0; number < checksums.length; number++) {
          verify(number, mapped(number), copy);
        }
        isVerified = true;
      } catch (DamagedImageException e) {
        throw new FormatException(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void close() {
      if (arena.scope().isAlive()) {
        arena.close();
      }
    }
  }

  /// Opens the checkpoint; its head is verified.
  ///
  /// @throws FormatException if it is damaged or of another version
  static Image open(DataFile file) throws IOException, FormatException {
    long size = file.size();
    if (size < Pages.PAGE_SIZE) {
      throw new FormatException("a file of %d bytes".formatted(size));
    }
    byte[] beginning = new byte[Prelude.SIZE];
    file.read(0, beginning, 0, beginning.length);
    Prelude prelude = Prelude.decode(beginning);
    if (prelude.headPosition() > size - prelude.headSize()) {
      throw new FormatException("the file ends within the head");
    }
    byte[] head = new byte[prelude.headSize()];
    file.read(prelude.headPosition(), head, 0, head.length);
    CheckpointHeader header = CheckpointHeader.decode(head);
    if (header.headPosition() != prelude.headPosition()) {
      throw new FormatException("a head in another place");
    }
    byte[] bytes = new byte[header.chunkCount() * Integer.BYTES];
    file.read(header.checksumsPosition(), bytes, 0, bytes.length);
    var reader = new ByteReader(bytes, 0, bytes.length);
    int[] checksums = new int[header.chunkCount()];
    for (int i = 0; i < checksums.length; i++) {
      checksums[i] = reader.u32();
    }
    return new Image(header, prelude, checksums, file);
  }
}
