package dev.larder;

import java.util.List;

/// Keys have no live entry. Nothing was changed.
public sealed class KeyNotFoundException extends LarderException permits KeyExpiredException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // List.copyOf makes serializable lists
  private final List<String> keys;

  /// Names the keys.
  ///
  /// @param keys the keys without a live entry
  public KeyNotFoundException(List<String> keys) {
    this(keys, KeyText.list(keys) + (keys.size() == 1 ? " does" : " do") + " not exist");
  }

  KeyNotFoundException(List<String> keys, String message) {
    super(message);
    this.keys = List.copyOf(keys);
  }

  /// {@return the keys without a live entry, in the order given}
  public List<String> keys() {
    return keys;
  }
}
