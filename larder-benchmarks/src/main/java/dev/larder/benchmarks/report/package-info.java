/// Makes `docs/PERFORMANCE.md` and its plots out of saved results.
@NullMarked
package dev.larder.benchmarks.report;

import org.jspecify.annotations.NullMarked;
