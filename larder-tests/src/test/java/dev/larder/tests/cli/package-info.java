/// The command line as its users see it: words in, lines and an exit code out.
///
/// Most run in this process through `Main.run`; [dev.larder.tests.cli.CliProcessTest] starts real
/// ones, to kill them.
package dev.larder.tests.cli;
