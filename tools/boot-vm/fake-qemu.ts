// SPDX-License-Identifier: MIT
/** For tests: a QEMU that is none, see test/fixtures/fake-qemu/qemu.mjs. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../system/paths.ts';

export type Behaviour =
  | 'good'
  | 'exit'
  | 'deaf'
  | 'silent'
  | 'garbage'
  | 'flood'
  | 'panic'
  | 'killed'
  | 'stuck';

/** Puts a qemu-system-x86_64 of this behaviour into a folder below `folder`; gives its path. */
export function fakeQemu(folder: string, behaviour: Behaviour): string {
  const script = path.join(projectRoot, 'test', 'fixtures', 'fake-qemu', 'qemu.mjs');
  return fakeQemuScript(folder, behaviour, `exec '${process.execPath}' '${script}' ${behaviour} "$@"`);
}

/** The same with a shell script of the test's own. */
export function fakeQemuScript(folder: string, name: string, script: string): string {
  const file = path.join(folder, `qemu-${name}`, 'qemu-system-x86_64');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}
