/** What else could run while the rewritten loop waits, and whether it touches what the loop reads or writes. */
import { AST_NODE_TYPES as T } from '@typescript-eslint/types';
import { CALLS_BACK_AT_ONCE } from './builtins';
import { isRead } from './purity';
import { Refusal } from '../refusal';
import { contains, functionName, isFunction, walk, type FunctionNode, type Node, type Source, type Variable } from './syntax';
import { functionOf } from './types';

export interface Touched {
  readonly variable: Variable;
  readonly written: boolean;
}

/**
 * @param chain functions that wait for the loop: they do not go on meanwhile.
 * @throws Refusal naming the function that could run, and what it touches.
 */
export function refuseConcurrent(source: Source, loop: Node, touched: readonly Touched[], chain: readonly FunctionNode[]): void {
  const roots = laterFunctions(source, loop, chain);
  if (roots.length === 0) return;
  for (const { root, why } of roots) {
    for (const fn of reachable(source, root)) {
      if (chain.includes(fn)) continue;
      for (const { variable, written } of touched) {
        const clash = variable.references.find((r) => contains(fn, r.identifier) && !contains(loop, r.identifier) && (written || r.isWrite() || !isRead(source, r.identifier)));
        // Names that the function declares itself, and functions in which the loop stands, are no clash.
        if (!clash || contains(fn, variable.defs[0]!.name) || contains(fn, loop)) continue;
        throw new Refusal(
          `${functionName(source, root)} (line ${source.line(root)}) could run while the loop waits, since ${why}, and it uses ${variable.name} (line ${source.line(clash.identifier)})`,
          `let the loop work on a copy of ${variable.name}`,
        );
      }
    }
  }
}

/** Functions that may run when the one that is running waits. */
function laterFunctions(source: Source, loop: Node, chain: readonly FunctionNode[]): { root: FunctionNode; why: string }[] {
  const found: { root: FunctionNode; why: string }[] = [];
  walk(source.program, (node) => {
    if (node === loop) return false;
    if (node.type === T.CallExpression || node.type === T.NewExpression) {
      const name = node.callee.type === T.MemberExpression ? source.of(node.callee.property) : source.of(node.callee);
      if (node.type === T.CallExpression && CALLS_BACK_AT_ONCE.has(name)) return undefined;
      if (node.type === T.NewExpression && name === 'Promise') return undefined;
      for (const argument of node.arguments) {
        const fn = isFunction(argument) ? argument : argument.type === T.Identifier ? functionOf(source.variable(argument)) : null;
        if (fn && !chain.includes(fn)) found.push({ root: fn, why: `it is handed to ${name}` });
      }
    }
    if (node.type === T.AssignmentExpression && node.left.type === T.MemberExpression && isFunction(node.right) && /\bon[a-z]+$/i.test(source.of(node.left))) {
      found.push({ root: node.right, why: `it is set as ${source.of(node.left)}` });
    }
    if (isFunction(node) && node.async && !chain.includes(node) && isStartedWithoutWaiting(source, node)) found.push({ root: node, why: 'it is async, and not awaited everywhere' });
    return undefined;
  });
  return found;
}

function isStartedWithoutWaiting(source: Source, fn: FunctionNode): boolean {
  const holder = fn.id ? fn : source.parent(fn);
  const variable = holder && source.declared(holder).find((v) => functionOf(v) === fn);
  if (!variable) return true;
  return variable.references.some((r) => {
    if (r.init) return false;
    const call = source.parent(r.identifier);
    return !(call?.type === T.CallExpression && call.callee === r.identifier && source.parent(call)?.type === T.AwaitExpression);
  });
}

/** A function and those of the file that it calls by name. */
function reachable(source: Source, root: FunctionNode): Set<FunctionNode> {
  const found = new Set<FunctionNode>();
  const queue = [root];
  for (let fn = queue.pop(); fn; fn = queue.pop()) {
    if (found.has(fn)) continue;
    found.add(fn);
    for (const reference of source.referencesIn(fn)) {
      const called = functionOf(reference.resolved);
      if (called) queue.push(called);
    }
  }
  return found;
}
