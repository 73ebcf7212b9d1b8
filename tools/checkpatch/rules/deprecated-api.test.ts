// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import { deprecatedApi } from './deprecated-api.ts';

const PATH = 'net/vmw_vsock/af_vsock.c';
const of = async (lines: readonly string[], path = PATH): Promise<string[]> => {
  const all = await found(deprecatedApi, { patches: [{ diff: adds(path, lines) }] });
  return all.map((text) => text.replace(`1 ${path}:`, ''));
};

describe('finds', () => {
  it('calls of the table', async () => {
    expect(
      await of([
        '\tstrcpy(a, b); strlcpy(a, b, 1);',
        '\treturn !simple_strtoull(a, b, 1);',
        '\tstrncpy(a, b, c);',
      ]),
    ).toEqual([
      '11 strcpy() is deprecated',
      '11 strlcpy() is deprecated',
      '12 simple_strtoull() is deprecated',
      '13 strncpy() is deprecated',
    ]);
  });

  it('a product in the size of an allocation', async () => {
    expect(
      await of([
        '\ta = kmalloc(n * sizeof(*a), GFP_KERNEL);',
        '\ta = kzalloc(sizeof(*h) + (n + 1) * sizeof(struct a),',
        '\t\t    GFP_KERNEL);',
        '\ta = devm_kzalloc(&p->dev,',
        '\t\t\t sizeof(*a) * p->n, GFP_KERNEL);',
      ]),
    ).toEqual([
      '11 kmalloc() is given a size that is multiplied: n * sizeof()',
      '12 kzalloc() is given a size that is multiplied: _ * sizeof()',
      '14 devm_kzalloc() is given a size that is multiplied: sizeof() * p->n',
    ]);
  });

  it('a plain pointer in a format, and an array of no length', async () => {
    expect(await of(['\tpr_err("at %p\\n", a);'])).toEqual(['11 a plain %p prints a hash that says nothing']);
    expect(await of(['struct a {', '\tu8 b[0];', '};'], 'include/net/a.h')).toEqual([
      '12 b[0] is an array of no length',
    ]);
  });
});

describe('is silent about', () => {
  it('other names, definitions, words and user space', async () => {
    expect(
      await of([
        '\tmy_strcpy(a); ops->strcpy(a);',
        'char *strcpy(char *a)',
        '\t/* strcpy(a) */',
        '\tf("strcpy()");',
      ]),
    ).toEqual([]);
    expect(await of(['\tstrcpy(a, b);'], 'tools/testing/vsock/util.c')).toEqual([]);
  });

  it('constants, pointers and the right form', async () => {
    expect(
      await of([
        '\ta = kmalloc(sizeof(*a), GFP_KERNEL);',
        '\ta = kmalloc(4 * PAGE_SIZE, GFP_KERNEL);',
        '\ta = kmalloc(sizeof *a, GFP_KERNEL);',
        '\ta = kmalloc(sizeof(struct b *) * MAX_B, GFP_KERNEL);',
        '\ta = kmalloc(f(b * c), GFP_KERNEL);',
        '\ta = kcalloc(n, sizeof(*a), b * c);',
        '\ta = kmalloc(n, b * c);',
      ]),
    ).toEqual([]);
  });

  it('formats with a letter behind the p', async () => {
    expect(await of(['\tpr_err("%pS %pI4 %px 100%% %d", a);', '\t/* "%p" */', '\tint a[0];'])).toEqual([]);
  });

  it('lines that move', async () => {
    const diff = adds(PATH, ['\t\tstrcpy(a, b);'])
      .replace(' /* behind */', '-\tstrcpy(a, b);')
      .replace('+10,3', '+10,2');
    expect(await found(deprecatedApi, { patches: [{ diff }] })).toEqual([]);
  });
});
