// SPDX-License-Identifier: MIT
/** Reads what gcc, ld and make print when something does not build. */
import path from 'node:path';

export interface CompilerError {
  /** Relative to the tree, or as printed when it lies outside. */
  path: string;
  /** 1-based; null when only the file is known. */
  line: number | null;
  /** `error: ‘x’ undeclared …` */
  text: string;
  severity: 'error' | 'warning';
  /** The message and the lines that belong to it, as printed. */
  context: string[];
}

export interface SourceRoots {
  sourceDir: string;
  /** What relative paths are relative to. */
  cwd: string;
}

const GCC = /^([^\s:][^:]*):(\d+)(?::\d+)?: ((?:fatal )?error|warning): (.*)$/;
/** With line tables ld names file and line; without, `file.c:(.text+0x1f)`. */
const LD =
  /^(?:\S*ld(?:\.bfd|\.gold|\.lld)?: )?(?:[^\s:]+\.[oa](?:\([^)]*\))?:)?([^\s:]+\.[chS]):(?:(\d+)|\(\.[^)]*\)): ((?:undefined reference|multiple definition).*)$/;
const LD_OBJECT =
  /^(?:\S*ld(?:\.bfd)?: )?([^\s:][^:]*\.[oa]): (in function .*|(?:undefined reference|multiple definition).*)$/;
const MODPOST = /^(?:ERROR|WARNING): modpost: (.*)$/;
const MAKE = /^make(?:\[\d+\])?: \*\*\* (?:\[\S+?:\d+: (\S+)\] .*|No rule to make target '([^']+)'.*)$/;
const KCONFIG = /^([^\s:]*Kconfig[^\s:]*):(\d+): (.*)$/;

/** The errors and warnings in the order they were printed, each once. */
export function parseCompilerOutput(output: string, roots: SourceRoots): CompilerError[] {
  const found: CompilerError[] = [];
  const seen = new Set<string>();
  let open: CompilerError | null = null;
  const lines = output.split('\n');
  for (const [index, line] of lines.entries()) {
    const parsed = parseLine(line);
    if (parsed === null) {
      // gcc quotes the source below a message, `  12 | …`, and adds notes.
      if (open !== null && /^\s+(?:\d+ )?\||^\S+: note: /.test(line) && open.context.length < 12)
        open.context.push(line);
      else open = null;
      continue;
    }
    const error: CompilerError = { ...parsed, path: inTree(parsed.path, roots), context: [line] };
    const before = lines[index - 1] ?? '';
    if (/: [Ii]n function /.test(before)) error.context.unshift(before);
    const key = `${error.path}:${error.line}:${error.text}`;
    open = error;
    if (seen.has(key)) continue;
    seen.add(key);
    found.push(error);
  }
  return found;
}

type Parsed = Pick<CompilerError, 'path' | 'line' | 'text' | 'severity'>;

function parseLine(line: string): Parsed | null {
  const gcc = GCC.exec(line);
  if (gcc) {
    const [, file = '', number, kind = '', text = ''] = gcc;
    return {
      path: file,
      line: Number(number),
      text: `${kind}: ${text}`,
      severity: kind === 'warning' ? 'warning' : 'error',
    };
  }
  const ld = LD.exec(line);
  if (ld) {
    const number = ld[2] === undefined ? null : Number(ld[2]);
    return { path: ld[1] ?? '', line: number, text: ld[3] ?? '', severity: 'error' };
  }
  const object = LD_OBJECT.exec(line);
  if (object && !object[2]?.startsWith('in function')) {
    return { path: object[1] ?? '', line: null, text: object[2] ?? '', severity: 'error' };
  }
  const kconfig = KCONFIG.exec(line);
  if (kconfig) {
    const text = kconfig[3] ?? '';
    const severity = text.startsWith('warning') ? 'warning' : 'error';
    return { path: kconfig[1] ?? '', line: Number(kconfig[2]), text, severity };
  }
  const modpost = MODPOST.exec(line);
  if (modpost && line.startsWith('ERROR'))
    return { path: 'vmlinux', line: null, text: modpost[1] ?? '', severity: 'error' };
  return null;
}

/** The targets make gave up on, innermost first: `net/vmw_vsock/af_vsock.o`. */
export function failedTargets(output: string): string[] {
  const targets: string[] = [];
  for (const line of output.split('\n')) {
    const match = MAKE.exec(line);
    const target = match?.[1] ?? match?.[2];
    if (target !== undefined && !targets.includes(target)) targets.push(target);
  }
  return targets;
}

/** A path as printed, made relative to the tree where it lies in it. */
export function inTree(printed: string, { sourceDir, cwd }: SourceRoots): string {
  const inSource = path.relative(sourceDir, path.resolve(cwd, printed));
  if (!inSource.startsWith('..') && !path.isAbsolute(inSource)) return inSource;
  // Kconfig's and the maps' own spelling: relative to the tree already; so are objects.
  const inBuild = path.relative(cwd, path.resolve(cwd, printed));
  return inBuild.startsWith('..') ? printed : inBuild;
}
