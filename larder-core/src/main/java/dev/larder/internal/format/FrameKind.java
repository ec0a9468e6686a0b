package dev.larder.internal.format;

import org.jspecify.annotations.Nullable;

/// The kinds of frames. The codes are on disk: never renumber one, never reuse one. Codes 5 and 6
/// are set aside for retirement and a hand-over between writers.
public enum FrameKind {
  /// A commit: its records belong together.
  COMMIT(1),
  /// Live records that compaction gathered; only in cold segments.
  COLD(2),
  /// A clean close; no records, no sequence number of its own.
  CLOSE(3),
  /// Changes of the index that are no commit ([IndexChanges]); no sequence number of its own.
  INDEX(4);

  private final int code;

  FrameKind(int code) {
    this.code = code;
  }

  /// {@return the number on disk}
  public int code() {
    return code;
  }

  static @Nullable FrameKind ofCode(int code) {
    return switch (code) {
      case 1 -> COMMIT;
      case 2 -> COLD;
      case 3 -> CLOSE;
      case 4 -> INDEX;
      default -> null;
    };
  }
}
