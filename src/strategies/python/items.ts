/** How a loop's header is handed to the workers: evaluated once in the parent, in order, and cut into iterations. */
import type { Call, Comprehension, Expr, ForEach, Target } from '../../ir/ir';
import { boundNames, walkExpr } from '../../ir/walk';
import { Refusal } from '../refusal';
import type { Site } from './site';
import { plurals } from './words';

export interface Items {
  /** Statements that come first, as `items = list(lines)`. */
  readonly before: readonly string[];
  /** The iterables whose elements go to a worker together; each can be iterated twice. */
  readonly columns: readonly string[];
  /** Number of iterations, as an expression without effects. */
  readonly count: string;
  /** The worker's parameter for each column. */
  readonly params: readonly string[];
  /** Statement in the worker that takes the parameter apart, when the target is a pattern. */
  readonly unpack: string | null;
  /** For the parent's own loop: the target's parts as written and what gives their values once more. */
  readonly again: { readonly targets: readonly string[]; readonly iterables: readonly string[] };
  /** The parent may count instead: the target is this name and takes 0, 1, 2, … */
  readonly counter: string | null;
}

/** The header of a `for` statement or of a comprehension's first clause. `reads` are the target's names that the worker needs. */
export function planItems(site: Site, target: Target, iterable: Expr, reads: ReadonlySet<string>): Items {
  const { header } = site.loop;
  const line = site.line(iterable);
  if (header.kind === 'condition') throw new Refusal(`the loop on line ${line} has no list of iterations: it runs while a condition holds`, 'write it as a `for` over a range or a list');
  if (header.kind === 'elements' && header.lazy) {
    throw new Refusal(
      `\`${site.source(iterable)}\` on line ${line} gives its values lazily, with effects of its own or without end: a pool would run ahead of it`,
      `make a list of them before the loop`,
    );
  }
  for (const name of boundNames(target)) if (site.variable(name.variable)?.kind === 'import') throw new Refusal(`the loop on line ${line} binds the imported name ${name.name}`);
  checkTarget(site, target);
  const range = rangeCall(iterable);
  if (range && target.type === 'name') return rangeItems(site, target.name, range);
  const call = builtinCall(iterable);
  if (call?.name === 'enumerate' && target.type === 'tuple-target' && target.items.length === 2 && call.args.length === 1) {
    return enumerateItems(site, target.items[0]!, target.items[1]!, call.args[0]!, reads);
  }
  if (call?.name === 'zip' && target.type === 'tuple-target' && call.args.length === target.items.length && target.items.every((t) => t?.type === 'name')) {
    return zipItems(site, target.items as readonly Target[], call.args);
  }
  const column = once(site, iterable, nameFor(site, target), header.kind === 'elements' && header.sized);
  const param = target.type === 'name' ? target.name : site.uniqueOf('item', 'pair', 'entry', 'element');
  return {
    before: column.before,
    columns: [column.name],
    count: `len(${column.name})`,
    params: [param],
    unpack: target.type === 'name' ? null : `${site.source(target)} = ${param}`,
    again: { targets: [wrapped(site.source(target), target)], iterables: [column.name] },
    counter: null,
  };
}

function checkTarget(site: Site, target: Target): void {
  const walk = (t: Target): void => {
    if (t.type === 'attribute' || t.type === 'index') {
      throw new Refusal(`the loop on line ${site.line(target)} assigns \`${site.source(t)}\` each time round`, 'let it assign a plain name');
    }
    if (t.type === 'tuple-target') for (const item of t.items) if (item) walk(item);
    if (t.type === 'star') walk(t.value);
  };
  walk(target);
}

function rangeItems(site: Site, name: string, call: Call): Items {
  const args = call.args.map((a) => a.value);
  const cheap = args.every((a) => isCheap(a));
  const text = site.source(call);
  if (!cheap) {
    const column = site.unique(name.length > 2 ? `${name}_range` : 'indices');
    return single([`${column} = ${text}`], column, `len(${column})`, name, args.length === 1 ? name : null);
  }
  const count = args.length === 1 ? site.source(args[0]!) : `len(${text})`;
  return single([], text, count, name, args.length === 1 ? name : null);
}

function single(before: readonly string[], column: string, count: string, name: string, counter: string | null): Items {
  return { before, columns: [column], count, params: [name], unpack: null, again: { targets: [name], iterables: [column] }, counter };
}

function enumerateItems(site: Site, index: Target, value: Target, inner: Expr, reads: ReadonlySet<string>): Items {
  const { header } = site.loop;
  const column = once(site, inner, nameFor(site, value), header.kind === 'elements' && header.sized);
  const needsIndex = boundNames(index).some((n) => reads.has(n.name));
  const needsValue = boundNames(value).some((n) => reads.has(n.name)) || !needsIndex;
  const indexed = index.type === 'name' ? index.name : null;
  if (indexed === null) throw new Refusal(`the target \`${site.source(index)}\` of the loop on line ${site.line(index)} takes apart a number`);
  const param = value.type === 'name' ? value.name : site.uniqueOf('item', 'pair', 'entry', 'element');
  const positions = `range(len(${column.name}))`;
  return {
    before: column.before,
    columns: [...(needsIndex ? [positions] : []), ...(needsValue ? [column.name] : [])],
    count: `len(${column.name})`,
    params: [...(needsIndex ? [indexed] : []), ...(needsValue ? [param] : [])],
    unpack: value.type === 'name' || !needsValue ? null : `${site.source(value)} = ${param}`,
    again: { targets: [`(${indexed}, ${wrapped(site.source(value), value)})`], iterables: [`enumerate(${column.name})`] },
    counter: indexed,
  };
}

function zipItems(site: Site, targets: readonly Target[], args: readonly Expr[]): Items {
  const columns = args.map((arg, i) => once(site, arg, nameFor(site, targets[i]!), isKnownSized(site, arg)));
  const names = columns.map((c) => c.name);
  const lengths = names.map((n) => `len(${n})`);
  return {
    before: columns.flatMap((c) => c.before),
    columns: names,
    count: names.length === 1 ? lengths[0]! : `min(${lengths.join(', ')})`,
    params: targets.map((t) => site.source(t)),
    unpack: null,
    again: { targets: targets.map((t) => site.source(t)), iterables: names },
    counter: null,
  };
}

function wrapped(text: string, target: Target): string {
  return target.type === 'tuple-target' && !/^[([]/.test(text) ? `(${text})` : text;
}

/**
 * A name (or an expression that can be evaluated twice for nothing) for the values of an iterable. What has no length, or comes from a
 * call, is kept in a variable first.
 */
function once(site: Site, iterable: Expr, base: string, sized: boolean): { readonly name: string; readonly before: readonly string[] } {
  if (sized && (iterable.type === 'name' || isSelfField(iterable))) return { name: site.source(iterable), before: [] };
  if (rangeCall(iterable) && rangeCall(iterable)!.args.every((a) => isCheap(a.value))) return { name: site.source(iterable), before: [] };
  const name = site.unique(base);
  const text = site.source(iterable);
  if (sized) return { name, before: [`${name} = ${text}`] };
  if (iterable.type === 'comprehension' && iterable.kind === 'generator') return { name, before: [`${name} = [${text.replace(/^\(/, '').replace(/\)$/, '').trim()}]`] };
  return { name, before: [`${name} = list(${text})`] };
}

/** `self.items`, a plain field of the method's own object: reading it twice is reading it once. */
function isSelfField(expr: Expr): boolean {
  return expr.type === 'attribute' && expr.object.type === 'name' && expr.object.name === 'self';
}

function isKnownSized(site: Site, expr: Expr): boolean {
  if (rangeCall(expr)) return true;
  if (expr.type === 'collection') return true;
  if (expr.type === 'comprehension') return expr.kind !== 'generator';
  if (expr.type !== 'name') return false;
  const type = site.variable(expr.variable)?.type?.name;
  return type !== undefined && ['list', 'tuple', 'dict', 'set', 'frozenset', 'str', 'bytes', 'range', 'array', 'ndarray', 'numpy.ndarray'].includes(type);
}

/** Plural of the target's name, when it is a word. */
function nameFor(site: Site, target: Target): string {
  if (target.type === 'name' && target.name.length > 2 && !target.name.endsWith('s')) {
    const plural = plurals(target.name)[0]!;
    if (site.isFreeLocally(plural)) return plural;
  }
  return 'items';
}

function rangeCall(expr: Expr): Call | null {
  if (expr.type !== 'call' || expr.callee.type !== 'name' || expr.callee.variable !== 'builtin/range') return null;
  return expr.args.every((a) => !a.spread && !a.name) ? expr : null;
}

function builtinCall(expr: Expr): { readonly name: string; readonly args: readonly Expr[] } | null {
  if (expr.type !== 'call' || expr.callee.type !== 'name' || !expr.callee.variable.startsWith('builtin/')) return null;
  if (expr.args.some((a) => a.spread || a.name)) return null;
  return { name: expr.callee.name, args: expr.args.map((a) => a.value) };
}

/** Evaluating it twice gives the same and costs nothing: names, numbers, `len(name)`, sums and products of those. */
export function isCheap(expr: Expr): boolean {
  let cheap = true;
  walkExpr(expr, {
    expr(e) {
      if (e.type === 'call') {
        if (!(e.callee.type === 'name' && e.callee.variable === 'builtin/len' && e.args.length === 1 && e.args[0]!.value.type === 'name')) cheap = false;
        return false;
      }
      if (isSelfField(e)) return false;
      if (!['name', 'const', 'binary', 'unary'].includes(e.type)) cheap = false;
      return cheap;
    },
  });
  return cheap;
}

/** The target and iterable of a `for` statement or comprehension. */
export function headerOf(node: ForEach | Comprehension): { readonly target: Target; readonly iterable: Expr } {
  if (node.type === 'for-each') return node;
  const first = node.clauses[0]!;
  return { target: first.target, iterable: first.iterable };
}
