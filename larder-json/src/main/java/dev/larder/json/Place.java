package dev.larder.json;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;

/// Where in JSON a member is that does not fit, and what stands there.
///
/// @param offset the byte where its value begins
/// @param nameOffset the byte where its name begins, or its value where it has no name
/// @param token the first token of the value, or null if it is missing
record Place(int offset, int nameOffset, @Nullable JsonToken token) {
  /// The whole value.
  static final Place START = new Place(0, 0, JsonToken.NOT_AVAILABLE);

  static Place of(@Nullable TokenStreamLocation location) {
    int offset = location == null ? 0 : (int) Math.max(location.getByteOffset(), 0);
    return new Place(offset, offset, JsonToken.NOT_AVAILABLE);
  }

  /// Follows the path of a Jackson exception. Where it leads out of the JSON, the place is the
  /// object or array out of which it leads.
  static Place find(byte[] json, List<Reference> path) {
    Place place = START;
    try (JsonParser parser = StrictJson.FACTORY.createParser(ObjectReadContext.empty(), json)) {
      parser.nextToken();
      place = at(parser, START.offset);
      for (Reference step : path) {
        if (!enter(parser, step)) {
          return new Place(place.offset, place.nameOffset, null);
        }
        int nameOffset = place.offset;
        if (step.getPropertyName() != null) {
          nameOffset = at(parser, 0).offset;
          parser.nextToken();
        }
        place = at(parser, nameOffset);
      }
    } catch (JacksonException _) {
      // JSON for a mapper that takes more than JSON: the place reached so far has to do.
    }
    return place;
  }

  /// Moves to the name of a member, or to an element.
  private static boolean enter(JsonParser parser, Reference step) {
    String name = step.getPropertyName();
    if (name != null && parser.hasToken(JsonToken.START_OBJECT)) {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        if (parser.currentName().equals(name)) {
          return true;
        }
        parser.nextToken();
        parser.skipChildren();
      }
    } else if (name == null && parser.hasToken(JsonToken.START_ARRAY)) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        if (i == step.getIndex()) {
          return true;
        }
        parser.skipChildren();
      }
    }
    return false;
  }

  private static Place at(JsonParser parser, int nameOffset) {
    int offset = (int) Math.max(parser.currentTokenLocation().getByteOffset(), 0);
    return new Place(offset, nameOffset, parser.currentToken());
  }

  Place ofName() {
    return new Place(nameOffset, nameOffset, token);
  }

  boolean isMissing() {
    return token == null;
  }

  /// {@return what stands there, in words}
  String found() {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      case VALUE_NULL -> "null";
      case null, default -> "something else";
    };
  }
}
