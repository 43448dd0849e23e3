/** Gives a Python lambda a name at module level, where pickle finds it. */
import type { CaptureReport } from '../../analysis/captures';
import type { TextEdit } from '../../edit/edit';
import type { FunctionIR, ModuleIR } from '../../ir/ir';
import { startOfLine } from '../lines';
import type { Fix, RuleContext } from '../types';
import { indentUnit } from './indent';

/** The fix, when the captured value is itself a lambda on one line that uses nothing of the functions around it. */
export function nameLambda(context: RuleContext, capture: CaptureReport): Fix[] {
  const { module } = context.report;
  if (module.language !== 'python') return [];
  const lambda = [...module.functions.values()].find((fn) => fn.kind === 'lambda' && fn.start === capture.range.start && fn.start + fn.length === capture.range.end);
  if (!lambda || lambda.broken || !usesOnlyTheModule(lambda)) return [];
  const source = context.text.slice(lambda.start, lambda.start + lambda.length);
  const [result] = lambda.body;
  if (source.includes('\n') || result?.type !== 'return' || !result.value) return [];

  const parameters = source.slice('lambda'.length, result.value.span.start).replace(/:[\s(]*$/, '').trim();
  const body = source.slice(result.value.span.start);
  if (!balanced(body) || !balanced(parameters)) return [];
  const name = freeName(module, context.text);
  const at = topLevelStart(module, context.text, lambda.start);
  const eol = context.text.includes('\r\n') ? '\r\n' : '\n';
  const indent = indentUnit(module, context.text);
  const definition = [`def ${name}(${parameters}):`, `${indent}return ${body}`, '', '', ''].join(eol);
  const edits: TextEdit[] = [
    { start: at, end: at, text: definition },
    { start: lambda.start, end: lambda.start + lambda.length, text: name },
  ];
  return [{ id: 'name-lambda', kind: 'edit', title: `Make it a function at module level, ${name}`, applicability: 'safe', edits: [{ path: module.path, edits }] }];
}

function usesOnlyTheModule(lambda: FunctionIR): boolean {
  return [...lambda.free].every((id) => id.startsWith('/') || id.startsWith('builtin/'));
}

/** A parenthesis around the whole body is not part of its node: what remains must close what it opens. */
function balanced(code: string): boolean {
  let depth = 0;
  for (const c of code) {
    if ('([{'.includes(c)) depth++;
    if (')]}'.includes(c) && --depth < 0) return false;
  }
  return depth === 0;
}

function freeName(module: ModuleIR, text: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'compute' : `compute_${n}`;
    const taken = new RegExp(`\\b${name}\\b`).test(text) || module.functions.has(name);
    if (!taken) return name;
  }
}

/** Start of the line above which a definition can stand: the top-level statement around the offset, with the comments above it. */
function topLevelStart(module: ModuleIR, text: string, offset: number): number {
  let start = startOfLine(text, offset);
  for (const stmt of module.functions.get('')!.body) {
    if (stmt.span.start > offset || stmt.span.end <= offset) continue;
    start = startOfLine(text, stmt.span.start);
    // A decorated function begins at its first decorator.
    for (const fn of module.functions.values()) {
      if (fn.parent === '' && fn.start < stmt.span.end && fn.start + fn.length > stmt.span.start) start = Math.min(start, startOfLine(text, fn.start));
    }
  }
  while (start > 0) {
    const above = startOfLine(text, start - (text[start - 2] === '\r' ? 2 : 1));
    if (!text.slice(above, start).startsWith('#')) break;
    start = above;
  }
  return start;
}
