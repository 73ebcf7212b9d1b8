// SPDX-License-Identifier: MIT
import { duplexPair, PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Qmp } from './qmp.ts';

const GREETING =
  '{"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10}}, "capabilities": []}}\r\n';

function pair(): { qmp: Qmp; lines: AsyncIterator<string>; say: (text: string) => void; close: () => void } {
  const [ours, theirs] = duplexPair();
  const text = theirs.pipe(new PassThrough({ encoding: 'utf8' }));
  async function* lines(): AsyncGenerator<string> {
    let rest = '';
    for await (const chunk of text) {
      rest += chunk;
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
        yield rest.slice(0, end);
        rest = rest.slice(end + 1);
      }
    }
  }
  return {
    qmp: new Qmp(ours),
    lines: lines(),
    say: (what) => theirs.write(what),
    close: () => ours.destroy(),
  };
}

describe('Qmp', () => {
  it('negotiates first, then matches answers to commands by id', async () => {
    const { qmp, lines, say } = pair();
    const status = qmp.execute('query-status');
    say(GREETING);
    expect(JSON.parse((await lines.next()).value)).toMatchObject({ execute: 'qmp_capabilities' });
    say('{"return": {}, "id": 1}\r\n');
    expect(JSON.parse((await lines.next()).value)).toMatchObject({ execute: 'query-status', id: 2 });
    say('{"event": "STOP", "data": {}}\r\n{"return": {"running": false}, "id": 2}\r\n');
    expect(await status).toEqual({ running: false });
  });

  it('passes over what is JSON and no message, and what is no JSON', async () => {
    const { qmp, lines, say } = pair();
    say(`5\nnull\n"QMP"\n[]\nnonsense\n${GREETING}`);
    await lines.next();
    say('{"return": {}, "id": 1}\r\n');
    const status = qmp.execute('query-status');
    await lines.next();
    say('true\n{"return": "ok", "id": 2}\r\n');
    expect(await status).toBe('ok');
  });

  it('rejects with QEMU’s own words, and when QEMU goes away', async () => {
    const { qmp, lines, say, close } = pair();
    say(GREETING);
    await lines.next();
    say('{"return": {}, "id": 1}\r\n');
    const refused = qmp.execute('no-such-command');
    await lines.next();
    say('{"id": 2, "error": {"class": "CommandNotFound", "desc": "The command has not been found"}}\r\n');
    await expect(refused).rejects.toThrow('The command has not been found');
    const lost = qmp.execute('quit');
    await lines.next();
    close();
    await expect(lost).rejects.toThrow('QEMU is gone');
  });
});
