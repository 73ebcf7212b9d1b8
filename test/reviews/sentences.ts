// SPDX-License-Identifier: MIT
/** Sentences for words.ts: `%i` a name from the code, `%n` a number, `%w` who is addressed. */

export const REMARKS: readonly string[] = [
  'Is %i still needed after this change?',
  'Who frees %i when this path is taken?',
  'I think %i can be used here without the lock being held, so the order of the two lines matters.',
  'This looks racy to me: another CPU may have taken %i off the list between the check and the use.',
  'Could this be a helper? I count %n places that do the same with %i.',
  'Nit: please keep the declarations in reverse xmas tree order, %i goes first.',
  'Why %n and not the value that the other transport takes for %i?',
  'If len > %n we return early, but then %i is never given back.',
  'The check is off by one, as %i may be >= %n by the time we come here.',
  'I would prefer to see %i initialised where it is declared.',
  'Can we get here with %i == NULL?',
  'What happens to %i if the device is removed at this moment?',
  'Please add a comment that says why %i is read twice.',
  'This changes the error code that user space sees for %i, which should be said in the commit message.',
  'Do we need a barrier between the store to %i and the kick?',
  'The name is confusing, since %i suggests that something is allocated here.',
  'checkpatch complains about the line with %i, and I agree with it for once.',
  'I do not see where %i is decremented again.',
  'Have you run this with lockdep? Taking %i here nests the other way round than in the worker.',
  'This hunk belongs in the patch that adds %i.',
  'Maybe WARN_ON_ONCE() on %i instead, as a guest could fill the log with this.',
  'I had to read this %n times, a short comment on %i would help.',
  'With %i on the stack this function now needs more than %n bytes of it.',
  'Is it intended that a signal that arrives here leaves %i as it was?',
  'GFP_KERNEL looks wrong for %i, we hold a spinlock here, no?',
  'An old guest never sets %i, so please test that path too.',
  'Since %n releases or so the core does that for us, so %i can go away.',
  'I wonder if %i should be a bool, it only ever holds 0 or 1.',
];

export const GENERAL: readonly string[] = [
  'The direction looks right to me, though I would split this into %n patches.',
  "I have tried this on top of today's net-next and did not see a change in throughput for %n byte messages.",
  'Could you describe how this was tested, on which machine and with how many guests?',
  'Please add a Fixes tag, %n stable trees have the code that this changes.',
  'I am not convinced that this is worth the complexity, do you have numbers for %n sockets?',
  'This does not apply to net-next any more since last week, please rebase.',
  'I like it. One thing for a follow-up: the other transports could do the same with %n lines less.',
  'Which tree is this for? With %n patches on the list for the same file I lost track.',
  'It would be good to have a selftest for this, even one with %n iterations only.',
];

export const MORE: readonly string[] = [
  'I may well be missing something.',
  'The other callers all hold the socket lock at that point, this one does not.',
  'Not a blocker, it can be done in a follow-up as well.',
  'I did not find that in the specification either.',
  'At least the current code does it the other way round.',
  'Anyway, I do not have a strong opinion on that.',
  'We had the same discussion when the seqpacket support came in.',
  'I hit this with a guest that has a single vCPU and %n buffers.',
  'A reader of the code in a few years will not know why, so it should be written down.',
  'On the host it does not matter much, in the guest it does.',
  'That would also let us drop the label at the end of the function.',
  'If you agree I can send a patch for the part in vhost.',
  'The compiler does not warn because the value is used on the other branch.',
  'For a packet of %n bytes it works only by luck.',
  'The same applies to the next hunk and to the one for the tests.',
  'It costs an atomic operation for each packet -> we should measure that.',
];

export const CLOSINGS: readonly string[] = [
  'With that fixed it looks good to me.',
  'The rest of the function is fine.',
  'What do you think?',
  'Could you check that?',
  'Please explain that in the commit message, too.',
];

export const ANSWERS: readonly string[] = [
  'Right, I will change %i in the next version.',
  'Good catch, %i was left over from an earlier attempt.',
  'I tried that at first, but then %i has to be exported.',
  'No, at this point %i is only seen by one thread.',
  'Hmm, you are right about %i. Let me think about it.',
  'Done, and I have renamed %i while at it.',
  'It is needed: the worker looks at %i after the flush.',
  'I took %n because that is what fits into a page together with %i.',
  'Okay, I will move %i to the patch before.',
  'Are you sure? The documentation says that %i must not be touched here.',
  'That works for me, although %i then needs a second look.',
  'Will do. I will also add a test for %i.',
  'I would like to leave %i as it is in this series, and clean it up later.',
  'Yes, it can be NULL for %i when the guest resets the device.',
  'Thanks for looking into %i, I see it with %n guests now.',
  'I agree with %w here, %i is the better place.',
];

export const ANSWERS_MORE: readonly string[] = [
  'It will be in the next version.',
  'There is a comment about it %n lines above, maybe it has to be more explicit.',
  'I have checked with lockdep and with KASAN, both are quiet.',
  'Does that sound reasonable?',
  'I can measure it again if you like.',
  'The patch after this one depends on it.',
  'Otherwise we would need one more argument in all callers.',
];

export const MESSAGE: readonly string[] = [
  'The buffers are filled under a lock that is also taken for every packet, and so the two wait for each other more than they have to.',
  'Until now the length was taken from a constant, although the device may use less than what was posted.',
  'Do it in one place, so that the transports cannot come to different results.',
  'No functional change is intended for the loopback transport.',
  'With this a socket that is closed while packets are still queued gives them back at once.',
  'The field has not been used since the conversion to sk_buff and is removed here.',
  'A guest with %n vCPUs spends a third of its time in this function when it receives small messages.',
  'Return an error instead of a short count, as the documentation has always said.',
  'This prepares for the next patch, which posts buffers of two sizes.',
];

export const CHANGES: readonly string[] = [
  'use the helper in the loopback transport too',
  'drop the lock before the callback is called, it may sleep when the socket is closed',
  'rebase on net-next',
  'rename the argument to len as everywhere else (%w)',
  'fix the build without CONFIG_VHOST_VSOCK',
  'take the size from the skb and not from a constant',
  'split the change of the tests off into a patch of its own',
  'remove a stray blank line',
];
