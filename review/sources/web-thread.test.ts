// SPDX-License-Identifier: MIT
/** Against a server of its own, which answers as each test wants. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { retryAfter, WEB_LIMITS, type WebLimits } from './download.ts';
import { all, mail, mbox, testReading } from './fixtures.ts';
import { mailsOfThread } from './web-thread.ts';

type Handler = (response: ServerResponse, request: IncomingMessage, count: number) => void;

const PACKED = gzipSync(mbox(mail(1), mail(2)));
const QUICK: WebLimits = { ...WEB_LIMITS, idle: 300, backoff: 5, patience: 3000 };

let server: Server;
let base: string;
let requests: IncomingMessage[];
let handler: Handler;

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    handler(response, request, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const good: Handler = (response) =>
  void response.writeHead(200, { 'content-type': 'application/gzip' }).end(PACKED);

async function read(
  limits: Partial<WebLimits> = {},
  place = '/vsock/a@b/',
  reading = testReading(),
): Promise<[string, string][]> {
  return await all(mailsOfThread(`${base}${place}`, { fetch, limits: { ...QUICK, ...limits } }, reading));
}

const mails = (): [string, string][] => [
  [`${base}/vsock/a@b/#1`, mail(1)],
  [`${base}/vsock/a@b/#2`, mail(2)],
];

describe('a thread', () => {
  it('is fetched once, by its t.mbox.gz, and says who asks', async () => {
    handler = good;
    const reading = testReading();
    expect(await read({}, '/vsock/a@b/T/#u', reading)).toEqual(mails());
    expect(requests.map(({ url }) => url)).toEqual(['/vsock/a@b/t.mbox.gz']);
    expect(requests[0]?.headers['user-agent']).toMatch(/respin/);
    expect(reading.progress.bytes).toBe(PACKED.length);
  });

  it('may come unpacked', async () => {
    handler = (response) => void response.end(mbox(mail(1), mail(2)));
    expect(await read()).toEqual(mails());
  });

  it('is asked for again after 503, after a cut connection and after half a body', async () => {
    handler = (response, request, count) => {
      if (count === 1) response.writeHead(503).end('busy');
      else if (count === 2) request.socket.destroy();
      else good(response, request, count);
    };
    expect(await read()).toEqual(mails());
    expect(requests).toHaveLength(3);

    requests.length = 0;
    handler = (response, request, count) => {
      if (count > 1) return good(response, request, count);
      response.writeHead(200, { 'content-length': PACKED.length });
      response.write(PACKED.subarray(0, 100), () => request.socket.destroy());
    };
    expect(await read()).toEqual(mails());
    expect(requests).toHaveLength(2);
  });

  it('is given up after three tries, for the machine to be blamed', async () => {
    handler = (response) => void response.writeHead(502).end();
    await expect(read()).rejects.toMatchObject({
      code: 'SOURCE_OUT_OF_REACH',
      blame: 'machine',
      message: expect.stringMatching(/status 502, 3 times$/),
    });
    expect(requests).toHaveLength(3);
  });

  it('waits as long as Retry-After wants, but not for an hour', async () => {
    handler = (response, request, count) =>
      count === 1
        ? void response.writeHead(429, { 'retry-after': '1' }).end()
        : good(response, request, count);
    const started = performance.now();
    expect(await read()).toEqual(mails());
    expect(performance.now() - started).toBeGreaterThan(950);

    handler = (response) => void response.writeHead(503, { 'retry-after': '3600' }).end();
    await expect(read()).rejects.toMatchObject({
      code: 'SOURCE_OUT_OF_REACH',
      hint: 'the server asks to wait 3600 s: try again then',
    });
    expect(requests).toHaveLength(3);
  });

  it.each([404, 410, 300])(
    'that is not there (status %d) is the wrong Message-ID or list',
    async (status) => {
      handler = (response) => void response.writeHead(status).end('no');
      await expect(read()).rejects.toMatchObject({
        code: 'SOURCE_NOT_FOUND',
        blame: 'usage',
        hint: expect.stringContaining('Message-ID'),
      });
      expect(requests).toHaveLength(1);
    },
  );

  it.each([401, 403, 501, 204])(
    'that is not given out (status %d) is not asked for again',
    async (status) => {
      handler = (response) => void response.writeHead(status).end();
      await expect(read()).rejects.toMatchObject({ code: 'SOURCE_REFUSED', blame: 'machine' });
      expect(requests).toHaveLength(1);
    },
  );

  it('that is a web page is refused, packed or not', async () => {
    const page = '<!doctype html><title>Checking that you are not a robot</title>';
    for (const body of [page, gzipSync(page), '']) {
      handler = (response) => void response.end(body);
      await expect(read()).rejects.toMatchObject({ code: 'SOURCE_NOT_MAIL', blame: 'usage' });
    }
  });

  it('that is cut but looks whole is damaged', async () => {
    handler = (response) => void response.end(PACKED.subarray(0, PACKED.length - 10));
    await expect(read()).rejects.toMatchObject({ code: 'SOURCE_DAMAGED', blame: 'machine' });
  });
});

describe('limits', () => {
  it('a thread that is announced or turns out to be too large is refused', async () => {
    for (const announce of [true, false]) {
      handler = (response) => {
        if (announce) response.writeHead(200, { 'content-length': 5000 });
        response.end(Buffer.alloc(5000));
      };
      await expect(read({ packed: 4096 })).rejects.toMatchObject({
        code: 'SOURCE_TOO_LARGE',
        blame: 'usage',
      });
    }
    expect(requests).toHaveLength(2);
  });

  it('a gzip bomb is refused when it has become too large, in little memory', async () => {
    const bomb = gzipSync(Buffer.concat([mbox(mail(1)), Buffer.alloc(64 << 20, 'x')]));
    expect(bomb.length).toBeLessThan(1 << 20);
    handler = (response) => void response.end(bomb);
    await expect(read({ unpacked: 8 << 20 })).rejects.toMatchObject({
      code: 'SOURCE_TOO_LARGE',
      blame: 'usage',
      message: expect.stringContaining('unpacks to more than 8 MiB'),
    });
  });

  it('what a server packs once more counts unpacked', async () => {
    handler = (response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1 << 20)));
    await expect(read({ packed: 64 << 10 })).rejects.toMatchObject({ code: 'SOURCE_TOO_LARGE' });
  });

  it('a server that says nothing, or stops in the middle, is given up', async () => {
    for (const begin of [false, true]) {
      requests.length = 0;
      handler = (response) => void (begin && response.write(PACKED.subarray(0, 20)));
      await expect(read({ idle: 60 })).rejects.toMatchObject({
        code: 'SOURCE_OUT_OF_REACH',
        blame: 'machine',
        message: expect.stringContaining('nothing came for 0.06 s, 3 times'),
      });
      expect(requests).toHaveLength(3);
    }
  });

  it('a server that drips is given up in the end', async () => {
    handler = (response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    };
    await expect(read({ total: 300 })).rejects.toMatchObject({
      code: 'SOURCE_OUT_OF_REACH',
      message: expect.stringContaining('not through after 0.3 s'),
    });
  });

  it('an interrupt ends it while it waits for an answer, and while it waits to try again', async () => {
    for (const wait of [{ idle: 60_000 }, { backoff: 60_000 }]) {
      handler = (response) => void (wait.backoff !== undefined && response.writeHead(503).end());
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 60);
      await expect(read(wait, '/vsock/a@b/', testReading({ signal: stop.signal }))).rejects.toMatchObject({
        code: 'INTERRUPTED',
      });
    }
  });
});

describe('a redirect', () => {
  it('is followed, and to a page of a thread means its mbox', async () => {
    for (const to of ['/all/a@b/t.mbox.gz', '/all/a@b/', `${'/all/a@b'}/T/#u`]) {
      requests.length = 0;
      handler = (response, request, count) =>
        count === 1 ? void response.writeHead(301, { location: to }).end() : good(response, request, count);
      expect(await read({}, '/r/a@b')).toHaveLength(2);
      expect(requests.map(({ url }) => url)).toEqual(['/r/a@b/', '/all/a@b/t.mbox.gz']);
    }
  });

  it.each([
    'file:///etc/passwd',
    'ftp://127.0.0.1/x',
    'http://me:secret@127.0.0.1/l/a@b/',
    'http://[',
    'data:,x',
  ])('to %s is not followed', async (location) => {
    handler = (response) => void response.writeHead(302, { location }).end();
    await expect(read()).rejects.toMatchObject({ code: 'SOURCE_REFUSED', blame: 'machine' });
    expect(requests).toHaveLength(1);
  });

  it('in a circle ends', async () => {
    handler = (response, request) => void response.writeHead(302, { location: request.url ?? '' }).end();
    await expect(read()).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
    expect(requests).toHaveLength(6);
  });
});

it('a host that refuses, or that there is not, is the machine’s to answer for', async () => {
  const limits = { ...QUICK, idle: 20_000 };
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await expect(read(limits)).rejects.toMatchObject({
    code: 'SOURCE_OUT_OF_REACH',
    blame: 'machine',
    message: expect.stringContaining('it refuses the connection, 3 times'),
  });
  let asked = 0;
  const noHost = async (): Promise<Response> => {
    asked += 1;
    throw new TypeError('fetch failed', {
      cause: Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }),
    });
  };
  await expect(
    all(mailsOfThread(`${base}/l/a@b/`, { fetch: noHost, limits }, testReading())),
  ).rejects.toMatchObject({
    code: 'SOURCE_OUT_OF_REACH',
    message: expect.stringMatching(/there is no host of that name$/),
  });
  expect(asked).toBe(1);
});

it('Retry-After is seconds or a date', () => {
  const now = Date.parse('Tue, 02 Jan 2024 10:00:00 GMT');
  expect(retryAfter('120', now)).toBe(120_000);
  expect(retryAfter('Tue, 02 Jan 2024 10:00:30 GMT', now)).toBe(30_000);
  expect(['Mon, 01 Jan 2024 10:00:00 GMT', 'soon', '', null].map((value) => retryAfter(value, now))).toEqual([
    0, 0, 0, 0,
  ]);
});

it('a port that fetch does not go to is named', async () => {
  await expect(
    all(mailsOfThread('https://127.0.0.1:1/x/y/', { fetch, limits: QUICK }, testReading())),
  ).rejects.toMatchObject({
    code: 'SOURCE_ADDRESS',
    message: 'https://127.0.0.1:1/x/y/t.mbox.gz cannot be fetched: respin does not use port 1',
  });
});
