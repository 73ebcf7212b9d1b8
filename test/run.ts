// SPDX-License-Identifier: MIT
/**
 * `npm test`: the checks (lint, types, dead code), then the unit tests, then the
 * scenarios; with --long the long scenarios too. The last line it prints is
 * `N passed, N failed`, where each check counts as one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { formatDuration } from '../core/duration.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const MODULES = path.join(ROOT, 'node_modules');

const CHECKS = [
  { name: 'biome', script: '@biomejs/biome/bin/biome', args: ['check', '.'] },
  { name: 'tsc', script: 'typescript/bin/tsc', args: ['--noEmit'] },
  { name: 'knip', script: 'knip/bin/knip.js', args: [] },
];

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** The parts of vitest's JSON report that are counted. */
interface VitestReport {
  success: boolean;
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

let running: ChildProcess | null = null;
let stopped = false;

/** Runs a script of node_modules on this Node; gives its exit status and, unless shown, what it printed. */
async function runScript(
  script: string,
  args: string[],
  show: boolean,
): Promise<{ status: number; printed: string }> {
  const child = spawn(process.execPath, [path.join(MODULES, script), ...args], {
    cwd: ROOT,
    stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
  });
  running = child;
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const status = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  running = null;
  return { status, printed };
}

async function runCheck(check: (typeof CHECKS)[number]): Promise<Count> {
  const started = performance.now();
  const { status, printed } = await runScript(check.script, check.args, false);
  const took = formatDuration(performance.now() - started);
  const ok = status === 0;
  process.stdout.write(`${ok ? 'ok' : 'FAILED'}  ${check.name}  ${took}\n`);
  if (!ok) process.stdout.write(`${printed.trimEnd()}\n`);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

async function runVitest(project: string, folder: string): Promise<Count> {
  process.stdout.write(`\n${project}\n`);
  const report = path.join(folder, `${project}.json`);
  const args = ['run', '--project', project, '--passWithNoTests', '--reporter=default', '--reporter=json'];
  const { status } = await runScript('vitest/vitest.mjs', [...args, `--outputFile.json=${report}`], true);
  if (!existsSync(report)) return { passed: 0, failed: status === 0 ? 0 : 1, skipped: 0 };
  return countReport(JSON.parse(await readFile(report, 'utf8')) as VitestReport, status);
}

/** Counts tests; a file that did not load, or an error outside of any test, counts as one failed. */
export function countReport(report: VitestReport, status: number): Count {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter((one) => one.status === 'failed').length;
    const passed = file.assertionResults.filter((one) => one.status === 'passed').length;
    count.passed += passed;
    count.failed += failed === 0 && file.status === 'failed' ? 1 : failed;
    count.skipped += file.assertionResults.length - passed - failed;
  }
  if (count.failed === 0 && (status !== 0 || !report.success)) count.failed = 1;
  return count;
}

/** The Debian packages only tests need. What cannot be had is told; the tests that need it skip themselves. */
async function installForTests(): Promise<void> {
  const child = spawn(path.join(ROOT, 'bin/setup'), [path.join(ROOT, 'test/packages.txt')], {
    stdio: 'inherit',
  });
  running = child;
  await new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  running = null;
}

async function main(argv: string[]): Promise<number> {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      stopped = true;
      running?.kill(name);
    });
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  const add = (count: Count): void => {
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
  };
  const folder = await mkdtemp(path.join(tmpdir(), 'respin-test-'));
  try {
    await installForTests();
    for (const check of CHECKS) if (!stopped) add(await runCheck(check));
    for (const project of ['unit', 'scenarios', 'kernels', ...(argv.includes('--long') ? ['long'] : [])]) {
      if (!stopped) add(await runVitest(project, folder));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (stopped) return 130;
  if (total.skipped > 0) process.stdout.write(`${total.skipped} skipped\n`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 ? 0 : 1;
}

if (import.meta.main) process.exit(await main(process.argv.slice(2)));
