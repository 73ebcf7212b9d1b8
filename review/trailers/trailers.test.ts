// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trailer } from '../../core/review.ts';
import { type TrailerMail, trailersOf } from './trailers.ts';

const MIRA = { name: 'Mira Falk', email: 'mira@example.org' };
const RB = 'Reviewed-by: Mira Falk <mira@example.org>';
const TB = 'Tested-by: Mira Falk <mira@example.org>';

/** Blocks are parted by a line of dots. */
function of(text: string, more: Partial<TrailerMail> = {}): Trailer[] {
  const own = text.split('\n...\n').map((block) => block.split('\n'));
  return trailersOf({
    from: MIRA,
    messageId: 'm@example.org',
    version: 'v3',
    patch: 2,
    total: 5,
    own,
    ...more,
  });
}

describe('a tag that is given', () => {
  it.each([
    ['alone', RB],
    ['below a greeting and above thanks', `Hi Ola,\n\n${RB}\n\nThanks,\nMira`],
    ['indented', `\t${RB}`],
    ['LGTM', `LGTM\n\n${RB}`],
    ['looks good', `This looks good to me now.\n\n${RB}`],
    ['looks good, thanks', `Looks good to me, thanks:\n\n${RB}`],
    ['thanks for fixing', `Thanks for fixing all of this.\n\n${RB}`],
    [
      'thanks for the changes, with a fix in it',
      `Thanks for fixing this, with the check added it reads well:\n${RB}`,
    ],
    ['the fix is in this version', `With this fixed, I confirm the tests pass:\n\n${RB}`],
    ['the fix is in this version, in line', `With this fixed, I confirm the tests pass: ${RB}`],
    ['now fixed', `With that now fixed:\n\n${RB}`],
    ['applied and tested', `With this series applied, the hang is gone:\n\n${RB}`],
    ['tested with', `Tested with a 6.1 guest, all tests pass.\n\n${RB}`],
    ['if in a remark', `If we ever get a second transport this has to change.\n\n${RB}`],
    ['wondered if', `I wondered if the lock is needed, and it is.\n\n${RB}`],
    ['not sure if', `Not sure if this matters, but it looks right:\n\n${RB}`],
    ['even if', `I like it even if it is long:\n\n${RB}`],
    ['for what it is worth', `FWIW,\n\n${RB}`],
    ['for what it is worth, in line', `FWIW: ${RB}`],
    ['modesty', `If it helps, you can add:\n\n${RB}`],
    ['either way', `If you respin you could fold the two, but either way:\n\n${RB}`],
    ['no need', `Other than that typo, for which there is no need to respin:\n\n${RB}`],
    ['feel free', `Feel free to add my\n\n${RB}`],
    ['you can add', `You can add:\n${RB}`],
    ['in line', `You can add my ${RB}`],
    ['that said', `With that said,\n\n${RB}`],
    ['a request in a sentence of its own', `Please fix the typo in the subject when you find time.\n\n${RB}`],
    ['remark below', `${RB}\n\nOne thing: if you respin, please sort the includes.`],
    ['plan below', `${RB}\n\nOnce this is merged I'll send the follow-up.`],
    ['code above', `This could be\n\n\tif (foo)\n\t\treturn;\n\n${RB}`],
    ['a question above', `Is there anything that breaks if the queue is empty?\n\n${RB}`],
    ['other blocks', `Nice.\n...\nWhy not bool?\n...\n${RB}`],
    ['I will give it, and then it is given', `I'll give my R-b once I am through the rest.\n...\n${RB}`],
    ['when testing', `This fixes the panic I saw when booting:\n\n${RB}`],
    ['tested once', `I have tested this once more on arm64:\n\n${RB}`],
    ['understood', `If I understand this correctly, the order does not matter:\n\n${RB}`],
    ['an updated message', `With the updated commit message this looks good to me:\n\n${RB}`],
    ['tested with a changed config', `Tested with the config changed to y:\n\n${RB}`],
    ['up to you', `The name is up to you, if you change it or not:\n\n${RB}`],
    ['an explanation', `After thinking about it some more, I'm fine with this.\n\n${RB}`],
    ['an explanation of the author', `With that explanation, ${RB}`],
    ['a consequence', `Otherwise the queue would overflow.\n\n${RB}`],
    ['good now', `With this split this looks good now:\n\n${RB}`],
    ['ask me', `Let me know if anything is unclear, but LGTM:\n\n${RB}`],
    ['a nit below', `LGTM, one nit below.\n\n${RB}`],
    ['a code line', `This has to be\n\tif (!skb)\n\t\treturn -ENOMEM;\n\n${RB}`],
    ['a wish', `It would be nice if we had a test, but that can come later:\n\n${RB}`],
    ['an own fix', `After fixing my config I could run it:\n${RB}`],
    ['a typo below a dash', `Looks good to me -\n${RB}`],
  ])('%s', (_name, text) => {
    expect(of(text)).toMatchObject([{ kind: 'Reviewed-by', state: 'given', condition: null, why: null }]);
  });

  it('has all that is known of it', () => {
    expect(of(`${RB} # patches 1-3`)).toEqual([
      {
        kind: 'Reviewed-by',
        name: 'Mira Falk',
        email: 'mira@example.org',
        state: 'given',
        condition: null,
        scope: [1, 2, 3],
        note: '# patches 1-3',
        version: 'v3',
        messageId: 'm@example.org',
        why: null,
      },
    ]);
  });

  it.each([
    ['acked-by: Mira Falk <mira@example.org>', 'Acked-by'],
    ['ACKED-BY: Mira Falk <mira@example.org>', 'Acked-by'],
    ['Acked-By: Mira Falk <mira@example.org>', 'Acked-by'],
    ['Reviewed by: Mira Falk <mira@example.org>', 'Reviewed-by'],
    ['Tested-by : Mira Falk <mira@example.org>', 'Tested-by'],
    ['Reported-and-tested-by: Mira Falk <mira@example.org>', 'Reported-and-tested-by'],
    ['Reviewed-and-Tested-by: Mira Falk <mira@example.org>', 'Reviewed-and-tested-by'],
    ['Nacked-by: Mira Falk <mira@example.org>', 'Nacked-by'],
    ['Tested-by: mira@example.org', 'Tested-by'],
    ['Tested-by: Mira Falk (mira@example.org)', 'Tested-by'],
    ['Acked-by: Mira Falk <mira@example.org<mailto:mira@example.org>>', 'Acked-by'],
    ['Acked-by: "Falk, Mira" <mira@example.org>', 'Acked-by'],
  ])('%s', (line, kind) => {
    expect(of(line)).toMatchObject([
      { kind, state: 'given', email: 'mira@example.org', note: null, why: null },
    ]);
  });

  it.each([
    'Reviewed-by: Mira Falk\n <mira@example.org>',
    'Reviewed-by: Mira Falk\n<mira@example.org>',
    'Reviewed-by:\n  Mira Falk <mira@example.org>',
    'Reviewed-by: Mira Falk <mira@\nexample.org>',
  ])('wrapped: %j', (text) => {
    expect(of(text)).toMatchObject([{ name: 'Mira Falk', email: 'mira@example.org', state: 'given' }]);
  });

  it('several share their lead-in', () => {
    expect(of(`For the series:\n\n${RB}\n${TB}`)).toMatchObject([
      { kind: 'Reviewed-by', scope: null },
      { kind: 'Tested-by', scope: null },
    ]);
    expect(of(`With the nit fixed,\n\n${RB}\n\n${TB}`)).toMatchObject([
      { state: 'conditional' },
      { state: 'conditional' },
    ]);
    expect(of(`${TB}\n\nOther than that one typo:\n\n${RB}`)).toMatchObject([
      { kind: 'Tested-by', state: 'given' },
      { kind: 'Reviewed-by', state: 'conditional' },
    ]);
  });

  it('is one, though it is repeated', () => {
    expect(of(`${RB}\n...\n${RB}`)).toHaveLength(1);
  });
});

describe('a tag under a condition', () => {
  it.each([
    [`With that fixed, you can put my R-b:\n\n${RB}`, 'With that fixed, you can put my R-b'],
    [
      `Here the helper would do.\n\nWith that fixed, you can\nput my R-b:\n\n${RB}`,
      'With that fixed, you can put my R-b',
    ],
    [`Feel free to add this once the leak is\nfixed:\n${RB}`, 'Feel free to add this once the leak is fixed'],
    [`If you respin, you can add\n\n${RB}`, 'If you respin, you can add'],
    [
      `if you have to respin anyway, feel free to add: ${RB}`,
      'if you have to respin anyway, feel free to add',
    ],
    [`after fixing that, ${RB}`, 'after fixing that'],
    [`Other than that: ${RB}`, 'Other than that'],
    [`Other than that, LGTM.\n\n${RB}`, 'Other than that, LGTM.'],
    [`Otherwise, LGTM: ${RB}`, 'Otherwise, LGTM'],
    [`Otherwise looks good.\n\n${RB}`, 'Otherwise looks good.'],
    [`Apart from that nit,\n${RB}`, 'Apart from that nit'],
    [`Apart from the missing unlock, this is fine.\n\n${RB}`, 'Apart from the missing unlock, this is fine.'],
    [`Aside from this:\n${RB}`, 'Aside from this'],
    [`With those addressed:\n\n${RB}`, 'With those addressed'],
    [`With that:\n\n${RB}`, 'With that'],
    [`With these changes, feel free to add\n\n${RB}`, 'With these changes, feel free to add'],
    [`With the comment typo fixed up,\n\n${RB}`, 'With the comment typo fixed up'],
    [`LGTM with the nits fixed.\n\n${RB}`, 'LGTM with the nits fixed.'],
    [`With that fixed. Thanks!\n\n${RB}`, 'With that fixed.'],
    [
      `You can add my Reviewed-by once this is sorted. I also ran it on arm64.\n\n${RB}`,
      'You can add my Reviewed-by once this is sorted.',
    ],
    [`Assuming the build bot agrees,\n\n${RB}`, 'Assuming the build bot agrees'],
    [`Modulo the comment style:\n\n${RB}`, 'Modulo the comment style'],
    [
      `Looks good to me as long as the DT people agree.\n\n${RB}`,
      'Looks good to me as long as the DT people agree.',
    ],
    [`Provided that you split it:\n${RB}`, 'Provided that you split it'],
    [`When you send v4 you can add\n${RB}`, 'When you send v4 you can add'],
    [`${RB}\n\nonce the typo in the subject is fixed.`, 'once the typo in the subject is fixed.'],
    [`${RB}\n(with the nit above fixed)`, 'with the nit above fixed'],
    [`${RB} # with the typo fixed`, 'with the typo fixed'],
    [`${RB} (once the comment is fixed)`, 'once the comment is fixed'],
    [
      `If you add a comment here, you can have my R-b.\n...\nThis one is fine.\n...\n${RB}`,
      'If you add a comment here, you can have my R-b.',
    ],
    [`Just two nits, with these fixed: ${RB}`, 'Just two nits, with these fixed'],
    [`The one nit aside,\n\n${RB}`, 'The one nit aside'],
    [`Typo: s/recieve/receive/\nOther than that:\n\n${RB}`, 'Other than that'],
    [`Other than that FWIW\n\n${RB}`, 'Other than that FWIW'],
    [`Subject to an ack from the vhost side:\n${RB}`, 'Subject to an ack from the vhost side'],
    [`With that fixed you can now add my R-b:\n\n${RB}`, 'With that fixed you can now add my R-b'],
    [`Besides the nits, looks good to me.\n\n${RB}`, 'Besides the nits, looks good to me.'],
    [`One small remark but otherwise\n\n${RB}`, 'One small remark but otherwise'],
    [`With that changed to a bool:\n${RB}`, 'With that changed to a bool'],
    [`${RB}\n\nif Ola is OK with it`, 'if Ola is OK with it'],
    [`${RB} # vhost part, once the cover is updated`, 'vhost part, once the cover is updated'],
    [`Once you've dropped the stray\nprintk:\n\n${RB}`, "Once you've dropped the stray printk"],
    [`Once you have dropped the stray\nprintk:\n\n${RB}`, 'Once you have dropped the stray printk'],
    [`Please fix the indentation.\n\nThen,\n${RB}`, 'Then'],
    [
      `Code-wise this is ok except the missing check.\n\n${RB}`,
      'Code-wise this is ok except the missing check.',
    ],
    [
      `From my side it's fine if the maintainers agree:\n\n${RB}`,
      "From my side it's fine if the maintainers agree",
    ],
    [`you can add my\n${RB}\nif you send a new version`, 'if you send a new version'],
    [`Thanks, with that changed,\n${RB}`, 'Thanks, with that changed'],
  ])('%j', (text, condition) => {
    expect(of(text)).toMatchObject([{ kind: 'Reviewed-by', state: 'conditional', condition, why: null }]);
  });

  it('ends with the trailer it belongs to', () => {
    expect(of(`Once that is fixed:\n${RB}\n...\nAnd here:\n\n${TB}`)).toMatchObject([
      { state: 'conditional' },
      { state: 'given' },
    ]);
  });
});

describe('what gives nothing', () => {
  it.each([
    'I have a few questions before I give my R-b.',
    "I'll give my Reviewed-by once the tests are in.",
    'Who gave a Reviewed-by?',
    'Who gave a Reviewed-by: Mira Falk <mira@example.org>?',
    'With that fixed, you can put my R-b.',
    'You can add my Reviewed-by: once the tests are in.',
    'I think you lost my\nReviewed-by: from v2, did you?',
    'The Reviewed-by: Mira Falk <mira@example.org> in v2 was for something else.',
    'You already have Reviewed-by: Mira Falk <mira@example.org>',
    'before I give my Reviewed-by: Mira Falk <mira@example.org>',
    'You can add Reviewed-by: Ola Berg <ola@example.org>',
    'Reviewed-by:',
    'Reviewed-by: yes',
    'Reviewed-by: Mira Falk',
    'Not-reviewed-by: Mira Falk <mira@example.org>',
    'Signed-off-by: Mira Falk <mira@example.org>',
    'Reported-by: Mira Falk <mira@example.org>',
    'Suggested-by: Mira Falk <mira@example.org>',
    'Fixes: 123456789abc ("vsock: first version")',
    'Closes: https://example.org/1',
    'Cc: Mira Falk <mira@example.org>',
    'R-b: Mira Falk <mira@example.org>',
    `> ${RB}`,
    `>${RB}`,
    `>> > ${RB}`,
    `| ${RB}`,
    `Thanks\n-- \n${RB}`,
    `Thanks\n-- \nMira\n...\n${RB}`,
    `So:\n\n-- >8 --\nSubject: [PATCH] x\n\n${RB}`,
    `What about this?\n\n${RB}\nSigned-off-by: Ola Berg <ola@example.org>\n---\n a | 2 +-\n\ndiff --git a/a b/a`,
    '',
  ])('%j', (text) => {
    expect(of(text)).toEqual([]);
  });
});

describe('whom a tag names', () => {
  it.each([
    ['Mira Falk', 'mira.falk@example.com', 'sent from <mira@example.org>'],
    ['Falk, Mira', 'm@example.com', 'sent from <mira@example.org>'],
    ['Mira J. Falk', 'm@example.com', 'sent from <mira@example.org>'],
    ['MIRA FALK', 'MIRA@example.org', null],
    ['M. Falk', 'mira@example.org', null],
    ['Mira Falk (Example)', 'mira+lists@example.org', null],
    ['Mira Falk', 'mira@xxxxxxxxxxx', null],
  ])('%s <%s> is the sender', (name, email, why) => {
    expect(of(`Acked-by: ${name} <${email}>`)).toMatchObject([{ state: 'given', name, email, why }]);
  });

  it('compares hidden addresses on their local part and the name', () => {
    const from = { name: 'Mira Falk', email: 'mira@xxxxxxxxxxx' };
    expect(of(RB, { from })).toMatchObject([{ state: 'given', why: null }]);
    expect(of('Acked-by: Ola Berg <mira@example.org>', { from })).toMatchObject([{ state: 'mismatched' }]);
    expect(of('Acked-by: Ola Berg <ola@xxxxxxxxxxx>', { from })).toMatchObject([{ state: 'mismatched' }]);
  });

  it('takes the name of the mail for an address without one', () => {
    expect(of('Acked-by: <mira@example.org>')).toMatchObject([{ name: 'Mira Falk', state: 'given' }]);
  });

  it('says who it is from when it is not the sender', () => {
    expect(of('Reviewed-by: Ola Berg <ola@example.org>')).toMatchObject([
      { state: 'mismatched', name: 'Ola Berg', why: 'the mail is from Mira Falk <mira@example.org>' },
    ]);
    expect(of('On behalf of Ola, who is away:\n\nReviewed-by: Ola Berg <ola@example.org>')).toMatchObject([
      { state: 'mismatched', why: 'given for somebody else: On behalf of Ola, who is away:' },
    ]);
    expect(of('Once fixed:\n\nReviewed-by: Ola Berg <ola@example.org>')).toMatchObject([
      { state: 'mismatched', condition: 'Once fixed' },
    ]);
  });
});

describe('which patches a tag is for', () => {
  it.each<[string, number | null, number[] | null]>([
    [RB, 2, [2]],
    [RB, 0, null],
    [RB, null, []],
    [`${RB} # patches 1-3`, 0, [1, 2, 3]],
    [`${RB} for patches 2, 3-5`, 0, [2, 3, 4, 5]],
    [`${RB} (for patches 1 and 4)`, 0, [1, 4]],
    [`${RB} # for the series`, 2, null],
    [`${RB} for the whole series`, 2, null],
    [`${RB} [patch 3/5]`, 0, [3]],
    [`${RB} # 1-2`, 0, [1, 2]],
    [`${RB} # 2/5`, 0, [2]],
    [`${RB} # for 6.1`, 2, [2]],
    [`${RB} # 5.10+`, 2, [2]],
    [`${RB} # arm64, 4 boards`, 2, [2]],
    [`${RB} (Documentation)`, 2, [2]],
    [`${RB} # for the vsock part`, 0, null],
    [`${RB} # all patches except 3`, 0, [1, 2, 4, 5]],
    [`For the whole series:\n\n${RB}`, 2, null],
    [`For the series,\n${RB}`, 2, null],
    [`For patches 1-3:\n\n${RB}`, 0, [1, 2, 3]],
    [`Patches 1 to 3 look good:\n\n${RB}`, 0, [1, 2, 3]],
    [`For the first two patches:\n\n${RB}`, 0, [1, 2]],
    [`For both patches:\n\n${RB}`, 2, null],
    [`For all patches but 4:\n\n${RB}`, 0, [1, 2, 3, 5]],
    [`Apart from patch 3, all fine:\n\n${RB}`, 0, [1, 2, 4, 5]],
    [`The whole series looks good to me.\n\n${RB}`, 1, null],
    [`LGTM for patches 4-5.\n\n${RB}`, 0, [4, 5]],
    [`Thanks for the series!\n\n${RB}`, 2, [2]],
    [`Thanks for the series, it looks good:\n\n${RB}`, 2, [2]],
    [`The same as in patch 4.\n\n${RB}`, 2, [2]],
    [`With the comment on patch 3 addressed, you can add my R-b:\n\n${RB}`, 0, null],
    [`With that fixed, for patches 2-3:\n\n${RB}`, 0, [2, 3]],
    [`${RB}\n\nfor the whole series.`, 2, null],
    [`${RB}\n\nSame for patch 4.`, 2, [2, 4]],
    [`${RB}\n\nFor patch 3 I have a question.`, 2, [2]],
    [`I have only looked at patches 1-3.\n\n${RB}`, 0, [1, 2, 3]],
    [`I have looked at patch 4, too.\n\n${RB}`, 2, [2]],
    [`For 1-3:\n${RB}`, 0, [1, 2, 3]],
    [`For 2/5:\n${RB}`, 0, [2]],
    [`Series is:\n${RB}`, 2, null],
    [`Patch 3 is what I like most:\n${RB}`, 2, [2]],
    // Which the others are is for a person to say.
    [`For the two others, feel free to add:\n${RB}`, 0, []],
    [`For the other patches:\n\n${RB}`, 0, []],
    [`The rest looks good to me.\n\n${RB}`, 0, []],
    [`The rest looks good to me.\n\n${RB}`, 2, [2]],
    [`${RB} # for the rest`, 0, []],
    [`For the rest of us it works.\n\nThe series looks good:\n${RB}`, 0, null],
    [`Others may see it differently.\n\n${RB}`, 0, null],
    [`${RB} # patches 7-9`, 2, [2]],
    [`${RB} # patches 5-3`, 2, [2]],
    [`${RB} # patch 999999999`, 2, [2]],
  ])('%j as an answer to %s: %j', (text, patch, scope) => {
    expect(of(text, { patch })).toMatchObject([{ scope }]);
  });

  it('is the only patch, or not known', () => {
    expect(of(RB, { patch: null, total: 1 })).toMatchObject([{ scope: [1] }]);
    expect(of(`${RB} # all but patch 3`, { patch: 0, total: null })).toMatchObject([{ scope: [] }]);
  });

  it('joins a note that was wrapped', () => {
    expect(of(`${RB} (for patches 1\nand 3)`)).toMatchObject([
      { scope: [1, 3], note: '(for patches 1 and 3)' },
    ]);
  });
});

describe('a tag taken back', () => {
  it.each([
    ['Please drop my Reviewed-by from this patch.', 'Reviewed-by', [2]],
    ['The locking is new, so please drop my\nR-b.', 'Reviewed-by', [2]],
    ['I withdraw my Acked-by.', 'Acked-by', [2]],
    ["I'm withdrawing my ack for now.", 'Acked-by', [2]],
    ['I take my Reviewed-by back.', 'Reviewed-by', [2]],
    ['Please consider my Tested-by withdrawn.', 'Tested-by', [2]],
    ['My R-b no longer stands.', 'Reviewed-by', [2]],
    ['I retract my NAK.', 'Nacked-by', [2]],
    ['Please remove my tags from the series.', 'tag', null],
    ['Please drop my Reviewed-by from patches 3 and 4.', 'Reviewed-by', [3, 4]],
    ["Please don't carry my Reviewed-by to v4.", 'Reviewed-by', [2]],
  ])('%j', (text, kind, scope) => {
    expect(of(text)).toMatchObject([
      { kind, state: 'withdrawn', scope, email: 'mira@example.org', why: text.replaceAll('\n', ' ') },
    ]);
  });

  it('by its line', () => {
    expect(of(`Please drop my\n\n${RB}`)).toMatchObject([{ state: 'withdrawn', why: 'Please drop my' }]);
    expect(of(`Please drop my ${RB}`)).toMatchObject([{ state: 'withdrawn', why: 'Please drop my' }]);
  });

  it.each([
    'Why did you drop my Reviewed-by?',
    'You dropped my Reviewed-by in v3.',
    "Please don't drop my Reviewed-by.",
    'No need to drop my R-b.',
    'If you change the locking, please drop my Reviewed-by.',
    'I would have to drop my Reviewed-by then.',
    'My Reviewed-by still stands.',
    'I have dropped your Reviewed-by, as the code is new.',
  ])('not: %j', (text) => {
    expect(of(text)).toEqual([]);
  });
});

describe('a NAK', () => {
  it.each([
    'NAK.',
    'NACK, this breaks the ABI.',
    'Nack.',
    'Strong NAK on this.',
    'Consider this a NAK.',
    "So that's a NAK from me.",
    'So, NAK from me.',
    'I have to NAK this patch.',
  ])('%j', (text) => {
    expect(of(`Hi,\n\n${text}`)).toMatchObject([
      { kind: 'Nacked-by', state: 'given', scope: [2], name: 'Mira Falk' },
    ]);
  });

  it.each([
    'NAK handling in the bus driver is broken.',
    'The device sends a NAK.',
    'This is a NAK packet.',
    'NAK packets are dropped.',
    'Is this a NAK?',
    'nack the message',
  ])('not: %j', (text) => {
    expect(of(text)).toEqual([]);
  });
});

describe('hostile mails', () => {
  it('gives nothing for words without a tag', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string())), (own) => {
        const plain = own.map((block) => block.map((line) => line.replaceAll(/-?by|na|\bmy\b/gi, '')));
        expect(trailersOf({ from: MIRA, messageId: 'm', version: 'v1', patch: 1, own: plain })).toEqual([]);
      }),
    );
  });

  it('never throws', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(
        RB,
        TB,
        'With that fixed,',
        'for patches 1-',
        '3, 4',
        '# ',
        '(',
        ')',
        '<',
        '>',
        'R-b',
        'NAK',
        '\n',
        '---',
        '-- ',
        'diff --git ',
        'drop my',
        'once',
        'Other than',
        ':',
        'Reviewed-by:',
        '@',
      ),
    );
    const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(
        fc.array(fc.array(line, { maxLength: 8 }), { maxLength: 4 }),
        fc.constantFrom(null, 0, 1, 3),
        fc.constantFrom(null, 1, 5),
        fc.record({ name: fc.string(), email: fc.string() }),
        (own, patch, total, from) => {
          for (const one of trailersOf({ from, messageId: 'm', version: 'v1', patch, total, own })) {
            expect(one.scope === null || one.scope.every((n) => n > 0)).toBe(true);
            expect(one.state === 'conditional').toBe(one.condition !== null && one.state !== 'mismatched');
          }
        },
      ),
    );
  });

  it('takes nothing that is quoted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(RB, TB, 'NAK.', 'Please drop my R-b.', 'For the series:')),
        (lines) => {
          expect(of(lines.map((line) => `> ${line}`).join('\n'))).toEqual([]);
        },
      ),
    );
  });

  it.each([
    ['a line of a megabyte', 'with '.repeat(200_000)],
    ['a trailer of a megabyte', `Reviewed-by: ${'a'.repeat(1_000_000)}@`],
    ['hyphens', `${'Reviewed-'.repeat(100_000)}by: a <a@b>`],
    ['spaces', `Reviewed-by:${' '.repeat(1_000_000)}x`],
    ['many lines', 'With that fixed you can put my R-b if once after\n'.repeat(100_000)],
    ['many trailers', Array.from({ length: 100_000 }, (_, at) => `Acked-by: A${at} <a${at}@b>`).join('\n')],
    ['numbers', `${RB} # patches ${'1-1000, '.repeat(90)}`],
    ['dots', '. A'.repeat(300_000)],
    ['quotes', `"'`.repeat(300_000)],
    ['blank lines', '\n'.repeat(100_000)],
    ['half trailers', 'Reviewed-by: A\n'.repeat(100_000)],
  ])('ends soon: %s', (_name, text) => {
    const start = performance.now();
    expect(of(text).length).toBeLessThanOrEqual(200);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});
