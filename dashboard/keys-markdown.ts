// SPDX-License-Identifier: MIT
/** The keymap as docs/keys.md. */
import { type Binding, bindingsOf, shownKey } from './keymap.ts';
import { SCREENS } from './model.ts';

/** What is the same on every screen is told once. */
export function keysMarkdown(): string {
  const [first, ...rest] = SCREENS.map(bindingsOf);
  const common = (first ?? []).filter((one) => rest.every((all) => all.includes(one)));
  const parts = SCREENS.map((screen) => {
    const own = bindingsOf(screen).filter((one) => !common.includes(one));
    return `## ${screen}\n\n${table(own)}`;
  });
  return `${HEAD}\n## Everywhere\n\n${table(common)}\n${parts.join('\n')}`;
}

const HEAD = `# The keys of respin dash

<!-- Made by: bin/respin dash --keys >docs/keys.md -->

What the screens show: [the dashboard](dashboard.md).
`;

function table(bindings: readonly Binding[]): string {
  const rows = bindings.map(
    ({ keys, label }) => `| ${keys.map((key) => `\`${shownKey(key)}\``).join(' ')} | ${label} |`,
  );
  return `| key | does |\n|---|---|\n${rows.join('\n')}\n`;
}
