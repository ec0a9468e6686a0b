package dev.larder.cli;

/// Whether and how a long command shows how far it is.
enum ProgressMode {
  /// A bar where standard error is a terminal, nothing elsewhere.
  AUTO("auto"),

  /// A line on standard output after each step, for programs.
  PLAIN("plain"),

  /// Nothing.
  NONE("none");

  private final String word;

  ProgressMode(String word) {
    this.word = word;
  }

  @Override
  public String toString() {
    return word;
  }
}
