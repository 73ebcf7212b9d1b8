// SPDX-License-Identifier: MIT
/** A robot's report → its words, by the places it names. */
import type { ReviewMail } from '../mails/mail.ts';
import { withoutTrailers, wordsOf } from './own-words.ts';
import type { Block } from './read-reply.ts';
import type { RobotReport } from './robot-report.ts';

/** One block for each place; the first has what else the report says below its own. */
export function robotBlocks({ lines, from: { name } }: ReviewMail, { findings }: RobotReport): Block[] {
  const taken = new Set(findings.flatMap((one) => one.lines));
  const words = wordsOf({ lines, first: true, last: true, quoteBelow: false, name }) ?? [0, 0];
  const rest = [...lines.keys()].slice(...words).filter((at) => !taken.has(at));
  return findings.map((finding, index): Block => {
    const own = [...finding.lines, ...(index === 0 ? rest : [])];
    const from = finding.lines[0] ?? 0;
    const apart = finding.lines.findIndex((at, step) => at !== from + step);
    const said = own.flatMap((at, step) => {
      const goesOn = step === 0 || own[step - 1] === at - 1;
      return goesOn ? [lines[at] ?? ''] : ['', lines[at] ?? ''];
    });
    return {
      ...{ from, to: from + (apart < 0 ? finding.lines.length : apart), under: null, quoted: [] },
      text: withoutTrailers(said),
      lines: own.map((at) => lines[at] ?? ''),
      finding: { ...finding, lines: own },
    };
  });
}
