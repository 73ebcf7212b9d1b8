// SPDX-License-Identifier: MIT
/** The agent's frames: `TYPE ID SIZE\n` and then SIZE bytes; see guest-files/agent.c. */

export interface Frame {
  type: 'ready' | 'output' | 'exit' | 'error';
  id: number;
  data: Buffer;
}

const HEAD = /^(ready|output|exit|error) (\d{1,9}) (\d{1,9})$/;
const LONGEST_HEAD = 64;
/** More than the agent ever sends in one frame: what is larger is not a frame. */
const LARGEST_FRAME = 1 << 20;

/**
 * Puts frames together from chunks cut anywhere. What is not a frame (a machine that
 * overwrites its own memory sends anything) ends the stream: `push` throws.
 */
export class FrameReader {
  #pending: Buffer[] = [];
  #size = 0;

  /** @throws Error when the stream is not the agent's */
  *push(chunk: Uint8Array): Generator<Frame, void, void> {
    this.#pending.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#size += chunk.byteLength;
    let buffer =
      this.#pending.length === 1 ? (this.#pending[0] as Buffer) : Buffer.concat(this.#pending, this.#size);
    for (;;) {
      const end = buffer.indexOf(0x0a);
      if (end < 0 || end > LONGEST_HEAD) {
        if (buffer.length > LONGEST_HEAD) throw notAFrame(buffer);
        break;
      }
      const match = HEAD.exec(buffer.toString('latin1', 0, end));
      const size = Number(match?.[3]);
      if (match === null || size > LARGEST_FRAME) throw notAFrame(buffer);
      if (buffer.length < end + 1 + size) break;
      yield {
        type: match[1] as Frame['type'],
        id: Number(match[2]),
        // A copy, so that a kept frame does not keep the whole chunk.
        data: Buffer.from(buffer.subarray(end + 1, end + 1 + size)),
      };
      buffer = buffer.subarray(end + 1 + size);
    }
    this.#pending = buffer.length === 0 ? [] : [buffer];
    this.#size = buffer.length;
  }
}

function notAFrame(buffer: Buffer): Error {
  return new Error(
    `the agent's port carries something else: ${JSON.stringify(buffer.toString('latin1', 0, 80))}`,
  );
}
