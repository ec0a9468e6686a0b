package dev.larder.internal.base;

/// Work that is done in the background, step by step: by a thread of its own in production, by hand
/// and in a chosen order in simulations.
@FunctionalInterface
public interface Worker {
  /// Never again, unless woken.
  long NOT_BEFORE_WOKEN = Long.MAX_VALUE;

  /// Does what is due. Handles its own errors.
  ///
  /// @return after how many nanoseconds to call again at the latest; 0 for at once,
  ///   [#NOT_BEFORE_WOKEN] for not before it is woken
  long step();

  /// A worker that was started.
  interface Handle {
    /// Has the worker called soon, from any thread; cheap, and without effect once it is stopped.
    void wake();

    /// Stops the worker and waits until a step that is under way has ended. Stopping twice does
    /// nothing. Must not be called from a step.
    void stop();
  }

  /// Starts workers.
  @FunctionalInterface
  interface Starter {
    /// Starts one.
    ///
    /// @param name what its thread is called, such as `larder-expiry`
    /// @param worker the work
    Handle start(String name, Worker worker);
  }
}
