// SPDX-License-Identifier: MIT
/**
 * What a mail says became of a series: patchwork's bot, `b4 ty`, a maintainer's own words, or a
 * command to the bot.
 *
 *     This series was applied to netdev/net-next.git (main)      Applied to net-next, thanks!
 *     by NAME <ADDRESS>:                                         [1/2] title
 *     Here is the summary with links:                                  commit: 0123456789abcdef
 *       - [net-next,v8,1/2] title
 *         https://HOST/netdev/net-next/c/0123456789ab            pw-bot: changes-requested
 */
import { sentencesOf } from '../trailers/trailer-sentences.ts';

export interface AppliedWords {
  how: 'applied' | 'queued';
  tree: string | null;
  /** Whom the bot names; null where the sender speaks for himself. */
  by: string | null;
  /** `whole` when the words say so; else those they list or name; null when they say nothing of it. */
  patches: number[] | 'whole' | null;
  commits: { patch: number; commit: string }[];
}

/** More is no notice: nobody queues a thousand patches with their names. */
const LONGEST = 200_000;
const MOST = 1000;

const BOT =
  /^(?:hello[:,]? )?this (series|patch) was applied to (\S{1,100}(?: \([^()\s]{1,100}\))?) by ([^<>]{1,100}?) ?<[^<>]{0,200}>/i;
const SERIES = `(?:the |this |whole |entire |full )*(?:series|patch ?set|both(?: patches)?|all(?: (?:w+ )?patches)?)`;
const ONE = String.raw`(?:it|this|them|the patch|this patch|the patches|patch(?:es)? #?\d{1,4}(?:(?: ?[-,&] ?| and | to )#?\d{1,4}){0,20})`;
const TREE = String.raw`(?: (?:to|into|in|for|on|onto) (?:the |our )?([\w/][\w./'-]{0,80}(?: \([\w./-]{1,80}\))?)(?: (?:tree|branch|repo))?)?`;
const OWN = new RegExp(
  `^(?:(?:ok(?:ay)?|thanks|great|lgtm|and)[,!.:;-]{0,2} )?(?:(?:i(?:'ve| have)?|we(?:'ve| have)?|(${SERIES}|${ONE})(?: (?:was|were|is|are|has been|have been))?) )?` +
    `(?:now |just |also )?(applied|queued|merged|picked|pushed)(?: (${SERIES}|${ONE}))?(?: up)?${TREE}(?: as (?:commit )?[0-9a-f]{7,40})?` +
    String.raw`(?=$|[,.;:!()]| - | – | with | thanks?\b)`,
  'i',
);
/** Who tries a series applies it, too. */
const TRIED =
  /\b(?:locally|on my (?:machine|setup|system|box|laptop)|(?:and|have|then|i) (?:tested|ran|built|booted))\b/i;

/** @param text somebody's own words; @returns null when they say nothing of the kind */
export function readApplied(text: string): AppliedWords | null {
  const words = text.slice(0, LONGEST);
  const commits = commitsIn(words);
  const bot = BOT.exec(words.slice(0, 1000).replace(/\s+/g, ' ').trim());
  if (bot !== null) {
    const listed = commits.map(({ patch }) => patch);
    return {
      ...{ how: 'applied', tree: bot[2] ?? null, by: bot[3]?.trim() ?? null },
      patches: listed.length > 0 ? listed : bot[1]?.toLowerCase() === 'series' ? 'whole' : null,
      commits: withHash(commits),
    };
  }
  if (TRIED.test(words)) return null;
  const paragraphs = words.slice(0, 20_000).split(/\n\s*\n/);
  for (const sentence of paragraphs.flatMap((one) => sentencesOf(one.split('\n')))) {
    const own = sentence.length > 400 ? null : OWN.exec(sentence);
    if (own === null) continue;
    return {
      how: own[2]?.toLowerCase() === 'queued' ? 'queued' : 'applied',
      tree: treeOf(own[4]),
      by: null,
      patches: commits.length > 0 ? commits.map(({ patch }) => patch) : scopeOf(own[1] ?? own[3] ?? ''),
      commits: withHash(commits),
    };
  }
  return null;
}

function treeOf(name: string | undefined): string | null {
  const tree = (name ?? '').replace(/[.'-]+$/, '');
  return tree === '' || /^(?:my|v\d+|next|this|that|it)$/i.test(tree) ? null : tree;
}

function scopeOf(words: string): AppliedWords['patches'] {
  if (new RegExp(`^${SERIES}$`, 'i').test(words)) return 'whole';
  const numbers: number[] = [];
  for (const [, from, to] of words.matchAll(/(\d{1,4})(?: ?(?:-|to) ?#?(\d{1,4}))?/g)) {
    for (let one = Number(from); one <= Number(to ?? from) && numbers.length < MOST; one++) numbers.push(one);
  }
  return numbers.length > 0 ? numbers : null;
}

/** `- [net-next,v8,1/2] title`, `[1/2] title`; and a line or two below it, its commit. */
const ITEM = /^\s*(?:-\s+)?\[([^[\]]{1,200})\]\s+\S/;
const COMMIT =
  /^\s+(?:commit: ([0-9a-f]{7,40})|https?:\/\/\S{1,200}\/c\/([0-9a-f]{7,40})|\(no commit info\))\s*$/;
const BELOW = 3;

function commitsIn(text: string): { patch: number; commit: string | null }[] {
  const lines = text.split('\n');
  const found: { patch: number; commit: string | null }[] = [];
  for (const [at, line] of lines.entries()) {
    const item = line.length > 1000 ? null : ITEM.exec(line);
    if (item === null || found.length >= MOST) continue;
    const below = lines.slice(at + 1, at + 1 + BELOW);
    const next = below.findIndex((one) => ITEM.test(one.slice(0, 1000)));
    const commit = (next < 0 ? below : below.slice(0, next))
      .map((one) => COMMIT.exec(one.slice(0, 400)))
      .find(Boolean);
    if (commit === null || commit === undefined) continue;
    const number = Number(/(\d{1,4})\/\d{1,4}/.exec(item[1] ?? '')?.[1] ?? 1);
    // The cover letter is listed where it became a merge.
    if (number > 0) found.push({ patch: number, commit: commit[1] ?? commit[2] ?? null });
  }
  return found;
}

function withHash(list: readonly { patch: number; commit: string | null }[]): AppliedWords['commits'] {
  return list.flatMap(({ patch, commit }) => (commit === null ? [] : [{ patch, commit }]));
}

/** The words without such a list: it asks nothing of anybody. */
export function withoutCommits(text: string): string {
  if (!text.includes('[')) return text;
  const lines = text.split('\n');
  return lines
    .filter((line, at) => {
      if (COMMIT.test(line.slice(0, 400))) return false;
      const below = lines.slice(at + 1, at + 1 + BELOW);
      return !(ITEM.test(line.slice(0, 1000)) && below.some((one) => COMMIT.test(one.slice(0, 400))));
    })
    .join('\n');
}

const PW_BOT = /^\s*pw-bot:\s*([a-z-]{2,40})\s*$/im;
/** What patchwork calls what its bot is told. */
const STATES: Readonly<Record<string, string>> = {
  cr: 'changes requested',
  'changes-requested': 'changes requested',
  superseded: 'superseded',
  rejected: 'rejected',
  reject: 'rejected',
  deferred: 'deferred',
  defer: 'deferred',
  'not-applicable': 'not applicable',
};

/** The state patchwork's bot is told, in patchwork's words; null without one. */
export function readBotCommand(text: string): string | null {
  return STATES[PW_BOT.exec(text.slice(0, LONGEST))?.[1]?.toLowerCase() ?? ''] ?? null;
}
