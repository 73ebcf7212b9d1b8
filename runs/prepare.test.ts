// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { wantsProbes } from './prepare.ts';

it('the probes run by themselves where they take less than a minute', () => {
  const fast = { host: 'fast', guest: 'fast' } as const;
  const checked = { host: 'debug', guest: 'fast' } as const;
  expect(wantsProbes({ probes: null, profiles: fast }, 'tcg+svm')).toBe(true);
  expect(wantsProbes({ probes: null, profiles: fast }, 'tcg+tcg')).toBe(false);
  expect(wantsProbes({ probes: null, profiles: checked }, 'kvm+kvm')).toBe(false);
  expect(wantsProbes({ probes: true, profiles: checked }, 'tcg+tcg')).toBe(true);
  expect(wantsProbes({ probes: false, profiles: fast }, 'kvm+kvm')).toBe(false);
});
