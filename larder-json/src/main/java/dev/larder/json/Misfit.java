package dev.larder.json;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/// Says in one line what Jackson says in several: where, in our own words, and without the value.
///
/// Jackson's exception becomes the cause only where it tells more and shows no value: where a type
/// is not fit for JSON at all. Where the code of the type threw, its exception is the cause.
final class Misfit {
  private Misfit() {}

  /// {@return why a value does not become JSON}
  ///
  /// @param type the name of what was to be written
  /// @param thrown what came out of Jackson
  static JsonException writing(String type, RuntimeException thrown) {
    String prefix = type + " cannot be stored as JSON: ";
    Refusal refusal = Refusal.in(thrown);
    if (refusal != null) {
      return JsonException.nowhere(prefix + refusal.reason(), null);
    }
    if (thrown instanceof StreamConstraintsException) {
      return JsonException.nowhere(
          prefix
              + "more than %,d objects and arrays inside each other, or one inside itself"
                  .formatted(JsonScanner.DEPTH_MAX),
          null);
    }
    String place = thrown instanceof JacksonException e ? Names.path(e.getPath()) : "the value";
    if (thrown instanceof JacksonException e && e.getCause() == null) {
      return JsonException.nowhere(prefix + place + ": " + gist(e), e);
    }
    Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
    return JsonException.nowhere(
        prefix + place + " threw " + cause.getClass().getSimpleName(), cause);
  }

  /// {@return why JSON does not become a value}
  ///
  /// @param type the name of what was to be read
  /// @param json what was read
  /// @param thrown what came out of Jackson
  static JsonException reading(String type, byte[] json, RuntimeException thrown) {
    if (!(thrown instanceof JacksonException e)) {
      return unfit(type, "the value is refused", json, Place.START, thrown);
    }
    List<Reference> path = e.getPath();
    Place place = Place.find(json, path);
    String name = Names.path(path);
    Refusal refusal = Refusal.in(e);
    if (refusal != null) {
      return unfit(type, refusal.reason(), json, Place.of(refusal.getLocation()), null);
    }
    return switch (e) {
      case UnrecognizedPropertyException _ ->
          unfit(type, name + " is unknown", json, place.ofName(), null);
      case InvalidDefinitionException d ->
          unfit(
              type,
              "%s cannot be read, Jackson has no way to make a %s"
                  .formatted(name, d.getType() == null ? "value" : Names.type(d.getType())),
              json,
              place,
              d);
      case ValueInstantiationException i -> refused(type, name, json, place, i);
      case InvalidTypeIdException i ->
          unfit(
              type,
              "%s does not say which %s it is".formatted(name, Names.type(i.getBaseType())),
              json,
              place,
              null);
      case InvalidFormatException f
          when f.getValue() instanceof String && place.token() == JsonToken.START_OBJECT ->
          unfit(
              type,
              "a name in %s is no %s".formatted(name, Names.kind(f.getTargetType())),
              json,
              place,
              null);
      case MismatchedInputException m ->
          unfit(type, name + mismatch(m.getTargetType(), place), json, place, null);
      case InputCoercionException c ->
          unfit(type, name + mismatch(c.getTargetType(), place), json, place, null);
      // It is JSON, or the scanner would have refused it.
      case StreamReadException _ ->
          unfit(type, name + " is a number that is out of range", json, place, null);
      default -> refused(type, name, json, place, e);
    };
  }

  private static String mismatch(@Nullable Class<?> target, Place place) {
    if (place.isMissing()) {
      return " is missing";
    }
    return " is no %s (found %s)"
        .formatted(target == null ? "such value" : Names.kind(target), place.found());
  }

  private static JsonException refused(
      String type, String name, byte[] json, Place place, JacksonException e) {
    Throwable cause = e.getCause();
    if (cause instanceof NumberFormatException && !(e instanceof ValueInstantiationException)) {
      return unfit(type, name + " is a number that is out of range", json, place, null);
    }
    return cause == null
        ? unfit(type, name + " cannot be read", json, place, null)
        : unfit(
            type,
            "%s is refused (%s)".formatted(name, cause.getClass().getSimpleName()),
            json,
            place,
            cause instanceof JacksonException ? null : cause);
  }

  private static JsonException unfit(
      String type, String reason, byte[] json, Place place, @Nullable Throwable cause) {
    return JsonException.at(
        "the JSON does not fit " + type + ": " + reason, json, place.offset(), cause);
  }

  /// {@return the first clause of a message of Jackson's, without advice on how to configure it}
  private static String gist(JacksonException e) {
    String message = e.getOriginalMessage();
    int end = message.length();
    for (String mark : List.of("\n", " (", " [")) {
      int at = message.indexOf(mark);
      end = at < 0 ? end : Math.min(end, at);
    }
    return message.substring(0, end);
  }
}
