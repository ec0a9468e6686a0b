package dev.larder.json;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;

/// A whole value on its way to JSON. Given a type, a writer of Jackson's writes elements of lists
/// and maps as the declared type alone and silently leaves out what a subclass adds. This writes
/// them as what they are, as Jackson does everywhere below the top.
///
/// @param type the declared type
/// @param value the value
record Root(JavaType type, Object value) implements JacksonSerializable {
  @Override
  public void serialize(JsonGenerator generator, SerializationContext context) {
    JavaType itself = context.constructSpecializedType(type, value.getClass());
    context.findTypedValueSerializer(itself, true).serialize(value, generator, context);
  }

  @Override
  public void serializeWithType(
      JsonGenerator generator, SerializationContext context, TypeSerializer types) {
    serialize(generator, context);
  }
}
