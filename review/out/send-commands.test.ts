// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { VersionPatches } from '../build/version-patches.ts';
import { sendCommands } from './send-commands.ts';

const mail = (to: string, cc = '') => ({ mail: { from: { name: 'Ann', email: 'ann@example.org' }, to, cc } });

function version(cover: unknown, ...patches: unknown[]): VersionPatches {
  return { cover, patches } as unknown as VersionPatches;
}

const NAMES = ['0000-cover-letter.patch', '0001-a.patch'];

it('sends to whom the version went, each once, and not to its author', () => {
  const sent = version(
    mail('List <list@example.org>', 'Bo <bo@example.org>, Ann <ann@example.org>'),
    mail('list@example.org, cy@example.org', 'BO@example.org, masked@xxxxxxx'),
  );
  expect(sendCommands('out', NAMES, [version(mail('old@example.org')), sent])).toEqual({
    to: ['list@example.org', 'cy@example.org'],
    cc: ['bo@example.org'],
    send: 'git send-email --to=list@example.org --to=cy@example.org --cc=bo@example.org out',
    apply: 'git am out/000[1-9]-*.patch',
  });
});

it('sends a version that was never mailed to whom the one before it went', () => {
  const versions = [
    version(mail('old@example.org')),
    version(mail('list@example.org')),
    version(null, mail('')),
  ];
  expect(sendCommands('out', ['0001-a.patch'], versions)).toMatchObject({
    send: 'git send-email --to=list@example.org out',
    apply: 'git am out/*.patch',
  });
});

it('leaves a place for the list where nobody is known', () => {
  expect(sendCommands('out', NAMES, [version(mail(''))])).toMatchObject({
    ...{ to: [], cc: [], send: 'git send-email --to=LIST out' },
  });
});

it('a shell takes every word for what it is', () => {
  const { send, apply } = sendCommands("-it's $HOME", NAMES, [
    version(mail('`reboot`@example.org, a&b@example.org')),
  ]);
  expect(send).toBe(
    `git send-email '--to=\`reboot\`@example.org' '--to=a&b@example.org' './-it'\\''s $HOME'`,
  );
  expect(apply).toBe(`git am './-it'\\''s $HOME'/000[1-9]-*.patch`);
});

it('applies more than nine in their order', () => {
  const many = Array.from({ length: 101 }, (_, at) => `${String(at).padStart(4, '0')}-x.patch`);
  expect(sendCommands('out', many, []).apply).toBe(
    'git am out/000[1-9]-*.patch out/00[1-9][0-9]-*.patch out/0[1-9][0-9][0-9]-*.patch',
  );
});
