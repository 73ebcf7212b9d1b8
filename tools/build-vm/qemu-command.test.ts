// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import {
  byHand,
  guestCommand,
  type HostPaths,
  hostCommand,
  type MachinePlan,
  shellLine,
} from './qemu-command.ts';

const plan: MachinePlan = {
  ...{ mode: 'tcg+svm', hostCpus: 2, guestCpus: 1, thread: 'multi' },
  ...{ clock: 'wall', hostMemory: 2048, guestMemory: 512, preallocate: false, lyingDevice: false },
};
const paths: HostPaths = {
  ...{ kernel: '/k/bzImage', root: '/k/root', console: '/s/console', qmp: '/s/qmp' },
  ports: { agent: '/s/1', 'guest-agent': '/s/2', 'guest-console': '/s/3', 'guest-qmp': '/s/4' },
};
const host = hostCommand({ binary: '/bin/qemu', dataDirs: ['/fw'] }, plan, paths);

test.each(['host', 'guest'])('with emulated SVM the %s has periodic timers, on KVM its own', (machine) => {
  const append = (mode: MachinePlan['mode'], clock: MachinePlan['clock'] = 'wall') => {
    const of = { ...plan, mode, clock };
    const qemu = { binary: '/bin/qemu', dataDirs: [] };
    return (machine === 'guest' ? guestCommand(of) : hostCommand(qemu, of, paths)).at(-1);
  };
  expect(append('tcg+svm')).toContain(' nohz=off highres=off ');
  expect(append('kvm+kvm')).not.toContain('nohz');
  expect(append('tcg+svm', 'instructions')).not.toContain('nohz');
});

test('with emulated SVM the host corrects its TSC within 1 % and KVM still keeps the guest’s timers', () => {
  const append = (mode: MachinePlan['mode']) =>
    hostCommand({ binary: '/bin/qemu', dataDirs: [] }, { ...plan, mode }, paths).at(-1);
  expect(append('tcg+svm')).toContain(' kvm.tsc_tolerance_ppm=20000 ');
  expect(append('kvm+kvm')).not.toContain('tsc');
});

test('by the instruction clock the host counts 1 ns for each, with timers of its own, and nothing else changes', () => {
  const counting = hostCommand(
    { binary: '/bin/qemu', dataDirs: ['/fw'] },
    { ...plan, clock: 'instructions' },
    paths,
  );
  const [icount, shift, append] = counting.filter((word) => !host.includes(word));
  expect([icount, shift]).toEqual(['-icount', 'shift=0,sleep=off']);
  expect(append).toBe(host.at(-1)?.replace('nohz=off highres=off ', ''));
});

test('a guest that is measured has all its memory from the start', () => {
  const guest = (preallocate: boolean) => guestCommand({ ...plan, preallocate });
  const added = guest(true).filter((word) => !guest(false).includes(word));
  expect(added).toEqual([
    ...['-object', 'memory-backend-ram,id=memory,size=512M,prealloc=on', 'memory-backend=memory'],
  ]);
});

test('a device that lies is behind the guest’s own, and its process sees the guest’s memory', () => {
  const guest = (lyingDevice: boolean) => guestCommand({ ...plan, lyingDevice });
  const [program, socket, dashes, ...words] = guest(true);
  expect([program, socket, dashes]).toEqual(['/programs/probe-liar', '--serve=/tmp/liar.sock', '--']);
  expect(words.filter((word) => !guest(false).includes(word))).toEqual([
    ...['-object', 'memory-backend-memfd,id=memory,size=512M,share=on', 'memory-backend=memory'],
    ...['socket,id=liar,path=/tmp/liar.sock', 'vhost-user-vsock-pci,chardev=liar'],
  ]);
  const at = (name: string): number => words.findIndex((word) => word.startsWith(name));
  expect(at('vhost-user-vsock-pci')).toBeGreaterThan(at('vhost-vsock-pci'));
  // Nobody is there to serve it.
  expect(shellLine(byHand(guest(true)))).not.toContain('liar');
});

test('on the emulated SVM each end of interrupt is an exit, on KVM none need be', () => {
  const cpu = (mode: MachinePlan['mode']) => {
    const words = guestCommand({ ...plan, mode });
    return words[words.indexOf('-cpu') + 1];
  };
  expect(cpu('tcg+svm')).toBe('host,kvm-pv-eoi=off');
  expect(cpu('kvm+kvm')).toBe('host');
});

describe('by hand', () => {
  test.each([
    ['host', host],
    ['guest', guestCommand(plan)],
  ])('the %s has its console on the terminal, a shell on it, and no socket', (_, words) => {
    const line = shellLine(byHand(words));
    expect(line).not.toMatch(/socket|virtserialport|-mon\b/);
    expect(line).toContain('-chardev stdio,id=console,mux=on,signal=off -serial chardev:console');
    expect(line).toContain('AGENT_PORT=shell');
  });

  test('and is the same machine otherwise', () => {
    const words = byHand(host);
    const rest = host.filter((word) => !/socket|serial|chardev|mon|device|AGENT/.test(word));
    for (const word of rest) expect(words).toContain(word);
  });
});

test('a word that a shell would take apart is quoted', () => {
  expect(shellLine(['a b', "it's", 'x=1,y'])).toBe(`'a b' 'it'\\''s' x=1,y`);
});

test('a comma in a path is doubled where QEMU takes commas for separators, and only there', () => {
  const words = hostCommand({ binary: '/q,u', dataDirs: ['/d,d'] }, plan, {
    kernel: '/k,k',
    root: '/c,c/root',
    console: '/t,t/console',
    qmp: '/t,t/qmp',
    ports: { agent: '/t,t/a', 'guest-agent': '/t,t/b', 'guest-console': '/t,t/c', 'guest-qmp': '/t,t/d' },
  });
  expect(words.filter((word) => word.includes('t,t') || word.includes('t,,t'))).toEqual([
    'socket,id=console,path=/t,,t/console',
    'socket,id=qmp,path=/t,,t/qmp',
    'socket,id=agent,path=/t,,t/a',
    'socket,id=guest-agent,path=/t,,t/b',
    'socket,id=guest-console,path=/t,,t/c',
    'socket,id=guest-qmp,path=/t,,t/d',
  ]);
  expect(words).toContain('local,id=root,path=/c,,c/root,security_model=none,readonly=on,multidevs=remap');
  expect(words).toEqual(expect.arrayContaining(['/q,u', '/d,d', '/k,k']));
});
