package dev.larder.tests.sources;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The arrows between packages point down, and the ambient world enters by few doors.
class LayersTest {
  private static final String API = "dev.larder";
  private static final String INTERNAL = "dev.larder.internal.";

  private static final List<String> ENGINE_PARTS =
      List.of(
          "memory",
          "compaction",
          "recovery",
          "expiry",
          "txn",
          "index",
          "log",
          "inspect",
          "format",
          "file");

  /// What each package inside the core may use besides itself, `base` and the API.
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          Map.entry("engine", ENGINE_PARTS),
          Map.entry("compaction", List.of("txn", "index", "log", "format")),
          Map.entry("recovery", List.of("txn", "index", "log", "format", "file")),
          Map.entry("expiry", List.of("txn", "index")),
          Map.entry("txn", List.of("index", "log", "format", "file")),
          Map.entry("index", List.of("format")),
          Map.entry("log", List.of("format", "file")),
          Map.entry("inspect", List.of("recovery", "txn", "index", "log", "format", "file")),
          Map.entry("memory", List.of()),
          Map.entry("format", List.of()),
          Map.entry("file", List.of()),
          Map.entry("base", List.of()));

  /// What the other modules may use of Larder besides themselves.
  private static final Map<String, Set<String>> MODULE_ARROWS =
      Map.of(
          "dev.larder.json", Set.of(API),
          "dev.larder.testkit",
              Set.of(API, INTERNAL + "base", INTERNAL + "engine", INTERNAL + "file"),
          "dev.larder.cli", Set.of(API, "dev.larder.json", INTERNAL + "inspect"),
          "dev.larder.examples", Set.of(API, "dev.larder.json"));

  /// Classes of the file system; only the file package may name them.
  private static final Pattern FILE_SYSTEM =
      Pattern.compile(
          "java\\.nio\\.file\\.Files|java\\.nio\\.channels\\..*|java\\.io\\.RandomAccessFile"
              + "|java\\.io\\.File(InputStream|OutputStream|Reader|Writer|Descriptor)?");

  /// Classes outside `file` that may look at the file system, each with what it needs.
  private static final Map<String, String> FILE_SYSTEM_DOORS =
      Map.of("dev.larder.DefaultLocation", "where this user's documents are");

  /// Calls that bring in the time, chance or a thread of their own.
  private static final Pattern AMBIENT =
      Pattern.compile(
          "java\\.lang\\.System\\.(currentTimeMillis|nanoTime)"
              + "|java\\.time\\.[A-Za-z]+\\.now|java\\.time\\.[A-Za-z]+\\.(system|tick).*"
              + "|java\\.lang\\.Thread\\.(<init>|of(Platform|Virtual)|startVirtualThread)"
              + "|java\\.util\\.concurrent\\.(Executors\\..*|[A-Za-z]+Executor\\.<init>)"
              + "|java\\.util\\.concurrent\\.CompletableFuture\\.(run|supply)Async"
              + "|java\\.util\\.Timer\\.<init>|java\\.lang\\.Math\\.random"
              + "|java\\.util\\.(Random|SplittableRandom)\\.<init>|java\\.util\\.UUID\\.randomUUID"
              + "|java\\.util\\.concurrent\\.ThreadLocalRandom\\.current"
              + "|java\\.security\\.SecureRandom\\.<init>");

  /// Classes outside `base` that may be ambient, each with what it needs.
  private static final Map<String, String> AMBIENT_DOORS =
      Map.of(
          "dev.larder.SystemTime",
          "the system's clocks, where no other source is given",
          "dev.larder.OpenStores",
          "the shutdown hook is a thread",
          INTERNAL + "engine.LogStoreProvider",
          "gives the parts their randomness");

  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "java\\.io\\.(Object(Input|Output).*|Externalizable)|sun\\.misc\\..*|jdk\\.internal\\..*"
              + "|java\\.lang\\.reflect\\..*");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(API);

  @Test
  void packagesOfTheCoreUseOnlyWhatIsBelowThem() {
    assertThat(upwardArrows(CLASSES)).isEmpty();
  }

  @Test
  void everyPackageOfTheCoreIsInTheTable() {
    var unknown = new TreeSet<String>();
    for (JavaClass each : CLASSES) {
      if (isInternal(each) && !ARROWS.containsKey(layer(each))) {
        unknown.add(each.getPackageName());
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void packagesHaveNoCycles() {
    noCycles().check(CLASSES);
  }

  @Test
  void onlyTheFilePackageTouchesTheFileSystem() {
    assertThat(fileSystemUses(CLASSES)).isEmpty();
  }

  @Test
  void timeChanceAndThreadsComeFromTheBase() {
    assertThat(ambientCalls(CLASSES)).isEmpty();
  }

  @Test
  void theCoreUsesNoSerializationNorTheInsideOfTheJdk() {
    assertThat(forbiddenUses(CLASSES)).isEmpty();
  }

  @Test
  void upwardArrowsAreFound(@TempDir Path folder) throws Exception {
    JavaClasses planted =
        compile(
            folder,
            "package dev.larder.internal.log; public class Log {}",
            "package dev.larder.internal.format; class Upward { dev.larder.internal.log.Log log; }",
            "package dev.larder.internal.engine; class Downward { dev.larder.internal.log.Log log;"
                + " }",
            "package dev.larder; class Api { dev.larder.internal.log.Log log; }",
            "package dev.larder.json; class Json { dev.larder.internal.log.Log log; }");
    assertThat(upwardArrows(planted))
        .containsExactly(
            "dev.larder.Api uses dev.larder.internal.log.Log",
            "dev.larder.internal.format.Upward uses dev.larder.internal.log.Log",
            "dev.larder.json.Json uses dev.larder.internal.log.Log");
  }

  @Test
  void cyclesAreFound(@TempDir Path folder) throws Exception {
    JavaClasses planted =
        compile(
            folder,
            "package dev.larder.internal.log; public class Log { dev.larder.internal.txn.Txn txn;"
                + " }",
            "package dev.larder.internal.txn; public class Txn { dev.larder.internal.log.Log log;"
                + " }");
    assertThatThrownBy(() -> noCycles().check(planted))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Cycle");
  }

  @Test
  void usesOfTheFileSystemAreFound(@TempDir Path folder) throws Exception {
    JavaClasses planted =
        compile(
            folder,
            "package dev.larder.internal.log; class Bad { java.nio.channels.FileChannel channel; }",
            "package dev.larder.internal.file; class Good { java.nio.channels.FileChannel channel;"
                + " }");
    assertThat(fileSystemUses(planted))
        .containsExactly("dev.larder.internal.log.Bad uses java.nio.channels.FileChannel");
  }

  @Test
  void ambientCallsAreFound(@TempDir Path folder) throws Exception {
    JavaClasses planted =
        compile(
            folder,
            "package dev.larder.internal.log; class A { long f() { return System.nanoTime(); } }",
            "package dev.larder.internal.log; class B { Object f() { return new Thread(); } }",
            "package dev.larder.internal.log; class C extends Thread {}",
            "package dev.larder.internal.log; class D { Object f() {"
                + " return java.time.Instant.now(); } }",
            "package dev.larder.internal.log; class E {"
                + " java.util.function.LongSupplier f() { return System::currentTimeMillis; } }",
            "package dev.larder.internal.base; class F { long f() { return System.nanoTime(); } }");
    assertThat(ambientCalls(planted))
        .containsExactly(
            "dev.larder.internal.log.A calls java.lang.System.nanoTime",
            "dev.larder.internal.log.B calls java.lang.Thread.<init>",
            "dev.larder.internal.log.C calls java.lang.Thread.<init>",
            "dev.larder.internal.log.D calls java.time.Instant.now",
            "dev.larder.internal.log.E calls java.lang.System.currentTimeMillis");
  }

  @Test
  void forbiddenUsesAreFound(@TempDir Path folder) throws Exception {
    JavaClasses planted =
        compile(
            folder, "package dev.larder.internal.log; class A { java.io.ObjectInputStream in; }");
    assertThat(forbiddenUses(planted))
        .containsExactly("dev.larder.internal.log.A uses java.io.ObjectInputStream");
  }

  private static ArchRule noCycles() {
    return slices()
        .matching("dev.larder.internal.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true);
  }

  private static Set<String> upwardArrows(JavaClasses classes) {
    var found = new TreeSet<String>();
    for (JavaClass origin : classes) {
      for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (isOurs(target) && !mayUse(origin, target)) {
          found.add(outermost(origin) + " uses " + outermost(target));
        }
      }
    }
    return found;
  }

  private static boolean mayUse(JavaClass origin, JavaClass target) {
    if (origin.getPackageName().equals(API)) {
      return target.getPackageName().equals(API);
    }
    if (isInternal(origin)) {
      return target.getPackageName().equals(API)
          || (isInternal(target) && isBelow(layer(origin), layer(target)));
    }
    String module = module(origin);
    return module.equals(module(target))
        || MODULE_ARROWS.getOrDefault(module, Set.of()).contains(target.getPackageName());
  }

  private static boolean isBelow(String origin, String target) {
    return target.equals(origin)
        || target.equals("base")
        || ARROWS.getOrDefault(origin, List.of()).contains(target);
  }

  private static Set<String> fileSystemUses(JavaClasses classes) {
    return uses(classes, FILE_SYSTEM, FILE_SYSTEM_DOORS.keySet(), INTERNAL + "file");
  }

  private static Set<String> forbiddenUses(JavaClasses classes) {
    return uses(classes, FORBIDDEN, Set.of(), "");
  }

  private static Set<String> uses(
      JavaClasses classes, Pattern pattern, Set<String> doors, String freePackage) {
    var found = new TreeSet<String>();
    for (JavaClass origin : classes) {
      boolean isDoor =
          origin.getPackageName().equals(freePackage) || doors.contains(outermost(origin));
      if (!isCore(origin) || isDoor) {
        continue;
      }
      for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getBaseComponentType().getName();
        if (pattern.matcher(target).matches()) {
          found.add(outermost(origin) + " uses " + target);
        }
      }
    }
    return found;
  }

  private static Set<String> ambientCalls(JavaClasses classes) {
    var found = new TreeSet<String>();
    for (JavaClass origin : classes) {
      boolean isDoor =
          origin.getPackageName().equals(INTERNAL + "base")
              || AMBIENT_DOORS.containsKey(outermost(origin));
      if (!isCore(origin) || isDoor) {
        continue;
      }
      var targets = new ArrayList<AccessTarget>();
      origin.getAccessesFromSelf().forEach(access -> targets.add(access.getTarget()));
      origin
          .getCodeUnitReferencesFromSelf()
          .forEach(reference -> targets.add(reference.getTarget()));
      for (AccessTarget target : targets) {
        String name = target.getOwner().getName() + "." + target.getName();
        if (AMBIENT.matcher(name).matches()) {
          found.add(outermost(origin) + " calls " + name);
        }
      }
    }
    return found;
  }

  private static boolean isOurs(JavaClass each) {
    return each.getPackageName().equals(API) || each.getPackageName().startsWith(API + ".");
  }

  private static boolean isInternal(JavaClass each) {
    return each.getPackageName().startsWith(INTERNAL);
  }

  private static boolean isCore(JavaClass each) {
    return each.getPackageName().equals(API) || isInternal(each);
  }

  private static String layer(JavaClass each) {
    return each.getPackageName().substring(INTERNAL.length()).replaceAll("\\..*", "");
  }

  private static String module(JavaClass each) {
    return each.getPackageName().replaceAll("^(dev\\.larder\\.[a-z]+).*", "$1");
  }

  private static String outermost(JavaClass each) {
    return each.getName().replaceAll("\\$.*", "");
  }

  /// Compiles planted classes, so that each rule is seen to fail.
  private static JavaClasses compile(Path folder, String... sources) throws Exception {
    var arguments = new ArrayList<String>();
    arguments.addAll(List.of("-proc:none", "-d", folder.resolve("classes").toString()));
    var names = new TreeMap<String, Path>();
    for (String source : sources) {
      String name = source.replaceAll("(?s).*?class (\\w+).*", "$1");
      Path file = folder.resolve(names.size() + "").resolve(name + ".java");
      Files.createDirectories(file.getParent());
      Files.writeString(file, source);
      names.put(file.toString(), file);
    }
    arguments.addAll(names.keySet());
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(result).isZero();
    return new ClassFileImporter().importPath(folder.resolve("classes"));
  }
}
