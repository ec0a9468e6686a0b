import org.jspecify.annotations.NullMarked;

/// The store contract and a hostile disk, for authors of backends and for Larder itself.
@NullMarked
module dev.larder.testkit {
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;
  requires transitive dev.larder;
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;
}
