// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trailer } from '../../core/review.ts';
import { carried } from '../../patches/trailer-carried.ts';
import type { LaterPatch, SettleOptions } from './trailer-latest.ts';
import { settleTrailers } from './trailer-settle.ts';

let mails = 0;

function trailer(more: Partial<Trailer> = {}): Trailer {
  return {
    kind: 'Reviewed-by',
    name: 'Mira Falk',
    email: 'mira@example.org',
    state: 'given',
    condition: null,
    scope: [1],
    note: null,
    version: 'v1',
    messageId: `m${mails++}@example.org`,
    why: null,
    ...more,
  };
}

/** Three patches in each version; `fates` by `patch from to`. */
function options(version: string, fates: Record<string, LaterPatch | null> = {}): SettleOptions {
  return {
    version,
    count: () => 3,
    later: (patch, from, to) => fates[`${patch} ${from} ${to}`] ?? { patch, changed: false },
  };
}

const CHANGED = { '2 v1 v2': { patch: 2, changed: true } };

describe('settleTrailers', () => {
  it('lets a tag count where its patch has not changed', () => {
    expect(settleTrailers([trailer()], options('v1'))).toMatchObject([
      { state: 'given', counts: true, patches: [1] },
    ]);
    expect(settleTrailers([trailer()], options('v2'))).toMatchObject([
      { state: 'given', counts: true, patches: [1] },
    ]);
  });

  it('makes a tag stale whose patch changed substantially', () => {
    expect(settleTrailers([trailer({ scope: [2] })], options('v2', CHANGED))).toMatchObject([
      { state: 'stale', counts: false, patches: [2], why: 'its patch changed between v1 and v2' },
    ]);
    expect(settleTrailers([trailer({ scope: [2] })], options('v1', CHANGED))).toMatchObject([
      { state: 'given' },
    ]);
  });

  it('splits one for the series', () => {
    expect(settleTrailers([trailer({ scope: null })], options('v2', CHANGED))).toMatchObject([
      { state: 'given', scope: [1, 3], counts: true, patches: [1, 3] },
      { state: 'stale', scope: [2], counts: false, patches: [2] },
    ]);
    expect(settleTrailers([trailer({ scope: null })], options('v1'))).toMatchObject([
      { scope: null, patches: [1, 2, 3] },
    ]);
  });

  it('never takes what it could not tell for a yes', () => {
    const unsure = options('v2', { '1 v1 v2': { patch: 1, changed: null } });
    expect(settleTrailers([trailer()], unsure)).toMatchObject([
      { state: 'given', counts: null, why: 'could not tell whether its patch changed between v1 and v2' },
    ]);
    const lost: SettleOptions = { ...options('v2'), later: () => null };
    expect(settleTrailers([trailer()], lost)).toMatchObject([{ counts: null, patches: [] }]);
    expect(settleTrailers([trailer({ scope: [] })], options('v1'))).toMatchObject([
      { counts: null, patches: [] },
    ]);
    const uncounted: SettleOptions = { ...options('v1'), count: () => null };
    expect(settleTrailers([trailer({ scope: null })], uncounted)).toMatchObject([
      { counts: null, patches: [] },
    ]);
  });

  it('follows a patch to its new number, and out of the series', () => {
    const moved = options('v2', {
      '1 v1 v2': { patch: 3, changed: false },
      '2 v1 v2': { patch: null, changed: null },
    });
    expect(settleTrailers([trailer({ scope: [1, 2] })], moved)).toMatchObject([
      { scope: [1], patches: [3], counts: true },
      { scope: [2], patches: [], counts: false, why: 'its patch is not in v2' },
    ]);
  });

  it('gives an old version nothing from a new one', () => {
    expect(settleTrailers([trailer({ version: 'v10' })], options('v9'))).toMatchObject([
      { counts: false, patches: [], why: 'given on v10, after v9' },
    ]);
  });

  it('keeps a condition until somebody says that it is met', () => {
    const asked = trailer({ state: 'conditional', condition: 'With that fixed', scope: [2] });
    expect(settleTrailers([asked], options('v2', CHANGED))).toMatchObject([
      { state: 'conditional', counts: false },
    ]);
    const met = { ...options('v2', CHANGED), met: () => ({ version: 'v2', why: 'fixed in v2' }) };
    expect(settleTrailers([asked], met)).toMatchObject([{ state: 'met', counts: true, why: 'fixed in v2' }]);
    const later = { ...met, version: 'v3', later: () => ({ patch: 2, changed: true }) };
    expect(settleTrailers([asked], later)).toMatchObject([{ state: 'stale', counts: false }]);
    const given = trailer({ version: 'v2', scope: [2], messageId: 'later@example.org' });
    expect(settleTrailers([asked, given], options('v2', CHANGED))).toMatchObject([
      { state: 'met', counts: true, why: 'given without a condition in a later mail (later@example.org)' },
      { state: 'given', counts: true },
    ]);
  });

  it('takes back what the same person withdraws later', () => {
    const back = trailer({ state: 'withdrawn', why: 'Please drop my R-b.', messageId: 'w@example.org' });
    const settled = settleTrailers([trailer(), back], options('v1'));
    expect(settled).toMatchObject([
      { state: 'withdrawn', counts: false, why: 'Please drop my R-b. (w@example.org)', patches: [1] },
    ]);
    expect(settleTrailers([back, trailer()], options('v1'))).toMatchObject([
      { state: 'withdrawn' },
      { state: 'given' },
    ]);
    expect(
      settleTrailers([trailer({ name: 'Ola Berg', email: 'ola@example.org' }), back], options('v1')),
    ).toMatchObject([{ state: 'given' }, { state: 'withdrawn' }]);
    expect(settleTrailers([trailer({ kind: 'Tested-by' }), back], options('v1'))).toMatchObject([
      { state: 'given' },
      { state: 'withdrawn' },
    ]);
    expect(
      settleTrailers([trailer({ kind: 'Tested-by' }), { ...back, kind: 'tag' }], options('v1')),
    ).toHaveLength(1);
    expect(settleTrailers([trailer({ kind: 'Reviewed-and-tested-by' }), back], options('v1'))).toHaveLength(
      1,
    );
  });

  it('takes back a part', () => {
    const back = trailer({ state: 'withdrawn', why: 'Drop it.', scope: [2], version: 'v2' });
    expect(settleTrailers([trailer({ scope: null }), back], options('v2'))).toMatchObject([
      { state: 'withdrawn', scope: [2] },
      { state: 'given', scope: [1, 3] },
    ]);
    const moved = options('v2', {
      '3 v1 v2': { patch: 2, changed: false },
      '2 v1 v2': { patch: 3, changed: false },
    });
    expect(settleTrailers([trailer({ scope: null }), back], moved)).toMatchObject([
      { state: 'withdrawn', scope: [3] },
      { state: 'given', scope: [1, 2] },
    ]);
    const old = trailer({ state: 'withdrawn', why: 'Drop it.', scope: [3], version: 'v1' });
    expect(settleTrailers([trailer({ scope: null, version: 'v2' }), old], moved)).toMatchObject([
      { state: 'withdrawn', scope: [2] },
      { state: 'given', scope: [1, 3] },
    ]);
    expect(settleTrailers([trailer({ scope: null }), { ...back, scope: [] }], options('v2'))).toMatchObject([
      { state: 'withdrawn', scope: null },
    ]);
  });

  it('holds a NAK and a tag of one person against each other', () => {
    const nak = trailer({ kind: 'Nacked-by' });
    expect(settleTrailers([nak, trailer({ kind: 'Acked-by' })], options('v1'))).toMatchObject([
      { kind: 'Nacked-by', state: 'withdrawn' },
      { kind: 'Acked-by', state: 'given' },
    ]);
    expect(settleTrailers([trailer(), nak], options('v1'))).toMatchObject([
      { state: 'withdrawn' },
      { state: 'given' },
    ]);
    for (const other of [
      trailer({ kind: 'Tested-by' }),
      trailer({ state: 'conditional', condition: 'once' }),
    ]) {
      expect(settleTrailers([nak, other], options('v1'))[0]).toMatchObject({
        kind: 'Nacked-by',
        state: 'given',
      });
    }
  });

  it('lets only given and met ones count, whatever comes', () => {
    const any = fc.record({
      kind: fc.constantFrom('Reviewed-by', 'Tested-by', 'Nacked-by', 'tag', 'Reviewed-and-tested-by'),
      name: fc.constantFrom('Mira Falk', 'Ola Berg', ''),
      email: fc.constantFrom('mira@example.org', 'ola@xxxxxxxxxxx', 'ola@example.org'),
      state: fc.constantFrom<Trailer['state'][]>('given', 'conditional', 'withdrawn', 'mismatched'),
      scope: fc.constantFrom<(number[] | null)[]>(null, [], [1], [2, 3], [9]),
      version: fc.constantFrom('v1', 'v2', 'v3', 'odd'),
      messageId: fc.constantFrom('a', 'b', 'c'),
    });
    const fate = fc.constantFrom<(LaterPatch | null)[]>(
      null,
      { patch: 1, changed: false },
      { patch: 2, changed: true },
      { patch: null, changed: null },
      { patch: 3, changed: null },
    );
    fc.assert(
      fc.property(fc.array(any), fc.array(fate, { minLength: 1 }), (trailers, fates) => {
        let asked = 0;
        const settled = settleTrailers(
          trailers.map((one) => trailer(one)),
          { version: 'v2', count: () => 3, later: () => fates[asked++ % fates.length] ?? null },
        );
        for (const one of settled) {
          if (one.counts === true) expect(['given', 'met']).toContain(one.state);
          if (one.counts === true) expect(one.patches.length).toBeGreaterThan(0);
        }
        carried([{ index: 1, body: 'x\n\nReviewed-by: Mira Falk <mira@example.org>' }], settled);
      }),
    );
  });

  it('is quick for a long review', () => {
    const many = Array.from({ length: 3000 }, (_, at) =>
      trailer({ name: `Some Body ${at % 40}`, email: `b${at % 40}@example.org`, scope: [1 + (at % 3)] }),
    );
    const start = performance.now();
    const settled = settleTrailers(many, options('v1'));
    carried([{ index: 1, body: 'Reviewed-by: Some Body 1 <b1@example.org>' }], settled);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});

describe('carried', () => {
  const ola = { name: 'Ola Berg', email: 'ola@example.org' };
  const body = (...lines: string[]) => `Why.\n\n${lines.join('\n')}\nSigned-off-by: A <a@example.org>`;

  it('holds what the patches carry against what was given', () => {
    const settled = settleTrailers(
      [
        trailer({ scope: null }),
        trailer({ ...ola, kind: 'Tested-by', scope: [1] }),
        trailer({ ...ola, kind: 'Acked-by', scope: [2], state: 'conditional', condition: 'once' }),
      ],
      options('v2', CHANGED),
    );
    const patches = [
      {
        index: 1,
        body: body('Reviewed-by: Mira Falk <mira@example.com>', 'Acked-by: No Body <no@example.org>'),
      },
      {
        index: 2,
        body: body('Reviewed-by: Mira Falk <mira@example.org>', 'Acked-by: Ola Berg <ola@example.org>'),
      },
      { index: 3, body: body() },
    ];
    const result = carried(patches, settled);
    expect(result.carried).toMatchObject([
      { patch: 1, kind: 'Reviewed-by', state: 'given', line: 3, email: 'mira@example.com' },
      { patch: 1, kind: 'Acked-by', state: 'unseen', trailer: null },
      { patch: 2, kind: 'Reviewed-by', state: 'stale' },
      { patch: 2, kind: 'Acked-by', state: 'conditional' },
    ]);
    expect(result.missing).toMatchObject([
      { patch: 1, trailer: { kind: 'Tested-by', name: 'Ola Berg' } },
      { patch: 3, trailer: { kind: 'Reviewed-by', name: 'Mira Falk' } },
    ]);
  });

  it('takes the best of several, and asks for one once', () => {
    const both = [trailer({ scope: [2] }), trailer({ scope: [2], version: 'v2' })];
    const settled = settleTrailers(both, options('v2', CHANGED));
    expect(
      carried([{ index: 2, body: body('Reviewed-by: Mira Falk <mira@example.org>') }], settled),
    ).toMatchObject({
      carried: [{ state: 'given', trailer: { version: 'v2' } }],
      missing: [],
    });
    const twice = settleTrailers([trailer(), trailer()], options('v1'));
    expect(carried([{ index: 1, body: 'Why.' }], twice).missing).toHaveLength(1);
  });

  it('reads combined kinds as what they say', () => {
    const settled = settleTrailers([trailer({ kind: 'Reviewed-and-tested-by' })], options('v1'));
    const one = carried([{ index: 1, body: body('Reviewed-by: Mira Falk <mira@example.org>') }], settled);
    expect(one.carried).toMatchObject([{ state: 'given' }]);
    expect(one.missing).toHaveLength(1);
    const two = body('Reviewed-by: Mira Falk <mira@example.org>', 'Tested-by: Mira Falk <mira@example.org>');
    expect(carried([{ index: 1, body: two }], settled).missing).toEqual([]);
  });

  it('does not know where it could not be told, and never misses a NAK', () => {
    const settled = settleTrailers([trailer({ scope: [] }), trailer({ kind: 'Nacked-by' })], options('v1'));
    const result = carried([{ index: 3, body: body('Reviewed-by: Mira Falk <mira@example.org>') }], settled);
    expect(result.carried).toMatchObject([{ state: 'unknown' }]);
    expect(carried([{ index: 1, body: body() }], settled).missing).toEqual([]);
  });

  it('names a carried tag that has been taken back, though it was never seen given', () => {
    const settled = settleTrailers([trailer({ state: 'withdrawn', why: 'Drop it.' })], options('v1'));
    expect(
      carried([{ index: 1, body: body('Reviewed-by: Mira Falk <mira@example.org>') }], settled).carried,
    ).toMatchObject([{ state: 'withdrawn' }]);
  });
});
