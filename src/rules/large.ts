/** Whether the code shows that a value is large. */
import { dottedName } from '../analysis/captures/dotted';
import type { Flow } from '../analysis/captures/flow';
import type { Site } from '../analysis/captures/module-index';
import type { Call, Expr } from '../ir/ir';

export interface Large {
  /** null for what is loaded from a file. */
  readonly elements: number | null;
  /** Where it is made. */
  readonly at: number;
}

/** Elements from which sending takes milliseconds. */
const MANY = 100_000;

const LOADED = /^(numpy\.(load|loadtxt|genfromtxt|fromfile)|pandas\.read_\w+|joblib\.load|torch\.load)$/;
const FILLED = /^numpy\.(zeros|ones|empty|full|arange|random\.(rand|randn|random|standard_normal))$/;
const TYPED = /^builtins\.((Big)?(Int|Uint|Float)\d+(Clamped)?Array|ArrayBuffer)$/;

/** What is known of the size of a variable that is bound once; null when it is small or not known. */
export function largeValue(flow: Flow, expr: Expr): Large | null {
  if (expr.type !== 'name') return null;
  const all = flow.index.bindings.get(expr.variable) ?? [];
  const [binding] = all;
  if (all.length !== 1 || binding?.kind !== 'value' || binding.path.length > 0) return null;
  const size = sizeOf(flow, binding, binding.value);
  return size === null ? null : { elements: size === Infinity ? null : size, at: binding.fn.start + binding.value.span.start };
}

/** Elements of what an expression makes, as far as it shows; Infinity for a file's. */
function sizeOf(flow: Flow, site: Site, expr: Expr): number | null {
  switch (expr.type) {
    case 'comprehension': {
      if (expr.kind === 'generator' || expr.clauses.some((clause) => clause.conditions.length > 0)) return null;
      const counts = expr.clauses.map((clause) => countOf(flow, site, clause.iterable));
      return atLeast(counts.reduce<number | null>((all, count) => (all === null || count === null ? null : all * count), 1));
    }
    case 'binary': {
      const [list, times] = expr.left.type === 'collection' ? [expr.left, expr.right] : [expr.right, expr.left];
      if (expr.operator !== '*' || list.type !== 'collection') return null;
      const count = numberOf(flow, site, times);
      return atLeast(count === null ? null : count * list.items.length);
    }
    case 'call':
      return ofCall(flow, site, expr);
    default:
      return null;
  }
}

function ofCall(flow: Flow, site: Site, call: Call): number | null {
  const name = dottedName(flow.module, call.callee);
  const first = call.args[0]?.value;
  if (name === null) return null;
  if (LOADED.test(name)) return Infinity;
  if (!first) return null;
  if (/^builtins\.(list|tuple|set)$/.test(name) && flow.module.language === 'python') return atLeast(countOf(flow, site, first));
  if (FILLED.test(name)) return atLeast(shapeOf(flow, site, first));
  if (call.construct && TYPED.test(name)) return atLeast(numberOf(flow, site, first));
  if (name === 'builtins.Array.from' && first.type === 'mapping') {
    const length = first.properties.find((p) => p.key?.type === 'const' && p.key.value === 'length')?.value;
    return length ? atLeast(numberOf(flow, site, length)) : null;
  }
  return null;
}

/** `range(1_000_000)` */
function countOf(flow: Flow, site: Site, iterable: Expr): number | null {
  if (iterable.type !== 'call' || dottedName(flow.module, iterable.callee) !== 'builtins.range' || iterable.args.length > 2) return null;
  const bounds = iterable.args.map((a) => numberOf(flow, site, a.value));
  if (bounds.some((bound) => bound === null)) return null;
  return bounds.length === 2 ? bounds[1]! - bounds[0]! : bounds[0]!;
}

function shapeOf(flow: Flow, site: Site, expr: Expr): number | null {
  if (expr.type !== 'collection') return numberOf(flow, site, expr);
  return expr.items.map((item) => numberOf(flow, site, item)).reduce<number | null>((all, n) => (all === null || n === null ? null : all * n), 1);
}

function numberOf(flow: Flow, site: Site, expr: Expr): number | null {
  if (expr.type === 'binary') {
    const [left, right] = [numberOf(flow, site, expr.left), numberOf(flow, site, expr.right)];
    if (left === null || right === null) return null;
    return expr.operator === '*' ? left * right : expr.operator === '**' ? left ** right : expr.operator === '<<' ? left * 2 ** right : null;
  }
  flow.flows.steps = 0;
  const value = flow.evaluate(expr, flow.at(site));
  return value.kind === 'plain' && typeof value.constant === 'number' ? value.constant : null;
}

const atLeast = (count: number | null): number | null => (count !== null && count >= MANY ? count : null);
