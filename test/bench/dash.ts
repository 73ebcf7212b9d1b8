// SPDX-License-Identifier: MIT
/**
 * `npm run bench:dash [-- --times N]`: the first frame on a series of 30 patches in 8 versions with 500 comments; a key to its
 * frame, and the memory, in a diff of 200,000 lines; the CPU time while nothing changes; beside what they may be. The
 * terminal is made by util-linux's script. Exit 1 when one is more. Numbers are this machine's; the table names it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { formatDuration } from '../../core/duration.ts';
import { formatTable } from '../../core/table.ts';
import { bigSeriesMails, mboxEntries } from './kernel-list.ts';
import { measured } from './measured.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const RESPIN = path.join(ROOT, 'bin/respin');
const LINES = 200_000;
const KEYS = 100;
const IDLE_MS = 5_000;
const PATIENCE_MS = 60_000;
/** ink ends each frame with it: the end of a synchronized update. */
const FRAME_END = '\x1b[?2026l';

interface Row {
  what: string;
  value: number;
  limit: number;
  show: (value: number) => string;
}

const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

/** The dashboard in a terminal of 200 × 50. */
class Screen implements AsyncDisposable {
  readonly #child: ChildProcess;
  #shown = '';
  #heard: (() => void) | null = null;

  constructor(words: string, env: NodeJS.ProcessEnv) {
    // exec: the only child of script is respin itself.
    const line = `stty rows 50 cols 200; exec '${RESPIN}' dash ${words}`;
    this.#child = spawn('script', ['-qec', line, '/dev/null'], {
      env: { ...env, SHELL: '/bin/sh', TERM: 'xterm-256color' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#shown += text;
      this.#heard?.();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const over = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin?.write('\x03');
    await over;
  }

  get pid(): number {
    const children = readFileSync(`/proc/${this.#child.pid}/task/${this.#child.pid}/children`, 'utf8');
    return Number(children.trim().split(' ')[0]);
  }

  /** @returns milliseconds until it was written since `from` */
  async shows(what: string | RegExp, from: number): Promise<number> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const there = typeof what === 'string' ? this.#shown.includes(what) : what.test(this.#shown);
      if (there) return performance.now() - from;
      if (performance.now() > until) throw new Error(`not shown: ${what}\n${this.#shown.slice(-2_000)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1_000);
        this.#heard = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** @returns milliseconds from the key to the end of the frame it makes */
  async press(key: string): Promise<number> {
    this.#shown = '';
    const from = performance.now();
    this.#child.stdin?.write(key);
    return await this.shows(FRAME_END, from);
  }
}

/** Of a home of its own. */
function world(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    XDG_STATE_HOME: path.join(folder, 'state'),
    RESPIN_PATCHES: path.join(folder, 'patches'),
    NODE_COMPILE_CACHE: path.join(folder, 'compiled'),
  };
}

async function firstFrames(folder: string, times: number): Promise<number[]> {
  const mbox = path.join(folder, 'series.mbox');
  const out = openSync(mbox, 'w');
  for (const part of mboxEntries(bigSeriesMails(30, 8, 500))) writeSync(out, part);
  closeSync(out);
  const env = world(folder);
  await measured(RESPIN, ['review', 'import', mbox, '-q'], env);
  const name = readdirSync(path.join(folder, 'patches'))[0] ?? '';
  const took: number[] = [];
  // The first fills the cache of compiled code, and makes the review that is kept.
  for (let time = -1; time < times; time++) {
    const from = performance.now();
    await using screen = new Screen(name, env);
    const first = await screen.shows('newest of v1', from);
    if (time >= 0) took.push(first);
  }
  return took;
}

/** One patch that adds a file. */
function hugePatch(): string {
  const lines = Array.from(
    { length: LINES },
    (_, at) => `+\tint line_${at} = compute(${at}, first_of(${at % 97}));`,
  );
  return [
    'From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001',
    'From: Ann Author <ann@example.org>',
    'Date: Thu, 26 Nov 2026 10:00:00 +0000',
    'Message-ID: <20261126-huge-1@example.org>',
    'Subject: [PATCH] net: a file of many lines',
    '',
    'Generated.',
    '',
    'Signed-off-by: Ann Author <ann@example.org>',
    '---',
    ` net/huge.c | ${LINES} +`,
    ` 1 file changed, ${LINES} insertions(+)`,
    '',
    'diff --git a/net/huge.c b/net/huge.c',
    'new file mode 100644',
    'index 000000000000..111111111111',
    '--- /dev/null',
    '+++ b/net/huge.c',
    `@@ -0,0 +1,${LINES} @@`,
    ...lines,
    '-- ',
    '2.39.5',
    '',
  ].join('\n');
}

async function inHugeDiff(
  folder: string,
): Promise<{ keys: number[]; search: number; peak: number; idle: number }> {
  const home = path.join(folder, 'huge');
  mkdirSync(path.join(home, 'patches/huge/v1'), { recursive: true });
  writeFileSync(
    path.join(home, 'patches/huge/series.toml'),
    'title = "huge"\n[[versions]]\nversion = "v1"\n',
  );
  writeFileSync(path.join(home, 'patches/huge/v1/0001-net-a-file.patch'), hugePatch());
  await using screen = new Screen('huge', world(home));
  await screen.shows('version  v1', performance.now());
  await screen.press('\r');
  await screen.shows('Generated.', performance.now());
  await sleep(1_000);
  const keys: number[] = [];
  for (let at = 0; at < KEYS; at++) {
    for (const key of ['j', '\x04', 'G', 'k', '\x15', 'g', ' ']) keys.push(await screen.press(key));
  }
  await screen.press('/');
  for (const char of `line_${LINES - 1}`) await screen.press(char);
  const search = await screen.press('\r');
  const { pid } = screen;
  const before = ticksOf(pid);
  await sleep(IDLE_MS);
  const idle = (ticksOf(pid) - before) * 10;
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { keys, search, peak: Number(kib) * 1024, idle };
}

/** CPU time of a process, user and system, in ticks of 10 ms: fields 14 and 15 of proc(5)'s stat. */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

const { values } = parseArgs({ options: { times: { type: 'string', default: '7' } } });
const folder = mkdtempSync(path.join(process.env['TMPDIR'] ?? tmpdir(), 'respin-bench-'));
let over = false;
try {
  const first = await firstFrames(folder, Number(values.times));
  const { keys, search, peak, idle } = await inHugeDiff(folder);
  const rows: Row[] = [
    {
      what: '30 patches × 8 versions, 500 comments: first frame, median',
      value: quantile(first, 0.5),
      limit: 400,
      show: ms,
    },
    {
      what: `diff of ${LINES} lines: a key to its frame, median`,
      value: quantile(keys, 0.5),
      limit: 30,
      show: ms,
    },
    { what: 'the same, 95th percentile', value: quantile(keys, 0.95), limit: 30, show: ms },
    { what: 'the same: a search through all of it', value: search, limit: 1_000, show: ms },
    { what: 'the same: memory', value: peak, limit: 300e6, show: mb },
    { what: `CPU time in ${formatDuration(IDLE_MS)} when nothing changes`, value: idle, limit: 10, show: ms },
  ];
  over = rows.some(({ value, limit }) => !(value <= limit));
  process.stdout.write(
    formatTable(
      [
        { title: 'what' },
        { title: 'is', align: 'right' },
        { title: 'at most', align: 'right' },
        { title: '' },
      ],
      rows.map(({ what, value, limit, show }) => [
        what,
        show(value),
        show(limit),
        value <= limit ? 'ok' : 'over',
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
