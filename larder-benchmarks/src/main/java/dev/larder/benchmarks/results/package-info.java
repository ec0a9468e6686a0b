/// What a run measured, as it is kept in `docs/performance/results.json`.
@NullMarked
package dev.larder.benchmarks.results;

import org.jspecify.annotations.NullMarked;
