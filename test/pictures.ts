// SPDX-License-Identifier: MIT
/**
 * `npm run pictures`: the pictures of README and docs/dashboard.md, docs/pictures/*.svg, from real frames: the dashboard in a
 * tmux of its own, on the review of the fixture, and on a run that it starts. Takes a run's time.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readAnsi, terminalSvg } from '../dashboard/picture.ts';
import { Terminal } from './scenarios/tmux.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const RESPIN = path.join(ROOT, 'bin/respin');
const SEED = path.join(ROOT, 'test/fixtures/review/v8-review.txt');
const FOLDER = path.join(ROOT, 'docs/pictures');
const SIZE = [140, 36] as const;
const RUN_MS = 1_800_000;

function draw(terminal: Terminal, name: string, title: string): void {
  writeFileSync(path.join(FOLDER, `${name}.svg`), terminalSvg(readAnsi(terminal.colored), title));
  process.stdout.write(`docs/pictures/${name}.svg\n`);
}

async function ofPatch(folder: string): Promise<void> {
  const env = { ...process.env, RESPIN_PATCHES: path.join(folder, 'patches'), XDG_STATE_HOME: folder };
  execFileSync(RESPIN, ['review', 'import', SEED, '-q'], { env, stdio: 'ignore' });
  using terminal = new Terminal({ folder, env }, `'${RESPIN}' dash`, SIZE);
  await terminal.shows('virtio-vsock-replace');
  terminal.keys('Enter');
  await terminal.shows('versions of');
  terminal.keys('4');
  await terminal.shows('comments: 2 owed');
  terminal.keys('Enter');
  await terminal.shows('┌ Stefano Garzarella');
  draw(terminal, 'patch', 'screen 3: a patch, a comment under its line');
}

/** The kernels are those of the user's own cache; the record is not kept. */
async function ofRun(folder: string): Promise<void> {
  const env = { ...process.env, XDG_STATE_HOME: folder, RESPIN_PROBES: 'false' };
  using terminal = new Terminal({ folder, env }, `'${RESPIN}' dash vsock-rx-buffers`, SIZE);
  await terminal.shows('versions of');
  terminal.keys('5');
  await terminal.shows('nothing was run yet');
  terminal.keys('r');
  await terminal.shows(/rx buffer sizes +pass \S+ +pass/, RUN_MS);
  draw(terminal, 'run', 'screen 5: a run that goes on, cases by direction');
  terminal.keys('C-c');
  await terminal.ends(RUN_MS);
}

mkdirSync(FOLDER, { recursive: true });
const folder = mkdtempSync(path.join(tmpdir(), 'respin-pictures-'));
try {
  mkdirSync(path.join(folder, 'patches'));
  await ofPatch(folder);
  await ofRun(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
