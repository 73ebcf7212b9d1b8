// SPDX-License-Identifier: MIT
import { unknownCommand } from '../arguments.ts';
import type { PlainCommand } from '../command.ts';
import { COMMANDS, findCommand } from '../commands.ts';
import { commandHelp, topHelp } from '../help.ts';

export const help: PlainCommand = {
  options: {},
  run: async ({ positionals, stdout }) => {
    const [name, verb] = positionals;
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
    stdout.write(commandHelp(entry, await entry.load(), verb));
    return 0;
  },
};
