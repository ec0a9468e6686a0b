package dev.larder.json;

import dev.larder.Codec;

/// Stores JSON as the text that it is.
///
/// **Threads.** Safe for any number of threads.
enum TextCodec implements Codec<JsonText> {
  INSTANCE;

  @Override
  public byte[] encode(JsonText text) {
    return text.utf8();
  }

  @Override
  public JsonText decode(byte[] bytes) {
    return JsonText.checked(bytes, 0);
  }

  @Override
  public boolean isText() {
    return true;
  }
}
