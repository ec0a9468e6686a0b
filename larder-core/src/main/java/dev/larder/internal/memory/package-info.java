/// The backend that keeps everything in memory. Begin with
/// [dev.larder.internal.memory.MemoryBackend].
package dev.larder.internal.memory;
