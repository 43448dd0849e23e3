/** Whether a module's top level gives the same names with the same values each time it is imported, and does nothing else. */
import type { Expr, FunctionIR, ModuleIR, Stmt, VarId } from '../../ir/ir';
import { walkExpr, walkFunction } from '../../ir/walk';

/** Builtins that only compute. */
const COMPUTING = new Set(
  ('abs all any ascii bin bool bytearray bytes chr complex dict divmod enumerate filter float format frozenset getattr hasattr hex int isinstance ' +
    'issubclass iter len list map max min object oct ord pow property range repr reversed round set slice sorted str sum tuple type zip ' +
    'staticmethod classmethod super').split(' '),
);

/** Library modules of which a call at import time computes a value and has no effect that another process could miss. */
const COMPUTING_MODULES = new Set(
  ('math cmath re string collections itertools functools operator dataclasses typing enum decimal fractions datetime pathlib textwrap struct ' +
    'statistics array bisect heapq copy types abc numbers colorsys calendar ipaddress unicodedata hashlib json base64 binascii zlib').split(' '),
);

/** Parts of numpy that make arrays out of what they are given. `numpy.random` is not among them. */
const NUMPY = /^(?:array|asarray|zeros|ones|full|empty|arange|linspace|eye|identity|dtype|float32|float64|int32|int64|uint8|sqrt|exp|log|sin|cos|pi|deg2rad|meshgrid)$/;

/** The value of an expression follows from the program's text alone, and evaluating it has no effects. */
export function isImportPure(module: ModuleIR, expr: Expr, seen: ReadonlySet<string> = new Set()): boolean {
  let pure = true;
  walkExpr(expr, {
    expr(e) {
      if (!pure) return false;
      switch (e.type) {
        case 'const':
        case 'name':
        case 'attribute':
        case 'index':
        case 'slice':
        case 'unary':
        case 'binary':
        case 'compare':
        case 'logical':
        case 'conditional':
        case 'template':
        case 'collection':
        case 'mapping':
        case 'spread':
        case 'comprehension':
          return true;
        case 'function':
          return false;
        case 'call':
          pure &&= isPureCall(module, e.callee, seen);
          return true;
        default:
          pure = false;
          return false;
      }
    },
  });
  return pure;
}

function isPureCall(module: ModuleIR, callee: Expr, seen: ReadonlySet<string>): boolean {
  if (callee.type === 'name') {
    if (callee.variable.startsWith('builtin/')) return COMPUTING.has(callee.name);
    const variable = findVariable(module, callee.variable);
    if (variable?.import) return isPureImport(variable.import.module, variable.import.name);
    if (variable?.kind === 'function' && variable.target) return isPureFunction(module, variable.target, seen);
    if (variable?.kind === 'class' && variable.target) {
      const cls = module.classes.get(variable.target);
      const init = cls?.methods.get('__init__') ?? cls?.methods.get('__post_init__');
      return cls !== undefined && (init === undefined || isPureFunction(module, init, seen));
    }
    return false;
  }
  if (callee.type !== 'attribute') return false;
  const root = rootImport(module, callee);
  if (root) return isPureImport(root.module, root.path);
  // A method of a value made here: of a string, a number, a display or a pattern.
  return ['const', 'template', 'collection', 'mapping', 'call', 'binary', 'comprehension', 'index', 'attribute', 'name'].includes(callee.object.type) && isPureMethod(callee.name);
}

function isPureMethod(name: string): boolean {
  return /^(?:split|rsplit|splitlines|join|strip|lstrip|rstrip|lower|upper|title|capitalize|casefold|replace|format|encode|decode|startswith|endswith|find|index|count|zfill|ljust|rjust|center|translate|maketrans|items|keys|values|get|copy|union|intersection|difference|bit_length|hex|fromhex|reshape|astype|with_suffix|parent|resolve|isoformat|fromkeys|compile|is_integer)$/.test(name);
}

function isPureImport(moduleName: string, name: string | null): boolean {
  const top = moduleName.split('.')[0]!;
  if (top === 'numpy') return !moduleName.includes('random') && name !== null && NUMPY.test(name.split('.').pop()!) && !name.includes('random');
  if (top === 'datetime' && name !== null && /now|today|utcnow/.test(name)) return false;
  return COMPUTING_MODULES.has(top);
}

/** `np.zeros` → numpy, `zeros`. */
function rootImport(module: ModuleIR, callee: Expr): { module: string; path: string } | null {
  const parts: string[] = [];
  let at = callee;
  while (at.type === 'attribute') {
    parts.unshift(at.name);
    at = at.object;
  }
  if (at.type !== 'name') return null;
  const source = findVariable(module, at.variable)?.import;
  if (!source) return null;
  return { module: source.module, path: [...(source.name ? [source.name] : []), ...parts].join('.') };
}

function isPureFunction(module: ModuleIR, id: string, seen: ReadonlySet<string>): boolean {
  if (seen.has(id)) return true;
  const fn = module.functions.get(id);
  if (!fn || fn.async || fn.generator || fn.broken) return false;
  const now = new Set([...seen, id]);
  let pure = true;
  const owned = (v: VarId): boolean => fn.variables.has(v);
  walkFunction(fn, {
    expr(e) {
      if (pure && e.type === 'call') pure = isPureCall(module, e.callee, now) || isLocalMethod(fn, e.callee);
      if (e.type === 'yield' || e.type === 'await' || e.type === 'opaque') pure = false;
      return pure;
    },
    target(t) {
      if (t.type === 'name' && !owned(t.variable)) pure = false;
      return pure;
    },
    stmt(s) {
      if (s.type === 'raise' || s.type === 'error') pure = false;
      return pure;
    },
  });
  return pure;
}

/** `row.append(x)` on a local variable. */
function isLocalMethod(fn: FunctionIR, callee: Expr): boolean {
  return (
    callee.type === 'attribute' &&
    callee.object.type === 'name' &&
    fn.variables.get(callee.object.variable)?.kind === 'local' &&
    /^(?:append|extend|add|update|insert|pop|sort|reverse|setdefault|get|items|keys|values)$/.test(callee.name)
  );
}

function findVariable(module: ModuleIR, id: VarId): ReturnType<FunctionIR['variables']['get']> {
  return module.functions.get(id.slice(0, id.lastIndexOf('/')))?.variables.get(id);
}

/** An import, or branches and `try` around nothing but imports and definitions. */
export function isDeclaration(stmt: Stmt): boolean {
  switch (stmt.type) {
    case 'import':
    case 'pass':
    case 'function-def':
    case 'class-def':
      return true;
    case 'declare':
      return true;
    case 'expr':
      return stmt.value.type === 'const';
    case 'if':
      return stmt.then.every(isDeclaration) && stmt.else.every(isDeclaration);
    case 'try':
      return [stmt.body, ...stmt.handlers.map((h) => h.body), stmt.orelse, stmt.finally].every((b) => b.every((s) => isDeclaration(s) || isFlag(s)));
    default:
      return false;
  }
}

/** `HAVE_NUMPY = True`, `np = None` beside an optional import. */
function isFlag(stmt: Stmt): boolean {
  return stmt.type === 'assign-stmt' && stmt.operator === null && stmt.value.type === 'const';
}
