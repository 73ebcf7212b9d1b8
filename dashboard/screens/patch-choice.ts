// SPDX-License-Identifier: MIT
/** Which patch of which version is looked at. */
import { AT_START } from '../list.ts';
import type { DiffWanted, State } from '../model.ts';
import type { Step } from '../step.ts';

/**
 * Goes to the screen of a patch.
 * @param goTo the comment to jump to
 */
export function showDiff(state: State, which: Omit<DiffWanted, 'series'>, goTo: string | null = null): Step {
  const { open } = state;
  if (open === null) return [state, []];
  const wanted: DiffWanted = { ...which, series: open.name };
  const pane = { ...state.pane, patch: 1 };
  const { patch } = open;
  if (sameDiff(patch.wanted, wanted) && patch.rows.is !== 'failed') {
    // It is there, with its place.
    return [{ ...state, pane, screen: 'patch', open: { ...open, patch: { ...patch, goTo } } }, []];
  }
  const fresh = { files: AT_START, lines: AT_START, details: AT_START, left: 0 };
  return [
    {
      ...{ ...state, pane, screen: 'patch' },
      open: { ...open, patch: { ...patch, ...fresh, wanted, rows: { is: 'loading' }, goTo } },
    },
    [{ do: 'load-diff', folder: open.folder, wanted }],
  ];
}

export function sameDiff(one: DiffWanted | null, other: DiffWanted): boolean {
  return (
    one !== null &&
    one.series === other.series &&
    one.version === other.version &&
    one.patch === other.patch &&
    one.against === other.against
  );
}
