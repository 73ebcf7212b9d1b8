// SPDX-License-Identifier: MIT
/** Rules that live on the review, with a review as it is made of mails. */
import { expect, it } from 'vitest';
import { assemble } from '../../patches/assemble.ts';
import { built, mailedVersion, reply } from '../../review/build/fixture.ts';
import { checkInput } from '../../tools/checkpatch/fixture.ts';
import type { RuleResult } from '../../tools/checkpatch/rule.ts';
import { commentsOpen } from '../../tools/checkpatch/rules/comments-open.ts';
import { trailersCarried } from '../../tools/checkpatch/rules/trailers-carried.ts';
import { trailersStale } from '../../tools/checkpatch/rules/trailers-stale.ts';

const TAG = 'Reviewed-by: Rita Reviewer <rita@example.org>';
const MAILS = [
  await reply({ id: 't1', to: 1, body: `Fine.\n\n${TAG}\n` }),
  await reply({ id: 't2', to: 2, body: `Fine.\n\n${TAG}\n` }),
  await reply({
    id: 'c2',
    to: 2,
    from: 'Mira Falk <mira@example.org>',
    body: `On Sun, 22 Nov 2026, the maintainers wrote:
> @@ -328,8 +330,10 @@ static void virtio_vsock_rx_fill(struct virtio_vsock *vsock)
>  	do {
> -		skb = virtio_vsock_alloc_linear_skb(VIRTIO_VSOCK_DEFAULT_RX_BUF_SIZE,
> -						    GFP_KERNEL);
> +		skb = __skb_dequeue(&vsock->rx_recycle);

Who frees rx_recycle when the probe fails?
`,
  }),
];

/** What the rules say of a v2 that is v1 with these edits. */
async function saysOfNext(edit: (text: string, index: number) => string): Promise<string[]> {
  const next = await mailedVersion(2, edit);
  const { review } = built([...(await mailedVersion(1)), ...MAILS, ...next]);
  const raw = next.map(({ bytes, origin }) => ({ bytes, origin }));
  const { patches, cover, version, baseCommit } = await assemble(raw, { source: 'test' });
  const series = { name: 'x', title: 'x', version, source: 'x', tree: null, baseCommit, cover, patches };
  const input = { ...(await checkInput({ patches: [{}] })), series, review };
  const results: RuleResult[] = await Promise.all(
    [trailersCarried, trailersStale, commentsOpen].map((rule) => rule.check(input)),
  );
  return results
    .flatMap((one) => ('notForThis' in one ? [] : 'found' in one ? one.found : one))
    .map(
      ({ place, quote, text }) =>
        `${place.patch} ${place.on} ${quote === null ? '' : `"${quote.trim()}" `}${text}`,
    );
}

const signed = (text: string): string => text.replace(/^Signed-off-by:.*\n/m, (line) => `${line}${TAG}\n`);

it('finds what the next version has forgotten', async () => {
  expect(await saysOfNext((text) => text)).toEqual([
    '1 mail the Reviewed-by of Rita Reviewer from v1 is missing',
    '2 mail the Reviewed-by of Rita Reviewer from v1 is missing',
    expect.stringMatching(
      /^2 line "skb = __skb_dequeue\(&vsock->rx_recycle\);" Mira Falk on v1, c[0-9a-f]{7}: Who frees rx_recycle/,
    ),
  ]);
});

it('finds what it should not have kept', async () => {
  const edit = (text: string, index: number): string =>
    index === 1 || index === 2
      ? signed(index === 2 ? text.replaceAll('rx_recycle', 'rx_again') : text)
      : text;
  const says = await saysOfNext(edit);
  expect(says).toContainEqual(
    `2 message "${TAG}" the Reviewed-by of Rita Reviewer from v1 is stale: its patch changed between v1 and v2`,
  );
  expect(says).toHaveLength(2);
});
