// SPDX-License-Identifier: MIT
import { RespinError } from '../../core/errors.ts';
import { printable, printableLines } from '../../core/escape.ts';
import type { Machine } from '../../core/run.ts';
import { type OpenShell, openShell } from '../../runs/shell.ts';
import type { Trouble } from '../../tools/boot-vm/machines.ts';
import type { Context, PlainCommand } from '../command.ts';
import { BUILD_OPTIONS, requestOf, SERIES_DETAILS } from '../run-options.ts';

export const shell: PlainCommand = {
  options: BUILD_OPTIONS,
  details: `${SERIES_DETAILS}

Boots host and guest as a run would and gives you a shell in one of them. The
test programs are in /programs, the host's CID is 2, the guest's 3. exit (or
ctrl-d) powers both off. Without a terminal the shell reads its commands from
stdin.`,
  run: async (context) => {
    const [machine, ...rest] = context.positionals;
    if (machine !== 'host' && machine !== 'guest') {
      throw new RespinError({
        code: 'MISSING_ARGUMENT',
        blame: 'usage',
        message: machine === undefined ? 'in which machine?' : `${machine} is neither host nor guest`,
        hint: 'respin shell host, or respin shell guest',
      });
    }
    const request = await requestOf({ ...context, positionals: rest });
    await using open = await context.follow(openShell(request, machine, context.signal));
    return await interact(context, open, machine);
  },
};

/** What a machine that died had to say: its console's bytes are the guest's choice. */
export function troubleText({ what, detail }: Pick<Trouble, 'what' | 'detail'>, machine: Machine): string {
  return `\nrespin: ${printable(what)} (shell in the ${machine})\n${printableLines(detail)}\n`;
}

const SIGHUP = 1;

async function interact(context: Context, open: OpenShell, machine: Machine): Promise<0 | 3> {
  const { stdin } = context;
  const terminal = stdin.isTTY === true && process.stdout.isTTY === true;
  const program = open.start(process.stdout.rows || 24, process.stdout.columns || 80, (data) => {
    process.stdout.write(data);
  });
  const type = (data: Buffer): void => program.input(data);
  const resize = (): void => program.resize(process.stdout.rows || 24, process.stdout.columns || 80);
  let stop: () => void = () => {};
  // Not waited for: the machine may hang, and is ended in any case.
  const stopped = new Promise<null>((resolve) => {
    stop = () => {
      program.kill(SIGHUP);
      resolve(null);
    };
  });
  if (terminal) stdin.setRawMode(true);
  stdin.on('data', type);
  // The end of a script is the end of the shell.
  stdin.on('end', () => program.input(Buffer.from([4])));
  process.stdout.on('resize', resize);
  context.signal.addEventListener('abort', stop, { once: true });
  stdin.resume();
  try {
    const trouble = await Promise.race([program.end.then(() => null), open.trouble, stopped]);
    if (trouble === null) return 0;
    process.stderr.write(troubleText(trouble, machine));
    return 3;
  } finally {
    if (terminal) stdin.setRawMode(false);
    stdin.off('data', type);
    stdin.pause();
    process.stdout.off('resize', resize);
    context.signal.removeEventListener('abort', stop);
  }
}
