// SPDX-License-Identifier: MIT
import { addedCode, isKernelC, removedTexts } from '../c-lines.ts';
import { atLine } from '../places.ts';
import type { Rule } from '../rule.ts';
import { parameterIn } from './module-param-desc.ts';

const NETWORKING = /^(?:drivers\/net|net)\//;

export const moduleParam: Rule = {
  id: 'module-param',
  kind: 'source',
  severity: 'warning',
  title: 'networking code gets no new module parameter',
  explanation: `A module parameter is for all devices of a driver at once, has a name and meaning of its own for every
driver, and is kept for ever once somebody has it in a file. Networking has interfaces that are the same for all: ethtool,
devlink, rtnetlink, per-namespace sysctls. Reviewers on netdev ask for those, and netdev's patchwork checks report every
new module_param(); the sources of these checks are public, as the page says.`,
  link: 'https://docs.kernel.org/process/maintainer-netdev.html#patchwork-checks',
  needs: 'mails',
  profile: 'netdev',
  advice: 'use ethtool, devlink or netlink, or say in the message why none of them will do',
  check: ({ series }) => {
    const removed = new Map(series.patches.map((patch) => [patch, removedTexts(patch)]));
    return [...addedCode(series, (path) => isKernelC(path) && NETWORKING.test(path))].flatMap((one) => {
      const name = parameterIn(one);
      if (name === null || removed.get(one.patch)?.has(one.line.text.trim())) return [];
      return [{ place: atLine(one), quote: one.line.text, text: `"${name}" is a new module parameter` }];
    });
  },
};
