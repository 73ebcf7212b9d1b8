// SPDX-License-Identifier: MIT
/** For tests of the rules that build: what the builds gave, without any. */
import type { Patch } from '../../../core/series.ts';
import { adds, checkInput, type SeriesText } from '../fixture.ts';
import type { CheckTree } from '../rule.ts';
import type { Way } from './compile.ts';
import type { Warning } from './new-warnings.ts';
import type { BuildFailure, WayResult } from './shop.ts';

export const SOURCE = 'net/vmw_vsock/af_vsock.c';

/** Said of lines 11 and 12 of the source, which the patch adds. */
export const said = (line: number, text: string): Warning => ({ path: SOURCE, line, text });

export interface Builds {
  failures?: BuildFailure[];
  notBuilt?: string[];
  /** Of the second patch. */
  ways?: Partial<Record<Way['name'], { warnings?: Warning[]; errors?: Warning[] }>>;
  partly?: string[];
}

/** A series of two patches, each adding lines 11 and 12 to the source. */
export async function built({
  failures = [],
  notBuilt = [],
  ways = {},
  partly = [],
}: Builds): Promise<SeriesText> {
  const diff = adds(SOURCE, ['\tint a;', '\tint b;']);
  const patches = [{ diff }, { diff }];
  const { series } = await checkInput({ patches });
  const way = async (name: Way['name']): Promise<WayResult> => {
    const { warnings = [], errors = [] } = ways[name] ?? {};
    const [first, second] = series.patches as [Patch, Patch];
    const none = { patch: first, warnings: [], errors: [] };
    return { patches: [none, { patch: second, warnings, errors }], partly };
  };
  const builds = { kernels: async () => ({ failures, notBuilt }), way };
  return { patches, tree: async () => ({ builds }) as unknown as CheckTree };
}
