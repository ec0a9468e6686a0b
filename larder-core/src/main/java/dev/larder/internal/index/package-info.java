/// The index: an ordered map, in memory, from each key to where its newest record lies.
///
/// [Index][dev.larder.internal.index.Index] is one version of the map, which never changes. The one
/// writer makes the next version with an [Editor][dev.larder.internal.index.Index.Editor] and
/// builds it; whoever holds an older version goes on reading it, without a lock. That makes a
/// snapshot as cheap as a reference. An [IndexCursor][dev.larder.internal.index.IndexCursor] walks
/// over a range of one version, in either direction.
///
/// The package knows nothing of files, clocks or commits: what an entry says of them are numbers
/// that it keeps. It may use the vocabulary of `dev.larder`, `internal.base` and `internal.format`,
/// and no other package of the engine.
package dev.larder.internal.index;
