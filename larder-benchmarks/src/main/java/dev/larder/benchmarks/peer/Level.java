package dev.larder.benchmarks.peer;

/// What a write that returned has to survive.
public enum Level {
  /// The death of the process, as far as the peer can do that, but not a power failure.
  PROCESS,
  /// A power failure: forced to the device before the call returns.
  DEVICE
}
