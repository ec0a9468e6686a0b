import org.jspecify.annotations.NullMarked;

/// JSON documents over Larder.
@NullMarked
module dev.larder.json {
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;
  requires transitive dev.larder;
  requires transitive tools.jackson.databind;

  exports dev.larder.json;
}
