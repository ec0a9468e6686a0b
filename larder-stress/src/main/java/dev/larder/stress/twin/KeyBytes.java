package dev.larder.stress.twin;

import java.lang.invoke.VarHandle;
import java.lang.invoke.VarHandle.AccessMode;

/// Numbers in the bytes of a key, which belong to one thread, by what were methods of variable
/// handles: such a view of an array is more than a model checker can deal with.
public final class KeyBytes {
  private KeyBytes() {}

  /// {@return a long}
  public static long getLong(VarHandle view, byte[] bytes, int at) {
    try {
      return (long) view.toMethodHandle(AccessMode.GET).invokeExact(bytes, at);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// {@return an int}
  public static int getInt(VarHandle view, byte[] bytes, int at) {
    try {
      return (int) view.toMethodHandle(AccessMode.GET).invokeExact(bytes, at);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// Sets an int.
  public static void setInt(VarHandle view, byte[] bytes, int at, int value) {
    try {
      view.toMethodHandle(AccessMode.SET).invokeExact(bytes, at, value);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
