// SPDX-License-Identifier: MIT
/** Lines that are in every mail and say nothing of a patch: greetings, closings, names, marks of a cut, trailers. */

/** `[...]`, `<snip>`, `…`: the writer cut something here. */
const SNIP =
  /^\s*(?:-{1,3}\s*)?[[<(]?\s*(?:(?:\.{2,}|…)\s*)?(?:\.{2,}|…|snip(?:ped|s)?\b.{0,40}|cut|skip(?:ped)?\b.{0,30}|trim(?:med)?\b.{0,30}|deleted)\s*[\])>]?(?:\s*-{1,3})?\s*$/i;

const GREETING =
  /^\s*(?:hi|hello|hey|dear|good (?:morning|evening|day)|greetings|hallo|ciao|salut|hola)\b[^.!?:;]{0,60}[,!.]?\s*$/i;

/** Where English is not the writer's language. */
const FOREIGN_CLOSING =
  /^\s*(?:mvh|vh|(?:med )?(?:vänlig|venlig|vennlig)a? (?:hälsning(?:ar)?|hilsen)|hälsningar|hilsen|(?:mit )?(?:freundlichen|viele|schöne|beste|liebe)n? grüße?n?|gruß|grüße|danke|vg|lg|mfg|cordialement|amicalement|bien à (?:toi|vous)|merci|saluti|grazie|saludos|gracias|abraços?|pozdrawiam|terveisin|met vriendelijke groeten?|groet(?:en|jes)?)\s*[,.!]?\s*$/i;

const CLOSING =
  /^\s*(?:many |kind |best |warm |with )?(?:thanks|thank you|thx|cheers|regards|best|br|greetings|sincerely|ciao|hth|yours)\b[^:;?]{0,40}[,.!]?\s*(?::-?\)|;-?\))?\s*$/i;

/** `Stefano`, `-- Paolo`, `Bobby E.`, `/Michael` */
const NAME = /^\s*(?:[-–/~]{0,3}\s*)?\p{L}[\p{L}.'’-]{0,20}(?: \p{L}[\p{L}.'’-]{0,20}){0,3}\s*$/u;

/** Tags that people give. `Fixes:` and `Cc:` in a reply ask for something: they are words. */
const TRAILER =
  /^\s*(?:(?:[A-Za-z]+-and-)*(?:reviewed|acked|tested)(?:-and-[a-z]+)*-by|nacked-by|n?ack):\s+\S[^<>]{0,200}<[^<>\s]+>/i;
/** … of which a mailer has put the address on the next line. */
const WRAPPED_TRAILER = /^\s*(?:reviewed|acked|tested|nacked)-by:\s+[^<>]{2,200}$/i;

export function isSnip(line: string): boolean {
  return line.length < 80 && SNIP.test(line);
}

export function isTrailerLine(line: string): boolean {
  return line.length < 400 && TRAILER.test(line);
}

/** How many lines from `at` on are a tag somebody gives: 0, 1, or 2 when its address was wrapped. */
export function trailerLength(lines: readonly string[], at: number): 0 | 1 | 2 {
  const line = lines[at] ?? '';
  if (isTrailerLine(line)) return 1;
  const wrapped =
    line.length < 400 && WRAPPED_TRAILER.test(line) && /^\s*<[^<>\s]+>\s*$/.test(lines[at + 1] ?? '');
  return wrapped ? 2 : 0;
}

/** `Hi Bobby,` */
export function isGreeting(line: string): boolean {
  return line.length < 100 && GREETING.test(line);
}

/** `Thanks,`, `Best regards` */
export function isClosing(line: string): boolean {
  return line.length < 100 && !line.includes('\n') && (CLOSING.test(line) || FOREIGN_CLOSING.test(line));
}

/** One to four words that may be somebody's name, as a signature has them. */
export function isName(line: string): boolean {
  return line.length < 100 && NAME.test(line);
}
