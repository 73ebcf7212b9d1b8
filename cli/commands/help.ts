// SPDX-License-Identifier: MIT
import { unknownCommand } from '../arguments.ts';
import type { Command } from '../command.ts';
import { COMMANDS, findCommand } from '../commands.ts';
import { commandHelp, topHelp } from '../help.ts';

export const help: Command = {
  options: {},
  run: async ({ positionals, stdout }) => {
    const [name] = positionals;
    if (name === undefined) {
      stdout.write(topHelp(COMMANDS));
      return 0;
    }
    const entry = findCommand(name);
    if (entry === undefined)
      throw unknownCommand(
        name,
        COMMANDS.map((known) => known.name),
      );
    stdout.write(commandHelp(entry, await entry.load()));
    return 0;
  },
};
