package dev.larder.internal.format;

/// The kinds of segments. The codes are on disk: never renumber one, never reuse one.
public enum SegmentKind {
  /// Commits in commit order: what recovery, and later replicas and change feeds, read.
  HISTORY(1),
  /// Live records in key order, written by compaction: base state, never tailed.
  COLD(2);

  private final int code;

  SegmentKind(int code) {
    this.code = code;
  }

  /// {@return the number on disk}
  public int code() {
    return code;
  }

  static SegmentKind ofCode(int code) throws FormatException {
    for (SegmentKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new FormatException("segment kind " + code);
  }
}
