// SPDX-License-Identifier: MIT
/** How a tree is named: `debian:PACKAGE`, `git:WHERE#REF`, `tar:WHERE[#sha256=…]`. */
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import { DEFAULT_TREE } from '../core/tree.ts';

export type TreeSource =
  | { kind: 'debian'; source: string; package: string; packageVersion: string | null }
  /** A clone on this machine, only ever read. */
  | { kind: 'git-path'; source: string; path: string; ref: string }
  | { kind: 'git-url'; source: string; url: string; ref: string }
  | { kind: 'tar-path'; source: string; path: string; sha256: string | null }
  | { kind: 'tar-url'; source: string; url: string; sha256: string };

const EXAMPLES = 'debian:linux-source-6.12, git:URL#COMMIT, git:/path#REF, tar:/path or tar:URL#sha256=SUM';

/**
 * Reads a tree's name. `source` in the result is its normal form: paths absolute (relative
 * ones start at `cwd`), sums in lower case.
 * @throws RespinError TREE_SOURCE (blame: usage)
 */
export function parseTreeSource(text: string, cwd: string = process.cwd()): TreeSource {
  const colon = text.indexOf(':');
  const kind = text.slice(0, Math.max(colon, 0));
  const rest = text.slice(colon + 1);
  if (/[\0-\x1f\x7f]/.test(text))
    throw wrong(text, 'it has control characters in it', `write it as one of ${EXAMPLES}`);
  if (kind === 'debian') return debian(text, rest);
  if (kind === 'git') return gitSource(text, rest, cwd);
  if (kind === 'tar') return tarSource(text, rest, cwd);
  throw wrong(text, 'it does not say what kind of tree it is', `write it as one of ${EXAMPLES}`);
}

function debian(text: string, rest: string): TreeSource {
  // Names and versions: Debian Policy 5.6.7 and 5.6.12.
  const match = /^([a-z0-9][a-z0-9+.-]+)(?:=([0-9][A-Za-z0-9.+:~-]*))?$/.exec(rest);
  if (match?.[1] === undefined) {
    throw wrong(
      text,
      'that is no Debian package name',
      `for example ${DEFAULT_TREE}, or ${DEFAULT_TREE}=VERSION`,
    );
  }
  return { kind: 'debian', source: text, package: match[1], packageVersion: match[2] ?? null };
}

function gitSource(text: string, rest: string, cwd: string): TreeSource {
  const hash = rest.lastIndexOf('#');
  const where = hash < 0 ? rest : rest.slice(0, hash);
  const ref = hash < 0 ? '' : rest.slice(hash + 1);
  if (where === '') throw wrong(text, 'it names no repository', 'git:URL#COMMIT or git:/path#REF');
  if (ref === '') throw wrong(text, 'it names no commit', `add one: git:${where}#HEAD`);
  // A ref that starts with `-` would be read as an option, one with `:` as a refspec.
  if (/^-|[\s:*?[\\]|\.\.|@\{/.test(ref)) {
    throw wrong(text, `${ref} names no commit`, 'name a branch, a tag or a commit id');
  }
  if (/^(https?|git|ssh|file):\/\/[^-/]|^file:\/\/\//.test(where) || /^[\w.-]+@[\w.-]+:[^-]/.test(where)) {
    return { kind: 'git-url', source: text, url: where, ref };
  }
  if (/^[a-z+]+:/i.test(where)) {
    throw wrong(text, 'respin does not fetch by that protocol', 'use https, ssh, git or file');
  }
  const absolute = path.resolve(cwd, where);
  return { kind: 'git-path', source: `git:${absolute}#${ref}`, path: absolute, ref };
}

function tarSource(text: string, rest: string, cwd: string): TreeSource {
  const match = /^(.*?)(?:#sha256=([^#]*))?$/.exec(rest);
  const where = match?.[1] ?? '';
  const sum = match?.[2]?.toLowerCase() ?? null;
  if (where === '') throw wrong(text, 'it names no tarball', 'tar:/path or tar:URL#sha256=SUM');
  if (sum !== null && !/^[0-9a-f]{64}$/.test(sum)) {
    throw wrong(text, 'a SHA-256 sum has 64 hexadecimal digits', 'sha256sum FILE prints it');
  }
  if (/^https?:\/\/[^/]/.test(where)) {
    if (sum === null) {
      throw wrong(
        text,
        'a tarball from the network needs its sum',
        `tar:${where}#sha256=SUM, as its publisher states it`,
      );
    }
    return { kind: 'tar-url', source: `tar:${where}#sha256=${sum}`, url: where, sha256: sum };
  }
  if (/^[a-z+]+:\/\//i.test(where)) throw wrong(text, 'respin does not fetch by that protocol', 'use https');
  const absolute = path.resolve(cwd, where);
  const source = `tar:${absolute}${sum === null ? '' : `#sha256=${sum}`}`;
  return { kind: 'tar-path', source, path: absolute, sha256: sum };
}

function wrong(text: string, why: string, hint: string): RespinError {
  return new RespinError({
    code: 'TREE_SOURCE',
    blame: 'usage',
    message: `${JSON.stringify(text)} is not a tree: ${why}`,
    hint,
  });
}
