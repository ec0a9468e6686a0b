/// What is put into the stores and asked of them: keys, values, orders, distributions, and the
/// clockwork that measures. Knows no peer by name.
@NullMarked
package dev.larder.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
