// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  lostRequests,
  mergeFragments,
  parseDotConfig,
  parseFragment,
  readFragments,
  requestLine,
} from './fragments.ts';

describe('parseFragment', () => {
  test('reads values, strings, symbols that are off, and the mark of an optional one', () => {
    const text = [
      '# a comment about CONFIG_X',
      '',
      'CONFIG_NET=y',
      'CONFIG_LOCALVERSION=""',
      'CONFIG_NAME="a # b"',
      'CONFIG_NR=4 # why four',
      '# CONFIG_AUTO is not set',
      'CONFIG_NEW=y # optional: 6.1 lacks it',
    ].join('\n');
    expect(parseFragment(text, 'f.config')).toEqual([
      { symbol: 'NET', value: 'y', where: 'f.config:3', optional: null },
      { symbol: 'LOCALVERSION', value: '""', where: 'f.config:4', optional: null },
      { symbol: 'NAME', value: '"a # b"', where: 'f.config:5', optional: null },
      { symbol: 'NR', value: '4', where: 'f.config:6', optional: null },
      { symbol: 'AUTO', value: null, where: 'f.config:7', optional: null },
      { symbol: 'NEW', value: 'y', where: 'f.config:8', optional: '6.1 lacks it' },
    ]);
  });

  test.each(['CONFIG_NET', 'NET=y', 'CONFIG_NET = y', '# CONFIG_NET is off'])('refuses %s', (line) => {
    expect(() => parseFragment(line, 'f.config')).toThrow(
      expect.objectContaining({ code: 'BAD_FRAGMENT', blame: 'usage' }),
    );
  });

  test('reads back what it writes', () => {
    const value = fc.oneof(fc.constantFrom('y', 'm', '0x10', '-3', '"a b"', '""'), fc.constant(null));
    const request = fc.record({ symbol: fc.stringMatching(/^[A-Z0-9_]{1,12}$/), value });
    fc.assert(
      fc.property(request, ({ symbol, value }) => {
        const line = requestLine({ symbol, value, where: '', optional: null });
        expect(parseFragment(line, 'f')).toEqual([{ symbol, value, where: 'f:1', optional: null }]);
      }),
    );
  });
});

test('the last fragment has the last word, and comments are not part of the text', () => {
  const merged = mergeFragments([
    parseFragment('CONFIG_A=y # why\nCONFIG_B=y', 'one'),
    parseFragment('# CONFIG_A is not set', 'two'),
  ]);
  expect(merged.text).toBe('# CONFIG_A is not set\nCONFIG_B=y\n');
});

test('finds what a .config does not say as asked', () => {
  const config = parseDotConfig('CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_N=3\nCONFIG_S="x"\nCONFIG_ON=y\n');
  const asked = parseFragment(
    'CONFIG_A=y\nCONFIG_B=y\nCONFIG_N=4\nCONFIG_S="x"\n# CONFIG_ON is not set\n# CONFIG_GONE is not set',
    'f',
  );
  expect(lostRequests(asked, config).map(({ symbol }) => symbol)).toEqual(['B', 'N', 'ON']);
});

test('the shipped fragments can be read, and debug asks for more than fast', async () => {
  const fast = await readFragments('fast');
  const debug = await readFragments('debug');
  expect(fast.requests.map(({ symbol }) => symbol)).toContain('VHOST_VSOCK');
  expect(debug.text.startsWith(fast.text)).toBe(true);
  expect(debug.text).toContain('CONFIG_PROVE_LOCKING=y');
});
