// SPDX-License-Identifier: MIT
/** A patch mail → author, message and diff as git am takes them: git mailinfo itself reads it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { Person } from '../../core/series.ts';
import { readMail } from '../../patches/mail-text.ts';
import { run } from '../../system/exec.ts';
import { fileTrouble } from '../../system/file-trouble.ts';
import type { ReviewMail } from '../mails/mail.ts';

export interface PatchParts {
  author: Person;
  /** RFC 5322; empty when the mail does not say. */
  date: string;
  subject: string;
  /** Lines of the commit message below its subject, without blank lines around. */
  message: string[];
  /** From `---` or the diff's first line on, byte for byte. */
  rest: Buffer;
}

/**
 * @throws RespinError PATCH_UNREADABLE (series) for what git am would not take
 */
export async function patchParts(mail: ReviewMail, signal?: AbortSignal): Promise<PatchParts> {
  const { bytes } = await readMail(mail.bytes, mail.origin);
  const folder = await mkdtemp(path.join(tmpdir(), 'respin-patch-')).catch((cause: unknown) => {
    throw fileTrouble(cause, tmpdir());
  });
  try {
    // Files, not pipes: a patch may hold any bytes.
    const [message, patch] = [path.join(folder, 'message'), path.join(folder, 'patch')];
    const args = ['mailinfo', '--encoding=UTF-8', '--scissors', message, patch];
    const { exitCode, stdout, stderr } = await run('git', args, {
      cwd: folder,
      input: bytes,
      ...(signal === undefined ? {} : { signal }),
    });
    if (exitCode !== 0) throw unreadable(mail, stderr);
    const info = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(stdout)?.[1] ?? '';
    const lines = (await readFile(message, 'utf8')).replaceAll('\0', '').split('\n');
    while (lines.at(-1)?.trim() === '') lines.pop();
    return {
      author: { name: info('Author'), email: info('Email') },
      date: info('Date'),
      subject: info('Subject'),
      message: lines,
      rest: await readFile(patch),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `git patch-id --stable` of a patch mail; null when it has no diff. */
export async function patchIdOf(mail: ReviewMail, signal?: AbortSignal): Promise<string | null> {
  const { rest } = await patchParts(mail, signal);
  const { stdout } = await run('git', ['patch-id', '--stable'], {
    input: rest,
    ...(signal === undefined ? {} : { signal }),
  });
  return /^([0-9a-f]{40,64}) /.exec(stdout)?.[1] ?? null;
}

function unreadable(mail: ReviewMail, stderr: string): RespinError {
  return new RespinError({
    code: 'PATCH_UNREADABLE',
    blame: 'series',
    message: `git cannot read ${printable(mail.origin)} as a patch`,
    hint: 'import the mail again as it was sent',
    ...(stderr.trim() === '' ? {} : { detail: printable(stderr.trim().slice(0, 500)) }),
  });
}
