package dev.larder.internal.format;

/// Which word of the control file means what. Nothing in it need survive a power failure: a file
/// that does not make sense is filled anew by the next writer. The specification is
/// docs/FILE_FORMAT.md, section "Control file".
public final class ControlLayout {
  /// `LARDCTL` and a zero.
  public static final long MAGIC = 0x004c54434452414cL;

  /// How many words the file has: 4 KiB.
  public static final int WORD_COUNT = 512;

  /// Holds [#MAGIC] once the rest is filled.
  public static final int MAGIC_WORD = 0;

  /// The format's major version.
  public static final int VERSION_WORD = 1;

  /// The first eight bytes of the store's identity.
  public static final int STORE_ID_WORD = 2;

  /// The writer's epoch.
  public static final int EPOCH_WORD = 3;

  /// 1 after a failed write or force: nobody acknowledges commits until a writer has recovered.
  public static final int FAILED_WORD = 4;

  /// The sequence number of the last commit that readers see.
  public static final int PUBLISHED_WORD = 8;

  /// The segment of the published position.
  public static final int PUBLISHED_SEGMENT_WORD = 9;

  /// Where in that segment the next frame will begin.
  public static final int PUBLISHED_POSITION_WORD = 10;

  /// The sequence number up to which everything is durable.
  public static final int DURABLE_WORD = 11;

  /// The process id of the writer, 0 if there is none.
  public static final int WRITER_PROCESS_WORD = 16;

  /// Since when it has the store, in milliseconds since 1970.
  public static final int WRITER_SINCE_WORD = 17;

  private ControlLayout() {}
}
