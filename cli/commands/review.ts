// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { chooseVerb } from '../arguments.ts';
import type { Command, Context } from '../command.ts';

interface Verb {
  /** As `chooseVerb` takes them; null: any number. */
  args: readonly string[] | null;
  /** The options it takes, besides --series and the global ones. */
  options?: readonly string[];
  load(): Promise<(context: Context, args: string[]) => Promise<ExitCode>>;
}

/** Every verb there is: the one place to add another. */
const VERBS: Record<string, Verb> = {
  import: {
    args: null,
    options: ['version'],
    load: async () => (await import('../review/import.ts')).importSources,
  },
  diff: { args: ['[VERSION]', '[VERSION]'], load: async () => (await import('../review/diff.ts')).diff },
  link: { args: ['MSGID', 'VERSION'], load: async () => (await import('../review/link.ts')).link },
  show: { args: ['[vN]'], load: async () => (await import('../review/read.ts')).show },
  status: {
    args: [],
    options: ['all', 'by', 'version'],
    load: async () => (await import('../review/read.ts')).status,
  },
  comment: { args: ['ID'], load: async () => (await import('../review/read.ts')).comment },
  resolve: {
    args: ['ID'],
    options: ['as', 'why'],
    load: async () => (await import('../review/decide.ts')).resolve,
  },
  reopen: { args: ['ID'], options: ['why'], load: async () => (await import('../review/decide.ts')).reopen },
  reply: {
    args: ['ID'],
    options: ['to', 'out'],
    load: async () => (await import('../review/reply.ts')).reply,
  },
  'tested-by': {
    args: ['RUN'],
    options: ['out'],
    load: async () => (await import('../review/tested-by.ts')).testedBy,
  },
  export: {
    args: ['VERSION'],
    options: ['out'],
    load: async () => (await import('../review/export.ts')).exportVersion,
  },
  trailers: {
    args: [],
    options: ['apply', 'dry-run'],
    load: async () => (await import('../review/read.ts')).trailers,
  },
  changelog: {
    args: [],
    options: ['draft', 'range'],
    load: async () => (await import('../review/read.ts')).changelog,
  },
};

export const review: Command = {
  options: {
    series: {
      type: 'string',
      value: 'NAME',
      description: 'the series; by default the one you stand in, or the only one with mails',
    },
    version: {
      type: 'string',
      value: 'vN',
      description: 'import: the version of commits that were never mailed; status: only what was said of it',
    },
    all: {
      type: 'boolean',
      description: 'status: the closed comments as well, with who closed them and why',
    },
    by: {
      type: 'string',
      value: 'PERSON',
      description: 'status: only what this person said; a part of the name or address',
    },
    as: {
      type: 'string',
      value: 'STATE',
      description: 'resolve: addressed, answered, declined or moot',
    },
    why: {
      type: 'string',
      value: 'TEXT',
      description: 'resolve, reopen: the reason; kept beside the series',
    },
    to: {
      type: 'string',
      value: 'MSGID',
      description: 'reply: the mail under the comment that is answered; by default the comment itself',
    },
    out: {
      type: 'string',
      value: 'FILE',
      description: 'reply, tested-by: the file to write; export: the folder; by default stdout',
    },
    apply: { type: 'boolean', description: 'trailers: write them into patches/SERIES/vN/*.patch' },
    'dry-run': { type: 'boolean', description: 'trailers --apply: only say what would be written' },
    draft: { type: 'boolean', description: 'changelog: propose that of the next version' },
    range: {
      type: 'string',
      value: 'A..B',
      description: 'changelog --draft: the commits of the next version, in this repository',
    },
  },
  details: `SOURCE is an mbox, a maildir, *.eml files, the page of a web archive, https://HOST/LIST/MSGID/ of a
server such as lore.kernel.org, git:REPOSITORY#A..B, or - for stdin. The mails are kept in
patches/SERIES/mail/, what you decide on comments in patches/SERIES/review.toml.`,
  run: async (context) => {
    const [word] = context.positionals;
    const names = Object.fromEntries(Object.entries(VERBS).map(([name, { args }]) => [name, args ?? []]));
    const free = word !== undefined && VERBS[word]?.args === null;
    const { verb, args } = free
      ? { verb: word, args: context.positionals.slice(1) }
      : chooseVerb('review', context.positionals, names);
    const chosen = VERBS[verb] as Verb;
    refuseOptions(context, verb, chosen.options ?? []);
    const run = await chosen.load();
    return await run(context, args);
  },
};

/** Nothing that was asked for is passed over in silence. */
function refuseOptions(context: Context, verb: string, allowed: readonly string[]): void {
  for (const name of Object.keys(review.options)) {
    if (name === 'series' || allowed.includes(name) || context.values[name] === undefined) continue;
    throw new RespinError({
      code: 'BAD_OPTION',
      blame: 'usage',
      message: `--${name} is not for review ${verb}`,
      hint: 'respin review --help lists the options',
    });
  }
}
