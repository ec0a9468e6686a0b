package dev.larder.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// What help says of a command.
final class CommandText {
  private final String name;
  private final String header;
  private final String[] synopsis;
  private String[] description = {};
  private String[] examples = {};

  private CommandText(String name, String header, String[] synopsis) {
    this.name = name;
    this.header = header;
    this.synopsis = synopsis;
  }

  /// {@return the text of a command without a description or examples yet}
  ///
  /// @param name the word it is called by
  /// @param header what it does, in one line
  /// @param synopsis how it is called, in one line or more
  static CommandText of(String name, String header, String... synopsis) {
    return new CommandText(name, header, synopsis);
  }

  /// Says what else there is to know.
  ///
  /// @return this text
  CommandText describedAs(String... paragraphs) {
    description = paragraphs;
    return this;
  }

  /// Shows how the command may be called.
  ///
  /// @return this text
  CommandText withExamples(String... lines) {
    examples = lines;
    return this;
  }

  /// Writes it into picocli's model.
  ///
  /// @return the same model
  CommandSpec applyTo(CommandSpec spec) {
    UsageMessageSpec usage =
        spec.name(name)
            .usageMessage()
            .header(header)
            .customSynopsis(synopsis)
            .description(description)
            .optionListHeading("%nOptions:%n")
            .sortOptions(false)
            .footer(examples);
    if (description.length > 0) {
      usage.descriptionHeading("%n");
    }
    if (examples.length > 0) {
      usage.footerHeading("%nExamples:%n");
    }
    return spec;
  }
}
