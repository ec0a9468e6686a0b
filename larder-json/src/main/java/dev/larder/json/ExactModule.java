package dev.larder.json;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.lang.reflect.Field;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.jdk.NumberDeserializers;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.ext.jdk8.Jdk8OptionalSerializer;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.Serializers;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.jdk.CollectionSerializer;
import tools.jackson.databind.ser.jdk.MapSerializer;
import tools.jackson.databind.ser.jdk.ObjectArraySerializer;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.databind.type.ArrayType;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapType;
import tools.jackson.databind.type.ReferenceType;

/// Puts [Trees] and [OpenValues] into a mapper, in place of what would lose the digits and classes
/// of numbers, and refuses numbers that are beyond a `double` where it would make infinities of
/// them.
final class ExactModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  /// Under it a reader finds the bytes it reads, if there is a tab among them.
  static final Object MARKED = ExactModule.class;

  ExactModule() {
    super("larder");
    addSerializer(JsonNode.class, new TreeSerializer());
    addDeserializer(JsonNode.class, new TreeDeserializer<>(JsonNode.class));
    addDeserializer(ObjectNode.class, new TreeDeserializer<>(ObjectNode.class));
    addDeserializer(ArrayNode.class, new TreeDeserializer<>(ArrayNode.class));
    addDeserializer(Object.class, new OpenDeserializer<>(Object.class));
    addDeserializer(Number.class, new OpenDeserializer<>(Number.class));
    addScalar(double.class);
    addScalar(Double.class);
    addScalar(float.class);
    addScalar(Float.class);
    addDeserializer(double[].class, new FiniteNumbers.Array<>(double[].class));
    addDeserializer(float[].class, new FiniteNumbers.Array<>(float[].class));
    addSerializer(Path.class, new PathSerializer());
    addDeserializer(Path.class, new PathDeserializer());
  }

  @SuppressWarnings("unchecked") // Jackson has one for each of the types
  private <T> void addScalar(Class<T> type) {
    ValueDeserializer<?> reader = NumberDeserializers.find(type);
    addDeserializer(type, (ValueDeserializer<T>) (Object) new FiniteNumbers.Scalar(reader));
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addSerializers(new OpenContents());
    context.addSerializerModifier(new Members());
  }

  private static byte @Nullable [] marked(DeserializationContext context) {
    return (byte[]) context.getAttribute(MARKED);
  }

  private static final class TreeSerializer extends StdSerializer<JsonNode> {
    TreeSerializer() {
      super(JsonNode.class);
    }

    @Override
    public void serialize(JsonNode tree, JsonGenerator generator, SerializationContext context) {
      Trees.write(generator, tree);
    }
  }

  private static final class TreeDeserializer<T extends JsonNode> extends StdDeserializer<T> {
    private final Class<T> type;

    TreeDeserializer(Class<T> type) {
      super(type);
      this.type = type;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) {
      boolean fits =
          (type != ObjectNode.class || parser.hasToken(JsonToken.START_OBJECT))
              && (type != ArrayNode.class || parser.hasToken(JsonToken.START_ARRAY));
      return type.cast(
          fits
              ? Trees.read(parser, marked(context))
              : context.handleUnexpectedToken(getValueType(context), parser));
    }

    @Override
    public @Nullable Object getNullValue(DeserializationContext context) {
      return type == JsonNode.class ? context.getNodeFactory().nullNode() : null;
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return null;
    }
  }

  /// Writes a path as it is. Jackson would write a URI, which makes every path an absolute one.
  private static final class PathSerializer extends StdSerializer<Path> {
    PathSerializer() {
      super(Path.class);
    }

    @Override
    public void serialize(Path path, JsonGenerator generator, SerializationContext context) {
      generator.writeString(path.toString());
    }
  }

  private static final class PathDeserializer extends StdDeserializer<Path> {
    PathDeserializer() {
      super(Path.class);
    }

    @Override
    public Path deserialize(JsonParser parser, DeserializationContext context) {
      if (parser.hasToken(JsonToken.VALUE_STRING)) {
        try {
          return Path.of(parser.getString());
        } catch (InvalidPathException _) {
          // It is text that is no path here, and falls through to what is no text.
        }
      }
      return (Path) context.handleUnexpectedToken(Path.class, parser);
    }
  }

  private static final class OpenSerializer extends StdSerializer<Object> {
    static final OpenSerializer INSTANCE = new OpenSerializer();

    OpenSerializer() {
      super(Object.class);
    }

    @Override
    public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
      OpenValues.write(generator, value);
    }
  }

  private static final class OpenDeserializer<T> extends StdDeserializer<T> {
    private final Class<T> type;

    OpenDeserializer(Class<T> type) {
      super(type);
      this.type = type;
    }

    @Override
    public @Nullable T deserialize(JsonParser parser, DeserializationContext context) {
      boolean fits = type == Object.class || parser.currentToken().isNumeric();
      return type.cast(
          fits
              ? OpenValues.read(parser, marked(context))
              : context.handleUnexpectedToken(getValueType(context), parser));
    }
  }

  /// Containers whose elements are of an open type.
  private static final class OpenContents extends Serializers.Base {
    @Override
    public @Nullable ValueSerializer<?> findMapSerializer(
        SerializationConfig config,
        MapType type,
        BeanDescription.Supplier description,
        JsonFormat.Value format,
        ValueSerializer<Object> keys,
        @Nullable TypeSerializer types,
        @Nullable ValueSerializer<Object> values) {
      return isOpen(type, types, values)
          ? MapSerializer.construct(
              type, false, null, keys, OpenSerializer.INSTANCE, null, null, null)
          : null;
    }

    @Override
    public @Nullable ValueSerializer<?> findCollectionSerializer(
        SerializationConfig config,
        CollectionType type,
        BeanDescription.Supplier description,
        JsonFormat.Value format,
        @Nullable TypeSerializer types,
        @Nullable ValueSerializer<Object> elements) {
      return isOpen(type, types, elements)
          ? new CollectionSerializer(type.getContentType(), false, null, OpenSerializer.INSTANCE)
          : null;
    }

    @Override
    public @Nullable ValueSerializer<?> findArraySerializer(
        SerializationConfig config,
        ArrayType type,
        BeanDescription.Supplier description,
        JsonFormat.Value format,
        @Nullable TypeSerializer types,
        @Nullable ValueSerializer<Object> elements) {
      return isOpen(type, types, elements)
          ? new ObjectArraySerializer(type.getContentType(), false, null, OpenSerializer.INSTANCE)
          : null;
    }

    @Override
    public @Nullable ValueSerializer<?> findReferenceSerializer(
        SerializationConfig config,
        ReferenceType type,
        BeanDescription.Supplier description,
        JsonFormat.Value format,
        @Nullable TypeSerializer types,
        @Nullable ValueSerializer<Object> content) {
      return type.hasRawClass(Optional.class) && isOpen(type, types, content)
          ? new Jdk8OptionalSerializer(type, false, null, OpenSerializer.INSTANCE)
          : null;
    }

    private static boolean isOpen(
        JavaType container, @Nullable TypeSerializer types, @Nullable Object serializer) {
      return types == null && serializer == null && OpenValues.isOpen(container.getContentType());
    }
  }

  /// Members of records and beans.
  private static final class Members extends ValueSerializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public List<BeanPropertyWriter> changeProperties(
        SerializationConfig config,
        BeanDescription.Supplier description,
        List<BeanPropertyWriter> members) {
      for (BeanPropertyDefinition member : description.get().findProperties()) {
        if (isDerived(member, description.getBeanClass())) {
          members.removeIf(writer -> writer.getName().equals(member.getName()));
        }
      }
      for (BeanPropertyWriter member : members) {
        boolean isOpen =
            OpenValues.isOpen(member.getType())
                && !member.hasSerializer()
                && member.getTypeSerializer() == null;
        if (isOpen) {
          member.assignSerializer(OpenSerializer.INSTANCE);
        }
      }
      return members;
    }

    /// Tells a getter that computes from one that shows state. What is computed is not part of the
    /// value and could not be set again. State that cannot be set stays, so that it is refused when
    /// it is read instead of being lost.
    private static boolean isDerived(BeanPropertyDefinition member, Class<?> type) {
      return !member.couldDeserialize()
          && !member.isExplicitlyIncluded()
          && !hasField(type, member.getInternalName());
    }

    private static boolean hasField(@Nullable Class<?> type, String name) {
      if (type == null) {
        return false;
      }
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          return true;
        }
      }
      return hasField(type.getSuperclass(), name);
    }
  }
}
