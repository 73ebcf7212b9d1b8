// SPDX-License-Identifier: MIT
/**
 * A commit message as paragraphs: prose, and the trailers at its end. Trailers are told by their
 * names, not only by their form (git's trailer.c): `Note: …` begins a sentence more often.
 */

export interface Paragraph {
  /** 1-based line of the message. */
  start: number;
  lines: readonly string[];
  /** Nothing but trailers, and what maintainers put between them. */
  trailers: boolean;
}

export interface MessageTrailer {
  line: number;
  key: string;
  value: string;
  /** The whole line. */
  text: string;
  /** It goes on in the next line, which is indented. */
  folded: boolean;
}

export interface MessageParts {
  prose: readonly Paragraph[];
  /** The paragraphs at the end that are trailers. */
  tail: readonly Paragraph[];
}

const TRAILER =
  /^((?:[A-Z][A-Za-z]*(?:-[A-Za-z]+){0,4}-by)|Cc|Fixes|Link|Closes|BugLink|Bug|Bugzilla|References|Change-Id|Message-Id|Depends-on|Assisted-by|Reported-and-tested-by|Original-patch-by|Git-repo|Git-commit|Patch-mainline|Upstream|Forwarded|Origin|Applied-Upstream|Bug-Debian|Last-Update)\s?:\s?(.*)$/i;
/** `[ann: fixed the build]`, `(cherry picked from commit …)`, `# 6.1`. */
const REMARK =
  /^(?:\[[^\]]{1,300}\]?|\(cherry picked from .{1,80}\)|\(backported from .{1,80}\)|#.{0,200})$/i;

/** @returns null when the line is none */
export function readTrailer(line: string): { key: string; value: string } | null {
  const [, key, value] = TRAILER.exec(line.slice(0, 2000)) ?? [];
  return key === undefined || value === undefined ? null : { key, value: value.trim() };
}

/** @param body the message below the subject */
export function messageParts(body: string): MessageParts {
  const paragraphs = paragraphsOf(body);
  let border = paragraphs.length;
  while (border > 0 && paragraphs[border - 1]?.trailers === true) border--;
  return { prose: paragraphs.slice(0, border), tail: paragraphs.slice(border) };
}

/** The trailers of these paragraphs; of all of a message for those that stand too early. */
export function trailersOf(paragraphs: readonly Paragraph[]): MessageTrailer[] {
  return paragraphs.flatMap(({ start, lines }) =>
    lines.flatMap((text, at) => {
      const trailer = readTrailer(text);
      if (trailer === null) return [];
      return [{ ...trailer, line: start + at, text, folded: /^[ \t]+\S/.test(lines[at + 1] ?? '') }];
    }),
  );
}

function paragraphsOf(body: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let start = 0;
  let lines: string[] = [];
  const end = (): void => {
    if (lines.length > 0) paragraphs.push({ start, lines, trailers: areTrailers(lines) });
    lines = [];
  };
  for (const [at, line] of body.split('\n').entries()) {
    if (line.trim() === '') end();
    else {
      if (lines.length === 0) start = at + 1;
      lines.push(line);
    }
  }
  end();
  return paragraphs;
}

function areTrailers(lines: readonly string[]): boolean {
  let trailers = 0;
  let open = false;
  for (const line of lines) {
    if (readTrailer(line) !== null) trailers++;
    else if (open) {
      open = !line.includes(']');
    } else if (REMARK.test(line.slice(0, 400))) {
      open = line.startsWith('[') && !line.includes(']');
    } else if (trailers === 0 || !/^[ \t]/.test(line)) return false;
  }
  return trailers > 0;
}
