// SPDX-License-Identifier: MIT
/** Reasons why a build fails that have nothing to do with what is built. */
import { RespinError } from '../../core/errors.ts';

/** Programs a kernel build calls, and the Debian package of each. */
const PACKAGE_OF: Record<string, string> = {
  ar: 'binutils',
  as: 'binutils',
  ld: 'binutils',
  nm: 'binutils',
  objcopy: 'binutils',
  objdump: 'binutils',
  readelf: 'binutils',
  strip: 'binutils',
  awk: 'mawk',
  bc: 'bc',
  bison: 'bison',
  bzip2: 'bzip2',
  cpio: 'cpio',
  flex: 'flex',
  gcc: 'gcc',
  gzip: 'gzip',
  lz4: 'lz4',
  make: 'make',
  openssl: 'openssl',
  pahole: 'pahole',
  perl: 'perl',
  python3: 'python3',
  rsync: 'rsync',
  xz: 'xz-utils',
  zstd: 'zstd',
};

/** Headers and libraries of host programs and static test programs. */
const PACKAGE_OF_HEADER: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(gelf|libelf|elf)\.h$/, 'libelf-dev'],
  [/^openssl\//, 'libssl-dev'],
  [/^(dwarf|dw)\.h$/, 'libdw-dev'],
  [/^(stdio|stdlib|stddef|errno|string|unistd|limits|features)\.h$|^sys\//, 'libc6-dev'],
];

/** A compiler's quotation of the source, `   12 | #error …`: may say anything. */
const QUOTED_SOURCE = /^\s*\d*\s*\|/;
/** `#error` and `#warning` print text of the source's choice. */
const TEXT_OF_THE_SOURCE = /#\s*(?:error|warning)\b|static assertion|\battribute (?:error|warning)\b/;

/**
 * Finds the machine's own trouble in what make and the compilers printed: out of memory,
 * out of space, a missing tool or library, a compiler that crashed; null when there is none.
 * Quoted source lines and `#error` texts are not looked at: a patch wrote them.
 * @param ownTools the series changes programs that the build runs: a crash counts only where the program is named
 */
export function machineTrouble(output: string, ownTools = false): RespinError | null {
  for (const line of output.split('\n')) {
    if (QUOTED_SOURCE.test(line) || TEXT_OF_THE_SOURCE.test(line)) continue;
    const trouble = troubleIn(line) ?? (ownTools ? null : crashIn(line));
    if (trouble !== null) return new RespinError({ ...trouble, blame: 'machine', detail: line.trim() });
  }
  return null;
}

/**
 * Finds a missing header of the machine's in the output, null when there is none. Ask
 * this only once no patch is found to be at fault: a patch may include what is not there.
 */
export function missingHeader(output: string): RespinError | null {
  for (const match of output.matchAll(/^.*fatal error: (\S+): No such file or directory$/gm)) {
    const header = match[1] ?? '';
    const known = PACKAGE_OF_HEADER.find(([pattern]) => pattern.test(header));
    if (known === undefined) continue;
    return new RespinError({
      ...missing(`the header ${header}`, known[1]),
      blame: 'machine',
      detail: match[0],
    });
  }
  return null;
}

interface Trouble {
  code: string;
  message: string;
  hint: string;
}

/** What make and the shell say when they cannot start a program: `make: fork: …`, dash's `Cannot fork`. */
const NO_FORK =
  /(?:^|[ :])(?:v?fork|posix_spawn)(?:: retry)?: (?:Resource temporarily unavailable|Cannot allocate memory)$|^(?:\S*sh): (?:\d+: )?Cannot fork$/;

/** The disk or the system says no, at the end of a line as perror(3) puts it. */
const SYSTEM_SAYS: Record<string, Trouble> = {
  'Too many open files': {
    code: 'TOO_MANY_FILES',
    message: 'the build may not open as many files as it needs',
    hint: 'raise the limit (ulimit -n), or take fewer compilers at a time (jobs)',
  },
  'Input/output error': {
    code: 'DISK_FAILED',
    message: 'the disk of the build failed',
    hint: 'dmesg says more; XDG_CACHE_HOME and TMPDIR put the build on another disk',
  },
  'Read-only file system': {
    code: 'NOT_WRITABLE',
    message: 'the disk of the build is read-only',
    hint: 'set XDG_CACHE_HOME (and TMPDIR) to a folder you may write to',
  },
};

const CRASHED: Trouble = {
  code: 'COMPILER_CRASHED',
  message: 'the compiler itself crashed',
  hint: 'run again; if it happens at the same place, try another gcc version',
};

/** A program that crashed, by the word of make or the shell, which do not say which one. */
function crashIn(line: string): Trouble | null {
  if (
    /^make(?:\[\d+\])?: \*\*\* .*(?: (?:Segmentation fault|Bus error)(?: \(core dumped\))?| Error 13[59])$/.test(
      line,
    ) ||
    /^(?:\S*sh: (?:line )?\d+: +\d+ )?(?:Segmentation fault|Bus error)(?: +\(core dumped\)| {2}.*)?$/.test(
      line,
    )
  ) {
    return { ...CRASHED, message: 'the compiler, or a tool of the build, crashed' };
  }
  return null;
}

function troubleIn(line: string): Trouble | null {
  const says = /: ([^:]+?)\s*$/.exec(line)?.[1] ?? '';
  if (Object.hasOwn(SYSTEM_SAYS, says)) return SYSTEM_SAYS[says] ?? null;
  if (NO_FORK.test(line)) {
    return {
      code: 'OUT_OF_PROCESSES',
      message: 'the build could not start another program',
      hint: 'end other programs, raise the limit (ulimit -u), or take fewer compilers at a time (jobs)',
    };
  }
  if (/: No space left on device\s*$|: Disk quota exceeded\s*$/.test(line)) {
    return {
      code: 'NO_SPACE',
      message: 'no space left on the disk for the build',
      hint: 'make room, or set XDG_CACHE_HOME (and TMPDIR) to a folder on a larger disk',
    };
  }
  if (
    /fatal error: Killed signal terminated program|: fatal error: .*cannot allocate memory|: out of memory allocating|virtual memory exhausted|^collect2: fatal error: ld terminated with signal 9/i.test(
      line,
    ) ||
    /^make(\[\d+\])?: \*\*\* .* (Killed|Error 137)$/.test(line)
  ) {
    return {
      code: 'OUT_OF_MEMORY',
      message: 'the compiler was killed, most likely for want of memory',
      hint: 'end other programs or add swap, then run again: what was built is kept',
    };
  }
  if (
    /^(?:\S+: )?(?:Terminated|Hangup|Interrupt)$|: fatal error: (?:Terminated|Hangup|Interrupt) signal terminated program|^make(?:\[\d+\])?: \*\*\* .* (?:Terminated|Hangup|Interrupt|Error 143)$/.test(
      line,
    )
  ) {
    return {
      code: 'BUILD_ENDED',
      message: 'somebody ended the build from outside',
      hint: 'run again: what was built is kept',
    };
  }
  if (
    /internal compiler error: /.test(line) ||
    /: fatal error: (?:Segmentation fault|Bus error) signal terminated program \S+$/.test(line) ||
    /^collect2: fatal error: ld terminated with signal (?:7|11)\b/.test(line)
  ) {
    return CRASHED;
  }
  const tool =
    /^(?:\/bin\/)?(?:ba|da)?sh: (?:line )?\d+: (\S+): (?:command )?not found$/.exec(line)?.[1] ??
    /^make(?:\[\d+\])?: (\S+): No such file or directory$/.exec(line)?.[1] ??
    /^flock: failed to execute (\S+): No such file or directory$/.exec(line)?.[1] ??
    /^\S*\.sh: (?:line )?\d+: (\S+): (?:command )?not found$/.exec(line)?.[1];
  if (tool !== undefined && Object.hasOwn(PACKAGE_OF, tool)) return missing(tool, PACKAGE_OF[tool] ?? tool);
  const library = /(?:cannot find|unable to find library) -l(c|elf|crypto)\b/.exec(line)?.[1];
  if (library !== undefined) {
    return missing(
      `the library lib${library}`,
      { c: 'libc6-dev', elf: 'libelf-dev', crypto: 'libssl-dev' }[library] ?? '',
    );
  }
  return null;
}

function missing(what: string, debianPackage: string): Trouble {
  return {
    code: 'TOOL_MISSING',
    message: `${what} is not installed`,
    hint: `install it: apt-get install ${debianPackage} (bin/setup installs all that is needed)`,
  };
}
