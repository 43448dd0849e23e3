/** `module.exports = …` and `exports.x = …` of CommonJS. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import { visitorKeys } from '@typescript-eslint/visitor-keys';
import type { ExportIR } from '../../ir/ir';
import type { FunctionContext } from './context';
import { bare, keyName, requiredModule } from './nodes';

/**
 * The exports that the module's top level sets. `=` is the value of `module.exports` itself; the members of an object that it is set to
 * are exports too. A name that is set to different things has no variable: which one an importer sees is not known.
 */
export function commonJsExports(program: TSESTree.Program, cx: FunctionContext): ExportIR[] {
  const found = new Map<string, ExportIR[]>();
  const add = (one: ExportIR): void => {
    const list = found.get(one.name) ?? [];
    if (!list.some((o) => o.variable === one.variable && o.target === one.target && o.from === one.from && o.imported === one.imported))
      list.push(one);
    found.set(one.name, list);
  };
  visitAssignments(program, cx, (path, value) => {
    const assigned = finalValue(value);
    // tsc and Babel begin with `exports.a = exports.b = void 0`.
    if (assigned.type === T.UnaryExpression && assigned.operator === 'void') return;
    if (path.length > 0) return add({ name: path[0]!, ...source(assigned, cx) });
    add({ name: '=', ...source(assigned, cx) });
    if (assigned.type !== T.ObjectExpression) return;
    for (const property of assigned.properties) {
      if (property.type === T.SpreadElement) {
        const from = required(property.argument, cx);
        if (from !== null) add({ name: '*', variable: null, from });
      } else if (!property.computed && property.kind === 'init') {
        add({ name: keyName(property.key), ...source(property.value, cx) });
      }
    }
  });
  return [...found].flatMap(([name, list]) => (name === '*' || list.length === 1 ? list : [{ name, variable: null }]));
}

/** Calls back for each assignment to `module.exports`, `exports` or a member of them, outside functions. */
function visitAssignments(root: TSESTree.Node, cx: FunctionContext, found: (path: readonly string[], value: TSESTree.Node) => void): void {
  const pending: TSESTree.Node[] = [root];
  while (pending.length) {
    const node = pending.pop()!;
    if (cx.functionOf(node) && node.type !== T.Program) continue;
    if (node.type === T.AssignmentExpression && node.operator === '=') {
      const path = exportsPath(node.left, cx);
      if (path && path.length <= 1) found(path, node.right);
    }
    const children: TSESTree.Node[] = [];
    for (const key of visitorKeys[node.type] ?? []) {
      const child = (node as unknown as Record<string, unknown>)[key];
      for (const one of Array.isArray(child) ? child : [child])
        if (one && typeof one === 'object' && 'type' in one) children.push(one as TSESTree.Node);
    }
    pending.push(...children.reverse());
  }
}

/** `[]` for `module.exports`, `['x']` for `module.exports.x` and `exports.x`; null for anything else (a bare `exports = …` among it). */
function exportsPath(written: TSESTree.Node, cx: FunctionContext): string[] | null {
  const node = bare(written);
  if (node.type !== T.MemberExpression || node.computed) return null;
  const name = keyName(node.property);
  const object = bare(node.object);
  if (cx.isBuiltin(object, 'exports')) return [name];
  if (cx.isBuiltin(object, 'module')) return name === 'exports' ? [] : null;
  const inner = exportsPath(object, cx);
  return inner && [...inner, name];
}

/** The value at the end of `exports = module.exports = value`. */
function finalValue(node: TSESTree.Node): TSESTree.Node {
  let value = bare(node);
  while (value.type === T.AssignmentExpression && value.operator === '=') value = bare(value.right);
  return value;
}

function source(written: TSESTree.Node, cx: FunctionContext): Omit<ExportIR, 'name'> {
  const node = bare(written);
  if (node.type === T.Identifier) {
    const { variable } = cx.target(node);
    return { variable: cx.module.scopes.variable(variable) ? variable : null };
  }
  const target = cx.functionOf(node)?.id ?? cx.classOf(node)?.id;
  if (target !== undefined) return { variable: null, target };
  const whole = required(node, cx);
  if (whole !== null) return { variable: null, from: whole, imported: '*' };
  const member = node.type === T.MemberExpression && !node.computed ? required(node.object, cx) : null;
  if (member !== null && node.type === T.MemberExpression) return { variable: null, from: member, imported: keyName(node.property) };
  return { variable: null };
}

function required(node: TSESTree.Node, cx: FunctionContext): string | null {
  const found = requiredModule(bare(node));
  return found && cx.isBuiltin(found.callee, 'require') ? found.module : null;
}
