package dev.larder.internal.index;

/// An image of the index is not what was written. Nothing is lost: the index can be built again
/// from the log.
public final class DamagedImageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What to tell those who use the store.
  public static final String ADVICE =
      "the checkpoint is damaged and was removed; open the store again, which reads the whole log"
          + " instead: nothing is lost";

  /// Makes the exception.
  ///
  /// @param reason what does not fit
  public DamagedImageException(String reason) {
    super(reason);
  }
}
