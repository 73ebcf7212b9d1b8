// SPDX-License-Identifier: MIT
/** A report while it is read: which lines are part of it, and which one ends it. */
import type { SplatRule } from './splat-table.ts';

/** A longer silence than this ends a report that did not end itself. */
const BURST_SECONDS = 2;

/** The first line of every WARN and BUG. */
export const CUT_HERE = /^-{4,}\[ cut here \]-{4,}/;

/** Lines that may stand in a report behind its end. */
const CONTENT: readonly RegExp[] = [
  /^\s*$/,
  /^(?:RIP|RSP|RAX|RDX|RBP|R10|R13|FS|CS|CR2|DR0|DR3|PKRU|Code|ORIG_RAX):/,
  /^(?:Call Trace:| <\/?[A-Z#_]+[0-9]*>|Modules linked in:|CPU: |Hardware name:|Tainted:|Workqueue:|Stopper:)/,
  /^\s+(?:\? )?[A-Za-z_][\w.$]*(?:\+0x| \()/,
  /^(?:NMI backtrace|Sending NMI|rcu: |\trcu|\t\d+-|\t\(|task:|Showing (?:all|busy|backtraces)|workqueue |pool \d+:| {2}pwq )/,
  /^(?:note: \S+\[\d+\] exited|Kernel Offset:|Rebooting in|---\[ end |Disabling lock debugging|Dumping ftrace)/,
  /^(?:\d+ locks? held by|no locks held by| #\d+: |irq event stamp|(?:hard|soft)irqs last|INFO: lockdep is turned off)/,
  /^(?:Future hung task reports|Fixing recursive fault|FIX \S+: |Kernel panic|stack backtrace:|oom_reaper:|={20,}$|-{20,}$)/,
  /^(?:Mem-Info:|active_anon|Node \d|DMA|lowmem_reserve|Tasks state|\[ {2}pid {2}\]|\[ *\d+\] +\d+|oom-kill:|\d+ (?:total pagecache|pages|slab))/,
  /^(?:kmemleak: )? {2,}\S/,
  /^ {4}(?:in-flight|pending|inactive):/,
];

export interface Line {
  number: number;
  /** Seconds since boot by its stamp; null without one. */
  time: number | null;
  raw: string;
  text: string;
}

export interface Report {
  rule: SplatRule;
  title: string;
  lines: Line[];
  phase: 'body' | 'tail';
  /** Rules `=====` seen since the title; what closes a KASAN report. */
  rules: number;
  cut: boolean;
}

/** True when the line goes on with the report rather than beginning another. */
export function belongs(rule: SplatRule, report: Report, line: Line): boolean {
  if (rule.kind === 'panic') return report.phase === 'body' || report.rule.kind !== 'panic';
  if (rule.partOf?.includes(report.rule.kind)) return true;
  // `unreferenced object …` below the line that counts them.
  if (rule.kind === 'kmemleak' && report.rule.kind === 'kmemleak')
    return !/^kmemleak: \d+ new/.test(line.text) && /^kmemleak: new/.test(report.title);
  if (rule.kind === 'oom' && report.rule.kind === 'oom') return rule.end === 'line';
  // A fault within a fault's own report: the kernel stumbled while it reported.
  return report.phase === 'body' && report.rule.fatal === true && rule.fatal === true;
}

/** True when the line is the report's own end. */
export function ends(report: Report, line: Line): boolean {
  switch (report.rule.end) {
    case 'line':
      return true;
    case 'trace-end':
      return line.text.startsWith('---[ end trace');
    case 'stack':
      return /^ <\/(?:TASK|IRQ|NMI)>/.test(line.text);
    case 'rule':
      return report.rules > 0;
    case 'panic':
      return line.text.startsWith('---[ end Kernel panic');
    case 'killed':
      return /^(?:Memory cgroup out|Out) of memory: Killed process/.test(line.text);
    case 'memory':
      return /^Mem-Info:/.test(line.text);
    case 'content':
      return true;
    case 'indent':
      return false;
  }
}

/** A report comes in one burst; what is printed much later is something else. */
export function isLate(report: Pick<Report, 'lines'>, line: Line): boolean {
  const last = report.lines.findLast((one) => one.time !== null)?.time;
  return line.time !== null && last !== undefined && last !== null && line.time - last > BURST_SECONDS;
}

/** True for a line that says nothing at a report's end. */
export function isFiller(text: string): boolean {
  return text === '' || CUT_HERE.test(text);
}

/** True for a line that can be part of a report behind its end. */
export function mayFollow(line: Line): boolean {
  return CONTENT.some((pattern) => pattern.test(line.text));
}

/** True for a line of a report of leaks below its title. */
export function isIndented(line: Line): boolean {
  return /^(?:kmemleak: )? {2,}\S/.test(line.text);
}

/** True for a report of which only `cut here` is known, as long as its stack has not begun. */
export function isUnnamed(report: Report): boolean {
  const begun = /^(?:CPU: |RIP: |Call Trace:)/;
  return report.rule.pattern === CUT_HERE && !report.lines.some((line) => begun.test(line.text));
}
