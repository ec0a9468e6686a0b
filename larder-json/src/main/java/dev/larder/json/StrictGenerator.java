package dev.larder.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.SerializableString;
import tools.jackson.core.util.JsonGeneratorDelegate;

/// Refuses what would not come back: numbers that JSON does not have, numbers that no parser here
/// would take, and text that is not made of whole characters.
///
/// **Threads.** For one thread.
final class StrictGenerator extends JsonGeneratorDelegate {
  /// A number of more bits has more digits than are allowed. Counting the digits of a huge number
  /// is slow, so its bits are looked at first.
  private static final int BITS_MAX = JsonScanner.NUMBER_CHARACTERS_MAX * 10 / 3;

  StrictGenerator(JsonGenerator generator) {
    super(generator, false); // what is copied goes through these methods too
  }

  @Override
  public JsonGenerator writeNumber(double number) {
    if (!Double.isFinite(number)) {
      throw notFinite(place(), Double.toString(number));
    }
    return super.writeNumber(number);
  }

  @Override
  public JsonGenerator writeNumber(float number) {
    if (!Float.isFinite(number)) {
      throw notFinite(place(), Float.toString(number));
    }
    return super.writeNumber(number);
  }

  @Override
  public JsonGenerator writeArray(double[] array, int offset, int length) {
    for (int i = 0; i < length; i++) {
      double number = array[offset + i];
      if (!Double.isFinite(number)) {
        throw notFinite(Names.path(streamWriteContext(), i), Double.toString(number));
      }
    }
    return super.writeArray(array, offset, length);
  }

  @Override
  public JsonGenerator writeNumber(BigInteger number) {
    requireShort(number, number);
    return super.writeNumber(number);
  }

  @Override
  public JsonGenerator writeNumber(BigDecimal number) {
    if (!Numbers.isInRange(number)) {
      throw new Refusal(place() + " is a number whose exponent is out of range");
    }
    requireShort(number.unscaledValue(), number);
    return super.writeNumber(number);
  }

  @Override
  public JsonGenerator writeName(String name) {
    int index = Utf8.unpairedSurrogate(name);
    if (index >= 0) {
      throw new Refusal(
          "a name in %s has an unpaired surrogate at index %d"
              .formatted(Names.containerPath(streamWriteContext()), index));
    }
    return super.writeName(name);
  }

  @Override
  public JsonGenerator writeString(String text) {
    requireWholeCharacters(text);
    return super.writeString(text);
  }

  @Override
  public JsonGenerator writeString(char[] buffer, int offset, int length) {
    requireWholeCharacters(CharBuffer.wrap(buffer, offset, length));
    return super.writeString(buffer, offset, length);
  }

  @Override
  public JsonGenerator writeString(SerializableString text) {
    requireWholeCharacters(text.getValue());
    return super.writeString(text);
  }

  @Override
  public JsonGenerator writeArray(String[] array, int offset, int length) {
    for (int i = 0; i < length; i++) {
      requireWholeCharacters(array[offset + i], i);
    }
    return super.writeArray(array, offset, length);
  }

  private void requireWholeCharacters(@Nullable CharSequence text) {
    requireWholeCharacters(text, -1);
  }

  private void requireWholeCharacters(@Nullable CharSequence text, int element) {
    int index = text == null ? -1 : Utf8.unpairedSurrogate(text);
    if (index >= 0) {
      String place = element < 0 ? place() : Names.path(streamWriteContext(), element);
      throw new Refusal(place + " has an unpaired surrogate at index " + index);
    }
  }

  private void requireShort(BigInteger digits, Number number) {
    if (digits.bitLength() > BITS_MAX
        || number.toString().length() > JsonScanner.NUMBER_CHARACTERS_MAX) {
      throw new Refusal(
          "%s is a number of more than %,d characters"
              .formatted(place(), JsonScanner.NUMBER_CHARACTERS_MAX));
    }
  }

  private static Refusal notFinite(String place, String number) {
    return new Refusal(place + " is " + number + ", and JSON has no such number");
  }

  private String place() {
    return Names.path(streamWriteContext());
  }
}
