// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentOf } from '../reports/review-fixture.ts';
import { Desk, diffRows, FACTS, fileDiff, reviewWith, rowOf, twoComments } from './fixture.ts';
import { frameOf, frameRows } from './frame.ts';
import { bindingsOf } from './keymap.ts';
import { type ListedRun, SCREENS } from './model.ts';
import { patchRows } from './rows/diff-rows.ts';
import { widthOf } from './text.ts';

describe('the list of series', () => {
  it('says what it is while nothing is known, and when there is nothing', () => {
    const desk = new Desk();
    expect(desk.screen).toContain('reading patches/ …');
    desk.send({ type: 'series', series: { is: 'there', value: [] } });
    expect(desk.screen).toContain('no series yet');
    desk.send({ type: 'series', series: { is: 'failed', what: 'it cannot be read', hint: 'look at it' } });
    expect(desk.screen).toContain('it cannot be read');
    expect(desk.screen).toContain('look at it');
  });

  it('asks for the facts of each, and shows them as they come', () => {
    const desk = new Desk().send({
      type: 'series',
      series: { is: 'there', value: [rowOf('one', null), rowOf('two', null)] },
    });
    expect(desk.asked()).toEqual([
      { do: 'load-facts', name: 'one' },
      { do: 'load-facts', name: 'two' },
    ]);
    expect(desk.screen).toContain('…');
    const run = { verdict: 'fail', version: 'v1', ended: '' } as const;
    desk.send({ type: 'facts', name: 'two', facts: { ...FACTS, run } });
    // A verdict on another version is not taken for one on this.
    expect(desk.screen).toMatch(/two\s+v2\s+1\s+FAIL \(v1\)/);
  });

  it('q ends it, Esc does not', () => {
    const desk = new Desk().press('esc');
    expect(desk.asked()).toEqual([]);
    expect(desk.footer).toBe('q ends respin');
    desk.press('q');
    expect(desk.asked()).toEqual([{ do: 'quit' }]);
  });
});

it('ctrl-c ends it from everywhere, also out of a prompt', () => {
  for (const keys of [[], ['/'], ['?'], ['4', 'r']]) {
    const desk = new Desk().opened().press(...keys);
    desk.asked();
    desk.press('ctrl-c');
    expect(desk.asked()).toEqual([{ do: 'quit' }]);
  }
});

it('a key that does nothing says so, and every key that is listed does something or says why not', () => {
  expect(new Desk().press('Z').footer).toBe('Z does nothing here: ? shows the keys');
  for (const screen of SCREENS) {
    for (const { keys, does } of bindingsOf(screen)) {
      // Down from the last row and to where one is, nobody expects an answer.
      if (does === `screen-${screen}` || /^(?:down|up|first|last|half|page)/.test(does)) continue;
      for (const key of keys) {
        const desk = new Desk().inPatch().press(String(SCREENS.indexOf(screen) + 1));
        const before = desk.state;
        desk.press(key);
        const moved = JSON.stringify(desk.state) !== JSON.stringify(before);
        expect(moved || desk.effects.length > 0, `${key} on ${screen}`).toBe(true);
        expect(desk.state.said?.text ?? '').not.toMatch(/^not (?:in|on)|^open a series first/);
      }
    }
  }
});

it('a list that is read again keeps what is known, and the cursor on its series', () => {
  const there = <T>(value: T) => ({ is: 'there', value }) as const;
  const desk = new Desk().send({ type: 'series', series: there([rowOf('b'), rowOf('c')]) }).press('j');
  desk.send({ type: 'series', series: there([rowOf('a', null), rowOf('b', null), rowOf('c', null)]) });
  expect(desk.state.seriesList.cursor).toBe(2);
  expect(desk.rows.find((row) => row.startsWith('c '))).toMatch(/v2/);
  expect(desk.rows.find((row) => row.startsWith('a '))).toMatch(/…/);
});

describe('a list that changed while one is in it', () => {
  const there = <T>(value: T) => ({ is: 'there', value }) as const;

  it('of comments: the cursor stays on its comment, and its thread where it was read', () => {
    const [first, second] = twoComments();
    if (first === undefined || second === undefined) throw new Error('no comment');
    const desk = new Desk({ columns: 110, rows: 8 }).opened().press('4', 'j');
    const { open } = desk.state;
    if (open === null) throw new Error('nothing is open');
    desk.state = {
      ...desk.state,
      open: { ...open, comments: { ...open.comments, details: { cursor: 1, top: 1 } } },
    };
    const came = (comments: Parameters<typeof reviewWith>[0]): number | undefined => {
      const review = reviewWith(comments);
      desk.send({ type: 'review', name: review.series, review: there(review) });
      return desk.state.open?.comments.list.cursor;
    };
    expect(came([{ ...first, state: 'addressed' }, second])).toBe(0);
    desk.press('r');
    expect(desk.footer).toContain('resolve c2222222 as:');
    desk.press('esc');
    expect(came([first, second])).toBe(1);
    expect(desk.state.open?.comments.details.top).toBe(1);
    // It is gone itself: the one that stands in its place, or the last.
    expect(came([first])).toBe(0);
    expect(desk.state.open?.comments.details.top).toBe(0);
  });

  it('of runs: the cursor stays on its run', () => {
    const run = (id: string): ListedRun => ({
      ...{ id, dir: '/', state: 'unfinished', record: null, trouble: null },
    });
    const desk = new Desk().opened().press('5');
    const series = desk.state.open?.name ?? '';
    const [old, older] = [run('20261126-101500-a'), run('20261125-101500-a')];
    desk.send({ type: 'runs', series, records: there([old, older]) }).press('j');
    desk.send({ type: 'runs', series, records: there([run('20261126-111500-a'), old, older]) });
    expect(desk.state.open?.runs.places[0]?.cursor).toBe(2);
  });
});

it('one that cannot be read in part can be opened', () => {
  const desk = new Desk();
  const facts = { trouble: 'waivers.toml is damaged', versions: 0 };
  desk.send({ type: 'series', series: { is: 'there', value: [rowOf('a', facts)] } }).press('enter');
  expect(desk.asked()).toContainEqual({ do: 'load-review', name: 'a', folder: '/patches/a' });
});

it('what others have recorded is read, where it is shown', () => {
  const desk = new Desk().opened().send({ type: 'records-changed' });
  expect(desk.asked().map((one) => one.do)).toEqual(['load-runs', 'load-checks']);
  expect(
    desk
      .press('R')
      .asked()
      .map((one) => one.do),
  ).toContain('load-checks');
});

it('a pane that is scrolled down shows its lines when they are fewer, or the terminal is larger', () => {
  const desk = new Desk({ columns: 90, rows: 8 }).opened().press('tab', 'G');
  expect(desk.state.open?.versionDetails.top).toBeGreaterThan(0);
  desk.send({ type: 'resized', size: { columns: 120, rows: 60 } });
  expect(desk.state.open?.versionDetails.top).toBe(0);
});

it('the list of files goes along with the diff', () => {
  const files = Array.from({ length: 60 }, () => fileDiff());
  const rows = patchRows({ title: 't', message: [], notes: [], files }, []);
  const desk = new Desk({ columns: 120, rows: 20 }).inPatch(rows).press('G');
  const { cursor, top } = desk.state.open?.patch.files ?? { cursor: 0, top: 0 };
  expect(cursor).toBe(rows.parts.length - 1);
  expect(cursor - top).toBeLessThan(17);
  desk.press('g');
  expect(desk.state.open?.patch.files).toEqual({ cursor: 0, top: 0 });
});

describe('a comment', () => {
  const decision = { do: 'decide', folder: '/patches/vsock-one-helper', series: 'vsock-one-helper' };

  it('is resolved with a reason, from the list of comments', () => {
    const desk = new Desk().opened().press('4', 'r');
    expect(desk.footer).toContain('resolve c1111111 as:  a addressed');
    desk.press('d').type('no need').press('enter');
    expect(desk.asked()).toEqual([{ ...decision, ids: ['c1111111'], state: 'declined', why: 'no need' }]);
  });

  it('is not declined without one, and what was typed can be mended', () => {
    const desk = new Desk().opened().press('4', 'r', 'd', 'enter');
    expect(desk.asked()).toEqual([]);
    expect(desk.footer).toContain('not declined without a reason');
    desk.type('nx').press('backspace').type('o').press('enter');
    expect(desk.asked()).toMatchObject([{ why: 'no' }]);
  });

  it('is addressed without one', () => {
    const desk = new Desk().opened().press('4', 'r', 'a', 'enter');
    expect(desk.asked()).toMatchObject([{ state: 'addressed', why: '' }]);
  });

  it('is left alone by any other key', () => {
    const desk = new Desk().opened().press('4', 'r', 'x');
    expect(desk.state.choice).toBeNull();
    desk.press('r', 'd', 'esc');
    expect(desk.state.prompt).toBeNull();
    expect(desk.asked()).toEqual([]);
  });

  it('goes from the list when it is closed, and u asks for the undo of what was done last', () => {
    const desk = new Desk().opened().press('4', 'G');
    const undo = { folder: 'f', series: 's', changed: { comments: [] }, what: 'c2222222 addressed' };
    desk.send({ type: 'changed', undo });
    expect(desk.footer).toBe('c2222222 addressed');
    const [first] = twoComments();
    if (first === undefined) throw new Error('no comment');
    const review = reviewWith([first, commentOf('c2222222', { state: 'addressed' })]);
    desk.send({ type: 'review', name: review.series, review: { is: 'there', value: review } });
    expect(desk.screen).toContain('comments: 1 owed');
    // The cursor was on the second, which is gone.
    expect(desk.state.open?.comments.list.cursor).toBe(0);
    desk.asked();
    desk.press('u');
    expect(desk.asked()).toEqual([{ do: 'undo', what: undo }]);
    // Off the list at once: one that cannot be undone is in nobody's way.
    desk.press('u');
    expect(desk.footer).toContain('nothing was changed');
    expect(desk.send({ type: 'undone', what: undo }).footer).toBe('undone: c2222222 addressed');
  });

  it('Enter goes to its line in the diff, when that has come', () => {
    const desk = new Desk().opened().press('4', 'j', 'enter');
    const [load] = desk.asked();
    const wanted = { series: 'vsock-one-helper', version: 'v2', patch: 1, against: null };
    expect(load).toMatchObject({ do: 'load-diff', wanted });
    desk.send({ type: 'diff', wanted, rows: { is: 'there', value: diffRows() } });
    const { cursor } = desk.state.open?.patch.lines ?? { cursor: -1 };
    expect(diffRows().rows[cursor]).toEqual({ kind: 'comment', id: 'c2222222' });
  });
});

describe('filters', () => {
  it('by state, person and version; a list they empty says how to fill it', () => {
    const desk = new Desk().opened().press('4', 's', 's');
    expect(desk.screen).toContain('comments: 0 closed');
    expect(desk.screen).toContain('s, p and v change what is shown');
    desk.press('s', 's', 'p').type('rex').press('enter');
    expect(desk.screen).toContain('comments: 2 owed, of rex');
    desk.press('v', 'v');
    expect(desk.screen).toContain('comments: 0 owed, of rex, on v1');
  });
});

describe('a patch', () => {
  it('shows comments under their lines, and c goes from one open comment to the next', () => {
    const desk = new Desk({ columns: 80, rows: 40 }).inPatch();
    const at = (text: string): number => desk.rows.findIndex((row) => row.includes(text));
    expect(at('+int b;')).toBeGreaterThan(0);
    expect(at('Why not a helper?')).toBe(at('+int b;') + 2);
    expect(at('Does it not?')).toBe(at('+int c;') + 3);
    const row = () => diffRows().rows[desk.state.open?.patch.lines.cursor ?? -1];
    desk.press('c');
    expect(row()).toEqual({ kind: 'comment', id: 'c1111111' });
    desk.press('c');
    expect(row()).toEqual({ kind: 'comment', id: 'c2222222' });
    desk.press('c');
    expect(desk.footer).toContain('no open comment follows in v2');
    desk.press('C');
    expect(row()).toEqual({ kind: 'comment', id: 'c1111111' });
  });

  it('3 shows the first of the newest version, and the one that was looked at later', () => {
    const desk = new Desk().opened().press('3');
    const first = { series: reviewWith().series, version: 'v2', patch: 1, against: null };
    expect(desk.asked()).toMatchObject([{ do: 'load-diff', wanted: first }]);
    expect(desk.state.screen).toBe('patch');
    desk.press('{');
    const before = desk.state.open?.patch.wanted;
    expect(before).toMatchObject({ version: 'v1' });
    desk.press('2', '3');
    expect(desk.state.open?.patch.wanted).toEqual(before);
  });

  it('Enter on a comment goes to its thread, Esc back to the diff', () => {
    const desk = new Desk().inPatch().press('c', 'enter');
    expect(desk.state.pane.patch).toBe(2);
    expect(desk.screen).toContain('thread of c1111111');
    desk.press('esc');
    expect(desk.state.pane.patch).toBe(1);
    expect(desk.state.screen).toBe('patch');
  });

  it('d goes through what changed since earlier versions, and back to the patch', () => {
    const desk = new Desk().inPatch().press('d');
    expect(desk.asked()).toMatchObject([{ do: 'load-diff', wanted: { version: 'v2', against: 'v1' } }]);
    desk.press('d');
    expect(desk.asked()).toMatchObject([{ do: 'load-diff', wanted: { version: 'v2', against: null } }]);
  });

  it('a diff that comes late is not shown in place of the one that is looked at', () => {
    const desk = new Desk().inPatch();
    const old = desk.state.open?.patch.wanted;
    if (old == null) throw new Error('no patch');
    desk.press('d').send({ type: 'diff', wanted: old, rows: { is: 'there', value: diffRows() } });
    expect(desk.state.open?.patch.rows.is).toBe('loading');
  });

  it('e names the file and the line of the new file', () => {
    const desk = new Desk().inPatch().press('c', 'e');
    expect(desk.asked()).toEqual([{ do: 'edit', file: 'drivers/vhost/vsock.c', line: 12 }]);
  });

  it('side by side only where there is room', () => {
    expect(new Desk({ columns: 80, rows: 24 }).inPatch().press('s').footer).toContain('needs 100 columns');
    const desk = new Desk({ columns: 140, rows: 30 }).inPatch().press('s');
    expect(desk.screen).toMatch(/-int a;\s+│ \+int b;/);
    // The line of the new file, from there as well.
    desk.press('c', 'k', 'e');
    expect(desk.effects.find((one) => one.do === 'edit')).toMatchObject({ line: 12 });
    desk.press('l');
    expect(desk.screen).toMatch(/│ (?!\+int b)/);
    // What is too narrow by now can be left.
    desk.send({ type: 'resized', size: { columns: 80, rows: 24 } }).press('s');
    expect(desk.state.open?.patch.sideBySide).toBe(false);
  });
});

describe('search', () => {
  it('goes to the next match, round the end, and says when there is none', () => {
    const desk = new Desk().inPatch().press('/').type('int').press('enter');
    const rows = diffRows().rows;
    const text = () => {
      const row = rows[desk.state.open?.patch.lines.cursor ?? -1];
      return row?.kind === 'line' ? row.line.text : row?.kind;
    };
    expect(text()).toBe('hunk');
    desk.press('n', 'n');
    expect(text()).toBe('int b;');
    desk.press('N', 'N', 'N');
    expect(text()).toBe('int c;');
    expect(desk.footer).toContain('on from the other end');
    desk.press('/').type('nowhere').press('enter');
    expect(desk.footer).toContain('“nowhere” is not in this pane');
  });

  it('capitals matter when one is given', () => {
    const desk = new Desk().inPatch();
    desk.press('/').type('INT').press('enter');
    expect(desk.footer).toContain('is not in this pane');
  });
});

it('what changes on disk is read again, and nothing else', () => {
  const desk = new Desk().inPatch().send({ type: 'disk-changed', name: 'other' });
  expect(desk.asked()).toEqual([{ do: 'load-facts', name: 'other' }]);
  desk.send({ type: 'disk-changed', name: 'vsock-one-helper' });
  expect(desk.asked().map((one) => one.do)).toEqual([
    ...['load-facts', 'load-review', 'load-checks', 'load-diff'],
  ]);
});

it('whatever is pressed, in whichever size, the frame fills the terminal exactly', () => {
  const keys = [...new Set(SCREENS.flatMap((screen) => bindingsOf(screen).flatMap((one) => one.keys)))];
  const key = fc.constantFrom(...keys, 'a', 'x', 'enter', 'backspace');
  const size = fc.record({
    columns: fc.integer({ min: 20, max: 250 }),
    rows: fc.integer({ min: 4, max: 70 }),
  });
  fc.assert(
    fc.property(size, size, fc.array(key, { maxLength: 25 }), (first, second, pressed) => {
      const desk = new Desk(first).inPatch();
      for (const [at, one] of pressed.entries()) {
        desk.press(one);
        if (at === 5) desk.send({ type: 'resized', size: second });
        const wanted = desk.state.open?.patch.wanted;
        if (wanted != null) desk.send({ type: 'diff', wanted, rows: { is: 'there', value: diffRows() } });
      }
      const { columns, rows } = desk.state.size;
      const shown = frameRows(frameOf(desk.state));
      expect(shown).toHaveLength(rows);
      expect(new Set(shown.map(widthOf))).toEqual(new Set([columns]));
    }),
    { numRuns: 300 },
  );
});
