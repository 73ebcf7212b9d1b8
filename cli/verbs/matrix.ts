// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import type { MatrixRecord } from '../../core/matrix.ts';
import { MATRIX_RECORDS } from '../../runs/matrix-record.ts';
import type { Context } from '../command.ts';
import { expectNoMore } from '../expect-no-more.ts';
import { terminalWidth } from '../width.ts';

const FORMATS = ['table', 'markdown', 'junit'] as const;

/** `respin matrix list` */
export async function list(context: Context, args: readonly string[]): Promise<ExitCode> {
  expectNoMore(args, 0, 'matrix list');
  const records = await MATRIX_RECORDS.list();
  if (context.json) context.printJson(records);
  else {
    const { formatMatrixList } = await import('../../reports/matrix-table.ts');
    await context.show(formatMatrixList(records));
  }
  return 0;
}

/** `respin matrix show [RECORD]` */
export async function show(context: Context, args: readonly string[]): Promise<ExitCode> {
  expectNoMore(args, 1, 'matrix show [RECORD]');
  formatOf(context);
  await showMatrix(context, (await MATRIX_RECORDS.load(args[0] ?? 'last')).record);
  return 0;
}

/** @throws RespinError BAD_OPTION (usage) */
export function formatOf(context: Context): (typeof FORMATS)[number] {
  const text = context.text('format') ?? 'table';
  const found = FORMATS.find((one) => one === text);
  if (found !== undefined) return found;
  throw new RespinError({
    code: 'BAD_OPTION',
    blame: 'usage',
    message: `--format ${text}: not known`,
    hint: `it takes ${FORMATS.join(', ')}`,
  });
}

export async function showMatrix(context: Context, record: MatrixRecord): Promise<void> {
  if (context.json) return context.printJson(record);
  await context.show(await textOf(context, record));
}

async function textOf(context: Context, record: MatrixRecord): Promise<string> {
  switch (formatOf(context)) {
    case 'markdown':
      return (await import('../../reports/matrix-markdown.ts')).matrixMarkdown(record);
    case 'junit':
      return (await import('../../reports/matrix-junit.ts')).matrixJunit(record);
    case 'table': {
      const width = terminalWidth(context);
      const { formatMatrix } = await import('../../reports/matrix-table.ts');
      return formatMatrix(record, width === undefined ? {} : { width });
    }
  }
}
