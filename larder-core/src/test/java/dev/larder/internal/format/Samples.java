package dev.larder.internal.format;

import dev.larder.Bytes;
import dev.larder.Expiry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Structures with random content, all within what the format allows.
final class Samples {
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

  static CheckpointHeader checkpointHeader(RandomGenerator random, int segmentCount) {
    var segments = new ArrayList<CheckpointHeader.SegmentUsage>();
    for (int i = 0; i < segmentCount; i++) {
      segments.add(
          new CheckpointHeader.SegmentUsage(number(random), number(random), number(random)));
    }
    return new CheckpointHeader(
        id(random),
        number(random),
        number(random),
        number(random),
        number(random),
        number(random),
        number(random),
        segments);
  }

  /// {@return entries in the order of their keys, many of which begin alike}
  static List<CheckpointBlock.Entry> entries(RandomGenerator random, int count) {
    var keys = new TreeSet<byte[]>(Arrays::compareUnsigned);
    while (keys.size() < count) {
      byte[] key = new byte[4 + random.nextInt(12)];
      for (int i = 3; i < key.length; i++) {
        key[i] = (byte) (random.nextInt(3) * 127);
      }
      keys.add(key);
    }
    var entries = new ArrayList<CheckpointBlock.Entry>();
    for (byte[] key : keys) {
      entries.add(
          new CheckpointBlock.Entry(
              key,
              random.nextBoolean(),
              number(random),
              number(random),
              (int) (number(random) >>> 32),
              number(random),
              random.nextBoolean() ? number(random) : Expiry.NO_DEADLINE));
    }
    return entries;
  }

  static RecordCodec.Place place(RandomGenerator random) {
    long segment = 1 + (number(random) >>> 1);
    long baseSequence = number(random) >>> 1;
    byte[] salt = bytes(random, SegmentHeader.ID_SIZE);
    return new RecordCodec.Place(segment, baseSequence, new Checksums(salt, segment));
  }

  static RecordData record(RandomGenerator random, RecordCodec.Place place) {
    byte[] key = bytes(random, random.nextInt(40));
    byte[] value = bytes(random, random.nextInt(200));
    var record =
        new RecordData()
            .set(
                one(random, RecordKind.values()),
                (int) (number(random) >>> 32),
                place.baseSequence() + (number(random) >>> 1))
            .key(key, 0, key.length)
            .value(value, 0, value.length);
    if (random.nextBoolean()) {
      record.deadline(number(random));
    }
    if (random.nextBoolean()) {
      record.previous(1 + (number(random) >>> 1), number(random));
    }
    return random.nextInt(4) == 0 ? record.forgotten() : record;
  }

  /// {@return everything that a record says}
  static List<Object> content(RecordData record) {
    return List.of(
        record.kind(),
        record.isForgotten(),
        record.bucket(),
        record.sequence(),
        record.deadlineMillis(),
        record.previousSegment(),
        record.previousPosition(),
        Bytes.wrap(record.keyCopy()),
        record.valueCopy());
  }

  /// {@return everything that an entry of a checkpoint says}
  static List<Object> content(CheckpointBlock.Entry entry) {
    return List.of(
        Bytes.of(entry.indexKey()),
        entry.isExpired(),
        entry.segment(),
        entry.position(),
        entry.size(),
        entry.version(),
        entry.deadlineMillis());
  }
}
