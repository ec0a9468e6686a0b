package dev.larder.stress.index;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.larder.stress.twin.KeyBytes;
import dev.larder.stress.twin.Memory;
import dev.larder.stress.twin.Waiting;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;

/// Has Lincheck play scenarios, each many times with the threads switched at other moments, and
/// compare what the operations say with a model.
final class ModelCheck {
  /// How many times more often than in every build each scenario is played.
  private static final int FACTOR = Integer.getInteger("lincheck.factor", 1);

  /// Of twin and case, what is one step. The keys of records do not change, and waiting is no part
  /// of the algorithm.
  private static final ManagedStrategyGuarantee SINGLE_STEPS =
      forClasses(
              HashCase.class.getName(),
              OrderCase.class.getName(),
              KeyBytes.class.getName(),
              Memory.class.getName(),
              Memory.Part.class.getName())
          .methods(
              "hasKey",
              "hash",
              "key",
              "moments",
              "getLong",
              "getInt",
              "setInt",
              "get",
              "set",
              "getAcquire",
              "getOpaque",
              "setOpaque",
              "setRelease",
              "getBytes",
              "setBytes",
              "copyPiece",
              "fillPiece")
          .treatAsAtomic();

  /// What no other thread can notice: the making of a case; what the writer reads, as nobody else
  /// writes it; and what the writer prepares.
  private static final List<ManagedStrategyGuarantee> PRIVATE_STEPS =
      List.of(
          forClasses(
                  Template.class.getName(), HashIndex.class.getName(), OrderIndex.class.getName())
              .methods("copy", "open")
              .ignore(),
          forClasses(OrderCase.class.getName()).methods("judge").ignore(),
          forClasses(Pages.class.getName()).methods("takeFree").ignore(),
          forClasses(HashTable.class.getName()).methods("slot", "copyUpper").ignore(),
          forClasses(OrderPath.class.getName(), OrderBranchDraft.class.getName())
              .allMethods()
              .ignore(),
          forClasses(OrderLeafDraft.class.getName())
              .methods("read", "shorten", "lengthen", "insert", "append", "separator")
              .ignore());

  private ModelCheck() {}

  /// Plays scenarios.
  ///
  /// @param runs how often each
  /// @param type a [HashCase] or an [OrderCase]
  /// @param scenarios like `remove 0, insert 2 | find 3`: what each thread does
  static void check(int runs, Class<?> type, String... scenarios) {
    ModelCheckingOptions options =
        new ModelCheckingOptions()
            .iterations(0) // of scenarios made at random
            .invocationsPerIteration(runs * FACTOR)
            .minimizeFailedScenario(false)
            .loopIterationsBeforeThreadSwitch(Waiting.ROUNDS)
            .loopBound(Integer.MAX_VALUE)
            .addGuarantee(SINGLE_STEPS)
            .sequentialSpecification(
                HashCase.class.isAssignableFrom(type) ? HashModel.class : OrderModel.class);
    PRIVATE_STEPS.forEach(options::addGuarantee);
    for (String scenario : scenarios) {
      options.addCustomScenario(scenario(type, scenario));
    }
    options.check(type);
  }

  private static ExecutionScenario scenario(Class<?> type, String text) {
    List<List<Actor>> threads =
        Arrays.stream(text.split("\\|", -1)).map(thread -> actors(type, thread)).toList();
    return new ExecutionScenario(List.of(), threads, List.of(), null);
  }

  private static List<Actor> actors(Class<?> type, String calls) {
    return Arrays.stream(calls.split(",", -1)).map(call -> actor(type, call.trim())).toList();
  }

  private static Actor actor(Class<?> type, String call) {
    String[] words = call.split(" ", -1);
    Method operation =
        Arrays.stream(type.getMethods())
            .filter(method -> method.isAnnotationPresent(Operation.class))
            .filter(method -> method.getName().equals(words[0]))
            .findFirst()
            .orElseThrow();
    return new Actor(operation, words.length == 1 ? List.of() : List.of(Integer.valueOf(words[1])));
  }
}
