package dev.larder.json;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.databind.JavaType;

/// How members, places and types look in messages: escaped, shortened, on one line.
final class Names {
  private static final int SHOWN_CHARACTERS_MAX = 40;

  private Names() {}

  /// {@return the place that a Jackson exception names, such as `.address.lines[2]`; the place of
  /// the whole value is `the value`}
  static String path(List<Reference> references) {
    var path = new StringBuilder();
    for (Reference reference : references) {
      append(path, reference.getPropertyName(), reference.getIndex());
    }
    return path.isEmpty() ? "the value" : path.toString();
  }

  /// {@return the place of the value that a generator is about to write}
  static String path(TokenStreamContext context) {
    var path = new StringBuilder();
    appendParents(path, context.getParent());
    // An open array has counted its elements up to the one before.
    appendStep(path, context, context.getEntryCount());
    return path.isEmpty() ? "the value" : path.toString();
  }

  /// {@return the place of the value on which a parser stands}
  static String readPath(TokenStreamContext context) {
    var path = new StringBuilder();
    appendParents(path, context);
    return path.isEmpty() ? "the value" : path.toString();
  }

  /// {@return the place of an element of an array that a generator is about to write}
  static String path(TokenStreamContext context, int element) {
    var path = new StringBuilder();
    appendParents(path, context.getParent());
    appendStep(path, context, context.getEntryCount());
    append(path, null, element);
    return path.toString();
  }

  /// {@return the place of the object or array that a generator is in}
  static String containerPath(TokenStreamContext context) {
    var path = new StringBuilder();
    appendParents(path, context.getParent());
    return path.isEmpty() ? "the value" : path.toString();
  }

  private static void appendParents(StringBuilder path, @Nullable TokenStreamContext context) {
    if (context != null) {
      appendParents(path, context.getParent());
      appendStep(path, context, context.getCurrentIndex());
    }
  }

  private static void appendStep(StringBuilder path, TokenStreamContext context, int index) {
    if (context.inObject()) {
      append(path, context.currentName(), -1);
    } else if (context.inArray()) {
      append(path, null, index);
    }
  }

  private static void append(StringBuilder path, @Nullable String name, int index) {
    if (name == null) {
      path.append('[').append(Math.max(index, 0)).append(']');
    } else if (isPlain(name)) {
      path.append('.').append(name);
    } else {
      path.append('[').append(quote(name)).append(']');
    }
  }

  private static boolean isPlain(String name) {
    return !name.isEmpty()
        && name.length() <= SHOWN_CHARACTERS_MAX
        && name.chars().allMatch(c -> c < 0x80 && Character.isJavaIdentifierPart(c) && c > ' ');
  }

  /// {@return text in quotes, with everything that could break a line or hide itself escaped}
  static String quote(String text) {
    var shown = new StringBuilder("\"");
    text.codePoints().limit(SHOWN_CHARACTERS_MAX).forEach(c -> appendEscaped(shown, c));
    boolean isCut = text.codePointCount(0, text.length()) > SHOWN_CHARACTERS_MAX;
    return shown.append(isCut ? "...\"" : "\"").toString();
  }

  private static void appendEscaped(StringBuilder shown, int c) {
    if (c == '"' || c == '\\') {
      shown.append('\\').append((char) c);
    } else if (isVisible(c)) {
      shown.appendCodePoint(c);
    } else {
      shown.append("\\u{%x}".formatted(c));
    }
  }

  /// {@return a character in quotes, or its number where it has no shape of its own}
  static String character(int c) {
    return isVisible(c) ? "'" + Character.toString(c) + "'" : "U+%04X".formatted(c);
  }

  /// {@return a type as in source code, without packages}
  static String type(JavaType type) {
    if (type.isArrayType()) {
      return type(type.getContentType()) + "[]";
    }
    String raw = type(type.getRawClass());
    return type.containedTypeCount() == 0
        ? raw
        : type.getBindings().getTypeParameters().stream()
            .map(Names::type)
            .collect(Collectors.joining(", ", raw + "<", ">"));
  }

  /// {@return a class as in source code, without its package}
  static String type(Class<?> type) {
    String name = type.getSimpleName();
    return name.isEmpty() ? type.getName() : name;
  }

  /// {@return what a class is in JSON's words where it has some, otherwise its name}
  static String kind(Class<?> type) {
    if (CharSequence.class.isAssignableFrom(type)) {
      return "text";
    } else if (Set.class.isAssignableFrom(type)) {
      return "set";
    } else if (Collection.class.isAssignableFrom(type)) {
      return "list";
    } else if (Map.class.isAssignableFrom(type)) {
      return "map";
    }
    return type(type);
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> c == ' ' || !Character.isSpaceChar(c);
    };
  }
}
