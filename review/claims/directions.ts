// SPDX-License-Identifier: MIT
/** g2h, h2g and loopback, in the words people use for them. */

const DIRECTION =
  /(?<![\w-])(?:(both (?:directions|ways)|(?:guest ?<-{1,2}> ?host|host ?<-{1,2}> ?guest))|(g2h|guest(?: ?(?:-{1,2}>|=>|→|>) ?|[ -]to[ -](?:the )?|2)host)|(h2g|host(?: ?(?:-{1,2}>|=>|→|>) ?|[ -]to[ -](?:the )?|2)guest)|(loopback))(?!\w)/gi;

/** @returns `g2h`, `h2g`, `loopback`, each once, in the order they are named; `both directions` are g2h and h2g */
export function directionsIn(text: string): string[] {
  const found = new Set<string>();
  for (const [, both, g2h, h2g] of text.matchAll(DIRECTION)) {
    if (both !== undefined) found.add('g2h').add('h2g');
    else found.add(g2h !== undefined ? 'g2h' : h2g !== undefined ? 'h2g' : 'loopback');
  }
  return [...found];
}

export function withoutDirections(text: string): string {
  return text.replace(DIRECTION, ' ');
}
