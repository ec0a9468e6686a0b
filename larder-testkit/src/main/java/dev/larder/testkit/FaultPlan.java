package dev.larder.testkit;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// Lets the n-th operation fail, once or from then on. Operations that cannot fail in the way that
/// is planned are not counted: a mapped write never meets a full disk.
///
/// To try every place of a run: run it with [#never()] and ask for the [#count()], then once more
/// for each number below that.
///
/// **Threads.** Safe for any number of threads.
public final class FaultPlan implements OperationListener {
  private final Fault fault;
  private final long first;
  private final long end;
  private final Predicate<Operation> isMeant;
  private final AtomicLong count = new AtomicLong();

  private FaultPlan(Fault fault, long first, long end, Predicate<Operation> isMeant) {
    this.fault = fault;
    this.first = first;
    this.end = end;
    this.isMeant = isMeant;
  }

  /// {@return a plan that counts operations and lets none fail}
  public static FaultPlan never() {
    return new FaultPlan(Fault.IO_ERROR, Long.MAX_VALUE, Long.MAX_VALUE, FaultPlan::isChange);
  }

  /// {@return a plan that lets one operation fail}
  ///
  /// @param index which, counted from 0 among those that change something, or as [#only] says
  public static FaultPlan once(long index, Fault fault) {
    return new FaultPlan(fault, index, index + 1, FaultPlan::isChange);
  }

  /// {@return a plan that lets every operation fail from one on}
  ///
  /// @param index the first, counted from 0 among those that change something, or as [#only] says
  public static FaultPlan from(long index, Fault fault) {
    return new FaultPlan(fault, index, Long.MAX_VALUE, FaultPlan::isChange);
  }

  /// {@return the same plan for other operations, with a count of its own}
  ///
  /// @param isMeant says which operations are counted and fail
  public FaultPlan only(Predicate<Operation> isMeant) {
    return new FaultPlan(fault, first, end, isMeant);
  }

  /// {@return the same plan for one kind of operation, with a count of its own}
  public FaultPlan only(Operation.Kind kind) {
    return only(operation -> operation.kind() == kind);
  }

  private static boolean isChange(Operation operation) {
    return operation.kind().isChange();
  }

  /// {@return how many operations were counted so far}
  public long count() {
    return count.get();
  }

  /// {@return whether the fault was met}
  public boolean hasStruck() {
    return first < count.get();
  }

  @Override
  public void before(Operation operation) throws IOException {
    if (isMeant.test(operation) && fault.isPossible(operation)) {
      long index = count.getAndIncrement();
      if (first <= index && index < end) {
        fault.strike(operation);
      }
    }
  }
}
