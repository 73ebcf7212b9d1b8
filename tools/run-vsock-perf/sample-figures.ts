// SPDX-License-Identifier: MIT
/** The rounds of a test → its figures. */
import type { CpuTicks, PerfRound, PerfSample, PerfTest } from '../../core/perf.ts';
import type { Machine } from '../../core/run.ts';
import type { LoadRound } from './load-program.ts';
import { quantile } from './statistics.ts';
import { WARM_UP_ROUNDS } from './tests.ts';

type Figures = Pick<PerfSample, 'gbps' | 'latency' | 'warmUp' | 'rounds' | 'cpu'>;

/** The first rounds are kept, and count for nothing. */
export function sampleFigures(test: PerfTest, all: readonly LoadRound[]): Figures {
  const [warmUp, rounds] = [all.slice(0, WARM_UP_ROUNDS), all.slice(WARM_UP_ROUNDS)];
  const isLatency = test.measure === 'latency';
  const echoes = rounds.flatMap(({ echo }) => echo);
  return {
    gbps: isLatency ? null : (sum(rounds, 'bytes') * 8) / sum(rounds, 'ns'),
    latency: isLatency
      ? { p50: quantile(echoes, 0.5), p99: quantile(echoes, 0.99), count: echoes.length }
      : null,
    ...{ warmUp: warmUp.map(plain), rounds: rounds.map(plain) },
    cpu: cpuOf(rounds),
  };
}

function plain({ bytes, ns }: LoadRound): PerfRound {
  return { bytes, ns };
}

function sum(rounds: readonly LoadRound[], of: 'bytes' | 'ns'): number {
  return rounds.reduce((total, round) => total + round[of], 0);
}

function cpuOf(rounds: readonly LoadRound[]): PerfSample['cpu'] {
  const told = rounds.flatMap(({ cpu }) => (cpu === null ? [] : [cpu]));
  if (told.length < rounds.length) return null;
  return { host: ticks(told, 'host'), guest: ticks(told, 'guest') };
}

function ticks(told: readonly Record<Machine, CpuTicks>[], machine: Machine): CpuTicks {
  const total: CpuTicks = { user: 0, system: 0, irq: 0, softirq: 0, steal: 0, guest: 0, idle: 0 };
  for (const cpu of told)
    for (const name of Object.keys(total))
      total[name as keyof CpuTicks] += cpu[machine][name as keyof CpuTicks];
  return total;
}
