// SPDX-License-Identifier: MIT
/** The shape is that of sarif-schema-2.1.0.json (OASIS), for the objects respin writes. */
import { expect, it } from 'vitest';
import type { CheckReport, Finding } from '../core/check.ts';
import { FILE, findingOf, LINK, placeAt, placeIn, RULES, reportOf, runOf } from './check-fixture.ts';
import { checkSarif } from './check-sarif.ts';

type Json = Record<string, unknown>;
type Check = (value: unknown, at: string) => string[];

const is =
  (type: 'string' | 'boolean'): Check =>
  (value, at) =>
    typeof value === type ? [] : [`${at} is no ${type}`];
const integer =
  (least: number): Check =>
  (value, at) =>
    Number.isInteger(value) && (value as number) >= least ? [] : [`${at} is no integer from ${least}`];
const oneOf =
  (...words: string[]): Check =>
  (value, at) =>
    words.includes(value as string) ? [] : [`${at} is none of ${words.join(', ')}`];
const matches =
  (pattern: RegExp): Check =>
  (value, at) =>
    typeof value === 'string' && pattern.test(value) ? [] : [`${at} is not as ${pattern}`];
const arrayOf =
  (item: Check): Check =>
  (value, at) =>
    Array.isArray(value) ? value.flatMap((one, i) => item(one, `${at}[${i}]`)) : [`${at} is no array`];
const mapOf =
  (item: Check): Check =>
  (value, at) =>
    Object.entries(value as Json).flatMap(([key, one]) => item(one, `${at}.${key}`));
/** As `additionalProperties: false` and `required` in the schema. */
const object =
  (properties: Record<string, Check>, ...required: string[]): Check =>
  (value, at) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return [`${at} is no object`];
    const known: Record<string, Check> = { ...properties, properties: bag };
    return [
      ...required.filter((key) => !(key in value)).map((key) => `${at} has no ${key}`),
      ...Object.entries(value).flatMap(([key, one]) =>
        (known[key] ?? (() => [`${at} has ${key}, which the schema does not know`]))(one, `${at}.${key}`),
      ),
    ];
  };
const bag: Check = (value, at) => (typeof value === 'object' && value !== null ? [] : [`${at} is no bag`]);

const string = is('string');
const LEVEL = oneOf('none', 'note', 'warning', 'error');
const URI = matches(/^(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+$/);
const message = object({ text: string, markdown: string, id: string, arguments: arrayOf(string) });
const artifactLocation = object({ uri: URI, uriBaseId: string, description: message, index: integer(-1) });
const reference = object({ id: string, index: integer(-1), guid: string });
const descriptor = object(
  {
    ...{
      id: string,
      shortDescription: message,
      fullDescription: message,
      helpUri: matches(/^https?:\/\/\S+$/),
    },
    defaultConfiguration: object({ enabled: is('boolean'), level: LEVEL }),
  },
  'id',
);
const location = object({
  physicalLocation: object({
    artifactLocation,
    region: object({ startLine: integer(1), snippet: object({ text: string }) }),
  }),
  logicalLocations: arrayOf(
    object({ name: string, fullyQualifiedName: string, kind: string, index: integer(-1) }),
  ),
});
const run = object(
  {
    tool: object(
      {
        driver: object(
          { name: string, version: string, rules: arrayOf(descriptor), notifications: arrayOf(descriptor) },
          'name',
        ),
      },
      'driver',
    ),
    automationDetails: object({ id: string }),
    originalUriBaseIds: mapOf(artifactLocation),
    columnKind: oneOf('utf16CodeUnits', 'unicodeCodePoints'),
    invocations: arrayOf(
      object(
        {
          ...{ executionSuccessful: is('boolean'), exitCode: integer(0) },
          toolExecutionNotifications: arrayOf(
            object({ descriptor: reference, associatedRule: reference, level: LEVEL, message }, 'message'),
          ),
        },
        'executionSuccessful',
      ),
    ),
    results: arrayOf(
      object(
        {
          ...{ ruleId: string, ruleIndex: integer(-1), level: LEVEL, message, locations: arrayOf(location) },
          partialFingerprints: mapOf(string),
          suppressions: arrayOf(
            object(
              {
                kind: oneOf('inSource', 'external'),
                status: oneOf('accepted', 'underReview', 'rejected'),
                justification: string,
              },
              'kind',
            ),
          ),
        },
        'message',
      ),
    ),
  },
  'tool',
);
const log = object({ $schema: URI, version: oneOf('2.1.0'), runs: arrayOf(run) }, 'version', 'runs');

interface Result {
  ruleId: string;
  ruleIndex?: number;
  locations: { physicalLocation?: Json; logicalLocations: Json[] }[];
  suppressions: Json[];
  partialFingerprints: Json;
}
interface Run {
  tool: { driver: { rules: { id: string }[] } };
  results: Result[];
  invocations: { executionSuccessful: boolean; toolExecutionNotifications: Json[] }[];
}

function sarif(report: CheckReport): Run {
  const made = checkSarif(report, RULES, { version: '0.1.0', cwd: '/home/ann', origins: '/home/ann/series' });
  expect(log(made, 'log')).toEqual([]);
  return (made['runs'] as Run[])[0] as Run;
}

const results = (...findings: Finding[]): Result[] => sarif(reportOf(findings)).results;

it('the check of the shape sees what is wrong', () => {
  const made = checkSarif(reportOf([findingOf('f0000001')]), RULES, { version: '1', cwd: '/', origins: '/' });
  const broken = JSON.parse(
    JSON.stringify(made).replace('"message"', '"massage"').replace('"warning"', '"loud"'),
  );
  expect(log(broken, 'log')).toHaveLength(3);
});

it('a new line is a region of the file in the tree, a removed one is none', () => {
  const [added, removed] = results(
    findingOf('f0000001'),
    findingOf('f0000002', { place: placeAt(9, { side: 'old' }) }),
  );
  expect(added?.locations[0]?.physicalLocation).toEqual({
    artifactLocation: { uri: FILE, uriBaseId: 'SRCROOT' },
    region: { startLine: 12, snippet: { text: '\tint a;' } },
  });
  expect(removed?.locations[0]?.physicalLocation).toEqual({
    artifactLocation: { uri: FILE, uriBaseId: 'SRCROOT' },
  });
});

it('what is about a mail is in its file, with the part that is meant', () => {
  const at = (on: 'message' | 'subject' | 'cover', patch: number, line: number | null = null): Finding =>
    findingOf('f0000001', { place: placeIn(on, patch, line) });
  const [message, subject, cover, series] = results(
    at('message', 1, 3),
    at('subject', 2),
    at('cover', 0, 4),
    findingOf('f0000002', { place: placeIn('series', null) }),
  ).map(({ locations }) => locations[0]);
  const uriOf = (one: typeof message): unknown =>
    (one?.physicalLocation?.['artifactLocation'] as Json)?.['uri'];
  expect(uriOf(message)).toBe('series/v2/0001-vsock-do-a-thing.patch');
  expect(message?.logicalLocations[0]).toMatchObject({
    name: 'message line 3',
    fullyQualifiedName: '1/2 message line 3',
  });
  // The third mail of an mbox.
  expect(uriOf(subject)).toBe('series/thread.mbox');
  expect(subject?.logicalLocations[0]).toMatchObject({ name: 'subject' });
  expect(uriOf(cover)).toBe('series/v2/0000-cover-letter.patch');
  expect(series?.physicalLocation).toBeUndefined();
});

it('files elsewhere are told by the whole path, a git range by none', () => {
  const base = reportOf([
    findingOf('f0000001', { place: placeIn('mail', 1) }),
    findingOf('f0000002', { place: placeIn('mail', 2) }),
  ]);
  const patches = [
    { index: 1, subject: 'one', origin: '/srv/mails/a b#x.mbox#1' },
    { index: 2, subject: 'two', origin: 'git:/srv/linux#a..b, patch 2' },
  ];
  const [one, two] = sarif({ ...base, series: { ...base.series, patches } }).results;
  expect(one?.locations[0]?.physicalLocation).toEqual({
    artifactLocation: { uri: 'file:///srv/mails/a%20b%23x.mbox' },
  });
  expect(two?.locations[0]?.physicalLocation).toBeUndefined();
});

it('rules have index, link and level; every result is told by its id, a waived one with the reason', () => {
  const waiver = { rule: 'long-line', by: 'Ann Author', date: '2026-11-25', reason: 'a table' };
  const made = sarif(
    reportOf([findingOf('f0000001', { rule: 'xmas-tree' }), findingOf('f0000002', { waiver })]),
  );
  for (const { ruleId, ruleIndex } of made.results) {
    expect(made.tool.driver.rules[ruleIndex ?? -1]?.id).toBe(ruleId);
  }
  expect(made.tool.driver.rules[1]).toMatchObject({ helpUri: LINK, defaultConfiguration: { level: 'note' } });
  expect(made.results.map(({ partialFingerprints }) => partialFingerprints['respinFinding/v1'])).toEqual([
    'f0000001',
    'f0000002',
  ]);
  expect(made.results.map(({ suppressions }) => suppressions)).toEqual([
    [],
    [expect.objectContaining({ kind: 'external', justification: 'a table' })],
  ]);
});

it('a rule that could not tell is a notification, and the run no success', () => {
  const rules = [
    runOf('long-line'),
    runOf('people', { state: 'unknown', why: 'no tree', hint: 'apt-get install it' }),
  ];
  const [invocation] = sarif(reportOf([], { rules })).invocations;
  expect(invocation?.executionSuccessful).toBe(false);
  expect(invocation?.toolExecutionNotifications).toEqual([
    expect.objectContaining({
      associatedRule: { id: 'people', index: 1 },
      message: { text: 'people: no tree (apt-get install it)' },
    }),
  ]);
  expect(sarif(reportOf([])).invocations[0]?.executionSuccessful).toBe(true);
});

it('hostile paths stay paths', () => {
  const [one] = results(findingOf('f0000001', { place: placeAt(1, { file: 'net/a b%#?\x1b\ud800ü.c' }) }));
  expect(one?.locations[0]?.physicalLocation?.['artifactLocation']).toMatchObject({
    uri: 'net/a%20b%25%23%3F%1B%EF%BF%BD%C3%BC.c',
  });
});
