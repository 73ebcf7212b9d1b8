// SPDX-License-Identifier: MIT
/**
 * The command lines of host and guest. Kept as data: they are printed, kept in the
 * record, and can be pasted.
 */
import type { VmMode } from '../../core/run.ts';
import { shellWord } from '../../core/shell-word.ts';

/** A QEMU to run on this machine. */
export interface QemuProgram {
  binary: string;
  dataDirs: readonly string[];
}

/** How the machines of one boot are to be laid out. */
export interface MachinePlan {
  mode: VmMode;
  hostCpus: number;
  guestCpus: number;
  /** TCG: a thread for each vcpu, or one for all. */
  thread: 'multi' | 'single';
  /**
   * instructions: the host's clock goes on by NS_PER_INSTRUCTION with every instruction it executes, and
   * jumps to the next timer when it idles. Under TCG, with one vcpu and one thread only.
   */
  clock: 'wall' | 'instructions';
  /** MiB */
  hostMemory: number;
  guestMemory: number;
  /**
   * The guest has all of its memory from the start. Without it, it costs the host a fault and the clearing of a page
   * where the guest comes to for the first time, whatever is measured then.
   */
  preallocate: boolean;
  /** The guest has a second device for vsock, behind which is a program of respin's in the host: see liar.c. */
  lyingDevice: boolean;
}

/** The ports of the host that end on this machine: name → Unix socket to connect to. */
export const HOST_PORTS = ['agent', 'guest-agent', 'guest-console', 'guest-qmp'] as const;
export type HostPort = (typeof HOST_PORTS)[number];

export interface HostPaths {
  kernel: string;
  /** The staged folder that is the host's root, shared over 9p. */
  root: string;
  /** Sockets that respin listens on. */
  console: string;
  qmp: string;
  ports: Record<HostPort, string>;
}

/**
 * A quiet console is a fast one: the kernel's version as a first line, then notices and what is worse. A kernel
 * that has faulted ends at once: what it would still do says nothing of the series, and takes minutes to say it.
 */
const KERNEL_COMMON = 'console=ttyS0 loglevel=6 oops=panic panic=-1 random.trust_cpu=on';

/**
 * Every timer that is programmed costs an exit of the emulated CPU: the tick alone is cheaper (docs/machines.md). But by
 * the instruction clock boots with it come in two kinds, 1.7 % apart (docs/perf.md).
 */
function timers(plan: MachinePlan): string {
  return plan.mode === 'tcg+svm' && plan.clock === 'wall' ? 'nohz=off highres=off' : '';
}

/**
 * The host's first measurement of its TSC is wrong by some parts in a thousand when this machine is busy, and is
 * corrected two seconds later. KVM compares the two: where they are more than 250 ppm apart and the CPU cannot scale
 * its TSC, as QEMU's cannot, set_tsc_khz() of arch/x86/kvm/x86.c leaves the guest's ratio at 0, and each of the
 * guest's timers is late by its whole uptime. The kernel corrects by 1 % at most (arch/x86/kernel/tsc.c).
 */
function tscTolerance(plan: MachinePlan): string {
  return plan.mode === 'tcg+svm' ? 'kvm.tsc_tolerance_ppm=20000' : '';
}

function hostAccel(plan: MachinePlan): string[] {
  return plan.mode.startsWith('kvm')
    ? ['-accel', 'kvm', '-cpu', 'host']
    : ['-accel', `tcg,thread=${plan.thread}`, '-cpu', 'max', ...instructionClock(plan)];
}

/** Nanoseconds of the host's clock for each instruction: 2 to the power of `shift`. */
export const NS_PER_INSTRUCTION = 1;

function instructionClock({ clock }: MachinePlan): string[] {
  return clock === 'instructions' ? ['-icount', `shift=${Math.log2(NS_PER_INSTRUCTION)},sleep=off`] : [];
}

function guestAccel(plan: MachinePlan): string[] {
  return plan.mode.endsWith('+tcg')
    ? ['-accel', `tcg,thread=${plan.thread}`, '-cpu', 'max']
    : ['-accel', 'kvm', '-cpu', `host${endOfInterrupt(plan)}`];
}

/**
 * helper_vmrun() of QEMU (target/i386/tcg/…/svm_helper.c) leaves the vector of an interrupt that KVM injects in
 * cs->exception_index. When the vcpu's thread leaves its loop for another reason before the guest's next exception or
 * exit, the same vector is delivered once more, even where the guest has interrupts disabled: a double fault between
 * swapgs and sysret. The guest's end of interrupt is such an exit, unless KVM offers it one without.
 */
function endOfInterrupt({ mode }: MachinePlan): string {
  return mode === 'tcg+svm' ? ',kvm-pv-eoi=off' : '';
}

/** A value among QEMU's comma-separated options: there a comma of its own is written twice. */
function optionValue(value: string): string {
  return value.replaceAll(',', ',,');
}

/** The host VM's command line, words; `words[0]` is the program. */
export function hostCommand(qemu: QemuProgram, plan: MachinePlan, paths: HostPaths): string[] {
  return [
    qemu.binary,
    ...qemu.dataDirs.flatMap((dir) => ['-L', dir]),
    '-name',
    'respin-host',
    '-nodefaults',
    '-no-user-config',
    '-display',
    'none',
    '-no-reboot',
    '-machine',
    'q35',
    ...hostAccel(plan),
    '-smp',
    String(plan.hostCpus),
    '-m',
    `${plan.hostMemory}M`,
    '-device',
    'virtio-rng-pci',
    '-chardev',
    `socket,id=console,path=${optionValue(paths.console)}`,
    '-serial',
    'chardev:console',
    '-chardev',
    `socket,id=qmp,path=${optionValue(paths.qmp)}`,
    '-mon',
    'chardev=qmp,mode=control',
    '-device',
    'virtio-serial-pci',
    ...HOST_PORTS.flatMap((name) => [
      '-chardev',
      `socket,id=${name},path=${optionValue(paths.ports[name])}`,
      '-device',
      `virtserialport,chardev=${name},name=${name}`,
    ]),
    '-fsdev',
    `local,id=root,path=${optionValue(paths.root)},security_model=none,readonly=on,multidevs=remap`,
    '-device',
    'virtio-9p-pci,fsdev=root,mount_tag=root',
    '-kernel',
    paths.kernel,
    '-append',
    [
      KERNEL_COMMON,
      timers(plan),
      tscTolerance(plan),
      'root=root rootfstype=9p ro rootflags=trans=virtio,version=9p2000.L,cache=loose,msize=524288',
      'init=/init AGENT_PORT=agent',
    ]
      .filter((word) => word !== '')
      .join(' '),
  ];
}

/** The guest's CID inside the host; every host has a CID space of its own. */
export const GUEST_CID = 3;
/**
 * TCP ports of the programs' control connection, both in the host: one where a
 * program in the host listens, one that QEMU forwards to the guest.
 */
export const HOST_CONTROL_PORT = 12345;
export const GUEST_CONTROL_PORT = 12346;

/** The relays of the guest's QEMU, in the order of its file descriptors from 3 on. */
export const GUEST_RELAYS: readonly HostPort[] = ['guest-agent', 'guest-console', 'guest-qmp'];

const LIAR = '/programs/probe-liar';
const LIAR_SOCKET = '/tmp/liar.sock';
/** The name of the device the liar is behind. */
export const LYING_DEVICE = 'vhost-user-vsock-pci';

/** The guest's command line, as the host's agent starts it, with paths inside the host. */
export function guestCommand(plan: MachinePlan): string[] {
  return [
    // It becomes QEMU, with the device as its child.
    ...(plan.lyingDevice ? [LIAR, `--serve=${LIAR_SOCKET}`, '--'] : []),
    '/bin/qemu-system-x86_64',
    '-L',
    '/firmware',
    '-name',
    'respin-guest',
    '-nodefaults',
    '-no-user-config',
    '-display',
    'none',
    '-no-reboot',
    '-machine',
    'q35',
    ...guestAccel(plan),
    '-smp',
    String(plan.guestCpus),
    '-m',
    `${plan.guestMemory}M`,
    ...guestMemory(plan),
    '-device',
    'virtio-rng-pci',
    '-chardev',
    'socket,id=agent,fd=3',
    '-chardev',
    'socket,id=console,fd=4',
    '-chardev',
    'socket,id=qmp,fd=5',
    '-serial',
    'chardev:console',
    '-mon',
    'chardev=qmp,mode=control',
    '-device',
    'virtio-serial-pci',
    '-device',
    'virtserialport,chardev=agent,name=agent',
    '-netdev',
    `user,id=net,hostfwd=tcp:127.0.0.1:${GUEST_CONTROL_PORT}-:${GUEST_CONTROL_PORT}`,
    '-device',
    'virtio-net-pci,netdev=net,romfile=',
    '-device',
    `vhost-vsock-pci,guest-cid=${GUEST_CID}`,
    // Behind the other: a driver takes the first.
    ...(plan.lyingDevice
      ? ['-chardev', `socket,id=liar,path=${LIAR_SOCKET}`, '-device', `${LYING_DEVICE},chardev=liar`]
      : []),
    '-kernel',
    '/boot/guest-bzImage',
    '-initrd',
    '/boot/guest.cpio',
    '-append',
    [KERNEL_COMMON, timers(plan), 'AGENT_PORT=agent'].filter((word) => word !== '').join(' '),
  ];
}

function guestMemory({ guestMemory: size, preallocate, lyingDevice }: MachinePlan): string[] {
  if (!preallocate && !lyingDevice) return [];
  // A device that is another process has to map it.
  const backend = lyingDevice ? 'memfd' : 'ram';
  const words = [`memory-backend-${backend},id=memory,size=${size}M`];
  if (lyingDevice) words.push('share=on');
  if (preallocate) words.push('prealloc=on');
  return ['-object', words.join(','), '-machine', 'memory-backend=memory'];
}

/**
 * The same machine for a person: its console is the terminal (ctrl-a x ends it) with a shell on
 * it, and the sockets to respin, which are gone when the run is over, are left out. So is the device that lies.
 */
export function byHand(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = words[0] === LIAR ? words.indexOf('--') + 1 : 0; at < words.length; at++) {
    const [word = '', value = ''] = words.slice(at, at + 2);
    const ours =
      (word === '-chardev' && value.startsWith('socket,') && !value.startsWith('socket,id=console,')) ||
      (word === '-device' && /^(?:virtserialport|virtio-serial-pci|vhost-user-vsock-pci)\b/.test(value)) ||
      word === '-mon';
    if (ours) at++;
    else if (word === '-chardev')
      kept.push(word, words[++at]?.replace(/^socket,(id=\w+),.*/, 'stdio,$1,mux=on,signal=off') ?? '');
    else kept.push(word.replace('AGENT_PORT=agent', 'AGENT_PORT=shell'));
  }
  return kept;
}

/** A command line as a shell takes it. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
