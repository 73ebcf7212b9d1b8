// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Place, Severity } from '../../../core/check.ts';
import { RespinError } from '../../../core/errors.ts';
import { inParallel } from '../../../core/in-parallel.ts';
import type { Patch } from '../../../core/series.ts';
import type { MailFacts } from '../../../patches/mail-facts.ts';
import { run, tail } from '../../../system/exec.ts';
import { temporaryFolder } from '../../../system/temporary-folder.ts';
import { type CheckpatchRemark, parseCheckpatch } from '../checkpatch-output.ts';
import { ignoredTypes } from '../checkpatch-types.ts';
import { inFile, placed, placeOfNewLine } from '../places.ts';
import type { CheckInput, Found, Rule } from '../rule.ts';
import { dictionaryFor } from '../spelling.ts';

/** The script's words for it; strict checks are a matter of taste. */
const SEVERITY: Record<CheckpatchRemark['level'], Severity> = {
  ERROR: 'error',
  WARNING: 'warning',
  CHECK: 'note',
};

/** networking keeps to 80 columns: Documentation/process/maintainer-netdev.rst sends authors to `--max-line-length=80`. */
const NETDEV_LENGTH = 80;

const NO_CODESPELL = 'No codespell typos will be found';

/** The script asks the first python3 on the PATH, which need not be the one Debian's codespell belongs to. */
const DICTIONARIES = [
  '/usr/share/codespell/dictionary.txt',
  '/usr/lib/python3/dist-packages/codespell_lib/data/dictionary.txt',
];

export const checkpatch: Rule = {
  id: 'checkpatch',
  kind: 'checkpatch',
  severity: 'warning',
  title: "the tree's own checkpatch.pl has nothing to say",
  explanation: `scripts/checkpatch.pl of the tree itself is run on each patch, with --strict and codespell; the netdev
profile asks for 80 columns. "Checkpatch is not always right. Your judgement takes precedence over checkpatch
messages. If your code looks better with the violations, then its probably best left alone": waive those, with
the reason. Types that another rule looks at are off, and those that netdev's CI leaves out in its profile:
tools/checkpatch/checkpatch-types.ts has each with its reason.`,
  link: 'https://docs.kernel.org/dev-tools/checkpatch.html',
  needs: 'tree',
  advice: 'fix it, or waive it with the reason',
  check: async (input) => {
    const scripts = await input.scripts();
    const texts = input.series.patches.map((patch) => {
      const mail = input.mails.find((one) => one.patch === patch.index);
      if (mail === undefined) throw new Error(`patch ${patch.index} has no mail`);
      return { patch, text: plainMail(patch, mail) };
    });
    await using folder = await temporaryFolder();
    const all = texts.map(({ text }) => text);
    const place = { scripts, dictionary: await writeDictionary(folder.path, all) };
    const results = await inParallel(texts, availableParallelism(), async ({ patch, text }) => {
      return await checkPatch(patch, text, place, input);
    });
    const found = results.flatMap((one) => one.found);
    const missing = results.some(({ spelling }) => !spelling);
    return missing
      ? { found, unknown: 'spelling was not checked: codespell is missing (apt install codespell)' }
      : found;
  },
};

async function checkPatch(
  patch: Patch,
  text: string,
  { scripts, dictionary }: { scripts: string; dictionary: string | null },
  { profile, signal }: CheckInput,
): Promise<{ found: Found[]; spelling: boolean }> {
  const { exitCode, stdout, stderr } = await run(
    'perl',
    [
      'scripts/checkpatch.pl',
      ...['--no-summary', '--show-types', '--color=never', '--strict', '--codespell'],
      ...(dictionary === null ? [] : [`--codespellfile=${dictionary}`]),
      `--ignore=${Object.keys(ignoredTypes(profile)).join(',')}`,
      ...(profile === 'netdev' ? [`--max-line-length=${NETDEV_LENGTH}`] : []),
      '-',
    ],
    // A GIT_DIR of the caller's would be taken for the tree's repository.
    { cwd: scripts, input: text, env: { GIT_DIR: undefined }, signal },
  );
  // 1: it has remarks. Perl's own troubles end with 2 or 255.
  if (exitCode !== 0 && exitCode !== 1) {
    throw new RespinError({
      code: 'CHECKPATCH_FAILED',
      blame: 'machine',
      message: `checkpatch.pl of the tree ended with ${exitCode}: ${tail(stderr, 3)}`,
    });
  }
  const lines = text.split('\n');
  const found = parseCheckpatch(stdout).map((remark) => asFound(remark, patch, lines));
  return { found, spelling: !`${stdout}${stderr}`.includes(NO_CODESPELL) };
}

/** What codespell knows of the words of the texts, in a file; null when the script is to look for it itself. */
async function writeDictionary(folder: string, texts: readonly string[]): Promise<string | null> {
  const whole = DICTIONARIES.find((file) => existsSync(file));
  if (whole === undefined) return null;
  const file = path.join(folder, 'dictionary.txt');
  await writeFile(file, dictionaryFor(await readFile(whole, 'utf8'), texts));
  return file;
}

/** The mail decoded: the script reads neither base64 nor encoded words. */
function plainMail(patch: Patch, mail: MailFacts): string {
  const from = mail.from ?? patch.author;
  return `From: ${from.name} <${from.email}>\nDate: ${mail.date}\nSubject: ${mail.subject}\n\n${mail.text}`;
}

function asFound(remark: CheckpatchRemark, patch: Patch, lines: readonly string[]): Found {
  const { place, quote } = placeOf(remark, patch, lines);
  return { place, quote, text: remark.text, severity: SEVERITY[remark.level], type: remark.type };
}

function placeOf(
  remark: CheckpatchRemark,
  patch: Patch,
  lines: readonly string[],
): { place: Place; quote: string | null } {
  const { inputLine, file, line } = remark;
  if (file !== null && line !== null) return placeOfNewLine(patch, file, line);
  if (inputLine === null) return { place: placed('message', patch.index), quote: null };
  // Before the first diff it is the message, or the notes below it; behind it a header of a file.
  const files = lines.slice(0, inputLine).filter((one) => one.startsWith('diff --git ')).length;
  const about = patch.files[files - 1];
  if (about !== undefined) return { place: inFile(patch, about), quote: null };
  const text = lines[inputLine - 1] ?? '';
  for (const [on, part] of [
    ['message', patch.body],
    ['notes', patch.notes],
  ] as const) {
    const at = part.split('\n').indexOf(text);
    if (at >= 0 && text !== '') return { place: placed(on, patch.index, at + 1), quote: text };
  }
  return { place: placed('message', patch.index), quote: null };
}
