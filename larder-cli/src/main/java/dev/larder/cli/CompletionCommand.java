package dev.larder.cli;

import picocli.AutoComplete;

/// Prints what makes a shell complete commands and options.
final class CompletionCommand extends StoreCommand {
  CompletionCommand(RootCommand root) {
    super(
        root,
        CommandText.of(
                "completion", "Print a completion script for bash and zsh.", "larder completion")
            .withExamples(
                "  source <(larder completion)",
                "  larder completion > ~/.local/share/bash-completion/completions/larder"));
  }

  @Override
  int run() {
    var every = CommandTable.whole(new RootCommand(root().session(), null));
    console().out().text(AutoComplete.bash("larder", every));
    return Exit.DONE;
  }
}
