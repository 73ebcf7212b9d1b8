// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { parseSubject } from './subject.ts';

describe('parseSubject', () => {
  it.each([
    ['[PATCH net-next v3 2/5] vsock: x', 'vsock: x', ['net-next'], 'v3', 2, 5],
    ['[RFC PATCH v2] x', 'x', ['RFC'], 'v2', null, null],
    ['[PATCH RFC v2 00/12] x', 'x', ['RFC'], 'v2', 0, 12],
    ['[PATCH RESEND] x', 'x', ['RESEND'], 'v1', null, null],
    ['[RESEND PATCH v4 1/1] x', 'x', ['RESEND'], 'v4', 1, 1],
    ['[PATCH] x', 'x', [], 'v1', null, null],
    ['[PATCHv10 1/2] x', 'x', [], 'v10', 1, 2],
    ['[RFCv3] x', 'x', ['RFC'], 'v3', null, null],
    ['[PATCH net,v2,1/2] x', 'x', ['net'], 'v2', 1, 2],
    ['[net-next] [PATCH v2 1/2]  two\n spaces', 'two spaces', ['net-next'], 'v2', 1, 2],
    ['[PATCH bpf-next] [selftests] x [y]', 'x [y]', ['bpf-next', 'selftests'], 'v1', null, null],
    ['no brackets v2 1/2', 'no brackets v2 1/2', [], 'v1', null, null],
    ['[PATCH', '[PATCH', [], 'v1', null, null],
    ['', '', [], 'v1', null, null],
    // A commit's own subject, not a reply.
    ['[PATCH 2/2] fw: load it', 'fw: load it', [], 'v1', 2, 2],
    ['[PATCH net] vs: x', 'vs: x', ['net'], 'v1', null, null],
    ['[PATCH 1/4] [v3 2/5] x', 'x', [], 'v1', 1, 4],
  ])('%s', (raw, subject, prefixes, version, index, total) => {
    expect(parseSubject(raw)).toMatchObject({ subject, prefixes, version, index, total, isReply: false });
  });

  it('knows replies and patches', () => {
    expect(parseSubject('Re: [PATCH v2 1/2] x')).toMatchObject({
      isReply: true,
      isPatch: true,
      version: 'v2',
      subject: 'x',
    });
    expect(parseSubject('AW: RE: [PATCH] x')).toMatchObject({ isReply: true, subject: 'x' });
    expect(parseSubject('[netdev] Re: [PATCH v2 1/2] fw: x')).toMatchObject({
      isReply: true,
      subject: 'fw: x',
      version: 'v2',
    });
    expect(parseSubject('[ANNOUNCE] x').isPatch).toBe(false);
    expect(parseSubject('[RFC] x').isPatch).toBe(true);
  });

  it('does not choke on megabytes of brackets', () => {
    const started = performance.now();
    parseSubject(Array.from({ length: 300_000 }, (_, at) => `[${at}]`).join(''));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
