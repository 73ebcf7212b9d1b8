// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Machine, VmMode } from '../core/run.ts';
import type { Trouble } from '../tools/boot-vm/machines.ts';
import { kvmFacts, type ModeChoice } from '../tools/boot-vm/mode.ts';
import { proveMode } from './prove-mode.ts';

const VERSION = '10.0.2';
let state: string;

beforeEach(() => {
  state = mkdtempSync(path.join(tmpdir(), 'respin-prove-'));
  vi.stubEnv('XDG_STATE_HOME', state);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(state, { recursive: true, force: true });
});

const trouble = (machine: Machine, over: Partial<Trouble> = {}): Trouble => ({
  ...{ kind: 'timeout', machine, phase: 'first-byte', what: 'it is silent', detail: '', qemuFailed: false },
  ...over,
});

/** What happens in each mode; null: both come up. */
async function proved(first: ModeChoice, modes: Partial<Record<VmMode, Trouble>>) {
  const tried: VmMode[] = [];
  const notes: string[] = [];
  const choice = await proveMode(first, {
    images: { hostKernel: '', hostRoot: '' },
    logs: { log: () => ({ write: () => {}, close: () => {} }) },
    signal: new AbortController().signal,
    qemu: { binary: 'qemu', dataDirs: [], libraryPath: [], version: VERSION },
    emit: (event) => event.type === 'note' && notes.push(event.text),
    machines: async ({ plan }) => {
      tried.push(plan.mode);
      const what = modes[plan.mode] ?? null;
      return {
        bringUpHost: async () => (what?.machine === 'host' ? what : null),
        bringUpGuest: async () => what,
        printed: () => what?.machine !== 'host',
        powerOff: async () => 1,
        [Symbol.asyncDispose]: async () => {},
      };
    },
  });
  return { choice, tried, notes, remembered: (await kvmFacts(VERSION)).remembered };
}

const KVM: ModeChoice = { mode: 'kvm+kvm', reason: 'KVM is there', proven: false };

it('is the mode that was chosen, when its machines come up', async () => {
  const { choice, tried, remembered } = await proved(KVM, {});
  expect(choice).toEqual({ ...KVM, proven: true });
  expect(tried).toEqual(['kvm+kvm']);
  expect(remembered).toEqual({ host: 'works', guest: 'works' });
});

it.each([
  ['says nothing', trouble('host')],
  [
    'is refused by QEMU',
    trouble('host', { kind: 'died', phase: 'init', qemuFailed: true, detail: 'a\nfailed to set MSR' }),
  ],
])('is the emulated one when a kernel on KVM %s', async (_, what) => {
  const { choice, tried, notes, remembered } = await proved(KVM, { 'kvm+kvm': what });
  expect(choice).toMatchObject({ mode: 'tcg+svm', proven: true });
  expect(tried).toEqual(['kvm+kvm', 'tcg+svm']);
  expect(notes).toHaveLength(1);
  expect(remembered).toEqual({ host: 'silent', guest: 'works' });
});

it('goes on to the guest', async () => {
  const { choice, remembered } = await proved(KVM, { 'kvm+kvm': trouble('guest') });
  expect(choice).toMatchObject({ mode: 'kvm+tcg', proven: true });
  expect(remembered).toEqual({ host: 'works', guest: 'silent' });
});

it('is not changed by what is no matter of KVM, nor is anything remembered', async () => {
  const { choice, tried, remembered } = await proved(KVM, { 'kvm+kvm': trouble('guest', { phase: 'init' }) });
  expect(choice).toEqual(KVM);
  expect(tried).toEqual(['kvm+kvm']);
  expect(remembered).toEqual({});
});

it('is not asked where it is known', async () => {
  const { tried } = await proved({ ...KVM, proven: true }, {});
  expect(tried).toEqual([]);
});
