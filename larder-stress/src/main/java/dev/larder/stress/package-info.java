/// Readers of the index beside its writer, as they are: on real processors, and memory outside the
/// heap.
@NullMarked
package dev.larder.stress;

import org.jspecify.annotations.NullMarked;
