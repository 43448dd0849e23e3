/** Whether anyone can see how far the loop came when one of its iterations raises. */
import type { LoopPlace } from '../../analysis/report';
import type { Expr, Stmt } from '../../ir/ir';
import { walkExpr, walkStmts } from '../../ir/walk';
import { statementPath } from './deep';
import type { Site } from './site';

/**
 * True when what earlier iterations wrote outlives the exception: then they must be committed before it is raised, chunk or no chunk.
 * A local list of a function that the exception leaves is gone, and nobody can tell.
 */
export function showsProgress(site: Site, places: readonly LoopPlace[]): boolean {
  if (isInTry(site)) return true;
  if (raisesStopIteration(site)) return true;
  if (site.fn.kind === 'module') return false;
  return places.some((place) => place.role !== 'private' && outlives(site, place));
}

function outlives(site: Site, place: LoopPlace): boolean {
  const { root, path } = place.place;
  if (root.kind !== 'variable' || path[0]?.kind === 'field' || place.role === 'own-object') return true;
  const id = root.variable;
  const variable = site.fn.variables.get(id);
  if (!variable || variable.captured) return true;
  const rebinds = place.place.path.length === 0 && place.role === 'accumulator' && isNumeric(place);
  if (rebinds) return false;
  if (variable.kind === 'param') return true;
  return !assignedFresh(site, id);
}

function isNumeric(place: LoopPlace): boolean {
  return ['sum', 'product', 'min', 'max', 'argmin', 'argmax', 'and', 'or', 'count', 'bit-and', 'bit-or', 'bit-xor'].includes(place.accumulator?.operation ?? '');
}

/** Every value that the variable is given outside the loop is made there and then. */
function assignedFresh(site: Site, id: string): boolean {
  let fresh = true;
  const loop = site.loop.node.span;
  walkStmts(site.fn.body, {
    stmt(s: Stmt) {
      if (s.type === 'assign-stmt' && s.targets.some((t) => t.type === 'name' && t.variable === id)) {
        if (s.operator === null && !(loop.start <= s.span.start && s.span.end <= loop.end) && !isFresh(s.value)) fresh = false;
      } else if (s.type === 'for-each' || s.type === 'with') {
        const targets = s.type === 'for-each' ? [s.target] : s.items.flatMap((i) => (i.target ? [i.target] : []));
        if (targets.some((t) => t.type === 'name' && t.variable === id)) fresh = false;
      }
    },
  });
  return fresh;
}

function isFresh(expr: Expr): boolean {
  switch (expr.type) {
    case 'const':
    case 'collection':
    case 'mapping':
    case 'comprehension':
    case 'template':
    case 'unary':
    case 'binary':
      return true;
    case 'call': {
      const name = expr.callee.type === 'name' || expr.callee.type === 'attribute' ? expr.callee.name : '';
      return /^(?:list|dict|set|bytearray|Counter|defaultdict|OrderedDict|deque|zeros|ones|empty|full|zeros_like|ones_like|empty_like|full_like|array|int|float|copy|deepcopy)$/.test(name);
    }
    default:
      return false;
  }
}

function isInTry(site: Site): boolean {
  const { start, end } = site.range(site.loop.node);
  return statementPath(site.fn, site.fn.body, start, end)
    .slice(0, -1)
    .some((s) => (s.type === 'try' && (s.handlers.length > 0 || s.finally.length > 0)) || (s.type === 'with' && s.items.some((i) => suppresses(i.context))));
}

function suppresses(context: Expr): boolean {
  let found = false;
  walkExpr(context, {
    expr(e) {
      if ((e.type === 'name' || e.type === 'attribute') && /suppress|raises|assertRaises/.test(e.name)) found = true;
    },
  });
  return found;
}

/** `next(it)` without a default: StopIteration must not meet the generator that hands out the results. */
export function raisesStopIteration(site: Site): boolean {
  let found = false;
  walkStmts(site.loop.body, {
    expr(e) {
      if (e.type === 'call' && e.callee.type === 'name' && e.callee.variable === 'builtin/next' && e.args.length === 1) found = true;
    },
  });
  return found;
}
