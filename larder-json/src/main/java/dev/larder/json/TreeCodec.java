package dev.larder.json;

import dev.larder.Codec;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.databind.JsonNode;

/// Stores trees of nodes.
///
/// **Threads.** Safe for any number of threads.
enum TreeCodec implements Codec<JsonNode> {
  INSTANCE;

  @Override
  public byte[] encode(JsonNode tree) {
    Objects.requireNonNull(tree);
    try (var bytes = new ByteArrayBuilder()) {
      try (JsonGenerator generator =
          new StrictGenerator(
              StrictJson.FACTORY.createGenerator(ObjectWriteContext.empty(), bytes))) {
        Trees.write(generator, tree);
      }
      return bytes.getClearAndRelease();
    } catch (JacksonException e) {
      throw Misfit.writing("the tree", e);
    }
  }

  @Override
  public JsonNode decode(byte[] bytes) {
    StrictJson.requireUtf8(bytes);
    try (JsonParser parser = StrictJson.FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      if (parser.nextToken() != null) {
        JsonNode tree = Trees.read(parser, StrictJson.marked(bytes));
        if (parser.nextToken() == null) {
          return tree;
        }
      }
    } catch (JacksonException e) {
      JsonScanner.check(bytes, 0);
      throw Misfit.reading("a tree", bytes, e);
    }
    JsonScanner.check(bytes, 0);
    throw new AssertionError("no value, or more than one, and yet JSON");
  }

  @Override
  public boolean isText() {
    return true;
  }
}
