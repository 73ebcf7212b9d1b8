// SPDX-License-Identifier: MIT
/** What can be done with a comment, from whichever screen it is chosen on. */
import type { Comment } from '../../core/review.ts';
import type { Command } from '../keymap.ts';
import type { State } from '../model.ts';
import type { Step } from '../step.ts';

/** @returns null for a command that is about no comment */
export function actOnComment(state: State, command: Command, comment: Comment | null): Step | string | null {
  const { open } = state;
  if (open === null) return null;
  switch (command) {
    case 'resolve':
      if (comment === null) return NO_COMMENT;
      return [
        {
          ...state,
          choice: {
            title: `resolve ${comment.id} as`,
            ids: [comment.id],
            answers: [
              { key: 'a', label: 'addressed', does: 'addressed' },
              { key: 'w', label: 'answered', does: 'answered' },
              { key: 'd', label: 'declined', does: 'declined' },
              { key: 'm', label: 'moot', does: 'moot' },
            ],
          },
        },
        [],
      ];
    case 'reopen':
      if (comment === null) return NO_COMMENT;
      if (comment.decision === null) return `${comment.id} is open: nobody has closed it`;
      return [
        state,
        [
          {
            ...{ do: 'decide', folder: open.folder, series: open.name, ids: [comment.id] },
            ...{ state: 'open', why: '' },
          },
        ],
      ];
    case 'reply':
      if (comment === null) return NO_COMMENT;
      return [state, [{ do: 'reply', folder: open.folder, id: comment.id }]];
    case 'copy':
      if (comment === null) return NO_COMMENT;
      return [state, [{ do: 'copy', text: placeText(comment) }]];
    default:
      return null;
  }
}

const NO_COMMENT = 'no comment is chosen: c goes to the next that is open';

/** `c1234567 v8 drivers/vhost/vsock.c:121` */
function placeText({ id, version, anchor }: Comment): string {
  const line = anchor.line === null ? '' : `:${anchor.line}`;
  const place = anchor.file === null ? anchor.on : `${anchor.file}${line}`;
  return `${id} ${version} ${place}`;
}
