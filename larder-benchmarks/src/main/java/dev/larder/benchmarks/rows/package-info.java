/// What is measured: the rows of the report, and the groups of rows that one process measures on
/// one store.
@NullMarked
package dev.larder.benchmarks.rows;

import org.jspecify.annotations.NullMarked;
