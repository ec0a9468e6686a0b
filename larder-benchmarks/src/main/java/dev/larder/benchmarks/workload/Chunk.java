package dev.larder.benchmarks.workload;

/// One thread's part of what is measured, in pieces small enough to look at the clock between them.
///
/// Each row has a class of its own for it, with the loop inside, so that the compiler sees one
/// operation in it and not those of all rows.
@FunctionalInterface
public interface Chunk {
  /// Does some operations.
  ///
  /// @param count how many are wanted
  /// @return how many were done; fewer only where there is nothing more to do
  long run(int count) throws Exception;
}
