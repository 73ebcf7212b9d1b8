// SPDX-License-Identifier: MIT
/**
 * `npm ci` takes package-lock.json only when it is whole. An npm that updates it with
 * node_modules in place drops the optional packages of other platforms, and then
 * nobody can install. Mend it with: rm -rf node_modules package-lock.json && npm install
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

type Dependencies = Record<string, string>;
type Entry = {
  readonly version?: string;
  readonly dependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
  readonly optionalDependencies?: Dependencies;
};
type Lock = { readonly packages: Record<string, Entry> };

/** Every `package: dependency` for which the lock file has no entry. */
const missingFrom = ({ packages }: Lock): string[] =>
  Object.entries(packages).flatMap(([at, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies })
      .filter((name) => !found(packages, at, name))
      .map((name) => `${at || 'package.json'}: ${name}`),
  );

/** Node's own search: in the node_modules of the package, then of each folder above. */
function found(packages: Lock['packages'], at: string, name: string): boolean {
  for (let folder = at; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder}${folder && '/'}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
    if (!folder.includes('/node_modules/')) return `node_modules/${name}` in packages;
  }
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Entry;

it('the lock file holds every dependency of every package, those of other platforms too', () => {
  expect(missingFrom(lock)).toEqual([]);
});

it('the lock file was made from this package.json', () => {
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'] as const) {
    expect(lock.packages['']?.[kind], kind).toEqual(manifest[kind]);
  }
});

it('a lock file with a platform left out is seen', () => {
  const packages = {
    'node_modules/a': { optionalDependencies: { 'a-linux': '1', 'a-other': '1' } },
    'node_modules/a/node_modules/a-linux': {},
  };
  expect(missingFrom({ packages })).toEqual(['node_modules/a: a-other']);
});
