package dev.larder.json;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.deser.std.StdDeserializer;

/// Reads `double` and `float`. Jackson makes an infinity of a number that is too large, and takes
/// text such as `"NaN"`; neither was ever written here.
final class FiniteNumbers {
  private FiniteNumbers() {}

  private static void requireFinite(double number, JsonParser parser) {
    if (!Double.isFinite(number)) {
      throw new Refusal("a number that is out of range", parser);
    }
  }

  /// One number, primitive or not.
  static final class Scalar extends DelegatingDeserializer {
    Scalar(ValueDeserializer<?> reader) {
      super(reader);
    }

    @Override
    protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> reader) {
      return new Scalar(reader);
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
      if (parser.hasToken(JsonToken.VALUE_STRING)) {
        return context.handleUnexpectedToken(_delegatee.handledType(), parser);
      }
      Object value = super.deserialize(parser, context);
      if (value instanceof Number number) {
        requireFinite(number.doubleValue(), parser);
      }
      return value;
    }
  }

  /// An array of primitive numbers.
  static final class Array<T> extends StdDeserializer<T> {
    private final Class<T> type;

    /// Takes the class of `double[]` or of `float[]`.
    Array(Class<T> type) {
      super(type);
      this.type = type;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) {
      if (!parser.hasToken(JsonToken.START_ARRAY)) {
        return type.cast(context.handleUnexpectedToken(type, parser));
      }
      boolean isDouble = type == double[].class;
      double[] numbers = new double[16];
      int size = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (!parser.currentToken().isNumeric()) {
          throw notNumeric(numbers, size, parser, context);
        }
        // A float is exact as a double, and its own text is read, not that of a double.
        double number = isDouble ? parser.getDoubleValue() : parser.getFloatValue();
        requireFinite(number, parser);
        if (size == numbers.length) {
          numbers = Arrays.copyOf(numbers, size * 2);
        }
        numbers[size++] = number;
      }
      return type.cast(isDouble ? Arrays.copyOf(numbers, size) : floats(numbers, size));
    }

    private JacksonException notNumeric(
        Object array, int index, JsonParser parser, DeserializationContext context) {
      try {
        context.handleUnexpectedToken(type.componentType(), parser);
        throw new AssertionError("an unexpected token was accepted");
      } catch (JacksonException e) {
        return e.prependPath(array, index);
      }
    }

    private static float[] floats(double[] numbers, int size) {
      float[] floats = new float[size];
      for (int i = 0; i < size; i++) {
        floats[i] = (float) numbers[i];
      }
      return floats;
    }
  }
}
