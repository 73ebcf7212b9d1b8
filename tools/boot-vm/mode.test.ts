// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VmMode } from '../../core/run.ts';
import {
  chooseMode,
  fallback,
  isProven,
  type KvmFacts,
  kvmFacts,
  type Remembered,
  remember,
} from './mode.ts';

const facts = (parts: Partial<KvmFacts>): KvmFacts => ({
  device: 'openable',
  nested: true,
  remembered: {},
  ...parts,
});

describe('chooseMode', () => {
  it.each([
    [facts({}), 'kvm+kvm', /this run proves it/],
    [facts({ remembered: { host: 'works', guest: 'works' } }), 'kvm+kvm', /KVM works/],
    [facts({ nested: null }), 'kvm+kvm', /nested/],
    [facts({ nested: false }), 'kvm+tcg', /nested=0/],
    [facts({ remembered: { guest: 'silent' } }), 'kvm+tcg', /no nested guest ran/],
    [facts({ device: 'absent' }), 'tcg+svm', /no \/dev\/kvm/],
    [facts({ device: 'no-permission' }), 'tcg+svm', /group kvm/],
    [facts({ remembered: { host: 'silent' } }), 'tcg+svm', /opens, but/],
    [
      facts({ device: 'absent', remembered: { guest: 'silent' } }),
      'tcg+tcg',
      /no guest ran on the emulated SVM/,
    ],
  ] as const)('%j gives %s', (given, mode, reason) => {
    const choice = chooseMode(given, 'auto');
    expect(choice.mode).toBe(mode);
    expect(choice.reason).toMatch(reason);
  });

  it('takes the mode that was asked for', () => {
    expect(chooseMode(facts({ device: 'absent' }), 'kvm+kvm').mode).toBe('kvm+kvm');
  });
});

describe('fallback', () => {
  it('doubts KVM first, and the kernel only where there is no KVM to doubt', () => {
    expect(fallback('kvm+kvm', 'host')?.mode).toBe('tcg+svm');
    expect(fallback('kvm+kvm', 'guest')?.mode).toBe('kvm+tcg');
    expect(fallback('tcg+svm', 'guest')?.mode).toBe('tcg+tcg');
    expect(fallback('tcg+svm', 'host')).toBeNull();
    expect(fallback('kvm+tcg', 'guest')).toBeNull();
    expect(fallback('tcg+tcg', 'guest')).toBeNull();
  });
});

describe('what is remembered', () => {
  const kept = process.env['XDG_STATE_HOME'];
  let state = '';
  beforeEach(async () => {
    state = await mkdtemp(path.join(tmpdir(), 'respin-mode-'));
    process.env['XDG_STATE_HOME'] = state;
  });
  afterEach(async () => {
    await rm(state, { recursive: true, force: true });
    if (kept === undefined) delete process.env['XDG_STATE_HOME'];
    else process.env['XDG_STATE_HOME'] = kept;
  });

  it('holds for this QEMU only, and adds up', async () => {
    await remember('10.0.2', { host: 'silent' });
    await remember('10.0.2', { guest: 'works' });
    expect((await kvmFacts('10.0.2')).remembered).toEqual({ host: 'silent', guest: 'works' });
    expect((await kvmFacts('11.0.0')).remembered).toEqual({});
  });
});

describe('isProven', () => {
  it.each<[VmMode, Remembered, boolean]>([
    ['kvm+kvm', { host: 'works', guest: 'works' }, true],
    ['kvm+kvm', { host: 'works' }, false],
    ['kvm+tcg', { host: 'works' }, true],
    ['kvm+tcg', {}, false],
    ['tcg+svm', { guest: 'works' }, true],
    ['tcg+svm', {}, false],
    ['tcg+tcg', {}, true],
  ])('%s with %j remembered: proven is %s', (mode, remembered, proven) => {
    expect(isProven(mode, { remembered })).toBe(proven);
  });
});
