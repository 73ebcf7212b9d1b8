// SPDX-License-Identifier: MIT
/**
 * Config fragments: what a kernel of respin's is asked to have. A fragment is a
 * piece of a `.config`; what no fragment names is off (allnoconfig).
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { projectRoot } from '../../system/paths.ts';

export type Profile = 'fast' | 'debug';
export const PROFILES: readonly Profile[] = ['fast', 'debug'];

const FRAGMENTS: Record<Profile, readonly string[]> = {
  fast: ['base', 'vsock', 'host'],
  debug: ['base', 'vsock', 'host', 'debug'],
};

export interface ConfigRequest {
  /** Without `CONFIG_`. */
  symbol: string;
  /** As it stands behind the `=`; null for `# CONFIG_X is not set`. */
  value: string | null;
  /** Where it is asked for: `vsock.config:5`. */
  where: string;
  /** The reason given behind `# optional:`, null when the tree must have the symbol. */
  optional: string | null;
}

export interface Fragments {
  /** One a symbol; a later fragment overrides an earlier one. */
  requests: ConfigRequest[];
  /** What `make allnoconfig` is given. Comments change nothing in it, so it serves as a cache key. */
  text: string;
}

const ASKED = /^CONFIG_(\w+)=("(?:[^"\\]|\\.)*"|[^\s#"]+)\s*(?:#\s*(.*))?$/;
const NOT_SET = /^# CONFIG_(\w+) is not set\s*(?:#\s*(.*))?$/;
const OPTIONAL = /^optional:\s*(.+)$/;

/**
 * Reads one fragment. A line may end in `# optional: why`: a tree that does not
 * know the symbol at all is then fine.
 * @throws RespinError BAD_FRAGMENT (usage) for a line that is neither a comment nor a symbol
 */
export function parseFragment(text: string, name: string): ConfigRequest[] {
  const requests: ConfigRequest[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const where = `${name}:${index + 1}`;
    const asked = ASKED.exec(line);
    const notSet = NOT_SET.exec(line);
    const match = asked ?? notSet;
    if (match === null) {
      if (line === '' || (line.startsWith('#') && !line.startsWith('# CONFIG_'))) continue;
      throw new RespinError({
        code: 'BAD_FRAGMENT',
        blame: 'usage',
        message: `${where} is neither a comment nor a symbol: ${line}`,
        hint: 'write CONFIG_NAME=value, or # CONFIG_NAME is not set',
      });
    }
    const [, symbol = ''] = match;
    const remark = (asked ? match[3] : match[2]) ?? '';
    requests.push({
      symbol,
      value: asked ? (match[2] ?? '') : null,
      where,
      optional: OPTIONAL.exec(remark)?.[1]?.trim() ?? null,
    });
  }
  return requests;
}

/** Puts fragments together; the last word on a symbol holds. */
export function mergeFragments(parts: readonly ConfigRequest[][]): Fragments {
  const bySymbol = new Map<string, ConfigRequest>();
  for (const request of parts.flat()) bySymbol.set(request.symbol, request);
  const requests = [...bySymbol.values()];
  return { requests, text: requests.map((request) => `${requestLine(request)}\n`).join('') };
}

/** The request as `.config` spells it. */
export function requestLine({ symbol, value }: ConfigRequest): string {
  return value === null ? `# CONFIG_${symbol} is not set` : `CONFIG_${symbol}=${value}`;
}

/**
 * Reads the fragments of a profile from `kernel-tree/config/`, or from `folder`.
 * @param beside names of more fragments, laid on top of the profile's
 */
export async function readFragments(
  profile: Profile,
  folder: string = path.join(projectRoot, 'kernel-tree', 'config'),
  beside: readonly string[] = [],
): Promise<Fragments> {
  const parts: ConfigRequest[][] = [];
  for (const name of [...FRAGMENTS[profile], ...beside]) {
    const file = `${name}.config`;
    parts.push(parseFragment(await readFile(path.join(folder, file), 'utf8'), file));
  }
  return mergeFragments(parts);
}

/** Reads a `.config`: symbol → value as written; symbols that are off are not in the map. */
export function parseDotConfig(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const match of text.matchAll(/^CONFIG_(\w+)=(.*)$/gm)) values.set(match[1] ?? '', match[2] ?? '');
  return values;
}

/** What was asked for and is not so in the `.config`. */
export function lostRequests(
  requests: readonly ConfigRequest[],
  config: Map<string, string>,
): ConfigRequest[] {
  return requests.filter(({ symbol, value }) => {
    const got = config.get(symbol);
    return value === null || value === 'n' ? got !== undefined : got !== value;
  });
}
