package dev.larder.cli;

/// What the process ends with. Scripts rely on these numbers.
final class Exit {
  /// Done, and the answer is yes.
  static final int DONE = 0;

  /// The answer is no: missing, expired, there already, a conflict, or refused by a rule.
  static final int NO = 1;

  /// The command was not understood.
  static final int USAGE = 2;

  /// The store, or a file, cannot do it.
  static final int UNABLE = 3;

  /// Ctrl-C, or the thread was interrupted.
  static final int INTERRUPTED = 130;

  private Exit() {}
}
