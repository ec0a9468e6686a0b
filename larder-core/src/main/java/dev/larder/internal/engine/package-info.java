/// The log engine as a whole: finds or creates a store, builds its parts, owns its threads, and
/// implements the waist.
///
/// May use every internal package. Begin reading with
/// [dev.larder.internal.engine.LogStoreProvider], then [dev.larder.internal.engine.OpenStore].
package dev.larder.internal.engine;
