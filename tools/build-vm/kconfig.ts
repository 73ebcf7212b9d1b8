// SPDX-License-Identifier: MIT
/**
 * A small reader of Kconfig files, to say why a symbol did not survive. After
 * Documentation/kbuild/kconfig-language.rst.
 *
 * It follows `source`, and knows `if`, `menu`, `choice`, `depends on`, `select`.
 * It does not run `$(shell …)` and other macros (they count as unknown), does not
 * work out defaults, ranges or which entry of a choice wins, and reads no globs.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** One `config X` block; a symbol may have several. */
export interface KconfigDefinition {
  /** File and line, relative to the tree: `net/vmw_vsock/Kconfig:6`. */
  where: string;
  /** Whether a person can set it; else it only comes by default or by `select`. */
  prompt: boolean;
  /** All must hold: its own `depends on` and those of the blocks around it. */
  depends: string[];
  /** Inside a `choice`: only one of its neighbours can be on. */
  inChoice: boolean;
}

export interface KconfigSymbol {
  name: string;
  definitions: KconfigDefinition[];
  selectedBy: string[];
}

export type Kconfig = Map<string, KconfigSymbol>;

interface Block {
  kind: 'if' | 'menu' | 'choice';
  conditions: string[];
}

interface Reading {
  root: string;
  srcarch: string;
  symbols: Kconfig;
  blocks: Block[];
  /** Guards against a file that sources itself. */
  open: Set<string>;
}

/** Reads the Kconfig files of a tree, from the top one on. `srcarch` as in arch/. */
export async function readKconfig(root: string, srcarch = 'x86'): Promise<Kconfig> {
  const reading: Reading = { root, srcarch, symbols: new Map(), blocks: [], open: new Set() };
  await readOne('Kconfig', reading);
  return reading.symbols;
}

function symbolOf(symbols: Kconfig, name: string): KconfigSymbol {
  let symbol = symbols.get(name);
  if (symbol === undefined) {
    symbol = { name, definitions: [], selectedBy: [] };
    symbols.set(name, symbol);
  }
  return symbol;
}

async function readOne(name: string, reading: Reading): Promise<void> {
  const file = path.resolve(reading.root, name);
  // A series may have written the path: never read outside the tree.
  if (!file.startsWith(`${path.resolve(reading.root)}${path.sep}`) || reading.open.has(file)) return;
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return;
  reading.open.add(file);
  let definition: KconfigDefinition | null = null;
  let current = '';
  /** Where `depends on` goes: the entry it follows. */
  let conditions: string[] | null = null;
  for (const { line, number } of statements(text)) {
    const [word = '', rest = ''] = splitWord(line);
    const open = (kind: Block['kind'], first: string[]): void => {
      const block = { kind, conditions: first };
      reading.blocks.push(block);
      definition = null;
      conditions = kind === 'if' ? null : block.conditions;
    };
    if (word === 'config' || word === 'menuconfig') {
      current = rest.trim();
      definition = {
        where: `${name}:${number}`,
        prompt: false,
        depends: reading.blocks.flatMap((block) => block.conditions),
        inChoice: reading.blocks.at(-1)?.kind === 'choice',
      };
      conditions = definition.depends;
      symbolOf(reading.symbols, current).definitions.push(definition);
    } else if (word === 'if') open('if', [rest]);
    else if (word === 'menu' || word === 'choice') open(word, []);
    else if (word === 'endif' || word === 'endmenu' || word === 'endchoice') {
      reading.blocks.pop();
      definition = null;
      conditions = null;
    } else if (word === 'source' || word === 'osource') {
      const target = rest.replace(/^"|"$/g, '').replace(/\$\(SRCARCH\)|\$SRCARCH\b/g, reading.srcarch);
      await readOne(target, reading);
      definition = null;
    } else if (word === 'comment') {
      definition = null;
      conditions = [];
    } else if (word === 'depends' && rest.startsWith('on')) conditions?.push(rest.slice(2).trim());
    else if (word === 'visible' && rest.startsWith('if')) conditions?.push(rest.slice(2).trim());
    else if (/^(bool|tristate|string|int|hex|prompt)$/.test(word) && /^["']/.test(rest)) {
      if (definition !== null) (definition as KconfigDefinition).prompt = true;
    } else if (word === 'select' && definition !== null) {
      const [target = ''] = splitWord(rest);
      symbolOf(reading.symbols, target).selectedBy.push(current);
    }
  }
  reading.open.delete(file);
}

function splitWord(line: string): [string, string] {
  const match = /^(\S+)\s*(.*)$/.exec(line);
  return [match?.[1] ?? '', match?.[2] ?? ''];
}

/** The lines that say something: joined at `\`, without comments and help texts. */
function* statements(text: string): Generator<{ line: string; number: number }> {
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const number = index + 1;
    let line = lines[index] ?? '';
    while (line.endsWith('\\') && index + 1 < lines.length) line = `${line.slice(0, -1)} ${lines[++index]}`;
    line = withoutComment(line).trim();
    if (line === '') continue;
    if (line !== 'help' && line !== '---help---') {
      yield { line, number };
      continue;
    }
    // A help text ends before the first line that is indented less than its first one.
    let depth: number | null = null;
    while (index + 1 < lines.length) {
      const next = lines[index + 1] ?? '';
      if (next.trim() !== '') {
        const indent = indentation(next);
        depth ??= indent;
        if (indent < depth || indent === 0) break;
      }
      index++;
    }
  }
}

function withoutComment(line: string): string {
  const match = /^(?:[^"'#]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*/.exec(line);
  return match?.[0] ?? line;
}

function indentation(line: string): number {
  let column = 0;
  for (const character of line) {
    if (character === '\t') column += 8 - (column % 8);
    else if (character === ' ') column++;
    else break;
  }
  return column;
}
