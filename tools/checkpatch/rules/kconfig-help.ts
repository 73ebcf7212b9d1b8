// SPDX-License-Identifier: MIT
import type { Hunk, HunkLine } from '../../../core/series.ts';
import { removedTexts } from '../c-lines.ts';
import { atLine, pathOf } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

const ENTRY = /^\s*(?:menu)?config\s+(\w+)\s*$/;
/** What ends the entry above it. */
const NEXT =
  /^\s*(?:config|menuconfig|choice|endchoice|comment|menu|endmenu|if|endif|source|mainmenu)(?:\s|$)/;
const PROMPT = /^\s+(?:(?:bool|tristate|string|hex|int)\s+["']|prompt\s)/;
const HELP = /^\s+(?:help|---help---)\s*$/;

export const kconfigHelp: Rule = {
  id: 'kconfig-help',
  kind: 'source',
  severity: 'warning',
  title: 'a new option that is asked for has help text',
  explanation: `An option with a prompt is a question to whoever builds a kernel, and its help is all they have to
answer it: "Any new configuration options must be accompanied by help text which clearly explains the options and when
the user might want to select them." An option without a prompt, that others select, needs none; for one of a choice it is a note.`,
  link: 'https://docs.kernel.org/process/4.Coding.html#documentation',
  needs: 'mails',
  advice: 'add a help text that says what it is and who should say Y',
  check: ({ series }) =>
    series.patches.flatMap((patch) => {
      const removed = removedTexts(patch);
      return patch.files
        .filter((file) => /(?:^|\/)Kconfig[^/]*$/.test(pathOf(file)))
        .flatMap((file) =>
          file.hunks.flatMap((hunk) =>
            entries(hunk, file.change === 'added')
              .filter(({ line }) => line.kind === 'add' && !removed.has(line.text.trim()))
              .flatMap(({ line, at, name, text, chosen }): Found[] => {
                const lacks = lacking(text);
                if (lacks === null) return [];
                const place = atLine({ patch, file, hunk, line, at });
                const severity = chosen ? 'note' : (lacks.severity ?? 'warning');
                return [{ place, quote: line.text, severity, text: `the new option ${name} ${lacks.text}` }];
              }),
          ),
        );
    }),
};

interface Entry {
  line: HunkLine;
  at: number;
  name: string;
  text: string[];
  /** One of several that a choice explains as a whole. */
  chosen: boolean;
}

/** The entries that the hunk shows to their end. */
function entries(hunk: Hunk, toTheEnd: boolean): Entry[] {
  const whole: Entry[] = [];
  let open: Entry | null = null;
  let help: number | null = null;
  let chosen: boolean | null = null;
  for (const [at, line] of hunk.lines.entries()) {
    if (line.kind === 'del') continue;
    const { text } = line;
    const indent = text.length - text.trimStart().length;
    // Words of a help text may look like anything; they stand further in than what ends it.
    if (help !== null && (text.trim() === '' || indent > help)) open?.text.push(text);
    else if (NEXT.test(text)) {
      if (open !== null) whole.push(open);
      const name = ENTRY.exec(text)?.[1];
      open = name === undefined ? null : { line, at, name, text: [], chosen: chosen === true };
      if (/^\s*choice/.test(text)) chosen = true;
      if (/^\s*endchoice/.test(text)) {
        // A choice that begins above the hunk.
        if (chosen === null) for (const entry of whole) entry.chosen = true;
        chosen = false;
      }
      help = null;
    } else {
      open?.text.push(text);
      help = HELP.test(text) ? indent : null;
    }
  }
  return open !== null && toTheEnd ? [...whole, open] : whole;
}

function lacking(text: readonly string[]): Pick<Found, 'text' | 'severity'> | null {
  if (!text.some((line) => PROMPT.test(line))) return null;
  const help = text.findIndex((line) => HELP.test(line));
  if (help < 0) return { text: 'has no help text' };
  const lines = text.slice(help + 1).filter((line) => line.trim() !== '').length;
  if (lines === 0) return { text: 'has an empty help text' };
  return lines === 1 ? { text: 'has a single line of help', severity: 'note' } : null;
}
