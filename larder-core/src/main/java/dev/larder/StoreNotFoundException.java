package dev.larder;

import java.nio.file.Path;

/// There is no store at a path, and the call would not create one.
public final class StoreNotFoundException extends LarderException {
  private static final long serialVersionUID = 1L;

  private final String location;

  /// Names the path.
  ///
  /// @param location where no store is
  public StoreNotFoundException(Path location) {
    super("no store at " + location + "; the first write creates it");
    this.location = location.toString();
  }

  /// {@return where no store is}
  public Path location() {
    return Path.of(location);
  }
}
