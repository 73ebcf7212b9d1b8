// SPDX-License-Identifier: MIT
import type { CommandWithVerbs, OptionTable } from '../command.ts';

const WHY: OptionTable = {
  why: { type: 'string', value: 'TEXT', description: 'the reason; kept beside the series' },
};

const MAIL_FILE: OptionTable = {
  out: { type: 'string', value: 'FILE', description: 'the file to write; by default stdout' },
};

export const review: CommandWithVerbs = {
  options: {
    series: {
      type: 'string',
      value: 'NAME',
      description: 'the series; by default the one you stand in, or the only one with mails',
    },
  },
  details: `The mails are kept in patches/SERIES/mail/, what you decide on comments in
patches/SERIES/review.toml. An ID may be cut short as long as it is the only one
that begins so.`,
  verbs: {
    import: {
      args: ['[SOURCE…]'],
      summary: 'keep the mails of a series: versions and replies',
      options: {
        version: {
          type: 'string',
          value: 'vN',
          description: 'the version that commits are, which were never mailed',
        },
      },
      details: `SOURCE is an mbox, a maildir, *.eml files, the page of a web archive,
https://HOST/LIST/MSGID/ of a server such as lore.kernel.org,
git:REPOSITORY#A..B, or - for stdin. Importing again changes nothing, and the
order does not matter.`,
      examples: [
        'review import https://lore.kernel.org/netdev/MESSAGE-ID/',
        'review import git:../linux#v6.12..topic --version v3',
      ],
      load: async () => (await import('../review/import.ts')).importSources,
    },
    status: {
      args: [],
      summary: 'what is still owed: open comments, conditional trailers',
      options: {
        all: { type: 'boolean', description: 'the closed comments as well, with who closed them and why' },
        by: {
          type: 'string',
          value: 'PERSON',
          description: 'only what this person said; a part of the name or address',
        },
        version: { type: 'string', value: 'vN', description: 'only what was said of this version' },
      },
      details: `Each open comment with the place it is on and what became of its lines in the
newest version, beside what speaks for it having been dealt with: an answer of
the author, an entry of a changelog.`,
      examples: ['review status', 'review status --by Stefano --all'],
      load: async () => (await import('../review/read.ts')).status,
    },
    show: {
      args: ['[vN]'],
      summary: 'the versions: patches, files and hunks with their comments',
      details: `What each version is: its changelog, claims of testing, measured figures,
trailers, and its patches down to the hunks that somebody spoke about. With vN
only that one.`,
      examples: ['review show', 'review show v8'],
      load: async () => (await import('../review/read.ts')).show,
    },
    comment: {
      args: ['ID'],
      summary: 'one comment: its lines, its answers, its fate',
      details: `The words of a comment under the lines they were written about, the thread
below it, what became of those lines in each later version, and who closed it
and why.`,
      examples: ['review comment c1234567', 'review comment c12'],
      load: async () => (await import('../review/read.ts')).comment,
    },
    diff: {
      args: ['[vN]', '[vM]'],
      summary: 'what changed between two versions, the comments beside it',
      details: `A diff of the diffs, by patch and hunk. With one version, against the one
before it; with none, the newest against the one before.`,
      examples: ['review diff v7 v8', 'review diff'],
      load: async () => (await import('../review/diff.ts')).diff,
    },
    changelog: {
      args: [],
      summary: 'what the author says changed; a draft of the next',
      options: {
        draft: { type: 'boolean', description: 'propose that of the next version' },
        range: {
          type: 'string',
          value: 'A..B',
          description: 'with --draft: the commits of the next version, in this repository',
        },
      },
      details: `The changelogs of all versions, newest first. --draft writes one for the
version to be sent, from what changed in the patches and from the comments that
were closed since the last one.`,
      examples: ['review changelog', 'review changelog --draft --range origin/main..HEAD'],
      load: async () => (await import('../review/read.ts')).changelog,
    },
    trailers: {
      args: [],
      summary: 'who gave which tag, and whether it still counts',
      options: {
        apply: { type: 'boolean', description: 'write them into patches/SERIES/vN/*.patch' },
        'dry-run': { type: 'boolean', description: 'with --apply: only say what would be written' },
      },
      details: `Reviewed-by, Acked-by, Tested-by and the like: given, conditional, met, stale,
withdrawn, or of another than the sender. --apply adds those that count to the
patch files of the newest version.`,
      examples: ['review trailers', 'review trailers --apply --dry-run'],
      load: async () => (await import('../review/read.ts')).trailers,
    },
    claims: {
      args: [],
      summary: 'the performance it claims, against a record of respin perf',
      options: {
        version: { type: 'string', value: 'vN', description: 'of this version; by default the newest' },
        perf: {
          type: 'string',
          value: 'RECORD',
          description: 'what to hold them against: an id from respin perf list, last, or a perf.json',
        },
      },
      details: `The figures of the commit messages and the cover letter, with the percentage
that follows from them. --perf adds what was measured and a verdict: holds,
smaller, larger, other way, not seen, could not tell, not measured. The exit
status is 0 whatever they are: another machine may say something else.`,
      examples: ['review claims --version v8', 'review claims --perf perf.json'],
      load: async () => (await import('../review/claims.ts')).claims,
    },
    resolve: {
      args: ['ID…'],
      summary: 'close comments: addressed, answered, declined or moot',
      options: {
        as: {
          type: 'string',
          value: 'STATE',
          required: true,
          description: 'addressed, answered, declined or moot',
        },
        ...WHY,
      },
      details: `addressed: the series was changed. answered: explained, no change is needed.
declined: the author does not agree. moot: what it was about is gone. All but
addressed need --why. Of several IDs all are closed, or none if one is wrong.`,
      examples: [
        "review resolve c1234567 --as addressed --why 'freed in v3'",
        "review resolve c12 c9f --as moot --why 'the helper is gone'",
      ],
      load: async () => (await import('../review/decide.ts')).resolve,
    },
    reopen: {
      args: ['ID…'],
      summary: 'open closed comments again',
      options: WHY,
      details: `Without --why as if nobody had ever closed them; with it the reason is kept. Of
several IDs all are opened, or none if one is wrong.`,
      examples: ["review reopen c1234567 --why 'v4 leaks it again'"],
      load: async () => (await import('../review/decide.ts')).reopen,
    },
    met: {
      args: ['PERSON', '[vN]'],
      summary: "the condition of somebody's trailer is met",
      options: {
        ...WHY,
        version: {
          type: 'string',
          value: 'vN',
          description: 'the version that did what was asked for; the newest by default',
        },
        undo: { type: 'boolean', description: 'take the note back' },
      },
      details: `“With that fixed, you can put my R-b”: the trailer counts once the giver says so
without condition, or once this is noted. It goes stale when its patch changes
after the version that met it. PERSON is a part of the name or address, vN the
version the trailer was given on.`,
      examples: ["review met rita v3 --why 'the field is moved'", 'review met rita --undo'],
      load: async () => (await import('../review/met.ts')).met,
    },
    link: {
      args: ['MSGID', 'vN|none'],
      summary: 'say of which version a mail is, where its subject does not',
      details: `The posting that this patch or cover letter is of becomes version vN (or
rfc-vN), whatever its subject says. none takes that back.`,
      examples: ['review link 20260131102030.12345-1-a@example.org v2'],
      load: async () => (await import('../review/link.ts')).link,
    },
    reply: {
      args: ['ID'],
      summary: 'an answer to a comment, quoted, to edit and send',
      options: {
        to: {
          type: 'string',
          value: 'MSGID',
          description: 'the mail under the comment that is answered; by default the comment itself',
        },
        ...MAIL_FILE,
      },
      details: `Writes a mail that quotes the lines the comment is about and its words, with
In-Reply-To and References, to everybody a group reply goes to. Nothing is sent:
git send-email or mutt -H do that.`,
      examples: ['review reply c1234567 --out answer.eml'],
      load: async () => (await import('../review/reply.ts')).reply,
    },
    'tested-by': {
      args: ['RUN'],
      summary: 'a mail with the result of a run, to edit and send',
      options: MAIL_FILE,
      details: `RUN is the id of a run record, the beginning of one, or last. The mail answers
the version whose patches the run had. Only a run that passed gives a Tested-by.`,
      examples: ['review tested-by last --out tested.eml'],
      load: async () => (await import('../review/tested-by.ts')).testedBy,
    },
    export: {
      args: ['vN'],
      summary: 'a version as files for git send-email',
      options: {
        out: {
          type: 'string',
          value: 'DIR',
          required: true,
          description: 'the folder; made when it is not there',
        },
      },
      details: `Writes the cover letter and the patches with the trailers that count, links to
the earlier versions and the base-commit, and prints the commands that send and
apply them.`,
      examples: ['review export v8 --out outgoing'],
      load: async () => (await import('../review/export.ts')).exportVersion,
    },
  },
};
