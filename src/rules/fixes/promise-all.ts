/** Waits for all turns of a loop at once. */
import type { LoopReport } from '../../analysis/report';
import type { Await, Expr, ForEach } from '../../ir/ir';
import { walkExpr } from '../../ir/walk';
import { absolute, textOf, usesOf } from '../workers';
import type { Fix } from '../types';

/**
 * A loop whose whole body is `await f(x);` or `out.push(await f(x));` becomes `Promise.all` over a map: the results are pushed in the
 * loop's order when all are there.
 */
export function allAtOnce(loop: LoopReport, node: ForEach): Fix | null {
  const { fn } = loop;
  const [only] = node.body;
  if (node.body.length !== 1 || only?.type !== 'expr' || node.declares === null || node.declares === 'var' || node.over !== 'values') return null;
  const push = pushed(only.value);
  const awaited = push ? push.value : only.value.type === 'await' ? only.value : null;
  if (!awaited || holdsAwait(awaited.value) || readsArguments(awaited.value)) return null;
  const range = { start: absolute(fn, node).start, end: absolute(fn, node).end };
  if (loop.module.comments.some((c) => range.start <= c.start && c.start < range.end)) return null;
  const target = textOf(fn, node.target);
  const asked = textOf(fn, awaited.value);
  if (target === '' || asked.includes('\n')) return null;
  // What the list holds before its end may be asked for meanwhile.
  if (push && (push.list.type !== 'name' || usesOf(loop.module, push.list.variable).some((use) => use.fn !== fn))) return null;
  const parameter = node.target.type === 'name' ? target : target.startsWith('{') || target.startsWith('[') ? target : null;
  if (parameter === null) return null;
  const body = asked.startsWith('{') ? `(${asked})` : asked;
  const all = `await Promise.all(Array.from(${textOf(fn, node.iterable)}, (${parameter}) => ${body}))`;
  const statement = push ? `${textOf(fn, push.list)}.push(...(${all}));` : `${all};`;
  return {
    id: 'promise-all',
    kind: 'edit',
    title: 'Wait for all at once with Promise.all, if the other side takes so many requests',
    applicability: 'assumes',
    edits: [{ path: loop.module.path, edits: [{ ...range, text: statement }] }],
  };
}

/** `out.push(await …)` */
function pushed(expr: Expr): { readonly list: Expr; readonly value: Await } | null {
  if (expr.type !== 'call' || expr.callee.type !== 'attribute' || expr.callee.name !== 'push' || expr.args.length !== 1) return null;
  const [{ value, spread } = { value: expr, spread: undefined }] = expr.args;
  return value.type === 'await' && !spread ? { list: expr.callee.object, value } : null;
}

function holdsAwait(expr: Expr): boolean {
  let found = false;
  walkExpr(expr, {
    expr(inner) {
      if (inner.type === 'await' || inner.type === 'yield') found = true;
    },
  });
  return found;
}

/** `arguments` would be another's. (`this` is the same in an arrow.) */
function readsArguments(expr: Expr): boolean {
  let found = false;
  walkExpr(expr, {
    expr(inner) {
      if (inner.type === 'name' && inner.name === 'arguments') found = true;
    },
  });
  return found;
}
