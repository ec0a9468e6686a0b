package dev.larder.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/// Prints what makes a shell complete commands and options.
@Command(
    name = "completion",
    header = "Print a completion script for bash and zsh.",
    customSynopsis = "larder completion",
    footer = {
      "  source <(larder completion)",
      "  larder completion > ~/.local/share/bash-completion/completions/larder"
    })
final class CompletionCommand extends StoreCommand {
  CompletionCommand(RootCommand root) {
    super(root);
  }

  @Override
  int run() {
    console().out().text(AutoComplete.bash("larder", CommandTable.whole(root())));
    return Exit.DONE;
  }
}
