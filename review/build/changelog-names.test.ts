// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { Review } from '../../core/review.ts';
import { DIFF, type MailWords, mailsOf } from '../mails/fixture.ts';
import { built } from './fixture.ts';

/** A version of a series of one patch; its changelog stands below `---`. */
function version(prefix: string, day: number, changelog = ''): MailWords {
  const notes = DIFF.replace('---\n', `---\n${changelog}\n`);
  return {
    ...{ id: `p${day}@x`, subject: `[${prefix}] net: say no to a peer that sends too much`, day },
    body: `Do it.\n\nSigned-off-by: Ann Author <ann@example.org>\n${notes}`,
  };
}

const COMMENT: MailWords = {
  ...{ id: 'r@x', subject: 'Re: [RFC PATCH] net: say no to a peer that sends too much', answers: ['p1@x'] },
  ...{ from: 'Rita <rita@example.org>', day: '1 Nov 2026 15:00:00 +0000' },
  body: '> -int b;\n> +int c;\n\nWhat does queue_limit count?\n',
};

async function reviewOf(...mails: MailWords[]): Promise<Review> {
  return built(await mailsOf(...mails)).review;
}

const logs = ({ versions }: Review): unknown[] =>
  versions.map(({ version, changelog }) => [
    version,
    ...changelog.map((log) => [log.version, log.since, log.entries[0]?.text]),
  ]);

describe('the changelogs of a series that began as an RFC', () => {
  it('are on the versions as the review names them', async () => {
    const review = await reviewOf(
      version('RFC PATCH', 1),
      version('RFC PATCH v2', 3, 'Changes in RFC v2:\n- count queue_limit in bytes\n'),
      version('PATCH', 5, 'RFC v2 -> v1:\n- use it\n\nRFC -> RFC v2:\n- as before\n'),
      version('PATCH v2', 7, 'Changes since v1:\n- say it\n\nChanges since RFC:\n- use it, too\n'),
      COMMENT,
    );
    expect(logs(review)).toEqual([
      ['rfc-v1'],
      ['rfc-v2', ['rfc-v2', null, 'count queue_limit in bytes']],
      ['v1', ['v1', 'rfc-v2', 'use it'], ['rfc-v2', 'rfc-v1', 'as before']],
      ['v2', ['v2', 'v1', 'say it'], ['v1', 'rfc-v1', 'use it, too']],
    ]);
    // The entry is evidence for the version it is of.
    expect(review.comments[0]?.fate[0]).toMatchObject({
      version: 'rfc-v2',
      evidence: [{ kind: 'changelog', text: 'count queue_limit in bytes', source: 'rfc-v2' }],
    });
  });

  it('are those of the RFC where it says v2 of itself', async () => {
    const review = await reviewOf(
      version('RFC PATCH', 1),
      version('RFC PATCH v2', 3, 'Changes in v2:\n- count in bytes\n\nRFC v2:\n- and in kilobytes\n'),
      version('RFC PATCH v3', 4, 'Changes since v2:\n- count in words\n'),
      ...[version('PATCH', 5), version('PATCH v2', 7), version('PATCH v3', 9)],
    );
    expect(logs(review)).toEqual([
      ['rfc-v1'],
      ['rfc-v2', ['rfc-v2', null, 'count in bytes']],
      ['rfc-v3', ['rfc-v3', 'rfc-v2', 'count in words']],
      ...[['v1'], ['v2'], ['v3']],
    ]);
    expect(review.versions[1]?.changelog[0]?.entries).toHaveLength(2);
  });

  it('are those of v1 and v2 where the series goes on counting', async () => {
    const review = await reviewOf(
      version('RFC PATCH', 1),
      version('RFC PATCH v2', 3, 'RFC v1 -> RFC v2:\n- count in bytes\n'),
      version('PATCH v3', 5, 'Changes since RFC v2:\n- use it\n'),
      version('PATCH v4', 7, 'Changes since v3:\n- say it\n\nChanges since RFC:\n- count\n'),
    );
    expect(logs(review)).toEqual([
      ['v1'],
      ['v2', ['v2', 'v1', 'count in bytes']],
      ['v3', ['v3', 'v2', 'use it']],
      ['v4', ['v4', 'v3', 'say it'], ['v2', 'v1', 'count']],
    ]);
  });

  it('keep the name of an RFC that is not there', async () => {
    const review = await reviewOf(version('PATCH', 5, 'Changes since RFC v2:\n- use it\n'));
    expect(logs(review)).toEqual([['v1', ['v1', 'rfc-v2', 'use it']]]);
  });
});
