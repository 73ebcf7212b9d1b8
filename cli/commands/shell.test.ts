// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { troubleText } from './shell.ts';

it('escapes what the console of a dead machine said', () => {
  expect(troubleText({ what: 'it died', detail: 'one\x1b]0;x\x07\r\n\x9b2J' }, 'host')).toBe(
    '\nrespin: it died (shell in the host)\none\\x1b]0;x\\x07\n\\x9b2J\n',
  );
});
