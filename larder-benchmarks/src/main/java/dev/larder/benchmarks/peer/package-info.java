/// The stores that are compared, each behind the same few calls: one class for each, which is also
/// where its options are chosen and said.
@NullMarked
package dev.larder.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
