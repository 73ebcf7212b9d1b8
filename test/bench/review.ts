// SPDX-License-Identifier: MIT
/**
 * `npm run bench:review [-- --mails N] [--times N]`: the import of 20,000 mails of a list; the import
 * of 30 patches in 8 versions with 500 comments, and the opening of their review, first right behind
 * the import, then again, then when nothing was kept of it; beside what they may take. Exit
 * 1 when one takes more. Numbers are this machine's; the table names it.
 */
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { formatDuration } from '../../core/duration.ts';
import { formatTable } from '../../core/table.ts';
import { bigSeriesMails, kernelListMails, type ListMail, mboxEntries } from './kernel-list.ts';
import { type Measured, measured } from './measured.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const RESPIN = path.join(ROOT, 'bin/respin');
/** Hundreds of megabytes: the temporary folder may be memory. */
const PLACE = process.env['TMPDIR'] ?? (existsSync('/var/tmp') ? '/var/tmp' : tmpdir());

interface Row {
  what: string;
  /** Milliseconds or bytes, one a time it was done. */
  values: number[];
  limit: number;
  show: (value: number) => string;
}

interface Imported {
  series: { name: string; added: number }[];
  read: number;
}

const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const rate = (bytes: number) => (ms: number) =>
  `${formatDuration(ms)}, ${(bytes / 1e3 / ms).toFixed(0)} MB/s`;

function writeMbox(file: string, mails: readonly ListMail[]): number {
  const out = openSync(file, 'w');
  for (const part of mboxEntries(mails)) writeSync(out, part);
  closeSync(out);
  return statSync(file).size;
}

/** Of a home of its own, so that no measurement finds what another has left. */
function world(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    XDG_STATE_HOME: path.join(folder, 'state'),
    RESPIN_PATCHES: path.join(folder, 'patches'),
    NODE_COMPILE_CACHE: path.join(folder, '../compiled'),
  };
}

async function importInto(folder: string, mbox: string): Promise<{ run: Measured; added: number }> {
  const run = await measured(RESPIN, ['review', 'import', mbox, '--json', '-q'], world(folder));
  const { series } = JSON.parse(run.stdout) as Imported;
  return { run, added: series.reduce((sum, { added }) => sum + added, 0) };
}

async function imports(folder: string, count: number, times: number): Promise<Row[]> {
  const mbox = path.join(folder, 'list.mbox');
  const size = writeMbox(mbox, kernelListMails(1, count));
  process.stderr.write(`${count} mails, ${mb(size)}\n`);
  const first: Measured[] = [];
  const again: Measured[] = [];
  for (let time = 0; time < times; time++) {
    const into = mkdtempSync(path.join(folder, 'import-'));
    const one = await importInto(into, mbox);
    const other = await importInto(into, mbox);
    if (one.added === 0 || other.added !== 0) {
      throw new Error(`${one.added} mails were kept, and ${other.added} more when imported again`);
    }
    first.push(one.run);
    again.push(other.run);
    process.stderr.write(`import: ${formatDuration(one.run.ms)}, again: ${formatDuration(other.run.ms)}\n`);
  }
  const row = (what: string, runs: readonly Measured[]): Row[] => [
    { what, values: runs.map(({ ms }) => ms), limit: 20_000, show: rate(size) },
    { what: `${what}: memory`, values: runs.map(({ peak }) => peak), limit: 600e6, show: mb },
  ];
  return [...row(`import of ${count} mails`, first), ...row('the same again', again)];
}

async function openings(folder: string, times: number): Promise<Row[]> {
  const mbox = path.join(folder, 'series.mbox');
  writeMbox(mbox, bigSeriesMails(30, 8, 500));
  const imported: number[] = [];
  const first: number[] = [];
  const warm: number[] = [];
  const shown: number[] = [];
  const cold: number[] = [];
  // The first time fills the cache of compiled code, which is not what is measured.
  for (let time = -1; time < times; time++) {
    const into = mkdtempSync(path.join(folder, 'open-'));
    const { run } = await importInto(into, mbox);
    const name = readdirSync(path.join(into, 'patches'))[0] ?? '';
    const open = async (...verb: string[]): Promise<number> => {
      const { ms, stdout } = await measured(RESPIN, ['review', ...verb, '--series', name], world(into));
      if (stdout.split('\n').length < 300) throw new Error(`review ${verb.join(' ')} says little`);
      return ms;
    };
    const took = [run.ms, await open('status'), await open('status'), await open('show', '--json')];
    rmSync(path.join(into, 'cache/respin/reviews'), { recursive: true });
    took.push(await open('status'));
    if (time < 0) continue;
    for (const [at, values] of [imported, first, warm, shown, cold].entries()) {
      values.push(took[at] ?? Number.NaN);
    }
  }
  const row = (what: string, values: number[], limit: number): Row => ({
    ...{ what, values, limit, show: formatDuration },
  });
  return [
    row('30 patches × 8 versions, 500 comments: import', imported, IMPORT_MS),
    row('the same: status, the first after the import', first, OPEN_MS),
    row('the same: status', warm, OPEN_MS),
    row('the same: show --json', shown, OPEN_MS),
    row('the same: status, when nothing was kept', cold, COLD_MS),
  ];
}

const OPEN_MS = 500;
/** All is read and worked out anew. */
const COLD_MS = 5_000;
/** The same, and the mails. */
const IMPORT_MS = 10_000;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

const { values } = parseArgs({
  options: { mails: { type: 'string', default: '20000' }, times: { type: 'string', default: '3' } },
});
const times = Number(values.times);
const folder = mkdtempSync(path.join(PLACE, 'respin-bench-'));
let over = false;
// Nothing is removed before the end: for minutes, ext4 passes over every inode that was freed
// (recently_deleted in fs/ext4/ialloc.c), and behind 20,000 of them a new file costs 0.6 ms.
try {
  const rows = [
    ...(await openings(folder, Math.max(times, 5))),
    ...(await imports(folder, Number(values.mails), times)),
  ];
  over = rows.some(({ values, limit }) => !(median(values) <= limit));
  process.stdout.write(
    formatTable(
      [
        { title: 'what' },
        { title: 'median', align: 'right' },
        { title: 'of', align: 'right' },
        { title: 'at most', align: 'right' },
        { title: '' },
      ],
      rows.map(({ what, values, limit, show }) => [
        what,
        show(median(values)),
        String(values.length),
        (show === mb ? mb : formatDuration)(limit),
        median(values) <= limit ? 'ok' : 'over',
      ]),
    ),
  );
  process.stdout.write(
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
      `Node.js ${process.version}, load ${loadavg()[0]?.toFixed(1)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(over ? 1 : 0);
