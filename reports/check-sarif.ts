// SPDX-License-Identifier: MIT
/**
 * The report of the checks as SARIF 2.1.0, for CI and code review pages. Sections of the OASIS
 * standard (docs.oasis-open.org/sarif/sarif/v2.1.0) are named where the choice comes from one.
 */
import path from 'node:path';
import type { CheckReport, Finding, Place, RuleInfo } from '../core/check.ts';
import { partTitle, placeWords, spotOf, withState } from './check-words.ts';

export interface SarifOptions {
  /** The version of respin. */
  version: string;
  /** The folder that paths of patch files are told from. */
  cwd: string;
  /** The folder that the report's own paths of them begin in. */
  origins: string;
}

type Folders = Omit<SarifOptions, 'version'>;

const TREE = 'SRCROOT';
const UNTOLD = 'could-not-tell';

/**
 * @param rules all there are; those of the report are in the log
 * @returns to be printed as JSON
 */
export function checkSarif(
  report: CheckReport,
  rules: readonly RuleInfo[],
  { version, ...folders }: SarifOptions,
): Record<string, unknown> {
  const used = new Set([...report.rules.map(({ rule }) => rule), ...report.findings.map(({ rule }) => rule)]);
  const known = rules.filter(({ id }) => used.has(id));
  const indexOf = new Map(known.map(({ id }, index) => [id, index]));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            ...{ name: 'respin', version, rules: known.map(ruleDescriptor) },
            notifications: [
              {
                id: UNTOLD,
                shortDescription: { text: 'a rule could not tell, for want of a tool or a tree' },
              },
            ],
          },
        },
        // 3.17.3: trailing slash; 3.14.14: without a uri the reader supplies the tree.
        automationDetails: { id: ['respin-check', report.series.name, report.series.version, ''].join('/') },
        originalUriBaseIds: { [TREE]: { description: { text: 'the top of the kernel tree' } } },
        columnKind: 'unicodeCodePoints',
        invocations: [
          {
            // What could not tell must not pass for a run that found nothing.
            executionSuccessful: withState(report, 'unknown').length === 0,
            exitCode: report.exit,
            toolExecutionNotifications: withState(report, 'unknown').map(({ rule, why, hint }) => ({
              descriptor: { id: UNTOLD, index: 0 },
              associatedRule: reference(rule, indexOf),
              level: 'warning',
              message: { text: hint === null ? `${rule}: ${why}` : `${rule}: ${why} (${hint})` },
            })),
          },
        ],
        results: report.findings.map((finding) => ({
          ruleId: finding.rule,
          ...(indexOf.has(finding.rule) ? { ruleIndex: indexOf.get(finding.rule) } : {}),
          level: finding.severity,
          message: { text: sentences(finding) },
          locations: [location(finding, report, folders)],
          partialFingerprints: { 'respinFinding/v1': finding.id },
          // 3.27.23: all results of a run have it, or none.
          suppressions: suppressions(finding),
          properties: propertiesOf(finding),
        })),
      },
    ],
  };
}

function ruleDescriptor({ id, title, explanation, link, severity, kind, needs, profile }: RuleInfo): object {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: explanation },
    helpUri: link,
    defaultConfiguration: { level: severity },
    properties: { kind, needs, ...(profile === undefined ? {} : { profile }) },
  };
}

function reference(id: string, indexOf: ReadonlyMap<string, number>): object {
  const index = indexOf.get(id);
  return index === undefined ? { id } : { id, index };
}

function sentences({ text, advice }: Finding): string {
  return advice === '' ? text : `${text}. ${advice}`;
}

function suppressions({ waiver }: Finding): object[] {
  if (waiver === null) return [];
  const { by, date, reason } = waiver;
  return [{ kind: 'external', status: 'accepted', justification: reason, properties: { by, date } }];
}

function propertiesOf({ type, place, quote }: Finding): object {
  const { on, patch, hunk, side, line } = place;
  return { on, patch, hunk, side, line, type, quote };
}

/** A line of the tree as it is after the patch; or the mail, with the part of it that is meant. */
function location({ place, quote }: Finding, report: CheckReport, folders: Folders): object {
  const { file, line, side, patch } = place;
  if (file !== null) {
    // A removed line is on no line of the file that is there.
    const region =
      line === null || side !== 'new'
        ? {}
        : { region: { startLine: line, ...(quote === null ? {} : { snippet: { text: quote } }) } };
    return {
      physicalLocation: { artifactLocation: { uri: uriPath(file), uriBaseId: TREE }, ...region },
      logicalLocations: [
        { name: partTitle(patch, report), fullyQualifiedName: placeWords(place, report), kind: 'patch' },
      ],
    };
  }
  const origin = originOf(place, report);
  return {
    ...(origin === null ? {} : { physicalLocation: { artifactLocation: { uri: mailUri(origin, folders) } } }),
    logicalLocations: [
      { name: spotOf(place), fullyQualifiedName: placeWords(place, report), kind: kindOf(place) },
    ],
  };
}

/** 3.33.7: a kind of one's own where none of the standard's is meant. */
function kindOf({ on, line }: Place): string {
  return line === null ? on : 'line';
}

function originOf({ patch }: Place, { series }: CheckReport): string | null {
  const mail = patch === 0 ? series.cover : series.patches.find(({ index }) => index === patch);
  // A patch of a git range is in no file.
  return mail == null || /, patch \d+$/.test(mail.origin) ? null : mail.origin;
}

/** The file a mail was read from, `thread.mbox` of `thread.mbox#3`; below `cwd` as a relative path. */
function mailUri(origin: string, { cwd, origins }: Folders): string {
  const file = path.resolve(origins, origin.replace(/#\d+$/, ''));
  const relative = path.relative(cwd, file);
  const inside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return inside ? uriPath(relative) : `file://${uriPath(file)}`;
}

/** RFC 3986: all but what a path segment may hold is escaped. */
function uriPath(file: string): string {
  return file.toWellFormed().split('/').map(encodeURIComponent).join('/');
}
