/// The harness itself: that it catches a store that lies, and writes its report.
@NullMarked
package dev.larder.benchmarks;

import org.jspecify.annotations.NullMarked;
