// SPDX-License-Identifier: MIT
/** Where things are downloaded from is the machine's business, where they were written nobody's. */
import { expect, it } from 'vitest';
import { projectFiles, projectText } from './files.ts';

const dotted = (...parts: string[]): string => parts.join('\\.');

// Put together here, so that this file does not hold them either.
const HOSTS = [
  dotted('deb', 'debian', 'org'),
  dotted('security', 'debian', 'org'),
  dotted('snapshot', 'debian', 'org'),
  dotted('archive', 'ubuntu', 'com'),
  dotted('registry', 'npmjs', 'org'),
  dotted('registry', 'yarnpkg', 'com'),
  dotted('pypi', 'org'),
  dotted('proxy', 'golang', 'org'),
  dotted('static', 'crates', 'io'),
  dotted('nodejs', 'org/dist'),
];
const FOLDERS = ['work', 'tmp/proto', 'root'].map((folder) => `(?<![\\w.$}/-])/${folder}/`);
const FORBIDDEN = new RegExp([...HOSTS, ...FOLDERS].join('|'), 'g');

it('knows a forbidden word when it sees one', () => {
  for (const text of [
    `see ${'/wo'}${'rk/main'}`,
    `'${'/tmp/pro'}${'to/x'}'`,
    `http://deb${'.'}debian.org/`,
  ]) {
    expect(text.match(FORBIDDEN), text).not.toBeNull();
  }
  expect('a/work/tree and /tmp/work/ and ~/.work/'.match(FORBIDDEN)).toBeNull();
});

it('no file names a package registry or a folder of the machine it was written on', () => {
  const wrong = projectFiles().flatMap((file) =>
    (projectText(file).match(FORBIDDEN) ?? []).map((word) => `${file}: ${word}`),
  );
  expect(wrong).toEqual([]);
});
