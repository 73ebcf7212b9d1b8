// SPDX-License-Identifier: MIT
/**
 * The plain progress printer. On a terminal a stage is one live line that settles
 * to `✓ build  6.12.117, 1160 objects  4m12s`; elsewhere it is a line at its start
 * and end, and one every ten seconds while something moves.
 */
import { formatDuration } from '../core/duration.ts';
import { printable } from '../core/escape.ts';
import type { RespinEvent } from '../core/events.ts';
import { displayWidth, truncate, wrapText } from '../core/table.ts';
import type { Output } from './command.ts';

export interface ProgressOptions {
  output: Output;
  quiet: boolean;
  verbose: boolean;
  color: boolean;
  /** Whether the terminal shows ✓ and ✗; `ok` and `FAILED` otherwise. */
  unicode: boolean;
  /** Milliseconds, from any start. */
  now: () => number;
}

export interface ProgressPrinter {
  handle(event: RespinEvent): void;
  /** Redraws the live line, so that its clock moves. */
  tick(): void;
  /** Clears the live line: before anything else is printed, and at the end. */
  clear(): void;
}

const EVERY_MS = 10_000;
const DEFAULT_COLUMNS = 80;

interface Running {
  stage: string;
  title: string;
  started: number;
  what: string;
}

export function progressPrinter(options: ProgressOptions): ProgressPrinter {
  const { output, now } = options;
  const live = output.isTTY === true && !options.quiet;
  /** One may run within another or beside it: the one that began last has the live line. */
  let stages: Running[] = [];
  let lastLine = Number.NEGATIVE_INFINITY;
  let drawn = false;

  const paint = (text: string, code: string): string =>
    options.color ? `\x1b[${code}m${text}\x1b[0m` : text;

  function clear(): void {
    if (!drawn) return;
    output.write('\r\x1b[K');
    drawn = false;
  }

  function draw(): void {
    const running = stages.at(-1);
    if (!live || running === undefined) return;
    const time = formatDuration(now() - running.started);
    // A terminal that does not know its size says 0.
    const room = (output.columns || DEFAULT_COLUMNS) - displayWidth(time) - 5;
    const text = truncate(joined([running.stage, running.what || running.title]), Math.max(0, room));
    // One write, so that nothing of another process lands between clearing and drawing.
    output.write(`\r\x1b[K${options.unicode ? '…' : '-'} ${text}  ${time}`);
    drawn = true;
  }

  function line(text: string): void {
    clear();
    output.write(`${text}\n`);
    draw();
  }

  function warning(text: string): string {
    const whole = `warning: ${printable(text)}`;
    const indent = '  ';
    // A log has no right margin, and is searched for whole lines.
    const room = output.isTTY === true ? (output.columns || DEFAULT_COLUMNS) - indent.length : Infinity;
    return wrapText(whole, room).join(`\n${indent}`).replace('warning:', paint('warning:', '33'));
  }

  function settle(event: RespinEvent & { type: 'stage-end' }): void {
    const failed = event.outcome === 'failed';
    const mark = options.unicode ? (failed ? '✗' : '✓') : failed ? 'FAILED' : 'ok';
    const text = [
      event.stage,
      event.detail,
      event.outcome === 'cached' ? 'cached' : formatDuration(event.ms),
    ];
    stages = stages.filter(({ stage }) => stage !== event.stage);
    line(`${paint(mark, failed ? '31' : '32')} ${joined(text)}`);
  }

  function handle(event: RespinEvent): void {
    if (options.quiet) return;
    switch (event.type) {
      case 'stage':
        stages.push({ stage: event.stage, title: event.title, started: now(), what: '' });
        lastLine = now();
        if (live) draw();
        else line(joined([event.stage, event.title]));
        break;
      case 'stage-end':
        settle(event);
        break;
      case 'progress': {
        const text = joined([event.what, amount(event.done, event.total, event.unit)]);
        const running = stages.find(({ stage }) => stage === event.stage);
        if (running !== undefined) running.what = text;
        if (live) draw();
        else if (now() - lastLine >= EVERY_MS) {
          lastLine = now();
          line(`  ${joined([event.stage, text])}`);
        }
        break;
      }
      case 'note':
        if (event.level === 'warning') line(warning(event.text));
        else if (options.verbose || !live) line(printable(event.text));
        else progressed(event.text);
        break;
      case 'command':
        if (options.verbose) line(`+ ${printable(event.line)}`);
        break;
      case 'build-output':
        if (options.verbose) line(printable(event.line));
        break;
      case 'console':
        if (options.verbose) line(`${event.machine}| ${printable(event.line)}`);
        break;
      case 'splat':
        line(
          `${paint('splat:', '31')} ${joined([event.splat.machine, event.splat.kind, event.splat.title])}`,
        );
        break;
      case 'patch-applied':
        progressed(`patch ${event.index}/${event.total} ${event.subject}`);
        break;
      case 'suite':
        progressed(`${event.program} ${event.direction}`);
        break;
      case 'case':
        progressed(
          `${event.program} ${event.direction} ${event.case.id} ${event.case.name} ${event.case.status}`,
        );
        break;
      case 'machine':
        progressed(`${event.machine} ${event.phase} ${formatDuration(event.ms)}`);
        break;
      // Said by the stage's end and by the report.
      case 'boot-end':
      case 'verdict':
        break;
    }
  }

  /** Something small has happened: the live line shows it, a log only with -v. */
  function progressed(text: string): void {
    const running = stages.at(-1);
    if (running !== undefined) running.what = printable(text);
    if (live && !options.verbose) draw();
    else if (options.verbose) line(`  ${printable(text)}`);
  }

  return { handle, tick: draw, clear };
}

function joined(parts: string[]): string {
  return parts
    .filter((part) => part !== '')
    .map(printable)
    .join('  ');
}

function amount(done: number, total: number | null, unit: string): string {
  if (unit === 'B') return `${megabytes(done)}${total === null ? '' : `/${megabytes(total)}`} MB`;
  const of = total === null ? `${done}` : `${done}/${total}`;
  return unit === '' ? of : `${of} ${unit}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
