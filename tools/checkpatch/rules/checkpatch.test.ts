// SPDX-License-Identifier: MIT
/** With a script in the place of checkpatch.pl that prints what the real one printed; the real one runs in test/scenarios/kernels. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import type { CheckInput } from '../rule.ts';
import { checkpatch } from './checkpatch.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'respin-checkpatch-'));
  mkdirSync(path.join(folder, 'scripts'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** @param perl what the script does; the mail is on its stdin */
function tree(perl: string): Pick<CheckInput, 'scripts'> {
  writeFileSync(path.join(folder, 'scripts/checkpatch.pl'), perl);
  return { scripts: async () => folder };
}

function prints(text: string, status = 1): Pick<CheckInput, 'scripts'> {
  return tree(`print <<'END';\n${text}\nEND\nexit ${status};\n`);
}

const NO_CODESPELL = "No codespell typos will be found - file '/x/dictionary.txt': No such file or directory";

it('puts a remark on the line of its hunk', async () => {
  const text = 'ERROR:SPACING: spaces required\n#22: FILE: net/vmw_vsock/af_vsock.c:11:\n+\treturn 0;\n\n';
  expect(await found(checkpatch, { patches: [{}], ...prints(text) })).toEqual([
    '1 net/vmw_vsock/af_vsock.c:11 spaces required',
  ]);
});

it('puts a remark on the line of the message', async () => {
  const message = `First.\n\nIt was recieved.\n\n${SIGNED}`;
  // From, Date, Subject and an empty line come before the message.
  const text = "WARNING:TYPO_SPELLING: 'recieved' may be misspelled\n#7: \nIt was recieved.\n\n";
  expect(await found(checkpatch, { patches: [{ message }], ...prints(text) })).toEqual([
    "1 message:3 'recieved' may be misspelled",
  ]);
});

it('gives the script the decoded mail and the options of the profile', async () => {
  const spy = tree(`my $in = join '', <STDIN>;
    my $len = grep { /max-line-length=80/ } @ARGV;
    my ($line) = $in =~ /^(\\+.*)$/m ? $1 : '';
    print "ERROR:SEEN: length $len, $line\\n"; exit 1;`);
  const of = async (profile: 'netdev' | 'generic') =>
    await found(checkpatch, { patches: [{}], profile, ...spy });
  expect(await of('netdev')).toEqual(['1 message length 1, +++ b/net/vmw_vsock/af_vsock.c']);
  expect(await of('generic')).toEqual(['1 message length 0, +++ b/net/vmw_vsock/af_vsock.c']);
});

it('says that spelling was not checked without codespell', async () => {
  expect(await found(checkpatch, { patches: [{}], ...prints(NO_CODESPELL, 0) })).toEqual([
    'unknown: spelling was not checked: codespell is missing (apt install codespell)',
  ]);
});

it('cannot tell when the script fails', async () => {
  const broken = found(checkpatch, { patches: [{}], ...tree('die "no such option";') });
  await expect(broken).rejects.toThrow(/ended with 255: no such option/);
});
