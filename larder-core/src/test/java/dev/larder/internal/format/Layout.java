package dev.larder.internal.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A structure as a table of the document describes it. Reads bytes by that table alone, with
/// nothing of the code under test.
final class Layout {
  /// A part of a structure.
  ///
  /// @param name what the document calls it
  /// @param offset where it begins
  /// @param size how many bytes it has
  /// @param value its value, if it is a number
  record Part(String name, int offset, int size, long value) {}

  /// Size, field, present and meaning.
  private static final int COLUMNS_WITH_PRESENT = 4;

  private final List<List<String>> rows;
  private final Map<String, Integer> flags;

  private Layout(FormatDocument.Table table, Map<String, Integer> flags) {
    this.rows = table.rows();
    this.flags = flags;
  }

  /// A table of offset, size and field. Rows whose offset is no number are left out.
  static Layout fixed(FormatDocument.Table table) {
    var layout = new Layout(table, Map.of());
    layout.parts(new byte[layout.size()], 0); // fails if the fields do not follow each other
    return layout;
  }

  /// A table of size, field and, where it is not always, when it is present.
  ///
  /// @param flags the bits of flags that have names
  static Layout sequence(FormatDocument.Table table, Map<String, Integer> flags) {
    return new Layout(table, flags);
  }

  /// {@return how many bytes the fixed part has}
  int size() {
    int size = 0;
    for (List<String> row : rows) {
      if (isFixed(row)) {
        size += (int) FormatDocument.number(row.get(1));
      }
    }
    return size;
  }

  private static boolean isFixed(List<String> row) {
    return row.get(0).matches("\\d+") && row.get(1).matches("\\d+");
  }

  /// {@return the parts of a structure of fixed layout}
  List<Part> parts(byte[] bytes, int start) {
    var parts = new ArrayList<Part>();
    int next = 0;
    for (List<String> row : rows) {
      if (isFixed(row)) {
        int offset = (int) FormatDocument.number(row.get(0));
        int size = (int) FormatDocument.number(row.get(1));
        if (offset != next) {
          throw new AssertionError("%s is at %d, not %d".formatted(row.get(2), offset, next));
        }
        next = offset + size;
        parts.add(part(row.get(2), bytes, start + offset, size));
      }
    }
    return parts;
  }

  /// {@return the parts of a structure in which one decides where the next begins}
  List<Part> walk(byte[] bytes, int start) {
    var parts = new ArrayList<Part>();
    var values = new TreeMap<String, Long>();
    int offset = start;
    for (List<String> row : rows) {
      String size = row.get(0);
      String name = row.get(1);
      if (row.size() < COLUMNS_WITH_PRESENT || isPresent(row.get(2), values)) {
        Part part =
            size.equals("varint")
                ? varint(name, bytes, offset)
                : part(name, bytes, offset, count(size, values));
        parts.add(part);
        values.put(name, part.value());
        offset += part.size();
      }
    }
    return parts;
  }

  private boolean isPresent(String condition, Map<String, Long> values) {
    if (condition.equals("always")) {
      return true;
    }
    String flag = FormatDocument.name(condition.replaceFirst("^flag ", ""));
    Integer known = flags.get(flag);
    long bit = known != null ? known : FormatDocument.number(flag);
    return (values.getOrDefault("flags", 0L) & bit) != 0;
  }

  private static int count(String size, Map<String, Long> values) {
    Long named = values.get(size);
    return Math.toIntExact(named != null ? named : FormatDocument.number(size));
  }

  private static Part part(String name, byte[] bytes, int offset, int size) {
    long value = 0;
    if (size <= Long.BYTES) {
      byte[] wide = Arrays.copyOf(Arrays.copyOfRange(bytes, offset, offset + size), Long.BYTES);
      value = ByteBuffer.wrap(wide).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
    return new Part(name, offset, size, value);
  }

  private static Part varint(String name, byte[] bytes, int offset) {
    long value = 0;
    int size = 0;
    byte next;
    do {
      next = bytes[offset + size];
      value |= (next & 0x7fL) << (7 * size);
      size++;
    } while (next < 0);
    return new Part(name, offset, size, value);
  }

  /// {@return the part of that name}
  static Part find(List<Part> parts, String name) {
    return parts.stream()
        .filter(part -> part.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no field " + name));
  }

  /// {@return the bytes of a part}
  static byte[] bytes(byte[] structure, Part part) {
    return Arrays.copyOfRange(structure, part.offset(), part.offset() + part.size());
  }
}
