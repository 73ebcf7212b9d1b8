// SPDX-License-Identifier: MIT
/** Which styles a mail has: about as often as one meets them, damage rather too often than too rarely. */
import { MARKS, STYLES, type StyleName } from './mangle.ts';
import type { Random } from './random.ts';

/**
 * A mark, now and then something lost, and what else mails have.
 * @param feature a style it has in any case, if it can
 * @param nested whether an answer is answered
 */
export function stylesFor(random: Random, feature: StyleName | null, nested: boolean): Set<StyleName> {
  const styles = new Set<StyleName>(feature === null ? [] : [feature]);
  if (nested) for (const name of ['page', 'robot'] as const) styles.delete(name);
  // These are not chosen but come from who answers whom.
  for (const name of STYLES.slice(STYLES.findIndex((style) => style.name === 'depth-2')))
    styles.delete(name.name);
  if (styles.has('robot')) return styles;
  const some = (probability: number, ...names: StyleName[]): void => {
    if (random.chance(probability)) styles.add(random.pick(names));
  };
  if (!MARKS.some((mark) => styles.has(mark))) {
    styles.add(
      random.pick(['gt', 'gt', 'gt', 'gt', 'mutt', 'mutt', 'tight', 'bar', 'colon', 'initials'] as const),
    );
  }
  some(0.08, 'rewrap-marked', 'rewrap-bare', 'tabs8', 'tabs4', 'trailing', 'flowed');
  some(0.05, 'tabs8', 'tabs4', 'trailing');
  some(0.12, 'cut-dots', 'cut-snip', 'cut-silent');
  some(nested ? 0.3 : 0.06, 'few-lines');
  some(0.15, 'attribution');
  some(0.2, 'greeting');
  some(0.3, 'sign-off');
  some(0.1, 'signature');
  some(0.08, 'footer');
  some(0.1, 'trailers');
  some(0.08, 'no-gap');
  some(0.1, 'top-post', 'no-quote');
  some(0.25, 'quoted-printable', 'base64', 'latin1', 'wide', 'crlf');
  return compatible(styles, feature);
}

/** Takes out what cannot be together, never the feature. */
function compatible(styles: Set<StyleName>, feature: StyleName | null): Set<StyleName> {
  const without = (when: StyleName, ...names: StyleName[]): void => {
    if (!styles.has(when)) return;
    const asked = names.find((name) => name === feature);
    if (asked === undefined) for (const name of names) styles.delete(name);
    else styles.delete(when);
  };
  // What tells own words from others' on a page is only what they say, and blank lines.
  without(
    'page',
    'rewrap-marked',
    'rewrap-bare',
    'flowed',
    'no-gap',
    'top-post',
    'no-quote',
    'cut-silent',
    'few-lines',
    'wide',
  );
  without('flowed', 'mutt', 'tight', 'bar', 'colon', 'initials', 'rewrap-marked', 'rewrap-bare', 'trailing');
  without('rewrap-bare', 'rewrap-marked', 'no-gap');
  without('no-quote', 'top-post', 'cut-dots', 'cut-snip', 'cut-silent', 'few-lines');
  without('top-post', 'cut-dots', 'cut-snip', 'cut-silent', 'few-lines', 'trailers', 'no-gap');
  without('latin1', 'wide', 'base64', 'quoted-printable');
  if (!MARKS.some((mark) => styles.has(mark))) styles.add('gt');
  return styles;
}
