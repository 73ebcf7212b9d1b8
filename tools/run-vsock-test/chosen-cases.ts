// SPDX-License-Identifier: MIT
/** Some cases out of all: what `--case PROGRAM:CASE` names. */
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { nearest } from '../../core/nearest.ts';
import type { Direction } from '../../core/run.ts';
import type { TestProgram } from './programs.ts';

export interface ChosenCases {
  program: string;
  /** Numbers, both counted in; or a part of the name, in whichever case. null: the whole program. */
  which: { from: number; to: number } | { named: string } | null;
}

/**
 * `vsock_test`, `vsock_test:3`, `vsock_test:3-5`, `probe-user:bad address`
 * @throws RespinError BAD_OPTION (usage)
 */
export function parseChosen(text: string, programs: readonly TestProgram[]): ChosenCases {
  const colon = text.indexOf(':');
  const name = (colon < 0 ? text : text.slice(0, colon)).trim();
  const rest = colon < 0 ? null : text.slice(colon + 1).trim();
  const program = programs.find((one) => one.name === name);
  if (program === undefined) {
    const names = programs.map((one) => one.name);
    const near = nearest(name, names);
    throw badCase(
      text,
      `there is no program ${name === '' ? 'without a name' : printable(name)}`,
      near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there are ${names.join(', ')}`,
    );
  }
  if (rest === null) return { program: name, which: null };
  if (rest === '')
    throw badCase(text, 'there is no case behind the colon', 'a number, as in vsock_test:3, or a name');
  if (!program.selectable) {
    throw badCase(text, `${name} cannot be told which cases to run`, `--case ${name} runs all of it`);
  }
  const numbers = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(rest);
  if (numbers === null) return { program: name, which: { named: rest } };
  const [from, to] = [Number(numbers[1]), Number(numbers[2] ?? numbers[1])];
  if (to < from) throw badCase(text, `${from}-${to} has no case in it`, 'the smaller number comes first');
  return { program: name, which: { from, to } };
}

/** What fails less often than once in so many runs wants another tool. */
export const MOST_TIMES = 1000;

/** null for what is no number from 1 to `MOST_TIMES`. */
export function parseTimes(text: string): number | null {
  const times = Number(text);
  return /^\d{1,4}$/.test(text) && times >= 1 && times <= MOST_TIMES ? times : null;
}

/**
 * The numbers of the cases of a program that are chosen, in its order.
 * @throws RespinError CASE_UNKNOWN (usage) for a choice that is none of its cases
 */
export function chosenIds(
  program: string,
  list: readonly { id: number; name: string }[],
  chosen: readonly ChosenCases[],
): number[] {
  const own = chosen.filter((one) => one.program === program);
  const none = own.filter(({ which }) => casesOf(list, which).length === 0);
  if (none.length > 0) throw noSuchCase(program, list, none);
  const found = new Set(own.flatMap(({ which }) => casesOf(list, which)));
  return list.filter((one) => found.has(one)).map(({ id }) => id);
}

/** One that has just this name is meant, and none whose name goes on. */
function casesOf<T extends { id: number; name: string }>(
  list: readonly T[],
  which: ChosenCases['which'],
): T[] {
  if (which === null) return [...list];
  if ('from' in which) return list.filter(({ id }) => which.from <= id && id <= which.to);
  const wanted = which.named.toLowerCase();
  const exact = list.filter(({ name }) => name.toLowerCase() === wanted);
  return exact.length > 0 ? exact : list.filter(({ name }) => name.toLowerCase().includes(wanted));
}

/**
 * The directions of those asked for that a chosen program has.
 * @throws RespinError BAD_OPTION (usage) for a program that has none of them
 */
export function chosenDirections(
  programs: readonly TestProgram[],
  directions: readonly Direction[],
): Direction[] {
  for (const { name, directions: own } of programs) {
    if (own.some((one) => directions.includes(one))) continue;
    throw badCase(name, `it does not run in ${directions.join(', ')}`, `it runs in ${own.join(', ')}`);
  }
  return directions.filter((one) => programs.some((program) => program.directions.includes(one)));
}

/** As it is written on a command line, `vsock_test:3-5`. */
export function chosenText({ program, which }: ChosenCases): string {
  if (which === null) return program;
  if ('named' in which) return `${program}:${which.named}`;
  return which.from === which.to ? `${program}:${which.from}` : `${program}:${which.from}-${which.to}`;
}

/** A program that has no such case: known only where it runs. */
function noSuchCase(
  program: string,
  list: readonly { id: number; name: string }[],
  chosen: readonly ChosenCases[],
): RespinError {
  const own = chosen.map(chosenText);
  const [first, last] = [list[0], list.at(-1)];
  if (first === undefined || last === undefined) {
    return new RespinError({
      code: 'CASES_UNLISTED',
      blame: 'machine',
      message: `${program} --list printed no case: which of them ${printable(own.join(', '))} is cannot be told`,
      hint: `--case ${program} runs all of it`,
    });
  }
  return new RespinError({
    code: 'CASE_UNKNOWN',
    blame: 'usage',
    message: `${program} has no case ${printable(own.join(', '))}`,
    detail: list.map(({ id, name }) => `${id} ${printable(name)}`).join('\n'),
    hint: `it has ${first.id} to ${last.id}; a part of a name does as well`,
  });
}

function badCase(text: string, what: string, hint: string): RespinError {
  return new RespinError({
    code: 'BAD_OPTION',
    blame: 'usage',
    message: `--case ${printable(text)}: ${what}`,
    hint,
  });
}
