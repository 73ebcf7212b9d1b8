// SPDX-License-Identifier: MIT
/** docs/keys.md says what the keymap holds. */
import { expect, it } from 'vitest';
import { bindingsOf } from '../../dashboard/keymap.ts';
import { keysMarkdown } from '../../dashboard/keys-markdown.ts';
import { SCREENS } from '../../dashboard/model.ts';
import { projectText } from './files.ts';

it('docs/keys.md is what the keymap says', () => {
  expect(
    projectText('docs/keys.md') === keysMarkdown(),
    'renew it: bin/respin dash --keys >docs/keys.md',
  ).toBe(true);
});

it('no key has two meanings on a screen, and every screen has its way out', () => {
  for (const screen of SCREENS) {
    const keys = bindingsOf(screen).flatMap((one) => one.keys);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
    expect(keys).toEqual(expect.arrayContaining(['q', 'esc', 'ctrl-c', '?']));
  }
});
