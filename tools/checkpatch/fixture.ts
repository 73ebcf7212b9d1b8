// SPDX-License-Identifier: MIT
/** For tests of rules: a series written in a few words, as the mails it would be. */
import type { ReviewVersion } from '../../core/review.ts';
import { assemble } from '../../patches/assemble.ts';
import { mailFacts } from '../../patches/mail-facts.ts';
import { review } from './review-fixture.ts';
import type { CheckInput, Found, Rule } from './rule.ts';

export interface PatchText {
  /** The words in the brackets of the subject, where they are to be other than usual. */
  brackets?: string;
  /** Without the brackets. */
  subject?: string;
  /** The commit message with its trailers. */
  message?: string;
  /** What stands below `---`, above the diffstat. */
  notes?: string;
  diff?: string;
  from?: string;
  to?: string;
  cc?: string;
  date?: string;
  /** More header lines: `In-Reply-To: <…>`. */
  header?: string;
}

export interface SeriesText extends Partial<Omit<CheckInput, 'series' | 'mails'>> {
  /** What the review knows of this version, which is the only one unless `review` is given. */
  reviewed?: Partial<ReviewVersion>;
  /** The text of the cover letter; none without it. */
  cover?: string;
  coverSubject?: string;
  patches: readonly PatchText[];
  /** In the brackets: `net-next`. */
  prefix?: string;
  /** `v1` and so on. */
  version?: string;
  /** False for what git format-patch has just written: no Message-ID. */
  mailed?: boolean;
  /** The folder that the mails lie in: `v2`. */
  folder?: string;
  /** As the user names the series: `A..B` for commits. */
  source?: string;
}

export const SIGNED = 'Signed-off-by: Ann Author <ann@example.org>';

/** A hunk that adds lines to a file which has some before and behind. */
export function adds(path: string, lines: readonly string[], heading = 'static int old(void)'): string {
  return [
    `diff --git a/${path} b/${path}`,
    'index 1111111..2222222 100644',
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -10,2 +10,${lines.length + 2} @@ ${heading}`,
    ' /* before */',
    ...lines.map((line) => `+${line}`),
    ' /* behind */',
    '',
  ].join('\n');
}

/** A file that is new with the patch. */
export function newFile(path: string, lines: readonly string[]): string {
  return [
    `diff --git a/${path} b/${path}`,
    'new file mode 100644',
    'index 0000000..2222222',
    '--- /dev/null',
    `+++ b/${path}`,
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`),
    '',
  ].join('\n');
}

/** What a rule is given for the series. There is no tree unless `tree` is given. */
export async function checkInput(text: SeriesText): Promise<CheckInput> {
  const {
    cover,
    coverSubject,
    patches,
    prefix,
    version = 'v1',
    mailed,
    folder,
    source = 'a test',
    reviewed = {},
    ...over
  } = text;
  const total = patches.length;
  const numbered = total > 1 || cover !== undefined;
  const brackets = (index: number): string =>
    ['PATCH', prefix, version === 'v1' ? undefined : version, numbered ? `${index}/${total}` : undefined]
      .filter((word) => word !== undefined)
      .join(' ');
  const raw = patches.map((patch, at) => ({
    bytes: unmailed(mailed, mailOf(patch, patch.brackets ?? brackets(at + 1), at + 1, version)),
    origin: `${at + 1}.patch`,
  }));
  if (cover !== undefined) {
    const subject = coverSubject ?? 'vsock: the whole of it';
    const mail = [...headerOf({}, `[${brackets(0)}] ${subject}`, 0, version), '', cover, ''].join('\n');
    raw.unshift({ bytes: unmailed(mailed, mail), origin: '0.patch' });
  }
  const assembled = await assemble(raw, {
    source: 'a test',
    ...(folder === undefined ? {} : { folderVersion: folder }),
  });
  const series = {
    name: 'a-test',
    title: assembled.cover?.subject ?? assembled.patches[0]?.subject ?? '',
    version: assembled.version,
    source,
    tree: null,
    baseCommit: assembled.baseCommit,
    cover: assembled.cover,
    patches: assembled.patches,
  };
  const mails = [
    ...(assembled.cover === null ? [] : [await mailFacts(0, assembled.cover.mail, '0.patch')]),
    ...(await Promise.all(assembled.patches.map((one) => mailFacts(one.index, one.mail, one.origin)))),
  ];
  return {
    series,
    mails,
    profile: 'netdev',
    setting: { prefix: null, lists: [], cc: [] },
    review: review({ [assembled.version]: { total, ...reviewed } }),
    now: new Date('2026-11-25T12:00:00Z'),
    netNext: null,
    tree: async () => {
      throw new Error('this test has no tree');
    },
    scripts: async () => {
      throw new Error('this test has no scripts');
    },
    signal: new AbortController().signal,
    ...over,
  };
}

/** What the rule finds, a line each, as `1 message:3 what is wrong`; or why it found nothing. */
export async function found(rule: Rule, text: SeriesText): Promise<string[]> {
  const result = await rule.check(await checkInput(text));
  if ('notForThis' in result) return [`not for this: ${result.notForThis}`];
  if ('unknown' in result) return [...result.found.map(shown), `unknown: ${result.unknown}`];
  if ('leftOut' in result) return [...result.found.map(shown), `left out: ${result.leftOut}`];
  return result.map(shown);
}

function shown({ place, text }: Found): string {
  const where = place.file === null ? place.on : place.file;
  return `${place.patch ?? '-'} ${where}${place.line === null ? '' : `:${place.line}`} ${text}`;
}

function unmailed(mailed: boolean | undefined, mail: string): Buffer {
  return Buffer.from(mailed === false ? mail.replace(/^Message-ID: .*\n/m, '') : mail);
}

function headerOf(patch: PatchText, subject: string, index: number, version: string): string[] {
  return [
    `From: ${patch.from ?? 'Ann Author <ann@example.org>'}`,
    ...(patch.to === undefined ? [] : [`To: ${patch.to}`]),
    ...(patch.cc === undefined ? [] : [`Cc: ${patch.cc}`]),
    `Date: ${patch.date ?? 'Mon, 23 Nov 2026 10:00:00 +0000'}`,
    `Subject: ${subject}`,
    `Message-ID: <${version}-${index}@example.org>`,
    ...(patch.header === undefined ? [] : [patch.header]),
  ];
}

function mailOf(patch: PatchText, brackets: string, index: number, version: string): string {
  const {
    subject = 'vsock: do a thing',
    message = `Say why it is done.\n\n${SIGNED}`,
    notes,
    diff = adds('net/vmw_vsock/af_vsock.c', ['\treturn 0;']),
  } = patch;
  return [
    ...headerOf(patch, `[${brackets}] ${subject}`, index, version),
    '',
    message,
    '---',
    ...(notes === undefined ? [] : [notes, '']),
    diff,
    '-- ',
    '2.39.5',
    '',
  ].join('\n');
}
