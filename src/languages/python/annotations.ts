/**
 * Types from annotations.
 *
 * Annotations are read from their text, since they may be strings too (`'Node'`), and named after the module is resolved: a class
 * of the module by its id, an imported one by its module (`numpy.ndarray`), a builtin by its name, `typing`'s aliases by what they stand for.
 */
import type { TypeIR } from '../../ir/ir';
import type { Lowering } from './lowering';
import type { Scope } from './scopes';

/** A type whose names are still as written. */
export interface PendingType {
  name: string;
  args?: PendingType[];
}

/** Reads an annotation; its names are settled by `settleTypes`. Undefined when it says nothing. */
export function annotationOf(l: Lowering, node: number, scope = l.scope): TypeIR | undefined {
  const type = parseType(l.tree.textOf(node));
  if (type) l.pendingTypes.push({ type, scope });
  return type ?? undefined;
}

/** Parses the text of an annotation; null when it is none of the common forms. */
export function parseType(text: string): PendingType | null {
  const tokens = text.match(/"""|'''|"[^"]*"|'[^']*'|[^\W\d][\w]*|\.\.\.|[[\](),|.]|\S/gu) ?? [];
  let at = 0;
  const union = (): PendingType | null => {
    const first = primary();
    if (!first) return null;
    const members = [first];
    while (tokens[at] === '|') {
      at++;
      const next = primary();
      if (!next) return null;
      members.push(next);
    }
    return members.length === 1 ? first : { name: 'union', args: members };
  };
  const list = (close: string): PendingType[] | null => {
    const items: PendingType[] = [];
    while (tokens[at] !== close) {
      const item = union();
      if (!item) return null;
      items.push(item);
      if (tokens[at] === ',') at++;
      else if (tokens[at] !== close) return null;
    }
    at++;
    return items;
  };
  const primary = (): PendingType | null => {
    const token = tokens[at++];
    if (token === undefined) return null;
    if (/^["']/.test(token)) return parseType(token.slice(1, -1)) ?? { name: 'Any' };
    if (token === '...') return { name: '...' };
    if (token === '[') {
      const items = list(']');
      return items && { name: 'parameters', args: items };
    }
    if (token === '(') {
      const items = list(')');
      return items && items.length === 1 ? items[0]! : null;
    }
    if (!/^[^\W\d]/u.test(token)) return null;
    let name = token;
    while (tokens[at] === '.' && /^[^\W\d]/u.test(tokens[at + 1] ?? '')) {
      name += `.${tokens[at + 1]}`;
      at += 2;
    }
    if (tokens[at] !== '[') return { name };
    at++;
    // What stands in a Literal are values.
    if (/(^|\.)(Literal|Annotated)$/.test(name)) return literalOrAnnotated(name);
    const args = list(']');
    return args && { name, args };
  };
  const literalOrAnnotated = (name: string): PendingType | null => {
    const inner = name.endsWith('Annotated') ? union() : { name: 'Any' };
    for (let depth = 1; depth > 0; at++) {
      const token = tokens[at];
      if (token === undefined) return null;
      depth += token === '[' ? 1 : token === ']' ? -1 : 0;
    }
    return inner;
  };
  const type = union();
  return type && at === tokens.length ? type : null;
}

/** Names in `typing` (and `collections.abc`) by what they stand for; others keep their own name without the module. */
const ALIASES: Readonly<Record<string, string>> = {
  List: 'list',
  Dict: 'dict',
  Set: 'set',
  FrozenSet: 'frozenset',
  Tuple: 'tuple',
  Type: 'type',
  Text: 'str',
  Deque: 'collections.deque',
  DefaultDict: 'collections.defaultdict',
  OrderedDict: 'collections.OrderedDict',
  Counter: 'collections.Counter',
  ChainMap: 'collections.ChainMap',
  Pattern: 're.Pattern',
  Match: 're.Match',
};

const TRANSPARENT = new Set(['Final', 'ClassVar', 'Required', 'NotRequired', 'ReadOnly', 'InitVar', 'Annotated', 'Unpack']);

/** Settles the names of pending types in place. `resolve` gives the meaning of a plain name in a scope. */
export function settleTypes(
  pending: readonly { readonly type: PendingType; readonly scope: Scope }[],
  resolve: (name: string, scope: Scope) => string,
): void {
  for (const { type, scope } of pending) settle(type, (name) => resolve(name, scope));
}

function settle(type: PendingType, resolve: (name: string) => string): void {
  for (const arg of type.args ?? []) settle(arg, resolve);
  if (type.name === 'union' || type.name === 'parameters' || type.name === '...') return;
  const [first, ...rest] = type.name.split('.');
  type.name = [resolve(first!), ...rest].join('.');
  const typing = /^(?:typing|typing_extensions|collections\.abc|dataclasses)\.(\w+)$/.exec(type.name);
  if (typing) {
    const name = typing[1]!;
    if (name === 'Optional') Object.assign(type, { name: 'union', args: [...(type.args ?? [{ name: 'Any' }]), { name: 'None' }] });
    else if (name === 'Union') type.name = 'union';
    else if (TRANSPARENT.has(name)) become(type, type.args?.[0] ?? { name: 'Any' });
    else type.name = ALIASES[name] ?? name;
  }
  if (type.name === 'numpy.typing.NDArray') type.name = 'numpy.ndarray';
}

function become(type: PendingType, other: PendingType): void {
  type.name = other.name;
  if (other.args) type.args = other.args;
  else delete type.args;
}
