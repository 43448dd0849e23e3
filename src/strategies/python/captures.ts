/** The values from outside that the worker's code needs: found in the module, passed along, or refused. */
import type { TextEdit } from '../../edit/edit';
import type { Attribute, ClassIR, Expr, FunctionIR, NameExpr, Stmt, VarId } from '../../ir/ir';
import { walkStmts } from '../../ir/walk';
import type { Code, Use } from './deep';
import { walkDeep } from './deep';
import { changesAfterImport, isTopLevel } from './globals';
import { definitionOf, planLifts, type LiftedFunction } from './lift';
import { isProcessBuiltin, perProcess } from './reach';
import { Refusal } from '../refusal';
import { partScript } from './script';
import type { Site } from './site';
import { checkTransfer, isSmallType } from './transfer';

export interface CapturedValue {
  /** The worker's name for it. */
  readonly name: string;
  /** How the parent writes it. */
  readonly value: string;
  /** Worth sending once to each worker instead of with each chunk. */
  readonly large: boolean;
}

export interface CapturePlan {
  readonly values: readonly CapturedValue[];
  /** Edits of the worker's text (absolute): `self.scale` becomes `scale`. */
  readonly edits: readonly TextEdit[];
  /** Import statements of the enclosing function that the worker repeats. */
  readonly imports: readonly string[];
  readonly lifted: readonly LiftedFunction[];
  /** Variables of the module's top level that the worker's code names: functions, classes, constants. */
  readonly globals: ReadonlySet<VarId>;
}

/**
 * @param code the worker's code, for a look at how values are used
 * @param uses every use of a name in it
 * @param own names that are made in the worker
 * @param moved top-level names that only exist under the main guard
 */
export function planCaptures(site: Site, code: Code, uses: readonly Use[], own: ReadonlySet<VarId>, moved: ReadonlySet<VarId>): CapturePlan {
  const bound = new Set([...own, ...uses.filter((u) => u.stores).map((u) => u.node.variable)]);
  const values: CapturedValue[] = [];
  const edits: TextEdit[] = [];
  const imports: string[] = [];
  const globals = new Set<VarId>();
  const nested: VarId[] = [];
  const script = partScript(site.module);
  const top = site.module.functions.get('')!;
  const shared = site.world.memory === 'shared';
  const byVariable = new Map<VarId, Use[]>();
  for (const use of uses) {
    if (isProcessBuiltin(site, use.node)) throw perProcess(site, use.node.name, `the loop's body on line ${site.line(use.node, use.fn)}`);
    byVariable.set(use.node.variable, [...(byVariable.get(use.node.variable) ?? []), use]);
  }
  refuseMangled(site, code);
  for (const [id, found] of byVariable) {
    const first = found[0]!;
    if (bound.has(id) || id.startsWith('builtin/') || !isOutside(site, id)) continue;
    const variable = site.variable(id);
    if (!variable) continue;
    if (shared && (isTopLevel(top, id) || variable.kind === 'function' || variable.kind === 'class')) {
      // The object itself: a name of the module, or a local one that is handed over.
      if (isTopLevel(top, id)) globals.add(id);
      else values.push({ name: variable.name, value: variable.name, large: false });
      continue;
    }
    if (isTopLevel(top, id)) {
      const change = changesAfterImport(site.module).get(id);
      if (!moved.has(id) && !change && script.bound.has(id)) {
        globals.add(id);
        continue;
      }
      if (variable.kind === 'import') {
        imports.push(importText(top, id));
        continue;
      }
      if (variable.kind === 'function' || variable.kind === 'class') {
        throw new Refusal(`\`${variable.name}\` (line ${site.line(first.node, first.fn)}) is defined where a ${site.world.worker} that imports the module would not have it`, 'define it at the top level of the module');
      }
      values.push(valueOf(site, first, found, code));
      continue;
    }
    if (variable.kind === 'import') imports.push(importText(site.fn, id));
    else if (variable.kind === 'function' || (!shared && isNamedLambda(site, id))) nested.push(id);
    else if (variable.kind === 'class') {
      throw new Refusal(`class \`${variable.name}\` (line ${site.line(first.node, first.fn)}) is defined inside a function: its objects cannot be sent to another ${site.world.place}`, 'define it at the top level of the module');
    } else if (isReceiver(site, id)) receiver(site, first.node, found, code, values, edits);
    else values.push(valueOf(site, first, found, code));
  }
  const lifted = planLifts(site, nested, { moved, values, imports, globals });
  return { values, edits, imports: [...new Set(imports)], lifted, globals };
}

/** `shape = lambda t: …`, bound once. */
function isNamedLambda(site: Site, id: VarId): boolean {
  const owner = site.module.functions.get(id.slice(0, id.lastIndexOf('/')));
  return owner !== undefined && site.variable(id)?.constant === true && definitionOf(owner, id) !== null;
}

/** Owned by the loop's function or one around it. */
function isOutside(site: Site, id: VarId): boolean {
  const owner = id.slice(0, id.lastIndexOf('/'));
  for (let at: string | null = site.fn.id; at !== null; at = site.module.functions.get(at)?.parent ?? null) if (at === owner) return true;
  return false;
}

function valueOf(site: Site, use: Use, all: readonly Use[], code: Code): CapturedValue {
  const { name, variable } = use.node;
  checkTransfer(site, variable, use);
  return { name, value: name, large: isLarge(site, variable, all, code) };
}

/** The parameter that holds the method's object. */
function isReceiver(site: Site, id: VarId): boolean {
  const method = methodAround(site);
  return method !== null && method.params[0]?.variable === id && !method.decorators.some((d) => d === 'staticmethod');
}

function methodAround(site: Site): FunctionIR | null {
  for (let fn: FunctionIR | undefined = site.fn; fn; fn = fn.parent === null ? undefined : site.module.functions.get(fn.parent)) if (fn.class !== null) return fn;
  return null;
}

/**
 * `self`: when the body only reads plain fields, their values are passed; when it calls methods, the object goes along as a copy
 * (a write to it would be a place of the loop's own and never get here).
 */
function receiver(site: Site, node: NameExpr, uses: readonly Use[], code: Code, values: CapturedValue[], edits: TextEdit[]): void {
  const method = methodAround(site)!;
  const cls = site.classOf(method);
  const fields = plainReads(site, node.variable, code, cls);
  const starts = new Set(uses.map((u) => u.start));
  const reads = fields?.filter((f) => starts.has(f.start)) ?? null;
  if (reads && reads.length === uses.length) {
    const names = new Map<string, string>();
    for (const { node: field, start, end } of reads) {
      let name = names.get(field.name);
      if (name === undefined) {
        name = site.unique(field.name.replace(/^_+/, '') || 'value');
        names.set(field.name, name);
        const type = cls?.fields.get(field.name)?.type?.name;
        values.push({ name, value: `${node.name}.${field.name}`, large: !isSmallType(type) && usedAsContainer(site, code, (e) => e === field || isSameField(e, field)) });
      }
      edits.push({ start, end, text: name });
    }
    for (const { node: field } of reads) checkTransfer(site, node.variable, uses[0]!, field.name);
    return;
  }
  if (method.decorators.includes('classmethod') || !cls) {
    values.push({ name: node.name, value: node.name, large: false });
    return;
  }
  checkTransfer(site, node.variable, uses[0]!);
  values.push({ name: node.name, value: node.name, large: true });
}

interface FieldRead {
  readonly node: Attribute;
  readonly start: number;
  readonly end: number;
}

/** Every use of the receiver as a read of a plain field; null when one is something else. */
function plainReads(site: Site, self: VarId, code: Code, cls: ClassIR | null): FieldRead[] | null {
  if (!cls) return null;
  const reads: FieldRead[] = [];
  let plain = true;
  const inField = new Set<Expr>();
  walkDeep(site.module, site.fn, code, {
    expr(e, fn) {
      if (e.type === 'attribute' && e.object.type === 'name' && e.object.variable === self) {
        inField.add(e.object);
        if (!cls.fields.has(e.name) || cls.methods.has(e.name) || cls.methods.has('__getattribute__')) plain = false;
        else reads.push({ node: e, start: fn.start + e.span.start, end: fn.start + e.span.end });
      } else if (e.type === 'name' && e.variable === self && !inField.has(e)) plain = false;
    },
    // A store through the field (`self.rows[y] = …`) is the parent's: what is left of it here is a read that was sent back.
    target(t, fn) {
      if (t.type === 'attribute' && t.object.type === 'name' && t.object.variable === self) {
        inField.add(t.object);
        reads.push({ node: t, start: fn.start + t.span.start, end: fn.start + t.span.end });
      }
    },
  });
  return plain ? reads : null;
}

function isSameField(e: Expr, field: Attribute): boolean {
  return e.type === 'attribute' && e.name === field.name && e.object.type === 'name' && field.object.type === 'name' && e.object.variable === field.object.variable;
}

function isLarge(site: Site, variable: VarId, _uses: readonly Use[], code: Code): boolean {
  const type = site.variable(variable)?.type?.name ?? site.loop.captures.find((c) => c.variable === variable)?.type?.name;
  if (isSmallType(type)) return false;
  const cls = type === undefined ? undefined : site.module.classes.get(type);
  if (cls && [...cls.fields.values()].every((f) => f.static || isSmallType(f.type?.name))) return false;
  if (type !== undefined && !cls && /^(?:list|dict|set|frozenset|bytes|bytearray|ndarray|deque|Counter|defaultdict|array)$/.test(type.split('.').pop()!)) return true;
  return usedAsContainer(site, code, (e) => e.type === 'name' && e.variable === variable);
}

/** The value is subscripted, iterated over or searched, here or in a function of the module that gets it. */
function usedAsContainer(site: Site, code: Code, is: (e: Expr) => boolean, depth = 0): boolean {
  let container = false;
  const bases = (e: Expr | undefined): void => {
    if (e && is(e)) container = true;
  };
  walkDeep(site.module, site.fn, code, {
    expr(e) {
      if (e.type === 'index') bases(e.object);
      else if (e.type === 'comprehension') for (const clause of e.clauses) bases(clause.iterable);
      else if (e.type === 'compare') e.operators.forEach((op, i) => void (op.endsWith('in') && bases(e.operands[i + 1])));
      else if (e.type === 'call') {
        if (e.callee.type === 'attribute') bases(e.callee.object);
        if (e.callee.type === 'name' && e.callee.variable.startsWith('builtin/') && /^(?:len|sum|sorted|max|min|zip|enumerate|map|filter|set|list|tuple|iter|any|all|reversed)$/.test(e.callee.name)) {
          for (const arg of e.args) bases(arg.value);
        } else if (depth < 3) {
          e.args.forEach((arg, i) => void (is(arg.value) && receives(site, e.callee, i, arg.name, depth) && (container = true)));
        }
      }
    },
    stmt(s) {
      if (s.type === 'for-each') bases(s.iterable);
    },
    target(t) {
      if (t.type === 'index') bases(t.object);
    },
  });
  return container;
}

function receives(site: Site, callee: Expr, position: number, keyword: string | undefined, depth: number): boolean {
  if (callee.type !== 'name') return false;
  const target = site.variable(callee.variable)?.target;
  const fn = target === undefined ? undefined : site.module.functions.get(target);
  if (!fn) return false;
  const param = keyword === undefined ? fn.params[position] : fn.params.find((p) => p.name === keyword);
  return param !== undefined && usedAsContainer(site, fn.body, (e) => e.type === 'name' && e.variable === param.variable, depth + 1);
}

/** The import statement, as written, that binds a name of a function. */
function importText(fn: FunctionIR, id: VarId): string {
  let text = '';
  walkStmts(fn.body, {
    stmt(s) {
      const binding = s.type === 'import' ? s.bindings.find((b) => b.target.variable === id) : undefined;
      if (!binding || s.type !== 'import') return;
      const { module, name, level } = binding.source;
      const from = '.'.repeat(level ?? 0) + module;
      const original = name ?? s.module;
      const as = binding.target.name === (name ?? module.split('.')[0]) ? '' : ` as ${binding.target.name}`;
      text = name === null ? `import ${original}${as}` : `from ${from} import ${name}${as}`;
    },
  });
  return text;
}

/** `__name` inside a class means `_Class__name`, and `super()` the class around: neither keeps its meaning in a function of the module. */
function refuseMangled(site: Site, code: Code): void {
  if (!methodAround(site)) return;
  const check = (name: string, node: Expr | Stmt | NameExpr, fn: FunctionIR): void => {
    if (/^__.*(?<!__)$/.test(name)) throw new Refusal(`\`${name}\` on line ${site.line(node, fn)} is private to its class: a worker function outside it cannot use it`);
    if (name === 'super' || name === '__class__') throw new Refusal(`\`${name}\` on line ${site.line(node, fn)} only works inside the class`);
  };
  walkDeep(site.module, site.fn, code, {
    expr(e, fn) {
      if (e.type === 'name' || e.type === 'attribute') check(e.name, e, fn);
    },
  });
}
