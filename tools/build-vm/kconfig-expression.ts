// SPDX-License-Identifier: MIT
/** Kconfig's dependency expressions, evaluated against a `.config`. */

/** n, m, y as Kconfig orders them; null when a macro or a string keeps it from being known. */
export type Tristate = 0 | 1 | 2 | null;

type Expression =
  | { kind: 'symbol'; text: string }
  | { kind: 'not'; of: Expression }
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'compare'; operator: string; left: string; right: string }
  | { kind: 'unknown' };

const TOKEN =
  /\s*(\$\((?:[^()]|\([^()]*\))*\)|"(?:[^"\\]|\\.)*"|'[^']*'|&&|\|\||!=|<=|>=|[=<>!()]|[\w./-]+)/y;

function tokens(text: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) found.push(match[1] ?? '');
  return found;
}

/** Precedence, from the language's documentation: comparison, `!`, `&&`, `||`. */
function parse(text: string): Expression {
  const rest = tokens(text);
  const primary = (): Expression => {
    const token = rest.shift();
    if (token === undefined) return { kind: 'unknown' };
    if (token === '!') return { kind: 'not', of: primary() };
    if (token === '(') {
      const inner = either();
      if (rest[0] === ')') rest.shift();
      return inner;
    }
    if (/^(=|!=|<|>|<=|>=)$/.test(rest[0] ?? '')) {
      const operator = rest.shift() ?? '=';
      return { kind: 'compare', operator, left: token, right: rest.shift() ?? '' };
    }
    return token.startsWith('$(') ? { kind: 'unknown' } : { kind: 'symbol', text: token };
  };
  const both = (): Expression => {
    let left = primary();
    while (rest[0] === '&&') {
      rest.shift();
      left = { kind: 'and', left, right: primary() };
    }
    return left;
  };
  const either = (): Expression => {
    let left = both();
    while (rest[0] === '||') {
      rest.shift();
      left = { kind: 'or', left, right: both() };
    }
    return left;
  };
  return either();
}

function evaluate(expression: Expression, config: Map<string, string>): Tristate {
  switch (expression.kind) {
    case 'unknown':
      return null;
    case 'symbol': {
      const value = valueIn(expression.text, config);
      return value === 'y' ? 2 : value === 'm' ? 1 : 0;
    }
    case 'not': {
      const value = evaluate(expression.of, config);
      return value === null ? null : ((2 - value) as Tristate);
    }
    case 'and': {
      const left = evaluate(expression.left, config);
      const right = evaluate(expression.right, config);
      if (left === 0 || right === 0) return 0;
      return left === null || right === null ? null : (Math.min(left, right) as Tristate);
    }
    case 'or': {
      const left = evaluate(expression.left, config);
      const right = evaluate(expression.right, config);
      if (left === 2 || right === 2) return 2;
      return left === null || right === null ? null : (Math.max(left, right) as Tristate);
    }
    case 'compare': {
      const left = valueIn(expression.left, config);
      const right = valueIn(expression.right, config);
      if (left.startsWith('$(') || right.startsWith('$(')) return null;
      if (expression.operator === '=') return left === right ? 2 : 0;
      if (expression.operator === '!=') return left !== right ? 2 : 0;
      const order = Number(left) - Number(right);
      if (Number.isNaN(order)) return null;
      const holds = { '<': order < 0, '>': order > 0, '<=': order <= 0, '>=': order >= 0 };
      return holds[expression.operator as keyof typeof holds] ? 2 : 0;
    }
  }
}

/** A symbol's value; a constant stands for itself. */
function valueIn(text: string, config: Map<string, string>): string {
  if (/^["']/.test(text)) return text.slice(1, -1);
  if (/^[nmy]$/.test(text) || /^-?\d/.test(text) || text.startsWith('$(')) return text;
  return (config.get(text) ?? 'n').replace(/^"|"$/g, '');
}

/** What a dependency comes to in a `.config` (as parseDotConfig reads it). */
export function evaluateDependency(text: string, config: Map<string, string>): Tristate {
  return evaluate(parse(text), config);
}

/** The `&&` parts of a dependency that do not hold, each as it would be written. */
export function unmetParts(text: string, config: Map<string, string>): string[] {
  const unmet: string[] = [];
  const walk = (expression: Expression): void => {
    if (expression.kind === 'and') {
      walk(expression.left);
      walk(expression.right);
    } else if (evaluate(expression, config) === 0) unmet.push(write(expression));
  };
  walk(parse(text));
  return unmet;
}

function write(expression: Expression): string {
  switch (expression.kind) {
    case 'unknown':
      return '(a macro)';
    case 'symbol':
      return expression.text;
    case 'not':
      return `!${group(expression.of)}`;
    case 'and':
      return `${group(expression.left)} && ${group(expression.right)}`;
    case 'or':
      return `${group(expression.left)} || ${group(expression.right)}`;
    case 'compare':
      return `${expression.left}${expression.operator}${expression.right}`;
  }
}

function group(expression: Expression): string {
  return expression.kind === 'and' || expression.kind === 'or' ? `(${write(expression)})` : write(expression);
}
