package dev.larder.internal.log;

import dev.larder.CorruptionException;
import dev.larder.UnsupportedVersionException;
import dev.larder.internal.base.DiskFullException;
import dev.larder.internal.file.DataFile;
import dev.larder.internal.file.StoreDirectory;
import dev.larder.internal.format.Checksums;
import dev.larder.internal.format.FileNames;
import dev.larder.internal.format.FormatException;
import dev.larder.internal.format.FormatVersion;
import dev.larder.internal.format.FrameHeader;
import dev.larder.internal.format.Manifest;
import dev.larder.internal.format.NewerFormatException;
import dev.larder.internal.format.RecordCodec;
import dev.larder.internal.format.SegmentHeader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads and checks the files that say what a store consists of.
public final class StoreFiles {
  private static final long MANIFEST_SIZE_MAX = 1L << 30;

  private StoreFiles() {}

  /// {@return whether a store is in a directory}
  public static boolean hasStore(StoreDirectory directory) throws IOException {
    return directory.exists() && directory.size(FileNames.MANIFEST) >= 0;
  }

  /// {@return whether a store is in a directory, or part of one: its creation was cut short, or its
  /// manifest is lost}
  public static boolean isBegun(StoreDirectory directory) throws IOException {
    if (directory.exists()) {
      for (String name : directory.list()) {
        if (FileNames.isOurs(name)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Removes the image of the index, if there is one, and what was written down behind it.
  public static void removeCheckpoint(StoreDirectory directory) throws IOException {
    if (directory.size(FileNames.CHECKPOINT) >= 0) {
      directory.delete(FileNames.CHECKPOINT);
    }
    removeDeltasBut(directory, 0, 0);
  }

  /// Removes deltas but for some.
  ///
  /// @param first the number of the first that stays
  /// @param end one more than the number of the last that stays
  public static void removeDeltasBut(StoreDirectory directory, long first, long end)
      throws IOException {
    for (String name : directory.list()) {
      if (FileNames.isDelta(name)) {
        long number = FileNames.deltaNumber(name);
        if (number < first || number >= end) {
          directory.delete(name);
        }
      }
    }
  }

  /// Removes what a creation leaves behind that was cut short. Nothing in it was ever acknowledged.
  ///
  /// @param directory a directory without a manifest
  /// @throws CorruptionException if there is more: then there was a store, and its manifest is gone
  public static void removeBeginnings(StoreDirectory directory) throws IOException {
    requireBeginnings(directory);
    for (String name : directory.list()) {
      if (!name.equals(FileNames.LOCK) && !name.equals(FileNames.CONTROL)) {
        directory.delete(name);
      }
    }
  }

  /// Sees to it that a directory without a manifest has nothing but what a creation leaves behind
  /// that was cut short: at most the first segment, without a frame.
  ///
  /// @param directory a directory without a manifest
  /// @throws CorruptionException if there is more: then there was a store, and its manifest is gone
  public static void requireBeginnings(StoreDirectory directory) throws IOException {
    for (String name : directory.list()) {
      boolean isBeginning =
          switch (name) {
            case FileNames.LOCK, FileNames.CONTROL, FileNames.MANIFEST_NEXT -> true;
            default -> name.equals(FileNames.segment(1)) && hasNoFrame(directory, name);
          };
      if (!isBeginning) {
        throw new CorruptionException(
            directory.path().resolve(FileNames.MANIFEST),
            0,
            "the manifest is missing, but %s is there".formatted(name));
      }
    }
  }

  /// What is behind the header of a segment whose creation was cut short may be anything, but no
  /// frame.
  private static boolean hasNoFrame(StoreDirectory directory, String name) throws IOException {
    try (DataFile file = directory.openFile(name, false)) {
      long size = file.size();
      if (size < SegmentHeader.SIZE) {
        return true;
      }
      byte[] bytes = new byte[SegmentHeader.SIZE];
      file.read(0, bytes, 0, bytes.length);
      SegmentHeader header = SegmentHeader.decode(bytes);
      var checksums = new Checksums(header.salt().lend(), header.segment());
      var place =
          new RecordCodec.Place(
              header.segment(), header.baseSequence(), checksums, header.createdMillis());
      long before = SegmentHeader.SIZE - FrameHeader.ALIGNMENT;
      return !new FrameScanner(file::read, place, before, size).hasHeadBehind();
    } catch (FormatException _) {
      return true; // not even the header was durable
    } catch (NewerFormatException _) {
      return false;
    }
  }

  /// Writes the bytes of a manifest.
  @FunctionalInterface
  interface Writing {
    void write(DataFile file) throws IOException;
  }

  /// Replaces the manifest in one step: written beside, forced, renamed, the directory forced.
  ///
  /// @param writing writes it; a full disk shows here, or in the force of the file
  static void replaceManifest(StoreDirectory directory, Writing writing) throws IOException {
    if (directory.size(FileNames.MANIFEST_NEXT) >= 0) {
      directory.delete(FileNames.MANIFEST_NEXT); // left behind by a crash or a full disk
    }
    try (DataFile file = directory.createFile(FileNames.MANIFEST_NEXT)) {
      writing.write(file);
      file.force();
    }
    try {
      directory.rename(FileNames.MANIFEST_NEXT, FileNames.MANIFEST);
      directory.force();
    } catch (DiskFullException e) {
      // From here on the new manifest may count: nothing of it may be taken back.
      throw new IOException("the manifest could not be put in its place", e);
    }
  }

  /// Reads the manifest.
  ///
  /// @throws CorruptionException if it is damaged
  /// @throws UnsupportedVersionException if a newer release wrote it
  public static Manifest readManifest(StoreDirectory directory) throws IOException {
    Path path = directory.path().resolve(FileNames.MANIFEST);
    try (DataFile file = directory.openFile(FileNames.MANIFEST, false)) {
      long size = file.size();
      if (size > MANIFEST_SIZE_MAX) {
        throw new CorruptionException(path, 0, "a manifest of %d bytes".formatted(size));
      }
      byte[] bytes = new byte[(int) size];
      file.read(0, bytes, 0, bytes.length);
      return Manifest.decode(bytes);
    } catch (FormatException e) {
      throw new CorruptionException(path, 0, e.getMessage());
    } catch (NewerFormatException e) {
      throw new UnsupportedVersionException(path, e.getMessage(), FormatVersion.supported());
    }
  }

  /// Reads the header of a segment and holds it against the manifest.
  ///
  /// @param directory where the segment is
  /// @param manifest the manifest that names it
  /// @param info what the manifest says of it
  /// @throws CorruptionException if it is missing, damaged, too short, or another segment
  /// @throws UnsupportedVersionException if a newer release wrote it
  public static SegmentHeader readHeader(
      StoreDirectory directory, Manifest manifest, Manifest.SegmentInfo info) throws IOException {
    String name = FileNames.segment(info.number());
    Path path = directory.path().resolve(name);
    byte[] bytes = new byte[SegmentHeader.SIZE];
    try (DataFile file = directory.openFile(name, false)) {
      long size = file.size();
      long needed = Math.max(SegmentHeader.SIZE, info.sealedSize());
      if (size < needed) {
        throw new CorruptionException(
            path, size, "the file ends here, %d bytes were written".formatted(needed));
      }
      file.read(0, bytes, 0, bytes.length);
    } catch (NoSuchFileException _) {
      throw new CorruptionException(path, 0, "the segment is missing");
    }
    try {
      SegmentHeader header = SegmentHeader.decode(bytes);
      requireSame(manifest, info, header);
      return header;
    } catch (FormatException e) {
      throw new CorruptionException(path, 0, e.getMessage());
    } catch (NewerFormatException e) {
      throw new UnsupportedVersionException(path, e.getMessage(), FormatVersion.supported());
    }
  }

  private static void requireSame(
      Manifest manifest, Manifest.SegmentInfo info, SegmentHeader header) throws FormatException {
    if (!header.storeId().equals(manifest.storeId())) {
      throw new FormatException("a segment of another store");
    }
    if (header.segment() != info.number()
        || header.kind() != info.kind()
        || !header.salt().equals(info.salt())
        || header.baseSequence() != info.baseSequence()
        || header.cleanSequence() != info.cleanSequence()) {
      throw new FormatException("another segment than the manifest names");
    }
  }
}
