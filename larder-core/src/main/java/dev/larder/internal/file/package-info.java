/// The seam to the file system: the only package that names files, channels and locks of the JDK.
///
/// The engine sees a store's directory as a [dev.larder.internal.file.StoreDirectory] and nothing
/// of what lies behind it. The real one is [dev.larder.internal.file.NioStoreDirectory]; the
/// testkit has one in memory that fails, or forgets what was not forced. Each call is one that the
/// testkit can model, so that no byte becomes durable without the crash checker knowing.
///
/// The rules that the real one keeps, each explained where it is kept:
///
/// - no interrupt closes anything that is shared (`NioDataFile`, `Mappings`);
/// - the channel that forces a file is opened before its first byte is written (`NioDataFile`);
/// - nothing but the lock opens the lock file (`NioDirectoryLock`);
/// - a mapped page that cannot be reached is an `IOException`, never the end of the JVM
///   (`NioReadMapping`, `NioWriteMapping`, `NioSharedWords`), and where memory itself is handed
///   out, [dev.larder.internal.file.PageFaults] says how it is read;
/// - nothing is written through a mapping but into what was written out before (`NioDataFile`,
///   `NioSharedWords`).
///
/// Uses `base` only. Begin reading at `StoreDirectory` and `DataFile`.
package dev.larder.internal.file;
