/// The command line: every verb of a store as a command, and a prompt that takes the same commands.
///
/// It uses the public interface of the store only. Read [dev.larder.cli.Main] first, then
/// [dev.larder.cli.CommandTable], which names the commands, then any of them.
package dev.larder.cli;
