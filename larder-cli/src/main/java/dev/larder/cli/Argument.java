package dev.larder.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;

/// A word that a command takes, and its value once the command line has been parsed.
///
/// @param spec what picocli knows of it, which holds the value
/// @param <T> the type of the value
record Argument<T>(ArgSpec spec) {
  /// {@return the value; null if it was not given}
  @Nullable T orNull() {
    return spec.getValue();
  }

  /// {@return the value; another one if it was not given}
  T orElse(T other) {
    T value = spec.getValue();
    return value == null ? other : value;
  }

  /// {@return the value of an argument that picocli has insisted on}
  T required() {
    T value = spec.getValue();
    if (value == null) {
      throw new AssertionError(spec.paramLabel());
    }
    return value;
  }
}
