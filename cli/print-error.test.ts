// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { interrupted, RespinError } from '../core/errors.ts';
import { errorJson, errorText } from './print-error.ts';

const ERROR = new RespinError({
  code: 'DOES_NOT_APPLY',
  blame: 'series',
  message: "patch 2 '\x1b[31mevil' does not apply",
  hint: 'rebase it',
  detail: '-old\r\n+new\x07\n',
  cause: new Error('git am failed'),
});

describe('errorText', () => {
  it('prints code, message, detail and hint, control bytes escaped', () => {
    expect(errorText(ERROR, { debug: false })).toBe(
      "error[DOES_NOT_APPLY]: patch 2 '\\x1b[31mevil' does not apply\n  -old\n  +new\\x07\nhint: rebase it\n",
    );
  });

  it('prints stacks, the cause’s too, only with --debug', () => {
    const text = errorText(ERROR, { debug: true });
    expect(text).toContain('print-error.test.ts');
    expect(text).toContain('caused by:\nError: git am failed');
  });

  it('says of a bug that it is one', () => {
    expect(errorText(new TypeError('x is undefined'), { debug: false })).toMatch(
      /^error\[INTERNAL\]: x is undefined\nhint: this is a bug in respin/,
    );
    expect(errorText('a string', { debug: true })).toContain('a string');
  });

  it('is short about an interrupt', () => {
    expect(errorText(interrupted(), { debug: false })).toBe('interrupted\n');
  });
});

it('errorJson has the same fields for every error', () => {
  expect(Object.keys(errorJson(ERROR))).toEqual(Object.keys(errorJson(new Error('x'))));
});
