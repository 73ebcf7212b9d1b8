// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../../system/paths.ts';
import type { PlainCommand } from '../command.ts';

export const version: PlainCommand = {
  options: {},
  run: async ({ json, printJson, stdout }) => {
    const file = await readFile(path.join(projectRoot, 'package.json'), 'utf8');
    const own = (JSON.parse(file) as { version: string }).version;
    if (json) printJson({ respin: own, node: process.versions.node });
    else stdout.write(`respin ${own} (Node.js ${process.versions.node})\n`);
    return 0;
  },
};
