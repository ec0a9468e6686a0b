/// Larder beside its peers, measured: one command runs them in fresh JVMs, checks what they return,
/// and writes `docs/PERFORMANCE.md`.
///
/// Begin reading with [dev.larder.benchmarks.Bench], which plans and starts processes; what such a
/// process does is in [dev.larder.benchmarks.Driver].
@NullMarked
package dev.larder.benchmarks;

import org.jspecify.annotations.NullMarked;
