// SPDX-License-Identifier: MIT
/**
 * A tar stream turned into a stream for git-fast-import(1), which writes one pack
 * straight away: no file is unpacked and no index is made.
 */
import { badTar, type TarEntry, TarReader } from './tar.ts';

export interface TarSummary {
  files: number;
  bytes: number;
  /** The newest file's, seconds since 1970: the date of the import's commit. */
  newest: number;
}

/**
 * Converts a tar archive to a fast-import stream that puts all its files into one
 * commit on `ref`. `summary` is filled while the stream is read.
 * @throws RespinError TREE_BAD_TAR: not a tar archive, cut short, or a name that leaves the tree
 */
export async function* tarToFastImport(
  archive: AsyncIterable<Uint8Array>,
  ref: string,
  summary: TarSummary,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = new TarReader();
  // `done` at the end: a stream cut short makes fast-import fail, not commit.
  let out: (Buffer | string)[] = [
    `feature done\ncommit ${ref}\ncommitter respin <respin@localhost> 0 +0000\ndata 0\n\n`,
  ];
  let left = 0;
  for await (const chunk of archive) {
    for (const item of reader.feed(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))) {
      if ('data' in item) {
        if (left < 0) continue;
        out.push(item.data);
        left -= item.data.length;
        if (left === 0) out.push('\n');
        continue;
      }
      const { entry } = item;
      const path = safePath(entry.path);
      if (entry.kind !== 'directory' && entry.kind !== 'other') {
        summary.files++;
        summary.bytes += entry.size;
      }
      summary.newest = Math.max(summary.newest, entry.mtime);
      const command = commandFor(entry, path);
      // Data of what is no file is skipped.
      left = command === null ? -1 : entry.size;
      if (command !== null) out.push(entry.kind === 'file' && entry.size === 0 ? `${command}\n` : command);
    }
    yield joined(out);
    out = [];
  }
  reader.end();
  yield Buffer.from('\ndone\n');
}

function commandFor(entry: TarEntry, path: string): string | null {
  if (path === '') return null;
  if (entry.kind === 'file') {
    return `M ${entry.executable ? '100755' : '100644'} inline ${quoted(path)}\ndata ${entry.size}\n`;
  }
  if (entry.kind === 'symlink') {
    return `M 120000 inline ${quoted(path)}\ndata ${entry.link.length}\n${entry.link}\n`;
  }
  if (entry.kind === 'hardlink') return `C ${quoted(safePath(entry.link))} ${quoted(path)}\n`;
  return null;
}

/** The name relative to the archive's top, refused when git or a checkout could be misled by it. */
function safePath(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || parts.some((part) => part === '..' || part.toLowerCase() === '.git')) {
    throw badTar(`it has a file named ${JSON.stringify(name)}`);
  }
  return parts.join('/');
}

function quoted(path: string): string {
  const escaped = path.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
  return `"${escaped}"`;
}

/** Strings hold one byte a character, as the tar reader gives them. */
function joined(pieces: (Buffer | string)[]): Buffer {
  return Buffer.concat(
    pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)),
  );
}
