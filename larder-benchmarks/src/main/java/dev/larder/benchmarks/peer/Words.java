package dev.larder.benchmarks.peer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Shows an entry to a visitor from the forms that peers hand out.
final class Words {
  private static final VarHandle BIG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG_BUFFER =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LITTLE_BUFFER =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong BIG_MEMORY =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LITTLE_MEMORY =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Words() {}

  /// Shows an entry out of arrays of just its size.
  static boolean visit(byte[] key, byte[] value, PeerSession.Visitor visitor) {
    return visit(key, key.length, value, value.length, visitor);
  }

  /// Shows an entry out of arrays that may be larger.
  static boolean visit(
      byte[] key, int keySize, byte[] value, int valueSize, PeerSession.Visitor visitor) {
    return visitor.visit(
        (long) BIG.get(key, 0),
        (long) BIG.get(key, keySize - Long.BYTES),
        (long) LITTLE.get(value, 0),
        (long) LITTLE.get(value, valueSize - Long.BYTES));
  }

  /// Shows an entry out of buffers from the start to their limits.
  static boolean visit(ByteBuffer key, ByteBuffer value, PeerSession.Visitor visitor) {
    return visitor.visit(
        (long) BIG_BUFFER.get(key, 0),
        (long) BIG_BUFFER.get(key, key.limit() - Long.BYTES),
        (long) LITTLE_BUFFER.get(value, 0),
        (long) LITTLE_BUFFER.get(value, value.limit() - Long.BYTES));
  }

  /// Shows an entry out of memory.
  static boolean visit(MemorySegment key, MemorySegment value, PeerSession.Visitor visitor) {
    return visitor.visit(
        key.get(BIG_MEMORY, 0),
        key.get(BIG_MEMORY, key.byteSize() - Long.BYTES),
        value.get(LITTLE_MEMORY, 0),
        value.get(LITTLE_MEMORY, value.byteSize() - Long.BYTES));
  }
}
