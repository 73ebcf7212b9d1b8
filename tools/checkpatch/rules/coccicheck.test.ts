// SPDX-License-Identifier: MIT
/** With a program in the place of spatch that reports what it reads; the real one runs in test/scenarios/kernels. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { adds, found } from '../fixture.ts';
import type { CheckInput, CheckTree } from '../rule.ts';
import { coccicheck } from './coccicheck.ts';

const FILE = 'net/vmw_vsock/af_vsock.c';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'respin-coccicheck-'));
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
  const cocci = path.join(folder, 'tree/scripts/coccinelle/api');
  mkdirSync(cocci, { recursive: true });
  writeFileSync(
    path.join(cocci, 'alloc.cocci'),
    '// Options: --no-includes\n\nvirtual patch\nvirtual report\n',
  );
  writeFileSync(path.join(cocci, 'patch-only.cocci'), 'virtual patch\n');
  writeFileSync(path.join(cocci, 'ocaml.cocci'), 'virtual report\n@initialize:ocaml@\n@@\n');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A line `BAD words` of a file is reported. */
function spatch(
  script = `for f; do [ -f "$f" ] && sed -n "/^BAD/{=;p}" "$f" | paste -sd ':\\n' | sed "s|^\\([0-9]*\\):BAD|$f:\\1:1-2:|"; done; exit 0`,
): void {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const file = path.join(bin, 'spatch');
  writeFileSync(
    file,
    `#!/bin/sh\n[ "$1" = --version ] && { echo spatch 1.1; exit; }\necho "$*" >>${folder}/calls\n${script}\n`,
  );
  chmodSync(file, 0o755);
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
}

function tree(base: string, patched: string): Pick<CheckInput, 'tree' | 'scripts'> {
  const fake = {
    applied: { commit: 'patched', tree: { commit: 'base' } },
    file: async (commit: string) => (commit === 'base' ? base : patched),
  };
  return { tree: async () => fake as unknown as CheckTree, scripts: async () => path.join(folder, 'tree') };
}

const patches = [{ diff: adds(FILE, ['BAD kmalloc and memset']) }];

it('finds a new report at the line that brought it', async () => {
  spatch();
  const text = `${'\n'.repeat(10)}BAD kmalloc and memset\n`;
  expect(await found(coccicheck, { patches, ...tree('', text) })).toEqual([
    `1 ${FILE}:11 kmalloc and memset`,
  ]);
});

it('is silent on a report that has moved, line numbers in its words and all', async () => {
  spatch();
  const [base, patched] = ['BAD missing unlock on line 880\n', '\nBAD missing unlock on line 881\n'];
  expect(await found(coccicheck, { patches, ...tree(base, patched) })).toEqual([]);
});

it('names semantic patches that did not run', async () => {
  spatch('echo "Fatal error: exception Failure" >&2; exit 255');
  expect(await found(coccicheck, { patches, ...tree('a\n', 'b\n') })).toEqual([
    'unknown: semantic patches that did not run: alloc.cocci: Fatal error: exception Failure',
  ]);
});

it('is not for a series without C files of the kernel', async () => {
  spatch();
  const none = [{ diff: adds('tools/testing/vsock/vsock_test.c', ['int a;']) }];
  expect(await found(coccicheck, { patches: none, ...tree('', '') })).toEqual([
    'not for this: it touches no C file of the kernel',
  ]);
});
