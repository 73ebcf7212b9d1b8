// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import type { RunRequest } from './prepare.ts';

/**
 * What is to be built, before any of it is: equal keys are equal patches, trees by name, configurations and machines.
 * @returns SHA-256, hex
 */
export function requestKey({ series, programsOf, tree, profiles, variants }: RunRequest): string {
  const mails = (one: RunRequest['series']): string[] =>
    (one?.patches ?? []).map(({ mail }) => createHash('sha256').update(mail).digest('hex'));
  const { host, guest } = variants;
  const what = [
    ...[mails(series), mails(programsOf ?? null), tree],
    ...[profiles.host, profiles.guest, host, guest],
  ];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}
