// SPDX-License-Identifier: MIT
import type { Severity } from '../../../core/check.ts';
import { inParallel } from '../../../core/in-parallel.ts';
import type { Person } from '../../../core/series.ts';
import type { MailFacts } from '../../../patches/mail-facts.ts';
import { readPerson } from '../../../patches/trailer-person.ts';
import { type Recipient, recipientsOf } from '../get-maintainer.ts';
import { SERIES } from '../places.ts';
import type { CheckInput, Found, Rule } from '../rule.ts';
import { isMailed, isSame } from '../trailers.ts';

const NETDEV = 'netdev@vger.kernel.org';
/** Everything goes there by default; netdev's own checks do not ask for it. */
const LKML = 'linux-kernel@vger.kernel.org';
/** How many scripts run at once. */
const AT_ONCE = 2;

interface Patch {
  index: number;
  mail: string;
  /** Who gets it; the author and the sender do not send it to themselves. */
  reached: Person[];
}

export const recipients: Rule = {
  id: 'recipients',
  kind: 'people',
  severity: 'warning',
  title: 'maintainers, reviewers and lists of what is touched get the patch',
  explanation: `"You should always copy the appropriate subsystem maintainer(s) and list(s) on any patch to code that
they maintain". Who they are stands in MAINTAINERS; the tree's scripts/get_maintainer.pl tells it for a patch, and
is asked for each. It is held against To and Cc of the mails; for a series that is not mailed yet, against list
and cc of its series.toml.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#select-the-recipients-for-your-patch',
  needs: 'tree',
  advice: 'add the address to Cc; git send-email --cc-cmd does it for all',
  check: async (input) => {
    const { mails, setting, series, signal } = input;
    const mailed = mails.some(isMailed);
    const named = [...setting.lists, ...setting.cc].map(personOf);
    const patches = series.patches.map(({ index, author }): Patch => {
      const mail = mails.find(({ patch }) => patch === index);
      const reached = mailed ? addressesOf(mail) : named;
      return { index, mail: textOf(mail), reached: [...reached, author, ...(mail?.from ? [mail.from] : [])] };
    });
    const scripts = await input.scripts();
    const ask = async (mail: string): Promise<Recipient[]> =>
      (await recipientsOf(scripts, mail, signal)).filter((one) => isWanted(one, input));
    // One run for many patches tells whether anybody is missing at all: most often nobody is.
    const groups = await inParallel(inGroups(patches, AT_ONCE), AT_ONCE, async (group) => ({
      group,
      all: await ask(group.map(({ mail }) => mail).join('\n')),
    }));
    if (!mailed && named.length === 0) {
      const all = new Map(groups.flatMap((one) => one.all).map((who) => [who.email, who]));
      return all.size === 0 ? [] : [whomToSendTo([...all.values()])];
    }
    const lacking = groups.flatMap(({ group, all }) =>
      group.every(({ reached }) => all.every((one) => isReached(one, reached))) ? [] : group,
    );
    const missing = new Map<string, { who: Recipient; patches: number[] }>();
    await inParallel(lacking, AT_ONCE, async ({ mail, reached, index }) => {
      for (const who of await ask(mail)) {
        if (isReached(who, reached)) continue;
        const one = missing.get(who.email) ?? { who, patches: [] };
        // Maintainer for one patch and reviewer for another: the more counts.
        if (one.who.kind === 'reviewer') one.who = who;
        one.patches.push(index);
        missing.set(who.email, one);
      }
    });
    const found = [...missing.values()]
      .filter(({ who }) => !(mailed && isNetdev(who, input)))
      .toSorted((a, b) => KINDS.indexOf(a.who.kind) - KINDS.indexOf(b.who.kind))
      .map(({ who, patches: where }) => foundOf(who, where, patches.length, mailed));
    return [...netdevMissing(patches, input, mailed), ...found];
  },
};

function inGroups<T>(items: readonly T[], count: number): T[][] {
  const size = Math.ceil(items.length / count);
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size)).filter(
    (group) => group.length > 0,
  );
}

const KINDS: readonly Recipient['kind'][] = ['list', 'maintainer', 'reviewer'];

/** netdev takes a series whole, so all of it goes to the list. */
function netdevMissing(patches: readonly Patch[], { profile }: CheckInput, mailed: boolean): Found[] {
  if (profile !== 'netdev' || !mailed) return [];
  const list: Recipient = { name: '', email: NETDEV, kind: 'list', role: 'list of the networking trees' };
  const where = patches.filter(({ reached }) => !isReached(list, reached)).map(({ index }) => index);
  return where.length === 0 ? [] : [{ ...foundOf(list, where, patches.length, mailed), severity: 'error' }];
}

function isNetdev({ email }: Recipient, { profile }: CheckInput): boolean {
  return profile === 'netdev' && email === NETDEV;
}

function isWanted({ email }: Recipient, { profile }: CheckInput): boolean {
  return !(profile === 'netdev' && email === LKML);
}

function foundOf(who: Recipient, where: readonly number[], total: number, mailed: boolean): Found {
  const severity: Severity = who.kind === 'reviewer' || who.email === LKML ? 'note' : 'warning';
  const sorted = where.toSorted((a, b) => a - b);
  const of = total === 1 ? '' : sorted.length === total ? ' (all patches)' : ` (${patchesIn(sorted)})`;
  const lacks = mailed ? 'is not in To or Cc' : 'is not named in series.toml';
  return {
    place: SERIES,
    quote: null,
    severity,
    text: `${shown(who)}, ${who.role}, ${lacks}${of}`,
    advice: mailed
      ? `add ${shown(who)} to Cc`
      : `add it to ${who.kind === 'list' ? 'list' : 'cc'} in series.toml`,
  };
}

function whomToSendTo(all: readonly Recipient[]): Found {
  const people = all.filter(({ kind }) => kind !== 'list').map(shown);
  const lists = all.filter(({ kind }) => kind === 'list').map(shown);
  return {
    place: SERIES,
    quote: null,
    severity: 'note',
    text: `not mailed yet; it goes to ${[...lists, ...people].join(', ')}`,
    advice: 'name them as list and cc in series.toml, or to git send-email',
  };
}

/** `patch 2`, `patches 1-3, 5` */
function patchesIn(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  const text = runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
  return `${numbers.length === 1 ? 'patch' : 'patches'} ${text}`;
}

function shown({ name, email }: Recipient): string {
  return name === '' ? email : `${name} <${email}>`;
}

/** Who a mail is to by another address gets it, too. */
function isReached(who: Recipient, reached: readonly Person[]): boolean {
  return reached.some(
    (one) => one.email.toLowerCase() === who.email || (who.kind !== 'list' && isSame(one, who)),
  );
}

function personOf(text: string): Person {
  return readPerson(text).person ?? { name: '', email: text.trim() };
}

function addressesOf(mail: MailFacts | undefined): Person[] {
  return mail === undefined ? [] : [...mail.to, ...mail.cc];
}

/** Decoded, as the script reads lines of a patch and matches words of the message. */
function textOf(mail: MailFacts | undefined): string {
  return mail === undefined ? '' : `Subject: ${mail.subject}\n\n${mail.text}\n`;
}
