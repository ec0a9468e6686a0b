package dev.larder.internal.base;

/// Where the store's messages go: `System.Logger` under the name `dev.larder`.
///
/// **Threads.** Safe for any number of threads.
public final class Logs {
  private Logs() {}

  /// Finding the platform's logging takes longer than opening a small store, so it waits until
  /// there is something to say.
  private static final class Holder {
    static final System.Logger LOG = System.getLogger("dev.larder");
  }

  /// {@return what takes messages}
  public static System.Logger log() {
    return Holder.LOG;
  }
}
