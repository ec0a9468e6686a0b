package dev.larder.tests.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A document of the project.
///
/// @param name its path from the root
/// @param text what it says
record Document(String name, String text) {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
  private static final Pattern ROW = Pattern.compile("(?m)^\\|(.*)\\|$");

  /// A fenced block.
  ///
  /// @param language what stands behind the fence
  /// @param text what is in it
  record Block(String language, String text) {}

  /// Reads a document.
  ///
  /// @param name its path from the root
  static Document read(String name) throws IOException {
    return new Document(name, Files.readString(root().resolve(name)));
  }

  /// {@return the folder of the project, wherever under it the tests were started}
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(".mvn"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new AssertionError("not started inside the project");
      }
    }
    return folder;
  }

  /// {@return the blocks, in order}
  List<Block> blocks() {
    return BLOCK.matcher(text).results().map(r -> new Block(r.group(1), r.group(2))).toList();
  }

  /// {@return the blocks of one language, in order}
  List<String> blocks(String language) {
    return blocks().stream().filter(b -> b.language().equals(language)).map(Block::text).toList();
  }

  /// {@return the rows of all tables, heads and rules included, each as its cells}
  List<List<String>> rows() {
    var rows = new ArrayList<List<String>>();
    for (MatchResult row : ROW.matcher(text).results().toList()) {
      rows.add(List.of(row.group(1).strip().split("\\s*\\|\\s*", -1)));
    }
    return rows;
  }
}
