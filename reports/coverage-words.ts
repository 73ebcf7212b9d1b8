// SPDX-License-Identifier: MIT
/** What a coverage record comes to, in words. */
import {
  type CoverageLine,
  type CoverageReading,
  type CoverageRecord,
  lineRanges,
} from '../core/coverage.ts';
import { plural } from './words.ts';

/** More places than this fill a mail and are read by nobody. */
const MOST_PLACES = 12;

/** `62 of 70 added lines of code ran; 8 never did: net/vmw_vsock/virtio_transport.c:120-121,130` */
export function coverageSummary({
  files,
  counts,
  readings,
}: Pick<CoverageRecord, 'files' | 'counts' | 'readings'>): string {
  const { code, ran, never } = counts;
  if (code === 0) return 'no code was made of the added lines';
  if (never === 0) return `all ${plural(code, 'added line')} of code ran`;
  const places = placesText(files, ({ state }) => state === 'never', MOST_PLACES);
  // They may have run where nobody counts any more.
  const did = readings.some(({ lost }) => lost !== null)
    ? 'are not seen to, as counters were lost'
    : 'never did';
  return `${ran} of ${plural(code, 'added line')} of code ran; ${never} ${did}: ${places}`;
}

/** `net/vmw_vsock/af_vsock.c:120-131,140, net/vmw_vsock/diag.c:7`; empty when there are none. */
export function placesText(
  files: CoverageRecord['files'],
  which: (line: CoverageLine) => boolean,
  most = Number.POSITIVE_INFINITY,
): string {
  let left = most;
  let more = 0;
  const places = files.flatMap(({ path, lines }) => {
    const ranges = lineRanges(lines.filter(which).map(({ line }) => line));
    const shown = ranges.slice(0, left);
    left -= shown.length;
    more += ranges.length - shown.length;
    return shown.length === 0 ? [] : [`${path}:${shown.join(',')}`];
  });
  return places.join(', ') + (more > 0 ? ` and ${plural(more, 'more place')}` : '');
}

/** `vsock_test g2h` */
export function readingName({ program, direction }: Pick<CoverageReading, 'program' | 'direction'>): string {
  return direction === null ? program : `${program} ${direction}`;
}

/** Why "never" may not be the whole truth: counters that went with a machine. */
export function lostText({ readings }: Pick<CoverageRecord, 'readings'>): string[] {
  return readings
    .filter(({ lost }) => lost !== null)
    .map((one) => {
      const some = one.taken > 0 ? 'some of the' : 'the';
      return `${some} ${one.machine}'s counters of ${readingName(one)}: ${one.lost}`;
    });
}

/** Which files and how many of the lines in no other state are not counted, and why. */
export function uncountedText({ counts }: Pick<CoverageRecord, 'counts'>): string {
  const { noCode, notBuilt, notSeen } = counts;
  const parts = [
    noCode > 0 ? `${noCode} no code` : '',
    notBuilt > 0 ? `${notBuilt} not built` : '',
    notSeen > 0 ? `${notSeen} not seen` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
