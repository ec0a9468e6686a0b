/// Microbenchmarks of the engine's parts, run by JMH: `./build bench jmh`, with JMH's own options
/// behind it. They look inside, unlike everything else here, and change with what they look at.
@NullMarked
package dev.larder.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
