package dev.larder.internal.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `docs/FILE_FORMAT.md` says: its sections, and their tables, lists and examples.
final class FormatDocument {
  /// Behind this line stands what [SmallStoreTest] writes.
  static final String GENERATED = "<!-- small store -->";

  private static final Pattern HEX = Pattern.compile("`([0-9a-f]{2}(?: [0-9a-f]{2})*)`");

  private final Map<String, List<String>> sections = new LinkedHashMap<>();

  /// A table, all cells as they are written.
  record Table(List<String> columns, List<List<String>> rows) {
    /// {@return the cells of a column}
    List<String> column(String name) {
      int index = columns.indexOf(name);
      if (index < 0) {
        throw new AssertionError("no column %s in %s".formatted(name, columns));
      }
      return rows.stream().map(row -> row.get(index)).toList();
    }

    /// {@return what the table says a field means}
    String meaning(String field) {
      return column("meaning").get(column("field").indexOf(field));
    }

    /// {@return one column by the cells of another}
    Map<String, String> map(String keys, String values) {
      var map = new LinkedHashMap<String, String>();
      for (int i = 0; i < rows.size(); i++) {
        String key = column(keys).get(i);
        if (map.put(key, column(values).get(i)) != null) {
          throw new AssertionError("%s comes twice in %s".formatted(key, columns));
        }
      }
      return map;
    }
  }

  private FormatDocument(List<String> lines) {
    List<String> section = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("#")) {
        section = new ArrayList<>();
        sections.put(line.replaceFirst("^#+ ", ""), section);
      }
      section.add(line);
    }
  }

  static FormatDocument read() {
    try {
      return new FormatDocument(Files.readAllLines(path()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path path() {
    return root().resolve("docs/FILE_FORMAT.md");
  }

  /// {@return the project's folder, wherever under it the tests were started}
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isDirectory(folder.resolve(".mvn"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new AssertionError("not started inside the project");
    }
    return folder;
  }

  boolean hasSection(String name) {
    return sections.containsKey(name);
  }

  List<String> lines(String section) {
    List<String> lines = sections.get(section);
    if (lines == null) {
      throw new AssertionError("no section " + section);
    }
    return lines;
  }

  /// {@return a section as one line}
  String text(String section) {
    return String.join(" ", lines(section)).replaceAll(" +", " ");
  }

  /// {@return the table of a section whose first column has that name}
  Table table(String section, String firstColumn) {
    return tables(section).stream()
        .filter(table -> table.columns().getFirst().equals(firstColumn))
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("no table of %s in %s".formatted(firstColumn, section)));
  }

  List<Table> tables(String section) {
    var tables = new ArrayList<Table>();
    List<List<String>> rows = new ArrayList<>();
    for (String line : lines(section)) {
      if (line.startsWith("|")) {
        rows.add(cells(line));
      } else if (!rows.isEmpty()) {
        tables.add(table(rows));
        rows = new ArrayList<>();
      }
    }
    if (!rows.isEmpty()) {
      tables.add(table(rows));
    }
    return tables;
  }

  private static Table table(List<List<String>> rows) {
    return new Table(rows.getFirst(), List.copyOf(rows.subList(2, rows.size())));
  }

  private static List<String> cells(String line) {
    var cells = new ArrayList<String>();
    String inner = line.substring(1, line.lastIndexOf('|'));
    for (String cell : inner.split("\\|", -1)) {
      cells.add(cell.strip());
    }
    return cells;
  }

  /// {@return the items of the numbered list that a sentence with these words leads to}
  List<String> list(String section, String words) {
    List<String> lines = lines(section);
    var items = new ArrayList<String>();
    boolean isLedTo = false;
    for (String line : lines) {
      if (line.contains(words)) {
        isLedTo = true;
      } else if (isLedTo && line.matches("\\d+\\. .*")) {
        items.add(line);
      } else if (isLedTo && !items.isEmpty() && !line.isEmpty() && !line.startsWith(" ")) {
        break;
      }
    }
    if (items.isEmpty()) {
      throw new AssertionError("no list of what %s in %s".formatted(words, section));
    }
    return items;
  }

  /// {@return the bytes that a cell gives between backticks}
  static byte[] hex(String cell) {
    Matcher matcher = HEX.matcher(cell);
    if (!matcher.find()) {
      throw new AssertionError("no bytes in " + cell);
    }
    return Hex.parse(matcher.group(1));
  }

  /// {@return the number that a cell begins with}
  static long number(String cell) {
    return Long.parseUnsignedLong(cell.replace(",", ""));
  }

  /// {@return the name that a cell gives, without backticks}
  static String name(String cell) {
    return cell.replace("`", "");
  }
}
