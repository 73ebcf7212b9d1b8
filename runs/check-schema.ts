// SPDX-License-Identifier: MIT
/** The shape of check.json, checked when one is read: a record may be old, cut short or edited. */
import { z } from 'zod';
import { CHECK_PROFILES, CHECK_SCHEMA, type CheckRecord, RULE_KINDS, SEVERITIES } from '../core/check.ts';
import { readJsonAs } from './json-record.ts';

const text = z.string();
const textOrNull = text.nullable();
const count = z.number();
const words = (list: readonly string[]) => z.enum(list as [string, ...string[]]);

const waiver = z.object({ rule: text, by: text, date: text, reason: text });

const finding = z.object({
  ...{ id: text, rule: text, type: textOrNull, severity: words(SEVERITIES), quote: textOrNull },
  place: z.object({
    on: z.enum(['series', 'cover', 'mail', 'subject', 'message', 'notes', 'file', 'line']),
    ...{ patch: count.nullable(), file: textOrNull, hunk: textOrNull },
    ...{ side: z.enum(['old', 'new']).nullable(), line: count.nullable() },
  }),
  ...{ text, advice: text, waiver: waiver.nullable() },
});

const rule = z.object({
  ...{ rule: text, kind: words(RULE_KINDS), state: z.enum(['ran', 'not-for-this', 'unknown']) },
  ...{ why: textOrNull, hint: textOrNull, ms: count },
});

const mail = z.object({ subject: text, origin: text });

const record = z.looseObject({
  schema: z.literal(CHECK_SCHEMA),
  ...{ id: text, started: text, ended: text, respin: text, argv: z.array(text) },
  series: z.object({
    ...{ name: text, title: text, version: text, cover: mail.nullable(), total: count },
    patches: z.array(mail.extend({ index: count })),
  }),
  tree: z.object({ source: text, commit: text }).nullable(),
  profile: words(CHECK_PROFILES),
  findings: z.array(finding),
  voidWaivers: z.array(waiver.extend({ id: text, about: text })),
  rules: z.array(rule),
  counts: z.object({ error: count, warning: count, note: count }),
  ...{ waived: count, exit: z.literal([0, 1, 3]), ms: count },
});

/** The record in a check.json, or what is wrong with it in one line. */
export function parseCheckRecord(json: string): { record: CheckRecord } | { trouble: string } {
  const read = readJsonAs(json, { file: 'check.json', schema: CHECK_SCHEMA, shape: record });
  return 'value' in read ? { record: read.value as unknown as CheckRecord } : read;
}
