// SPDX-License-Identifier: MIT
/** Who writes in the generated threads, and the line above a quote that says so in their mailer's words. */
import type { Person } from '../../core/series.ts';
import type { Random } from './random.ts';

export interface Writer extends Person {
  /** What some mailers put in front of a quoted line: `BE`. */
  initials: string;
}

const writer = (name: string, email: string, initials: string): Writer => ({ name, email, initials });

export const WRITERS: readonly Writer[] = [
  writer('Anna Lindqvist', 'anna@example.org', 'AL'),
  writer('Tom Barrow', 'tbarrow@example.org', 'TB'),
  writer('Priya Raman', 'praman@example.org', 'PR'),
  writer('Marco De Santis', 'marco.desantis@example.org', 'MDS'),
  writer('Kwame Osei', 'kwame@example.org', 'KO'),
  writer("Sheila O'Dowd", 'sheila.odowd@example.org', 'SO'),
  writer('Grigore Ionescu-Popovici', 'grigore.ionescu-popovici@kernel-work.example.org', 'GIP'),
  writer('Li Wei', 'li.wei@example.org', 'LW'),
];
/** Names that iso-8859-1 can write. */
export const LATIN1_WRITERS: readonly Writer[] = [
  writer('Jörg Schäfer', 'joerg@example.org', 'JS'),
  writer('José Núñez', 'jose.nunez@example.org', 'JN'),
  writer('Zoé Lefèvre', 'zoe@example.org', 'ZL'),
];
/** Names that it cannot: two of them take two cells a letter. */
export const WIDE_WRITERS: readonly Writer[] = [
  writer('山田 花子', 'hanako@example.org', 'YH'),
  writer('김민준', 'minjun@example.org', 'KM'),
  writer('Łukasz Wójcik', 'lukasz@example.org', 'ŁW'),
  writer('Иван Смирнов', 'ivan.smirnov@example.org', 'ИС'),
];
export const ROBOT: Writer = writer('kernel build robot', 'robot@example.org', 'KR');

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** As a Date header has it. */
export function mailDate(date: Date): string {
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} +0000`;
}

/** What mutt, gmail and most others write on kernel lists; nothing in some mails. */
export function plainAttribution(random: Random, from: Writer, date: Date): string[] {
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  const day = `${DAYS[date.getUTCDay()]}, ${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate())}, ${date.getUTCFullYear()}`;
  return random.pick([
    [`On ${day} at ${clock}:${two(date.getUTCSeconds())} +0000, ${from.name} wrote:`],
    [`On ${mailDate(date)}`, `${from.name} <${from.email}> wrote:`],
    [
      `On ${date.getUTCMonth() + 1}/${date.getUTCDate()}/${String(date.getUTCFullYear()).slice(2)} ${clock}, ${from.name} wrote:`,
    ],
    [`${from.name} <${from.email}> writes:`, ''],
    [],
  ]);
}

/** The rarer ones: other languages, broken over two lines where the name is long, and headers copied. */
export function otherAttribution(random: Random, from: Writer, date: Date, subject: string): string[] {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  const person = `${from.name} <${from.email}>`;
  return random.pick([
    [`Am ${two(day)}.${two(month)}.${year} um ${clock} schrieb ${from.name}:`],
    [`Le ${two(day)}/${two(month)}/${year} à ${clock}, ${from.name} a écrit :`],
    [
      `El ${day}/${month}/${String(year).slice(2)} a las ${clock}, ${from.name}`,
      `(<${from.email}>) escribió:`,
    ],
    [`Il giorno ${two(day)}/${two(month)}/${year} ${clock}, ${from.name} ha scritto:`],
    [`W dniu ${two(day)}.${two(month)}.${year} o ${clock}, ${from.name} pisze:`],
    [`${two(day)}.${two(month)}.${year} ${clock}, ${from.name} пишет:`],
    [`在 ${year}/${month}/${day} ${clock}, ${from.name} 写道:`],
    [`${year}年${month}月${day}日 ${clock} ${person}:`],
    [`On ${mailDate(date)}, ${from.name}`, `<${from.email}> wrote:`],
    [`On ${MONTHS[month - 1]} ${day}, ${year}, at ${clock}, ${from.name}`, `<${from.email}>`, 'wrote:'],
    [`* ${person} [${year}-${two(month)}-${two(day)} ${clock}:00]:`],
    [`>>>>> "${from.initials}" == ${from.name} <${from.email}> writes:`],
    [`-----Original Message-----`, `From: ${person}`, `Sent: ${mailDate(date)}`, `Subject: ${subject}`, ''],
  ]);
}
