/// What is put into stores is what the harness says it is.
@NullMarked
package dev.larder.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
