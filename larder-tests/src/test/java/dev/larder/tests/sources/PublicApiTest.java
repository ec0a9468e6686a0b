package dev.larder.tests.sources;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The public interface is the one in docs/api.txt: it does not grow by accident. `./build api`
/// writes the listing anew.
class PublicApiTest {
  private static final List<String> PACKAGES =
      List.of("dev.larder", "dev.larder.json", "dev.larder.testkit");

  @Test
  void publicInterfaceIsTheOneListed() throws Exception {
    Path listing = Project.root().resolve("docs/api.txt");
    String actual = listing(classes());
    if (Boolean.getBoolean("api.write")) {
      Files.createDirectories(listing.getParent());
      Files.writeString(listing, actual);
    }
    assertThat(actual)
        .as("the public interface; './build api' accepts a change on purpose")
        .isEqualTo(Files.readString(listing));
  }

  @Test
  void listingShowsWhatIsPublicAndNothingElse() {
    assertThat(listing(List.of(ApiSample.class)))
        .isEqualTo(
            """
            public interface dev.larder.tests.sources.ApiSample<K> extends Iterable<K>
              public abstract @Nullable String find(K, byte[], List<? extends K>) throws java.io.IOException
              public static final int LIMIT

            """);
  }

  private static List<Class<?>> classes() throws ClassNotFoundException {
    var found = new TreeMap<String, Class<?>>();
    for (JavaClass each :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(PACKAGES)) {
      if (PACKAGES.contains(each.getPackageName()) && !each.isAnonymousClass()) {
        found.put(each.getName(), Class.forName(each.getName(), false, ownLoader()));
      }
    }
    return List.copyOf(found.values());
  }

  private static ClassLoader ownLoader() {
    return PublicApiTest.class.getClassLoader();
  }

  private static String listing(List<Class<?>> classes) {
    var text = new StringBuilder();
    for (Class<?> each : classes) {
      if (isVisible(each)) {
        text.append(heading(each)).append('\n');
        members(each).forEach(member -> text.append("  ").append(member).append('\n'));
        text.append('\n');
      }
    }
    return text.toString();
  }

  private static boolean isVisible(Class<?> each) {
    Class<?> outer = each.getEnclosingClass();
    return isVisible(each.getModifiers())
        && !each.isSynthetic()
        && (outer == null || isVisible(outer));
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String heading(Class<?> each) {
    var supers = new TreeSet<String>();
    AnnotatedType parent = each.getAnnotatedSuperclass();
    if (parent != null && !each.isEnum() && !each.isRecord()) {
      supers.add(shorten(parent.toString()));
    }
    for (AnnotatedType type : each.getAnnotatedInterfaces()) {
      supers.add(shorten(type.toString()));
    }
    supers.remove("Object");
    String sealed = each.isSealed() ? "sealed " : "";
    String end = supers.isEmpty() ? "" : " extends " + String.join(", ", supers);
    return sealed
        + each.toGenericString().replaceFirst("abstract (static )?(?=interface)", "$1")
        + end;
  }

  private static Set<String> members(Class<?> each) {
    var lines = new TreeSet<String>();
    for (Field field : each.getDeclaredFields()) {
      if (isVisible(field.getModifiers()) && !field.isSynthetic()) {
        lines.add(
            modifiers(field.getModifiers())
                + shorten(field.getAnnotatedType().toString())
                + " "
                + field.getName());
      }
    }
    for (Constructor<?> constructor : each.getDeclaredConstructors()) {
      if (isVisible(constructor.getModifiers()) && !constructor.isSynthetic()) {
        lines.add(signature(constructor, "new"));
      }
    }
    for (Method method : each.getDeclaredMethods()) {
      if (isVisible(method.getModifiers()) && !method.isSynthetic()) {
        String type = shorten(method.getAnnotatedReturnType().toString());
        lines.add(signature(method, type + " " + method.getName()));
      }
    }
    return lines;
  }

  private static String signature(Executable executable, String name) {
    String kind =
        executable instanceof Method method && method.isDefault()
            ? "default "
            : modifiers(executable.getModifiers() & ~Modifier.TRANSIENT & ~Modifier.VOLATILE);
    String parameters =
        Arrays.stream(executable.getParameters())
            .map(Parameter::getAnnotatedType)
            .map(type -> shorten(type.toString()))
            .collect(Collectors.joining(", "));
    String thrown =
        Arrays.stream(executable.getExceptionTypes())
            .map(Class::getName)
            .collect(Collectors.joining(", "));
    return kind + name + "(" + parameters + ")" + (thrown.isEmpty() ? "" : " throws " + thrown);
  }

  private static String modifiers(int modifiers) {
    String words = Modifier.toString(modifiers & ~Modifier.SYNCHRONIZED);
    return words.isEmpty() ? "" : words + " ";
  }

  private static String shorten(String type) {
    return type.replaceAll("@org\\.jspecify\\.annotations\\.(\\w+)(\\(\\))?", "@$1")
        .replaceAll("\\bjava\\.(lang|util)\\.(?=[A-Z])", "");
  }
}
