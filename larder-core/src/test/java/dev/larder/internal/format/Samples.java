package dev.larder.internal.format;

import dev.larder.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Structures with random content, all within what the format allows.
final class Samples {
  static final long CREATED_MILLIS = 1_767_225_600_000L;

  private static final RecordKind[] KEY_KINDS = {
    RecordKind.PUT, RecordKind.TOMBSTONE, RecordKind.EXPIRED
  };

  private Samples() {}

  static Bytes id(RandomGenerator random) {
    return Bytes.wrap(bytes(random, SegmentHeader.ID_SIZE));
  }

  static byte[] bytes(RandomGenerator random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /// {@return a number from 0 to 2^63 - 1, of any number of bits}
  static long number(RandomGenerator random) {
    return random.nextLong() >>> (1 + random.nextInt(Long.SIZE - 1));
  }

  private static <T> T one(RandomGenerator random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  static SegmentHeader segmentHeader(RandomGenerator random) {
    return new SegmentHeader(
        id(random),
        number(random),
        one(random, SegmentKind.values()),
        id(random),
        number(random),
        number(random),
        number(random),
        number(random));
  }

  static FrameHeader frameHeader(RandomGenerator random) {
    return new FrameHeader(
        one(random, FrameKind.values()),
        FrameHeader.padded(FrameHeader.SIZE + (number(random) >>> 2)),
        (int) (number(random) >>> 32),
        random.nextInt(),
        number(random),
        number(random),
        number(random));
  }

  static Manifest manifest(RandomGenerator random, int segmentCount) {
    var segments = new ArrayList<Manifest.SegmentInfo>();
    for (int i = 0; i < segmentCount; i++) {
      segments.add(
          new Manifest.SegmentInfo(
              number(random),
              one(random, SegmentKind.values()),
              random.nextBoolean(),
              id(random),
              number(random),
              number(random),
              number(random),
              number(random),
              Bytes.wrap(bytes(random, Manifest.HASH_SIZE))));
    }
    return new Manifest(
        id(random), number(random), number(random), number(random), number(random), segments);
  }

  /// {@return a head with up to a few elements in each list}
  static CheckpointHeader checkpointHeader(RandomGenerator random) {
    int pageCount = 2 + (int) (number(random) >>> 33);
    return new CheckpointHeader(
        id(random),
        number(random),
        number(random),
        number(random),
        number(random),
        number(random),
        number(random),
        new CheckpointHeader.Roots(
            random.nextInt(1, pageCount),
            random.nextInt(pageCount),
            random.nextInt(1, pageCount),
            random.nextInt(1, pageCount),
            number(random),
            number(random)),
        pageCount,
        freeRuns(random, pageCount),
        removals(random),
        buckets(random),
        usages(random));
  }

  private static List<Integer> freeRuns(RandomGenerator random, int pageCount) {
    var runs = new ArrayList<Integer>();
    for (int i = random.nextInt(4); i > 0; i--) {
      int first = random.nextInt(1, pageCount);
      int rest = CheckpointHeader.CHUNK_PAGES - first % CheckpointHeader.CHUNK_PAGES;
      runs.add(first);
      runs.add(random.nextInt(1, 1 + Math.min(rest, pageCount - first)));
    }
    return runs;
  }

  private static List<CheckpointHeader.Removal> removals(RandomGenerator random) {
    var removals = new ArrayList<CheckpointHeader.Removal>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Bytes indexKey = Bytes.wrap(bytes(random, 4 + random.nextInt(20)));
      removals.add(new CheckpointHeader.Removal(random.nextLong(), number(random), indexKey));
    }
    return removals;
  }

  private static Map<String, Integer> buckets(RandomGenerator random) {
    var buckets = new HashMap<String, Integer>();
    for (int i = random.nextInt(4); i > 0; i--) {
      buckets.put("\u00fc".repeat(random.nextInt(3)) + i, 1 + (int) (number(random) >>> 33));
    }
    return buckets;
  }

  private static List<CheckpointHeader.SegmentUsage> usages(RandomGenerator random) {
    var usages = new ArrayList<CheckpointHeader.SegmentUsage>();
    int unit = 0;
    for (int i = random.nextInt(4); i > 0; i--) {
      int first = unit + random.nextInt(100);
      int count = 1 + random.nextInt(100);
      unit = first + count;
      usages.add(
          new CheckpointHeader.SegmentUsage(
              1 + (number(random) >>> 1),
              first,
              count,
              number(random),
              number(random),
              number(random),
              number(random),
              number(random),
              number(random),
              number(random)));
    }
    return usages;
  }

  static RecordCodec.Place place(RandomGenerator random) {
    long segment = 1 + (number(random) >>> 1);
    long baseSequence = number(random) >>> 1;
    byte[] salt = bytes(random, SegmentHeader.ID_SIZE);
    return new RecordCodec.Place(
        segment, baseSequence, new Checksums(salt, segment), number(random));
  }

  /// {@return a place with nothing random about it}
  static RecordCodec.Place place(long segment, long baseSequence) {
    var checksums = new Checksums(new byte[SegmentHeader.ID_SIZE], segment);
    return new RecordCodec.Place(segment, baseSequence, checksums, CREATED_MILLIS);
  }

  /// {@return a multiple of 4 below 2^63}
  static long position(RandomGenerator random) {
    return number(random) & -FrameHeader.ALIGNMENT;
  }

  static RecordData record(RandomGenerator random, RecordCodec.Place place) {
    byte[] key = bytes(random, random.nextInt(40));
    byte[] value = bytes(random, random.nextInt(200));
    var record =
        new RecordData()
            .set(
                one(random, KEY_KINDS),
                (int) (number(random) >>> 32),
                place.baseSequence() + (number(random) >>> 1))
            .key(key, 0, key.length)
            .value(value, 0, value.length);
    if (random.nextBoolean()) {
      record.deadline(number(random));
    }
    if (random.nextBoolean()) {
      record.previous(1 + (number(random) >>> 1), position(random));
    }
    record.replaces(random.nextBoolean());
    return random.nextInt(4) == 0 ? record.forgotten() : record;
  }

  /// {@return a record as most are: short sizes, often with nothing optional}
  static RecordData usualRecord(RandomGenerator random, RecordCodec.Place place) {
    byte[] key = bytes(random, random.nextInt(24));
    byte[] value = bytes(random, random.nextInt(150));
    var record =
        new RecordData()
            .set(
                one(random, KEY_KINDS),
                random.nextInt(200),
                place.baseSequence() + random.nextInt(1 << random.nextInt(31)))
            .key(key, 0, key.length)
            .value(value, 0, value.length);
    if (random.nextInt(3) == 0) {
      record.previous(
          Math.max(1, place.segment() - random.nextInt(3)), 4L * random.nextInt(1 << 28));
    }
    return record.replaces(random.nextBoolean());
  }

  /// {@return everything that a record says}
  static List<Object> content(RecordData record) {
    return List.of(
        record.kind(),
        record.isForgotten(),
        record.replaces(),
        record.bucket(),
        record.sequence(),
        record.deadlineMillis(),
        record.previousSegment(),
        record.previousPosition(),
        Bytes.wrap(record.keyCopy()),
        record.valueCopy());
  }
}
