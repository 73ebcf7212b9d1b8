// SPDX-License-Identifier: MIT
import type { FileDiff, Hunk, Patch } from '../../../core/series.ts';
import { type CLine, cLines, oldCLines } from '../c-lines.ts';
import { atLine, inFile } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

const UAPI = /(?:^|\/)include\/uapi\/.*\.h$/;
/** What stands behind the last value of an enum and is meant to grow; a count of something, too. */
const GROWS = /^__|MAX|LAST|_END$|COUNT|_CNT$|NUM|__NR_syscalls/;
const ENUMERATOR = /^\s*([A-Za-z_]\w*)\s*(=|,|$)/;

export const uapiChange: Rule = {
  id: 'uapi-change',
  kind: 'source',
  severity: 'warning',
  title: 'the interface to user space stays as it is',
  explanation: `Programs that were built with a header of include/uapi/ go on with the values it had. A line that is
changed or taken away, a value put into the middle of an enum, a member into the middle of a structure: each gives what
follows another meaning, and old programs do not know. What is new belongs at the end, as something that old programs
do not use.

Every addition is a note as well: it has to be kept for ever, wants documentation, and "should be CCed to
linux-api@vger.kernel.org". White space, comments and lines that move within the file are left out, and so is what names
the last value.`,
  link: 'https://docs.kernel.org/process/submit-checklist.html#provide-documentation',
  needs: 'mails',
  advice: 'leave what is there, add at the end; or say in the message why no program can depend on it',
  check: ({ series }) =>
    series.patches.flatMap((patch) =>
      patch.files.filter(touchesUapi).flatMap((file): Found[] => {
        const whole = { place: inFile(patch, file), quote: null };
        if (file.change === 'deleted') return [{ ...whole, text: `${file.oldPath} is taken away` }];
        const moved: Found[] =
          file.change === 'renamed' ? [{ ...whole, text: `${file.oldPath} gets another name` }] : [];
        const { gone, fresh } = changesOf(file);
        const news = fresh[0];
        return [
          ...moved,
          ...gone.map((one) => ({
            ...at(patch, file, one),
            text: `${nameIn(one.line.code)} is changed or taken away`,
            ...(GROWS.test(nameIn(one.line.code)) ? { severity: 'note' as const } : {}),
          })),
          ...(file.change === 'added' ? [] : insertions(file)).map(({ text, ...one }) => ({
            ...at(patch, file, one),
            text,
          })),
          ...(news === undefined
            ? []
            : [
                {
                  ...at(patch, file, news),
                  severity: 'note' as const,
                  text: `${fresh.length === 1 ? 'a line is' : `${fresh.length} lines are`} added to the user-space interface`,
                  advice: 'send it to linux-api@vger.kernel.org too',
                },
              ]),
        ];
      }),
    ),
};

interface At {
  hunk: Hunk;
  line: CLine;
}

function at(patch: Patch, file: FileDiff, { hunk, line }: At): Pick<Found, 'place' | 'quote'> {
  const place = atLine({ patch, file, hunk, line: line.line, at: line.at });
  return { place, quote: line.line.text };
}

function touchesUapi({ oldPath, newPath }: FileDiff): boolean {
  return [oldPath, newPath].some((path) => path !== null && UAPI.test(path));
}

/** Lines of code that are on one side alone, whatever their white space and the comma behind them. */
function changesOf(file: FileDiff): { gone: At[]; fresh: At[] } {
  const fresh = sided(file, cLines, 'add');
  const gone = sided(file, oldCLines, 'del');
  const key = ({ line }: At): string => line.code.replaceAll(/\s/g, '').replace(/,$/, '');
  const [before, after] = [new Set(gone.map(key)), new Set(fresh.map(key))];
  return {
    gone: gone.filter((one) => !after.has(key(one))),
    fresh: fresh.filter((one) => !before.has(key(one))),
  };
}

function sided(file: FileDiff, read: (hunk: Hunk) => readonly CLine[], kind: 'add' | 'del'): At[] {
  return file.hunks.flatMap((hunk) =>
    read(hunk)
      .filter(({ line, code, directive }) => line.kind === kind && isOwn(code, directive))
      .map((line) => ({ hunk, line })),
  );
}

/** Code that says something by itself: of the preprocessor's lines the first of a definition. */
function isOwn(code: string, directive: boolean): boolean {
  return directive ? /^\s*#\s*define\b/.test(code) : /\w/.test(code);
}

/** `#define A 1`, `A = 1,` → A; `__u32 a[2];` → a; any other line as it stands. */
function nameIn(code: string): string {
  const text = code.trim().slice(0, 200);
  return (
    /^#\s*define\s+(\w+)/.exec(text)?.[1] ??
    /^([A-Za-z_]\w*)\s*(?:=.*)?,?$/.exec(text)?.[1] ??
    /(\w+)\s*(?:\[[^\]]*\]\s*)*;$/.exec(text)?.[1] ??
    `"${text}"`
  );
}

/** Additions with something behind them, in an enum or structure that was there. */
function insertions({ hunks }: FileDiff): (At & { text: string })[] {
  return hunks.flatMap((hunk) => {
    const lines = cLines(hunk).filter(({ code, directive }) => directive || code.trim() !== '');
    const kinds = containers(lines, hunk.heading);
    return lines.flatMap((line, index) => {
      const next = lines[index + 1];
      const kind = kinds[index];
      if (line.line.kind !== 'add' || next?.line.kind !== 'context' || kind === null) return [];
      if (line.directive || next.directive || replaces(hunk, line.at)) return [];
      const [own, behind] = [ENUMERATOR.exec(line.code), ENUMERATOR.exec(next.code)];
      if (kind === 'enum' && own !== null && behind !== null) {
        const [, name = '', sign] = behind;
        if (sign === '=' || GROWS.test(name)) return [];
        return [{ hunk, line, text: `${own[1]} is put in front of ${name} and gives it another value` }];
      }
      const member = /^\t\S.*;\s*$/;
      if (kind !== 'struct' || !member.test(line.code) || !member.test(next.code)) return [];
      const text = `${nameIn(line.code)} is put in front of ${nameIn(next.code)} in a structure`;
      return [{ hunk, line, text }];
    });
  });
}

/** Something goes where the line comes: its place may be the same. */
function replaces({ lines }: Hunk, at: number): boolean {
  let first = at;
  while (lines[first - 1]?.kind === 'add') first--;
  return lines[first - 1]?.kind === 'del';
}

type Container = 'enum' | 'struct' | null;

/** What each line stands in; null too for what is new as a whole. */
function containers(lines: readonly CLine[], heading: string): Container[] {
  let inside: Container = opened(`${heading.replace(/\{.*/, '')} {`);
  return lines.map(({ code, line }) => {
    if (/^\}/.test(code)) inside = null;
    else if (/^\w/.test(code) && code.includes('{')) inside = line.kind === 'add' ? null : opened(code);
    return inside;
  });
}

function opened(code: string): Container {
  const word = /^(?:typedef\s+)?(enum|struct)\b[^(;]*\{\s*$/.exec(code.slice(0, 200))?.[1];
  return word === 'enum' || word === 'struct' ? word : null;
}
