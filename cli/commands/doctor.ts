// SPDX-License-Identifier: MIT
import path from 'node:path';
import { printable } from '../../core/escape.ts';
import { formatTable } from '../../core/table.ts';
import { readPackages } from '../../system/packages.ts';
import type { PlainCommand } from '../command.ts';
import { type Fact, runIsPossible } from '../doctor/fact.ts';
import { type Machine, thisMachine } from '../doctor/machine.ts';
import { resourceFacts } from '../doctor/resources.ts';
import { toolFacts } from '../doctor/tools.ts';
import { vmFacts } from '../doctor/vm.ts';

/** Everything there is to say about a machine, in the order it is printed. */
async function gatherFacts(machine: Machine): Promise<Fact[]> {
  const packages = await readPackages();
  const groups = await Promise.all([resourceFacts(machine), toolFacts(machine, packages), vmFacts(machine)]);
  return groups.flat();
}

/** Where a file lies is in the JSON; here the column must not push the reasons off the screen. */
function shortened(found: string): string {
  return path.isAbsolute(found) ? path.basename(found) : found;
}

export const doctor: PlainCommand = {
  options: {},
  details: `Exits 0 when a run is possible, 3 when something it needs is missing.
bin/setup installs what is missing.`,
  run: async (context) => {
    const { settings } = await context.settings();
    const facts = await gatherFacts(thisMachine(settings, context.signal));
    const possible = runIsPossible(facts);
    if (context.json) {
      context.printJson({ schema: 'respin.doctor/1', possible, facts });
      return possible ? 0 : 3;
    }
    const wide = context.stdout.isTTY === true ? { width: context.stdout.columns || 80 } : {};
    context.stdout.write(
      formatTable(
        [{ title: 'state' }, { title: 'what' }, { title: 'found' }, { title: 'why', wrap: true }],
        facts.map(({ state, name, found, why }) => [
          state,
          name,
          printable(shortened(found)),
          printable(why),
        ]),
        wide,
      ),
    );
    const lacking = facts.filter(
      (fact) => fact.required && (fact.state === 'missing' || fact.state === 'old'),
    );
    context.stdout.write(
      possible
        ? '\nA run is possible.\n'
        : `\nA run is not possible without: ${lacking.map((fact) => fact.name).join(', ')}. bin/setup installs what it can.\n`,
    );
    return possible ? 0 : 3;
  },
};
