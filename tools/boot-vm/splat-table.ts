// SPDX-License-Identifier: MIT
/**
 * What a kernel prints when something is wrong: an ordered table, most telling
 * first. Formats are those of Linux 6.1 to 6.19 on x86-64 (lib/bug.c,
 * kernel/panic.c, mm/kasan/report.c, mm/slub.c, kernel/locking/lockdep.c, kernel/hung_task.c,
 * kernel/rcu/tree_stall.h, kernel/watchdog.c, mm/kmemleak.c, arch/x86/mm/fault.c).
 */

/** How a report of this kind ends. The first foreign line after its end closes it. */
export type SplatEnd =
  /** `---[ end trace 0000000000000000 ]---` */
  | 'trace-end'
  /** The `</TASK>` or `</IRQ>` of its last stack. */
  | 'stack'
  /** The closing `=====` rule. */
  | 'rule'
  /** `---[ end Kernel panic - not syncing: … ]---` */
  | 'panic'
  /** The first line that is not indented. */
  | 'indent'
  /** `Out of memory: Killed process …` */
  | 'killed'
  /** `Mem-Info:` and what follows is counted out by the limit on lines. */
  | 'memory'
  /** At once: only lines that can be part of a report follow it. */
  | 'content'
  /** It is this one line. */
  | 'line';

export interface SplatRule {
  kind: string;
  /** Matched against a console line without time stamp, from its beginning. */
  pattern: RegExp;
  end: SplatEnd;
  /** The title when it is not the whole matched line; numbers that vary are taken out afterwards. */
  title?: (match: RegExpExecArray) => string;
  /** Kinds of report this line is part of when it comes inside or right behind one. */
  partOf?: readonly string[];
  /** The kernel does not go on as before: a panic that follows is this report's consequence. */
  fatal?: true;
}

/** Kinds whose report an `Oops:` line, or a panic, continues. */
const FAULTS = ['page-fault', 'null-deref', 'gpf', 'bug', 'stack-overflow', 'double-fault', 'oops'] as const;
const CORRUPTION = ['list-corruption', 'refcount', 'kasan', 'kfence', 'ubsan', 'slab'] as const;

/** Kinds that print their words first and a WARNING behind them. */
const WARNED = ['list-corruption', 'refcount', 'slab'] as const;

const FUNCTION = String.raw`[\w.$]+`;

/** A word that each rule needs: spares the table for the many lines that say nothing of the kind. */
export const MAY_BEGIN =
  /BUG|WARNING|INFO|panic|PANIC|Oops|Internal error|general protection|UBSAN|refcount_t|list_|LOCKUP|kmemleak|unreferenced|oom-killer|ut of memory|allocation failure|\[#\d/;

export const SPLAT_RULES: readonly SplatRule[] = [
  { kind: 'kasan', pattern: /^BUG: KASAN: \S.*/, end: 'rule' },
  { kind: 'kfence', pattern: /^BUG: KFENCE: \S.*/, end: 'rule' },
  {
    kind: 'slab',
    // Not the taint: it says what came before, not what is wrong.
    pattern: /^BUG (.+?) \((?:Not tainted|Tainted: [^()]*)\): (.+)/,
    end: 'stack',
    title: (match) => `BUG ${match[1]}: ${match[2]}`,
  },
  { kind: 'ubsan', pattern: /^UBSAN: \S+ in \S+/, end: 'trace-end' },
  { kind: 'ubsan', pattern: /^UBSAN: [\w-]+:.*/, end: 'trace-end' },
  {
    kind: 'refcount',
    pattern: /^refcount_t: (?:saturated|addition on 0|underflow|decrement hit 0|unknown saturation).*/,
    end: 'trace-end',
  },
  {
    kind: 'list-corruption',
    pattern: /^list_(?:add|del) (?:corruption|double add)\b.*/,
    end: 'trace-end',
    title: (match) => match[0].replace(/ should be .*/, ' is wrong').replace(/: new=.*/, ''),
  },
  {
    kind: 'stack-overflow',
    pattern: /^BUG: (?:IRQ |TASK |NMI |#DF )?\S* ?stack guard page was hit at .*/,
    end: 'trace-end',
    title: (match) => match[0].replace(/ at \S.*/, ''),
    fatal: true,
  },
  {
    kind: 'stack-overflow',
    pattern:
      /^Kernel panic - not syncing: (?:stack-protector: Kernel stack is corrupted in: \S+|corrupted stack end detected inside scheduler).*/,
    end: 'panic',
    title: (match) => match[0].replace(/^Kernel panic - not syncing: /, ''),
    fatal: true,
  },
  { kind: 'double-fault', pattern: /^(?:traps: )?PANIC: double fault\b/, end: 'trace-end', fatal: true },
  {
    kind: 'null-deref',
    pattern: /^BUG: (?:unable to handle )?kernel NULL pointer dereference\b.*/,
    end: 'trace-end',
    title: () => 'BUG: kernel NULL pointer dereference',
    partOf: CORRUPTION,
    fatal: true,
  },
  {
    kind: 'page-fault',
    pattern: /^BUG: unable to handle (?:page fault|kernel paging request)\b.*/,
    end: 'trace-end',
    title: () => 'BUG: unable to handle page fault',
    partOf: CORRUPTION,
    fatal: true,
  },
  {
    kind: 'gpf',
    pattern: /^(?:Oops: )?((?:segment-related )?general protection fault)\b(?!.* ip:)(.*)/,
    end: 'trace-end',
    title: (match) =>
      `${match[1]}${/probably for non-canonical address|maybe for address/.exec(match[2] ?? '')?.[0].replace(/^/, ', ') ?? ''}`,
    partOf: CORRUPTION,
    fatal: true,
  },
  {
    kind: 'bug',
    pattern: /^kernel BUG at (\S+?)!/,
    end: 'trace-end',
    partOf: ['list-corruption', 'refcount'],
    fatal: true,
  },
  {
    kind: 'sleeping-function',
    pattern: /^BUG: sleeping function called from invalid context\b.*/,
    end: 'stack',
  },
  {
    kind: 'scheduling-while-atomic',
    pattern: /^BUG: (scheduling while atomic): ([^/]+)\/.*/,
    end: 'stack',
    title: (match) => `BUG: ${match[1]}: ${match[2]}`,
  },
  {
    kind: 'spinlock',
    pattern: /^BUG: ((?:spinlock|rwlock|rtmutex|mutex) [^#]*?) on CPU#.*/,
    end: 'stack',
    title: (match) => `BUG: ${match[1]}`,
  },
  {
    kind: 'soft-lockup',
    pattern: /^(?:watchdog: )?BUG: soft lockup - .*\[(.+):\d+\]/,
    end: 'stack',
    title: (match) => `BUG: soft lockup in ${match[1]}`,
  },
  {
    kind: 'soft-lockup',
    pattern: /^(?:watchdog: )?BUG: soft lockup\b.*/,
    end: 'stack',
    title: () => 'BUG: soft lockup',
  },
  {
    kind: 'hard-lockup',
    pattern: /^(?:NMI watchdog: |watchdog: )?Watchdog detected hard LOCKUP on cpu\b.*/,
    end: 'stack',
    title: () => 'Watchdog detected hard LOCKUP',
    fatal: true,
  },
  {
    kind: 'workqueue-lockup',
    pattern: /^BUG: workqueue lockup\b.*/,
    end: 'content',
    title: () => 'BUG: workqueue lockup',
  },
  {
    kind: 'rcu-stall',
    pattern: /^(?:rcu: )?INFO: (\S+ (?:self-)?detected (?:expedited )?stalls? on \w+(?:\/tasks)?).*/,
    end: 'stack',
    title: (match) => `INFO: ${match[1]}`,
  },
  {
    kind: 'hung-task',
    pattern: /^INFO: task (.+):\d+ blocked (?:on an? [^:]*? )?for more than \d+ seconds\./,
    end: 'stack',
    title: (match) => `INFO: task ${match[1]} blocked for too long`,
  },
  { kind: 'suspicious-rcu', pattern: /^WARNING: suspicious RCU usage\b/, end: 'stack' },
  { kind: 'suspicious-rcu', pattern: /^\[ INFO: suspicious RCU usage\. \]/, end: 'stack' },
  {
    kind: 'lockdep',
    pattern:
      /^WARNING: (?:possible (?:circular locking dependency|recursive locking|irq lock inversion dependency) detected|inconsistent lock state|\S+-safe -> \S+-unsafe lock order detected|bad (?:unlock balance|contention) detected!?|held lock freed!?|Nested lock was not taken|lock held when returning to user space!?|chain_key collision)/,
    end: 'stack',
  },
  {
    kind: 'lockdep',
    pattern: /^WARNING: (.+)\/\d+ still has locks held!/,
    end: 'stack',
    title: (match) => `WARNING: ${match[1]} still has locks held!`,
  },
  {
    kind: 'lockdep',
    pattern: /^\[ BUG: (?:Invalid wait context|held lock freed!|bad unlock balance detected!) \]/,
    end: 'stack',
  },
  { kind: 'lockdep', pattern: /^INFO: trying to register non-static key\./, end: 'stack' },
  {
    kind: 'warning',
    pattern: new RegExp(String.raw`^WARNING: CPU: \d+ PID: \d+ at (\S+:\d+)? ?(${FUNCTION})?.*`),
    end: 'trace-end',
    title: (match) => `WARNING at ${[match[1], match[2]].filter((part) => part !== undefined).join(' ')}`,
    partOf: WARNED,
  },
  {
    // Since 6.19: the place first, behind the condition where the kernel keeps those, then the task.
    kind: 'warning',
    pattern: new RegExp(String.raw`^WARNING: (?:\[.*\] )?(?:(\S+:\d+) )?at (${FUNCTION})?.*, CPU#\d+: `),
    end: 'trace-end',
    title: (match) => `WARNING at ${[match[1], match[2]].filter((part) => part !== undefined).join(' ')}`,
    partOf: WARNED,
  },
  {
    // Up to 6.6 or so without `Oops: ` before the name of what the processor refused.
    kind: 'oops',
    pattern: /^(?:(?:Oops|Internal error): (.+?)(?:: [0-9a-f]{4})?|([a-z].*?): [0-9a-f]{4}) \[#\d+\].*/,
    end: 'trace-end',
    title: (match) => `Oops: ${match[1] ?? match[2]}`,
    partOf: [...FAULTS, ...CORRUPTION],
    fatal: true,
  },
  {
    kind: 'kmemleak',
    pattern: /^kmemleak: \d+ new suspected memory leaks?.*/,
    end: 'indent',
    title: () => 'kmemleak: new suspected memory leaks',
  },
  {
    kind: 'kmemleak',
    pattern: /^(?:kmemleak: )?unreferenced object 0x[0-9a-f]+ (\(size \d+\)):/,
    end: 'indent',
    title: (match) => `unreferenced object ${match[1]}`,
  },
  {
    kind: 'oom',
    pattern: /^(.+) invoked oom-killer: .*?order=(\d+)/,
    end: 'killed',
    title: (match) => `${match[1]} invoked oom-killer, order ${match[2]}`,
  },
  {
    kind: 'oom',
    pattern: /^(?:Memory cgroup out|Out) of memory: Killed process \d+ \((.+?)\).*/,
    end: 'line',
    title: (match) => `Out of memory: killed ${match[1]}`,
  },
  {
    kind: 'page-allocation',
    pattern: /^(.+): (page allocation failure: order:\d+), mode:.*/,
    end: 'memory',
    title: (match) => `${match[1]}: ${match[2]}`,
  },
  {
    kind: 'panic',
    pattern: /^Kernel panic - not syncing: .*/,
    end: 'panic',
    fatal: true,
  },
  // What no line above knows: a kernel that says BUG or WARNING is taken at its word.
  { kind: 'bug', pattern: /^BUG: \S.*/, end: 'stack' },
  { kind: 'warning', pattern: /^WARNING: \S.*/, end: 'content' },
];

/**
 * Lines a healthy machine prints, however alarming they look. Looked at before the
 * table, against the same text.
 */
export const HARMLESS: readonly RegExp[] = [
  /Unhandled WRMSR\(0x[0-9a-f]+\)/i,
  /Unhandled RDMSR\(0x[0-9a-f]+\)/i,
  /^mtrr: |inconsistent (?:variable |fixed )?MTRR settings/i,
  // Mitigations that are off or that an emulated processor cannot have.
  /^(?:Spectre V[12]|RETBleed|MDS|TAA|MMIO Stale Data|SRBDS|SRSO|GDS|ITS|TSA|VMSCAPE|L1TF)\b.*/i,
  /^\[(?:Firmware|Hardware) (?:Bug|Warn|Info)\]/,
  // The detectors saying that they are there, or that they have stopped looking.
  /^kasan: KernelAddressSanitizer initialized/i,
  /^kfence: initialized/i,
  /^kmemleak: (?:Kernel memory leak detector|Automatic memory scanning|Memory pool)/,
  /^INFO: lockdep is turned off/,
  /^BUG: MAX_(?:LOCKDEP_(?:ENTRIES|CHAINS|KEYS|CHAIN_HLOCKS)|STACK_TRACE_ENTRIES) too low!/,
  /^(?:rcu: )?INFO: Stall ended before state dump start/,
  // Firmware and command line of the machine, not the series.
  /^WARNING: (?:strange, CPU MTRRs|BIOS bug: |'bootconfig' found on the kernel command line|polling idle and HT)/,
  // The unwinder lost its way in a stack that a report, or a detector that keeps stacks, asked for.
  /^WARNING: (?:kernel stack (?:regs|frame pointer) at|stack (?:recursion on|going in)|can't (?:access|dereference) |missing \S+ value at |bad lookup (?:idx|value): |unknown (?:[SB]P base reg|\.orc_unwind) |(?:Bad or missing|Corrupt) \.orc_unwind)/,
  // A program's own crash; the program's exit status says so as well.
  /^(?:traps: )?\S+\[\d+\]:? (?:segfault at|general protection fault ip:|trap )/,
  // What was asked for on the command line.
  /^(?:Kernel command line|Command line|Unknown kernel command line parameters)\b/,
];

/**
 * Kinds that need not be the kernel's fault: the machine may be too small.
 * A leak looks the same, so they are repeated, not forgiven.
 */
const MACHINE_KINDS: readonly string[] = ['oom', 'page-allocation'];

/** True for a kind that a machine with too little memory shows as well. */
export function mayBeTheMachine(kind: string): boolean {
  return MACHINE_KINDS.includes(kind);
}

/**
 * Kinds found by the kernel's own book-keeping of locks, contexts and objects: they say
 * what the code does, not what the processor made of it, so imperfect emulation
 * does not bring them about.
 */
const LOGIC_KINDS: readonly string[] = [
  'lockdep',
  'suspicious-rcu',
  'sleeping-function',
  'scheduling-while-atomic',
  'kmemleak',
];

/** True for a kind that imperfect emulation of a processor does not explain. */
export function isLogic(kind: string): boolean {
  return LOGIC_KINDS.includes(kind);
}

/** True for a kind after which the kernel does not go on: an oops, a BUG, a panic. */
export function isFatal(kind: string): boolean {
  return SPLAT_RULES.some((rule) => rule.kind === kind && rule.fatal === true);
}
