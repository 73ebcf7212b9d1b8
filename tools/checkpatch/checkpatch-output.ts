// SPDX-License-Identifier: MIT
/** What checkpatch.pl prints with --show-types --no-summary → its remarks. Format: `sub report` in the script. */

export interface CheckpatchRemark {
  level: 'ERROR' | 'WARNING' | 'CHECK';
  /** `LONG_LINE` */
  type: string;
  text: string;
  /** 1-based line of the input; null for a remark on all of it. */
  inputLine: number | null;
  /** File and line of the patched file; null for what is in the message or in a file's header. */
  file: string | null;
  line: number | null;
  /** The lines it shows, as they stand in the input. */
  shown: string[];
}

const HEAD = /^(ERROR|WARNING|CHECK):([A-Z0-9_]+): (.*)$/;
const PLACE = /^#(\d+): ?(?:FILE: (.*):(\d+):)?$/;

export function parseCheckpatch(output: string): CheckpatchRemark[] {
  const remarks: CheckpatchRemark[] = [];
  let open: CheckpatchRemark | null = null;
  for (const line of output.split('\n')) {
    const head = HEAD.exec(line);
    if (head) {
      const [, level = '', type = '', text = ''] = head;
      open = {
        level: level as CheckpatchRemark['level'],
        ...{ type, text, inputLine: null, file: null, line: null, shown: [] },
      };
      remarks.push(open);
      continue;
    }
    if (open === null) continue;
    const place = open.inputLine === null && open.shown.length === 0 ? PLACE.exec(line) : null;
    if (place) {
      open.inputLine = Number(place[1]);
      if (place[2] !== undefined) open.file = place[2];
      if (place[3] !== undefined) open.line = Number(place[3]);
    } else if (line === '') {
      // A remark ends at an empty line; what follows is another, or notes on all of them.
      open = null;
    } else if (open.inputLine !== null) {
      open.shown.push(line);
    } else {
      // Some go on in a second line of words before the place.
      open.text += ` ${line.trim()}`;
    }
  }
  return remarks;
}
