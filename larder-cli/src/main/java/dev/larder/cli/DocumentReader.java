package dev.larder.cli;

import dev.larder.LarderException;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads the lines of a batch, one after the other.
final class DocumentReader {
  private final LineReader lines;
  private final DocumentParser parser;

  DocumentReader(Source source, DocumentParser parser) {
    this.lines = new LineReader(source.content());
    this.parser = parser;
  }

  /// Reads the next line that is not blank.
  ///
  /// @return null where there is none left
  /// @throws IOException if the file cannot be read
  /// @throws CommandException if the line is wrong; it names the line
  @Nullable DocumentLine next() throws IOException {
    try {
      String line = lines.next();
      while (line != null && line.isBlank()) {
        line = lines.next();
      }
      return line == null ? null : new DocumentLine(lines.number(), parser.parse(line));
    } catch (IllegalArgumentException | LarderException e) {
      throw CommandException.no("line %d: %s".formatted(lines.number(), Failures.message(e)), e);
    } catch (EOFException e) {
      throw CommandException.no(
          "line %d: the compressed file is cut short".formatted(lines.number() + 1), e);
    } catch (ZipException e) {
      throw CommandException.no(
          "line %d: the compressed file is damaged: %s"
              .formatted(lines.number() + 1, Failures.reasonOf(e)),
          e);
    }
  }
}
