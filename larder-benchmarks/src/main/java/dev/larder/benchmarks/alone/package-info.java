/// What is measured of Larder alone, since it asks for what only Larder has: events, options,
/// statistics, deadlines.
@NullMarked
package dev.larder.benchmarks.alone;

import org.jspecify.annotations.NullMarked;
