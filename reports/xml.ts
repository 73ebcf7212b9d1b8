// SPDX-License-Identifier: MIT
/** Text from a record inside of XML: JUnit, SVG. */
import { printable, printableLines } from '../core/escape.ts';

/** One line, for an attribute's value or a text. */
export function xmlAttribute(text: string): string {
  return markup(printable(text)).replace(/\t/g, '&#9;');
}

/** Text of several lines inside an element. */
export function xmlContent(text: string): string {
  return markup(printableLines(text));
}

/** `printable` has taken out the control bytes XML 1.0 forbids; two noncharacters are left. */
function markup(text: string): string {
  return text
    .replace(/[\ufffe\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
