// SPDX-License-Identifier: MIT
/** Who is credited at the end of a changelog entry: `(Stefano)`, `[Paolo]`, `@Name`, `as suggested by X`. */

/** What leads to a name, so that the name may be written in any way. */
const LEAD =
  /^(?:(?:many )?thanks,? (?:to |go to )?|(?:as )?(?:suggested|requested|asked|reported|pointed out|noted|noticed|spotted|found|recommended|proposed|mentioned)(?: for)? by |credits? to |per |from |by |h\/t |cc:? )+/i;
const TAIL_LEAD =
  /(?:^|[\s,;-])((?:many )?thanks,? (?:to |go to )?|(?:as )?(?:suggested|requested|asked|reported|pointed out|noted|noticed|spotted|recommended|proposed)(?: for)? by |credits? to )([^\s()[\],;:]+(?: [\p{Lu}][^\s()[\],;:]*){0,3})$/iu;
const NAME =
  /^@?\p{Lu}(?:[\p{L}'’-]*\p{Ll}[\p{L}'’-]*|\.(?= ))(?: (?:\p{Lu}(?:[\p{L}'’-]*\p{Ll}[\p{L}'’-]*|\.?)|de|van|von|der|den|la|le|bin|al)){0,3}$/u;
const HANDLE = /^@?[\p{L}\d][\p{L}\d._'’-]*(?: [\p{L}\d][\p{L}\d._'’-]*){0,3}$/u;
const ROBOTS =
  /^(?:(?:the )?(?:kernel|kbuild|intel) test robot|lkp|syzbot|syzkaller|0day(?: bot)?|kernelci)$/i;
/** Capitalised words that stand in such brackets and are nobody. */
const NOBODY = new Set(
  (
    'Patch Patches Patchset Series New None Note Notes Only All Both Thanks Optional Tested Untested Done Todo Documentation ' +
    'Linux Kernel Rust Debian Fedora Ubuntu Intel Google Also Already Again Now Never Same Still Maybe See This That The Was ' +
    'Link Links Kconfig Makefile Cover Changelog Cosmetic Minor Major Trivial Fix Fixed Fixes Bug Nit Nits Rebase Rebased ' +
    'Sparse Smatch Coccinelle Checkpatch Git First Second Third Last Previous Dropped Removed Added Resend Host Guest'
  ).split(' '),
);

/** A credit stands at the end, and is short. */
const TAIL = 160;

/** @returns null when nobody is named at the end of the text */
export function creditOf(text: string): string | null {
  let tail = text.slice(-TAIL).trimEnd();
  while (/[.!,;]$/.test(tail)) tail = tail.slice(0, -1).trimEnd();
  const bracketed = /[([]([^()[\]]{1,80})[)\]]$/.exec(tail);
  if (bracketed) return creditIn(bracketed[1] ?? '');
  const at = /(?:^|\s)@(\p{L}[\p{L}\d'’._-]*(?: \p{Lu}[\p{L}'’.-]*){0,3})$/u.exec(tail);
  if (at) return at[1] ?? null;
  const robot = /\sby (?:the )?((?:kernel|kbuild) test robot|lkp|syzbot)$/i.exec(tail);
  if (robot) return robot[1] ?? null;
  const led = TAIL_LEAD.exec(tail);
  if (led) return nobody(led[2] ?? '') ? null : nameOf(led[2] ?? '', true);
  const dashed = /\s(?:--|[–—])\s?([^-–—]{2,60})$/.exec(tail);
  return dashed ? namesOf(dashed[1] ?? '', false) : null;
}

/** The same for what stands in a pair of brackets: `thanks, Paolo`, `Stefano and Paolo`. */
export function creditIn(text: string): string | null {
  const inner = text.trim();
  if (inner.length > 80 || /^https?:/i.test(inner)) return null;
  if (ROBOTS.test(inner)) return inner;
  const lead = LEAD.exec(inner);
  if (lead) return namesOf(inner.slice(lead[0].length), true);
  const own = /^(.{2,60})['’]s (?:suggestion|comments?|review|feedback|request|idea|remarks?|advice)$/i.exec(
    inner,
  );
  return namesOf(own?.[1] ?? inner, false);
}

function namesOf(text: string, led: boolean): string | null {
  const parts = text.split(/(?:\s*[,&/+]\s*(?:and\s)?|\sand\s)/);
  const names = parts.map((part) => nameOf(part.trim(), led));
  return names.every((name) => name !== null) ? names.join(', ') : null;
}

/** @param led whether `thanks to` or the like stands before it */
function nameOf(text: string, led: boolean): string | null {
  const name = (/^([^<>]*)<[^<>]*>$/.exec(text)?.[1] ?? text).trim();
  if (name === '' || nobody(name)) return null;
  if (ROBOTS.test(name) || NAME.test(name)) return name.replace(/^@/, '');
  const taken = led || name.startsWith('@') ? HANDLE.test(name) && !/^\d+$/.test(name) : false;
  return taken ? name.replace(/^@/, '') : null;
}

function nobody(name: string): boolean {
  const words = name.split(' ');
  return (
    words.some((word) => NOBODY.has(word)) ||
    /^(?:the|a|an|me|you|us|all|each|every|this|that)(?:\s|$)/i.test(name)
  );
}
