package dev.larder;

import java.util.ArrayList;
import java.util.List;

/// Keys that were to be created have a live entry already, or were given twice in one batch.
/// Nothing was stored.
public final class KeyExistsException extends LarderException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // List.copyOf makes serializable lists
  private final List<String> existing;

  @SuppressWarnings("serial")
  private final List<String> repeated;

  /// Names the keys.
  ///
  /// @param existing the keys that have a live entry
  /// @param repeated the keys that were given more than once
  public KeyExistsException(List<String> existing, List<String> repeated) {
    super(message(existing, repeated));
    this.existing = List.copyOf(existing);
    this.repeated = List.copyOf(repeated);
  }

  /// {@return the keys that have a live entry, in the order given}
  public List<String> existing() {
    return existing;
  }

  /// {@return the keys that were given more than once in the batch}
  public List<String> repeated() {
    return repeated;
  }

  private static String message(List<String> existing, List<String> repeated) {
    var parts = new ArrayList<String>();
    if (!existing.isEmpty()) {
      parts.add(
          KeyText.list(existing) + (existing.size() == 1 ? " exists" : " exist") + " already");
    }
    if (!repeated.isEmpty()) {
      parts.add(
          KeyText.list(repeated)
              + (repeated.size() == 1 ? " is" : " are")
              + " given more than once");
    }
    return String.join("; ", parts);
  }
}
