// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Splat } from '../../core/run.ts';
import { isFatal, isLogic, mayBeTheMachine, SPLAT_RULES } from './splat-table.ts';
import { findSplats, SplatReader } from './splats.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../../test/fixtures/splats');
const SOURCE = { machine: 'guest', log: 'guest.console.log', boot: 1 } as const;

const names = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => name.slice(0, -4));
const gold = JSON.parse(readFileSync(path.join(FIXTURES, 'gold.json'), 'utf8')) as Record<string, unknown[]>;

function linesOf(name: string): string[] {
  return readFileSync(path.join(FIXTURES, `${name}.txt`), 'utf8').split('\n');
}

function brief(splat: Splat): unknown {
  const { kind, title, where, line, text } = splat;
  return { kind, title, where, line, last: text.split('\n').at(-1) };
}

describe('fixtures', () => {
  it.each(names)('%s', (name) => {
    expect(findSplats(linesOf(name), SOURCE).map(brief)).toEqual(gold[name]);
  });

  it('has one for every kind of the table', () => {
    const seen = new Set(names.flatMap((name) => findSplats(linesOf(name), SOURCE).map((one) => one.kind)));
    expect([...new Set(SPLAT_RULES.map((rule) => rule.kind))].filter((kind) => !seen.has(kind))).toEqual([]);
  });

  it.each(names)('%s over a serial line: CR before each LF, level and caller in the stamp', (name) => {
    const lines = linesOf(name).map(
      (line) => `${line.replace(/\r$/, '').replace(/^\[ *[\d.]+\]/, (stamp) => `<4>${stamp}[  T92]`)}\r\r`,
    );
    const found = findSplats(lines, SOURCE).map(({ kind, title, where, line }) => ({
      kind,
      title,
      where,
      line,
    }));
    const want = findSplats(linesOf(name), SOURCE).map(({ kind, title, where, line }) => ({
      kind,
      title,
      where,
      line,
    }));
    expect(found).toEqual(want);
  });

  it.each(names)('%s without time stamps', (name) => {
    const bare = linesOf(name).map((line) => line.replace(/^(.*?)\[ *[\d.]+\] /, ''));
    const kinds = (splats: Splat[]) => splats.map(({ kind, title, where }) => ({ kind, title, where }));
    expect(kinds(findSplats(bare, SOURCE))).toEqual(kinds(findSplats(linesOf(name), SOURCE)));
  });
});

describe('where one report ends', () => {
  it('a panic after an oops is one splat with both', () => {
    const [splat, ...more] = findSplats(linesOf('oops-panic'), SOURCE);
    expect(more).toEqual([]);
    expect(splat?.text).toContain('Oops: Oops: 0000 [#1]');
    expect(splat?.text).toContain('Kernel panic - not syncing: Fatal exception');
  });

  it('a panic that comes late, behind other lines, is still no second splat', () => {
    const lines = linesOf('oops-panic');
    const at = lines.findIndex((line) => line.includes('Kernel panic'));
    lines.splice(at, 0, '[    4.300000] systemd[1]: something else');
    expect(findSplats(lines, SOURCE)).toHaveLength(1);
  });

  it('two WARNINGs at one place are two splats that say the same', () => {
    const found = findSplats(linesOf('two-warnings'), SOURCE);
    expect(found).toHaveLength(2);
    expect(found[0]?.title).toBe(found[1]?.title);
    expect(found[0]?.where).toBe(found[1]?.where);
  });

  it('keeps the text of the first three of a flood, and not more than 500 splats', () => {
    const warning = linesOf('warning').slice(3, 46);
    const flood = Array.from({ length: 700 }, () => warning).flat();
    const found = findSplats(flood, SOURCE);
    expect(found).toHaveLength(500);
    expect(found[2]?.text).toContain('Call Trace');
    expect(found[3]?.text).toBe(found[3]?.title);
  });

  it('cuts a report that does not end', () => {
    const lines = [
      '[    1.000000] BUG: Bad rss-counter state',
      ...Array(5000).fill('[    1.000001]  junk+0x1/0x2'),
    ];
    const found = findSplats(lines, SOURCE);
    expect(found[0]?.text.split('\n').length).toBeLessThan(410);
  });

  it('a silence of seconds ends a report', () => {
    const found = findSplats(
      ['[    1.000000] BUG: Bad rss-counter state mm:1', '[    9.000000] vsock: something else'],
      SOURCE,
    );
    expect(found.map((one) => one.text)).toEqual(['[    1.000000] BUG: Bad rss-counter state mm:1']);
  });

  it('says so when only `cut here` got out', () => {
    const found = findSplats(['[    1.000000] ------------[ cut here ]------------'], SOURCE);
    expect(found).toMatchObject([{ kind: 'warning', line: 1 }]);
  });

  const CUT_HERE = '[    1.000000] ------------[ cut here ]------------';

  it('a `cut here` is a splat though no line behind it is known', () => {
    const said = '[    1.000001] vsock: credit is left over';
    const chatter = Array.from({ length: 20 }, (_, i) => `[    1.0001${10 + i}] virtio_net: queue ${i}`);
    for (const lines of [
      [CUT_HERE, said, ...chatter],
      [CUT_HERE, said, '[    1.000002] ---[ end trace 0000000000000000 ]---', ...chatter],
      [CUT_HERE, said, '[    9.000000] random: crng init done'],
      [CUT_HERE, said, CUT_HERE.replace('1.0', '1.1'), ...linesOf('warning').slice(4)],
      [CUT_HERE, said, `[    1.000002] ${'='.repeat(66)}`, '[    1.000003] something else'],
    ]) {
      const found = findSplats(lines, SOURCE);
      expect(found[0]).toMatchObject({ kind: 'warning', title: 'vsock: credit is left over', line: 1 });
      expect(found[0]?.text).not.toContain('crng');
      expect(found.slice(1).map((one) => one.kind)).toEqual(lines.length > 30 ? ['warning'] : []);
    }
  });

  it('a message of many lines behind `cut here` does not hide the line that names the place', () => {
    const [first, ...rest] = linesOf('warning').slice(3);
    const said = Array.from({ length: 30 }, (_, i) => `[    4.200001] queue ${i} is not empty`);
    const found = findSplats([first ?? '', ...said, ...rest], SOURCE);
    expect(found).toMatchObject([
      { kind: 'warning', title: expect.stringMatching(/^WARNING at net\/vmw_vsock/), line: 1 },
    ]);
    expect(found[0]?.text).toContain('end trace');
  });

  it('two processors that say `cut here` at once are no third splat', () => {
    const warning = linesOf('warning').slice(3, 46);
    expect(findSplats([warning[0] ?? '', ...warning, ...warning.slice(1)], SOURCE)).toHaveLength(2);
  });

  it('an unwinder that lost its way is part of the report it unwinds for', () => {
    const lines = linesOf('oops');
    lines.splice(20, 0, "[    4.205000] WARNING: can't access registers at asm_exc_page_fault+0x1a/0x20");
    expect(findSplats(lines, SOURCE).map((one) => one.kind)).toEqual(['oops']);
  });

  it('reads a stack that was decoded to file and line', () => {
    const found = findSplats(
      [
        '[    1.000000] BUG: sleeping function called from invalid context at mm/slab.h:1',
        '[    1.000000] Call Trace:',
        '[    1.000000]  <TASK>',
        '[    1.000000]  dump_stack_lvl (lib/dump_stack.c:122)',
        '[    1.000000]  __might_resched.cold (kernel/sched/core.c:8663)',
        '[    1.000000]  vsock_connect (net/vmw_vsock/af_vsock.c:1421 (discriminator 3)) vsock',
        '[    1.000000]  </TASK>',
      ],
      SOURCE,
    );
    expect(found[0]?.where).toBe('net/vmw_vsock/af_vsock.c:1421');
  });
});

describe('reading as it comes', () => {
  it('gives a warning at its end, not at the end of the log', () => {
    const reader = new SplatReader(SOURCE);
    const lines = linesOf('warning');
    const end = lines.findIndex((line) => line.includes('end trace'));
    const found = lines.slice(0, end + 1).flatMap((line) => reader.push(line));
    expect(found).toHaveLength(1);
    expect(reader.pending).toBeNull();
  });

  it('shows an oops while it is being printed', () => {
    const reader = new SplatReader(SOURCE);
    for (const line of linesOf('null-deref').slice(0, 10)) reader.push(line);
    expect(reader.pending).toMatchObject({ kind: 'null-deref', line: 4 });
  });

  it('finds what findSplats finds, wherever the caller stops to look', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(80), (name, at) => {
        const lines = linesOf(name);
        const reader = new SplatReader(SOURCE);
        const found = lines.slice(0, at).flatMap((line) => reader.push(line));
        void reader.pending;
        found.push(...lines.slice(at).flatMap((line) => reader.push(line)), ...reader.end());
        expect(found).toEqual(findSplats(lines, SOURCE));
      }),
    );
  });

  it('no text brings it down, and every splat points into the log', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom(...names.flatMap((name) => linesOf(name))),
      fc.constantFrom(
        'BUG: ',
        'WARNING: CPU: ',
        '[    1.000000] ',
        '\x1b[2J',
        '\r',
        'Kernel panic - not syncing: ',
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 3 }), { maxLength: 60 }), (parts) => {
        const lines = parts.map((part) => part.join(''));
        for (const splat of findSplats(lines, SOURCE)) {
          expect(splat.line).toBeGreaterThanOrEqual(1);
          expect(splat.line).toBeLessThanOrEqual(lines.length);
          expect(splat.title).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('an endless line costs no time', () => {
    const line = `[    1.000000] ${'a/'.repeat(2_000_000)}`;
    expect(findSplats([line, `BUG: ${' '.repeat(1_000_000)}x`], SOURCE).length).toBeLessThanOrEqual(1);
  });
});

it('knows what a kind stands for', () => {
  expect([isFatal('null-deref'), isFatal('warning')]).toEqual([true, false]);
  expect([isLogic('lockdep'), isLogic('kasan')]).toEqual([true, false]);
  expect([mayBeTheMachine('oom'), mayBeTheMachine('oops')]).toEqual([true, false]);
});
