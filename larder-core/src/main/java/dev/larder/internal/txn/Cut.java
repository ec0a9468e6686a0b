package dev.larder.internal.txn;

import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.index.Pages;

/// The state of the index at one moment, and where in the log replay has to begin to go on from it.
///
/// @param capture the pages of the index, which are saved while they are changed; to be closed
/// @param header what else belongs to the image
public record Cut(Pages.Capture capture, CheckpointHeader header) {}
