/// The index: where the newest record of each key is, in memory outside the heap.
///
/// [Index][dev.larder.internal.index.Index] puts the parts together:
///
/// - [Pages][dev.larder.internal.index.Pages], the memory, which can be written to a file as it is
///   and mapped again, and of which an image is taken while it changes;
/// - [HashIndex][dev.larder.internal.index.HashIndex], from the hash of a key to an address;
/// - [OrderIndex][dev.larder.internal.index.OrderIndex], the hashes in the order of keys;
/// - [DeadlineIndex][dev.larder.internal.index.DeadlineIndex], addresses about in the order of
///   deadlines.
///
/// None of them holds keys: they are read from where they are stored, through a
/// [KeyReader][dev.larder.internal.index.KeyReader]. One thread at a time changes a part; any
/// number of others read without a lock.
///
/// The package knows nothing of files, clocks or commits: addresses and deadlines are numbers to
/// it. It may use the vocabulary of `dev.larder`, `internal.base` and `internal.format`, and no
/// other package of the engine. Begin reading with `Index`, then `Pages` and `HashIndex`.
package dev.larder.internal.index;
