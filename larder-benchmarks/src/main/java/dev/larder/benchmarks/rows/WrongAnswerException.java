package dev.larder.benchmarks.rows;

/// A peer returned something else than what was put into it. Its figures are worth nothing.
public final class WrongAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public WrongAnswerException(String message) {
    super(message);
  }
}
