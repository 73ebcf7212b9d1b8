// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { isVersionName, versionNumber, versionOrder } from './version-name.ts';

it('counts, and puts an RFC first', () => {
  const sorted = ['v10', 'v9', 'v2.1', 'rfc-v3', 'v2'].sort((a, b) => versionOrder(a) - versionOrder(b));
  expect(sorted).toEqual(['rfc-v3', 'v2', 'v2.1', 'v9', 'v10']);
  expect(['v10', 'rfc-v2', 'v2.1', 'none'].map(versionNumber)).toEqual([10, 2, 2, 0]);
});

it('knows a name when it sees one', () => {
  for (const name of ['v1', 'v9999', 'rfc-v1', 'v2.1', 'rfc-v2.3']) expect(isVersionName(name)).toBe(true);
  for (const name of ['', '1', 'v0', 'v01', 'v10000', 'rfc', 'rfc-1', 'v2.', 'v2.0', '../v1', 'v1/..', 'V1'])
    expect(isVersionName(name), name).toBe(false);
});
