package dev.larder.internal.txn;

import dev.larder.internal.format.CheckpointHeader;
import dev.larder.internal.index.DeltaBuffer;
import dev.larder.internal.index.Pages;
import org.jspecify.annotations.Nullable;

/// The state of the index at one moment, and where in the log replay has to begin to go on from it.
///
/// @param capture the pages of the index, which are saved while they are changed; to be closed;
///   null if no image was asked for
/// @param header what else belongs to the image
/// @param changes what has happened since the cut before; null if that was not gathered
public record Cut(
    Pages.@Nullable Capture capture,
    CheckpointHeader header,
    DeltaBuffer.@Nullable Batch changes) {}
