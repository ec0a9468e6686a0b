package dev.larder.internal.base;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Hash functions of the JDK.
public final class Hashes {
  private Hashes() {}

  /// {@return a new SHA-256}
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
