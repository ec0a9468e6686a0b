import org.jspecify.annotations.NullMarked;

/// The store contract and a hostile disk, for authors of backends and for Larder itself.
@NullMarked
module dev.larder.testkit {
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;
  requires transitive dev.larder;
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;

  exports dev.larder.testkit;

  // The themes of the contract are package-private; JUnit calls them all the same.
  opens dev.larder.testkit to
      org.junit.platform.commons;
}
