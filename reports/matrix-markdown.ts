// SPDX-License-Identifier: MIT
/** A matrix as GitHub's Markdown. */
import type { MatrixRecord } from '../core/matrix.ts';
import { codeSpan, markdownText } from './markdown.ts';
import { cellName, columnName, directionWords, matrixCounts, rowName } from './matrix-words.ts';
import { STATUS_WORD } from './words.ts';

export function matrixMarkdown(record: MatrixRecord): string {
  const { rows, columns, directions, cells, series, machine, id } = record;
  const titles = columns.flatMap((column) =>
    directions.map((direction) =>
      [columnName(column, columns), direction].filter((part) => part !== '').join(': '),
    ),
  );
  const body = rows.map((row, at) => [
    `**${markdownText(rowName(row))}**${row.subject === null ? '' : ` ${markdownText(row.subject)}`}`,
    ...columns.flatMap((_, place) => {
      const cell = cells.find((one) => one.row === at && one.column === place);
      return directions.map((direction) => {
        const one = cell?.directions.find((told) => told.direction === direction);
        if (cell === undefined || one === undefined) return '-';
        const words = markdownText(directionWords(cell, one));
        return /^(FAIL|unknown|no )/.test(words) ? `**${words}**` : words;
      });
    }),
  ]);
  const line = (parts: readonly string[]): string => `| ${parts.join(' | ')} |`;
  const table = [
    line(['', ...titles.map((title) => markdownText(title))]),
    line(['---', ...titles.map(() => '---')]),
    ...body.map(line),
  ];
  const troubled = cells
    .filter(({ verdict }) => verdict !== 'pass')
    .toSorted((a, b) => a.row - b.row || a.column - b.column)
    .flatMap((cell) => {
      const failures = cell.directions.flatMap(({ direction, failures }) =>
        failures.map(
          ({ program, name, status, reason }) =>
            `  - ${STATUS_WORD[status]} ${codeSpan(`${program} ${direction}`)} ${markdownText(name)}: ${markdownText(reason ?? 'no reason given')}`,
        ),
      );
      const told = [...failures, ...cell.splats.map((text) => `  - splat: ${codeSpan(text)}`)];
      const why = cell.error?.message ?? cell.why;
      return [
        `- ${markdownText(cellName(record, cell))}, ${codeSpan(cell.run)}`,
        ...(told.length > 0 ? told : [`  - ${markdownText(why)}`]),
      ];
    });
  const on = machine === null ? '' : `, ${machine.mode}, QEMU ${machine.qemu}`;
  const head = `${markdownText(series.title)}: ${markdownText(matrixCounts(record))} (${codeSpan(id)}${on})`;
  return `${[head, '', ...table, ...(troubled.length === 0 ? [] : ['', ...troubled])].join('\n')}\n`;
}
