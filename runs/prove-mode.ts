// SPDX-License-Identifier: MIT
/** Which mode runs kernels here, found out by booting: what is measured must not begin in one that does not. */
import type { RespinEvent } from '../core/events.ts';
import type { Machine } from '../core/run.ts';
import { type BootOptions, Machines, type Trouble } from '../tools/boot-vm/machines.ts';
import { fallback, type ModeChoice, remember } from '../tools/boot-vm/mode.ts';
import { planFor } from '../tools/boot-vm/plan.ts';

export interface ProofOptions extends Pick<BootOptions, 'images' | 'logs' | 'signal'> {
  qemu: BootOptions['qemu'] & { version: string };
  emit(event: RespinEvent): void;
  /** For tests. */
  machines?: (options: BootOptions) => Promise<Probed>;
}

type Probed = Pick<Machines, 'bringUpHost' | 'bringUpGuest' | 'printed' | 'powerOff'> & AsyncDisposable;

/**
 * Boots host and guest, in the next mode where one says nothing on KVM, until both are up; what was found out is
 * remembered. A choice that is proven is given back as it is.
 * @returns the last mode that was tried, also when its machines did not come up for another reason
 * @throws RespinError INTERRUPTED
 */
export async function proveMode(first: ModeChoice, options: ProofOptions): Promise<ModeChoice> {
  const silent: Machine[] = [];
  let choice = first;
  while (!choice.proven) {
    const found = await probe(choice, options);
    if (found === null) {
      const works = { ...(choice.mode.startsWith('kvm') ? { host: 'works' as const } : {}) };
      const quiet = Object.fromEntries(silent.map((machine) => [machine, 'silent' as const]));
      const guest = choice.mode.endsWith('+tcg') ? {} : { guest: 'works' as const };
      await remember(options.qemu.version, { ...guest, ...works, ...quiet });
      return { ...choice, proven: true };
    }
    const { trouble, printed } = found;
    const refused = trouble.qemuFailed && !printed;
    const next =
      trouble.phase === 'first-byte' || refused
        ? fallback(choice.mode, trouble.machine, refused ? lastLine(trouble.detail) : null)
        : null;
    if (next === null) return choice;
    silent.push(trouble.machine);
    options.emit({ type: 'note', level: 'warning', text: `${next.reason}: trying ${next.mode}` });
    choice = next;
  }
  return choice;
}

async function probe(
  { mode }: ModeChoice,
  options: ProofOptions,
): Promise<{ trouble: Trouble; printed: boolean } | null> {
  const { images, logs, signal, qemu } = options;
  await using machines = await (options.machines ?? Machines.start)({
    ...{ number: 1, plan: planFor(mode), qemu, images, signal, emit: () => {} },
    logs: { log: (name) => logs.log(`probe-${name}`) },
  });
  const trouble = (await machines.bringUpHost()) ?? (await machines.bringUpGuest());
  if (trouble === null) await machines.powerOff();
  return trouble === null ? null : { trouble, printed: machines.printed('host') };
}

function lastLine(text: string): string | null {
  return text.trim().split('\n').at(-1) ?? null;
}
