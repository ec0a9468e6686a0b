/// Crashes of the log engine on a simulated disk: seeded histories, every place at which the power
/// can fail or the process can die, and what must be true afterwards.
@NullMarked
package dev.larder.tests.crash;

import org.jspecify.annotations.NullMarked;
