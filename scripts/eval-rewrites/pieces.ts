/** Takes a function out of a module with the top-level statements that it needs, word for word. */
import type { FunctionIR, ModuleIR, Stmt } from '../../src/ir/ir';
import { boundNames, walkStmts } from '../../src/ir/walk';
import { NotRun } from './types';

export interface Piece {
  readonly text: string;
  /** Where an offset of the module is in the piece. */
  at(offset: number): number;
}

interface Top {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly stmt: Stmt;
  /** Top-level names that it binds, changes in place and mentions. */
  readonly binds: ReadonlySet<string>;
  readonly changes: ReadonlySet<string>;
  readonly mentions: ReadonlySet<string>;
}

/** The top-level function or class around a function of the module; null for code of the module itself. */
export function topLevelName(module: ModuleIR, fn: FunctionIR): string | null {
  let at: FunctionIR = fn;
  while (at.parent !== null && at.parent !== '') at = module.functions.get(at.parent)!;
  if (at.parent === null) return null;
  return /^[\w$]+/.exec(at.id)?.[0] ?? null;
}

/** The piece of the module that the names need. Its `at` throws NotRun for what is not in it. */
export function pieceFor(module: ModuleIR, text: string, wanted: ReadonlySet<string>): Piece {
  const tops = topsOf(module, text);
  const needed = new Set<Top>();
  const names = [...wanted];
  const known = new Set(names);
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    for (const top of tops) {
      if (needed.has(top) || !(top.binds.has(name) || top.changes.has(name))) continue;
      needed.add(top);
      for (const other of [...top.mentions, ...top.binds]) {
        if (known.has(other)) continue;
        known.add(other);
        names.push(other);
      }
    }
  }
  let out = '';
  const moved: { readonly from: Top; readonly to: number }[] = [];
  for (const top of tops) {
    if (!needed.has(top) && !(top.stmt.type === 'import' && top.stmt.star)) continue;
    const [above] = commentAbove(module, text, top.start);
    out += out === '' ? above : `\n${above}`;
    moved.push({ from: top, to: out.length });
    out += `${top.text}\n`;
  }
  return {
    text: out,
    at(offset) {
      const around = moved.find(({ from: top }) => top.start <= offset && offset <= top.end);
      if (!around) throw new NotRun('its function is not bound to a name of the module');
      const { from, to } = around;
      return to + offset - from.start + (from.text.length - (from.end - from.start));
    },
  };
}

/** A JavaScript function's documentation holds its types. */
function commentAbove(module: ModuleIR, text: string, start: number): readonly [string] {
  if (module.language === 'python') return [''];
  const comment = module.comments.find((each) => each.end <= start && each.text.startsWith('/**') && /^\s*(export\s+)?(default\s+)?$/.test(text.slice(each.end, start)));
  return [comment ? `${text.slice(comment.start, comment.end)}\n` : ''];
}

function topsOf(module: ModuleIR, text: string): Top[] {
  const top = module.functions.get('')!;
  const found: Top[] = [];
  for (const stmt of top.body) {
    const { start, end } = stmt.span;
    if (found.some((each) => each.start === start)) continue;
    const binds = new Set<string>();
    const changes = new Set<string>();
    const mentions = new Set<string>();
    const nameOf = (id: string): string | null => (id.startsWith('/') ? id.slice(1) : null);
    const isDefinition = stmt.type === 'function-def' || stmt.type === 'class-def' || stmt.type === 'import';
    if (stmt.type === 'import') for (const { target } of stmt.bindings) binds.add(target.name);
    else if (isDefinition) binds.add(stmt.target.name);
    const change = (object: { readonly type: string; readonly object?: unknown; readonly variable?: string }): void => {
      let at: { readonly type: string; readonly object?: unknown; readonly variable?: string } = object;
      while (at.type === 'index' || at.type === 'attribute') at = at.object as typeof at;
      const name = at.type === 'name' ? nameOf(at.variable!) : null;
      if (name) changes.add(name);
    };
    walkStmts([stmt], {
      stmt(s) {
        if (isMainGuard(s, text)) return false;
        if (s.type === 'function-def' || s.type === 'class-def') binds.add(s.target.name);
        if (s.type === 'import') for (const { target } of s.bindings) binds.add(target.name);
        return true;
      },
      expr(e) {
        if (e.type === 'name') {
          const name = nameOf(e.variable);
          if (name) mentions.add(name);
        }
        if (!isDefinition && e.type === 'call' && e.callee.type === 'attribute') change(e.callee.object);
        return true;
      },
      target(t) {
        if (t.type === 'index' || t.type === 'attribute') change(t);
        else for (const { variable } of boundNames(t)) if (nameOf(variable)) binds.add(nameOf(variable)!);
        return true;
      },
    });
    for (const fn of module.functions.values()) {
      if (fn.id === '' || fn.start < start || fn.start >= end) continue;
      for (const id of fn.free) if (nameOf(id)) mentions.add(nameOf(id)!);
    }
    const source = text.slice(start, end);
    const declares = stmt.type === 'assign-stmt' && stmt.declares && !source.startsWith(stmt.declares) ? `${stmt.declares} ` : '';
    found.push({ start, end, text: declares + source.replace(/^export (default )?/, ''), stmt, binds, changes, mentions });
  }
  return found;
}

function isMainGuard(stmt: Stmt, text: string): boolean {
  return stmt.type === 'if' && text.slice(stmt.test.span.start, stmt.test.span.end).includes('__name__');
}
