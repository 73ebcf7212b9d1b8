// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { HunkLine, Series } from '../../core/series.ts';
import { seriesText } from './series.ts';

const line = (kind: HunkLine['kind']): HunkLine => ({ kind, text: 'x', oldLine: 1, newLine: 1 });

const SERIES: Series = {
  name: 'rx',
  title: 'Bigger \x1b[31mbuffers',
  version: 'v2',
  source: 'rx',
  tree: null,
  baseCommit: null,
  cover: null,
  patches: [
    {
      index: 1,
      total: 1,
      subject: 'vsock: post \u202ebuffers',
      prefixes: [],
      author: { name: 'A. Author', email: 'a@example.org' },
      date: '',
      messageId: null,
      body: '',
      notes: '',
      origin: 'x',
      mail: new Uint8Array(),
      files: [
        {
          oldPath: 'net/a.c',
          newPath: null,
          change: 'deleted',
          binary: false,
          hunks: [
            {
              header: '',
              heading: '',
              oldStart: 1,
              oldCount: 1,
              newStart: 0,
              newCount: 0,
              lines: [line('context'), line('del'), line('del'), line('add')],
            },
          ],
        },
      ],
    },
  ],
};

it('shows what the series is and what each patch changes, control bytes escaped', () => {
  expect(seriesText(SERIES)).toBe(`series  rx v2
title   Bigger \\x1b[31mbuffers
from    rx
tree    not said
base    not said
author  A. Author <a@example.org>

patch  added  removed  subject                    files
  1/1     +1       -2  vsock: post \\u202ebuffers  net/a.c
`);
});
