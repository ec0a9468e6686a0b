/// A twin of the index whose memory a model checker sees.
@NullMarked
package dev.larder.stress.twin;

import org.jspecify.annotations.NullMarked;
