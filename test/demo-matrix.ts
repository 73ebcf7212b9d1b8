// SPDX-License-Identifier: MIT
/**
 * `npm run demo:matrix`: the shipped series from v1 to v4 in every direction, then v3 and v4 with unpatched peers. Two of
 * its versions have a true fault; the last lines say whether each showed where it is, and nowhere else.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { MatrixRecord } from '../core/matrix.ts';
import { cellLine, cellName } from '../reports/matrix-words.ts';

const RESPIN = path.resolve(import.meta.dirname, '../bin/respin');
const SERIES = 'vsock-rx-buffers';

interface Expected {
  /** What is at fault, in words. */
  what: string;
  /** Where it shows: every failing direction, by cell. */
  fails: Record<string, readonly string[]>;
}

const VERSIONS: Expected = {
  what: 'v2 compares a length without its header: the guest panics when it receives 3,733 bytes from the host',
  fails: { v2: ['h2g'] },
};
const INTEROP: Expected = {
  what: 'v3 tells the guest what is left of a packet, and a guest without the patch drops each piece',
  fails: { 'v3, patched host, base guest': ['h2g'] },
};

async function respin(args: readonly string[], shown: boolean): Promise<string> {
  const child = spawn(RESPIN, args, { stdio: ['inherit', shown ? 'inherit' : 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  // 1 is a cell that failed: that is what is shown here.
  if (code !== 0 && code !== 1) process.exit(code ?? 130);
  return text;
}

/** Runs one, and holds it against what is expected. */
async function demo(args: readonly string[], { what, fails }: Expected): Promise<boolean> {
  process.stderr.write(`$ respin matrix ${args.join(' ')}\n`);
  await respin(['--no-pager', 'matrix', ...args], true);
  const record = JSON.parse(await respin(['matrix', 'show', 'last', '--json'], false)) as MatrixRecord;
  const wrong = record.cells.filter((cell) => {
    const failing = cell.directions
      .filter(({ verdict }) => verdict === 'fail')
      .map(({ direction }) => direction);
    const expected = fails[cellName(record, cell)] ?? [];
    return (
      failing.join() !== expected.join() ||
      (expected.length === 0) !== ['pass', 'flaky'].includes(cell.verdict)
    );
  });
  const whole = record.cells.length === record.rows.length * record.columns.length;
  const lines = wrong.map((cell) => `  ${cellName(record, cell)}: ${cellLine(cell)}\n`).join('');
  const good = wrong.length === 0 && whole;
  process.stdout.write(good ? `\nas expected: ${what}\n\n` : `\nNOT as expected (${what}):\n${lines}\n`);
  return good;
}

const versions = await demo([SERIES, '--versions', 'v1..v4'], VERSIONS);
const interop = await demo([SERIES, '--versions', 'v3,v4', '--interop'], INTEROP);
process.exit(versions && interop ? 0 : 1);
