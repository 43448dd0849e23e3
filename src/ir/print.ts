/**
 * The IR as text, for tests and `--debug`. It reads like Python with the IR's own additions: `x` is a local or builtin, `f::x` a
 * variable of another function (`::x` the module's), `x#1` one of an inner scope.
 */
import type { Argument, ClassIR, Expr, FunctionIR, ModuleIR, Param, Stmt, Target, TypeIR, Variable, VarId } from './ir';

/** A whole module: its top level, then classes and functions in source order. */
export function printModule(module: ModuleIR): string {
  const out: string[] = [];
  for (const problem of module.problems) out.push(`problem ${problem.start}..${problem.end}: ${problem.message}`);
  if (module.mainGuard) out.push('main guard');
  for (const source of module.exports) if (source.from) out.push(`export ${source.name} from ${source.from}`);
  for (const fn of module.functions.values()) out.push(printFunction(fn));
  for (const cls of module.classes.values()) out.push(printClass(cls));
  return out.join('\n');
}

/** A function's header, its variables and its body. */
export function printFunction(fn: FunctionIR): string {
  const printer = new Printer(fn.id);
  const flags = [
    fn.kind === 'function' ? '' : fn.kind,
    fn.async ? 'async' : '',
    fn.generator ? 'generator' : '',
    fn.arrow ? 'arrow' : '',
    fn.broken ? 'broken' : '',
    fn.class ? `of ${fn.class}` : '',
    ...fn.decorators.map((name) => `@${name}`),
  ].filter((flag) => flag && flag !== 'module');
  const params = fn.params.map((param) => printer.param(param)).join(', ');
  const returns = fn.returnType ? ` -> ${printType(fn.returnType)}` : '';
  const head = fn.kind === 'module' ? 'module' : `function ${fn.id}(${params})${returns}`;
  const lines = [`${head}${flags.length ? ` [${flags.join(' ')}]` : ''}:`];
  for (const variable of fn.variables.values()) lines.push(`  ${printVariable(variable)}`);
  if (fn.free.size) lines.push(`  free ${[...fn.free].join(' ')}`);
  lines.push(...printer.block(fn.body, 1));
  return lines.join('\n');
}

export function printClass(cls: ClassIR): string {
  const lines = [`class ${cls.id}${cls.decorators.length ? ` [${cls.decorators.map((name) => `@${name}`).join(' ')}]` : ''}:`];
  for (const [name, id] of cls.methods) lines.push(`  method ${name} = ${id}${cls.staticMethods.has(name) ? ' static' : ''}`);
  for (const field of cls.fields.values()) {
    lines.push(`  field ${field.name}${field.type ? `: ${printType(field.type)}` : ''}${field.static ? ' static' : ''}${field.private ? ' private' : ''}`);
  }
  return lines.join('\n');
}

/** `param f/x: int constant captured`. */
export function printVariable(variable: Variable): string {
  const from = variable.import;
  const source = from ? ` from ${'.'.repeat(from.level ?? 0)}${from.module}${from.name === null ? '' : `:${from.name}`}` : '';
  const target = variable.target !== undefined ? ` = ${variable.target}` : '';
  const type = variable.type ? `: ${printType(variable.type)}` : '';
  const flags = `${variable.constant ? ' constant' : ''}${variable.captured ? ' captured' : ''}`;
  return `${variable.kind} ${variable.id}${type}${source}${target}${flags}`;
}

export function printType(type: TypeIR): string {
  const args = (type.args ?? []).map(printType);
  if (type.name === 'union') return args.join(' | ');
  return args.length ? `${type.name}[${args.join(', ')}]` : type.name;
}

/** Statements, one a line, as seen from the function `owner` (which names are its own). */
export function printStmts(stmts: readonly Stmt[], owner = ''): string {
  return new Printer(owner).block(stmts, 0).join('\n');
}

export function printExpr(expr: Expr, owner = ''): string {
  return new Printer(owner).expr(expr);
}

export function printTarget(target: Target, owner = ''): string {
  return new Printer(owner).target(target);
}

class Printer {
  constructor(private readonly owner: string) {}

  param(param: Param): string {
    const mark = param.kind === 'rest' ? '*' : param.kind === 'keywords' ? '**' : '';
    const kind = param.kind === 'positional-only' ? ' positional' : param.kind === 'keyword-only' ? ' keyword' : '';
    const type = param.type ? `: ${printType(param.type)}` : '';
    const pattern = param.pattern ? ` ${this.target(param.pattern)}` : '';
    return `${mark}${param.name}${type}${param.default ? ` = ${this.expr(param.default)}` : ''}${kind}${pattern}`;
  }

  name(name: string, id: VarId): string {
    if (id.startsWith('builtin/')) return name;
    const slash = id.indexOf('/');
    const owner = id.slice(0, slash);
    const rest = id.slice(slash + 1);
    return owner === this.owner ? rest : `${owner}::${rest}`;
  }

  args(args: readonly Argument[]): string {
    return args
      .map((arg) => `${arg.name !== undefined ? `${arg.name}=` : ''}${arg.spread ? (arg.spread === 'dict' ? '**' : '*') : ''}${this.expr(arg.value)}`)
      .join(', ');
  }

  expr(expr: Expr): string {
    const each = (items: readonly Expr[]): string => items.map((item) => this.expr(item)).join(', ');
    switch (expr.type) {
      case 'const':
        return constant(expr.kind, expr.value);
      case 'name':
        return this.name(expr.name, expr.variable);
      case 'attribute':
        return `${this.operand(expr.object)}${expr.optional ? '?.' : '.'}${expr.name}`;
      case 'index':
        return `${this.operand(expr.object)}${expr.optional ? '?.' : ''}[${this.expr(expr.index)}]`;
      case 'slice':
        return [expr.lower, expr.upper].map((part) => (part ? this.expr(part) : '')).join(':') + (expr.step ? `:${this.expr(expr.step)}` : '');
      case 'call':
        return `${expr.construct ? 'new ' : ''}${this.operand(expr.callee)}${expr.optional ? '?.' : ''}(${this.args(expr.args)})`;
      case 'unary':
        return `${expr.operator}${/\w$/.test(expr.operator) ? ' ' : ''}${this.operand(expr.operand)}`;
      case 'binary':
        return `(${this.expr(expr.left)} ${expr.operator} ${this.expr(expr.right)})`;
      case 'compare':
        return `(${expr.operands.map((operand, at) => (at ? `${expr.operators[at - 1]} ${this.expr(operand)}` : this.expr(operand))).join(' ')})`;
      case 'logical':
        return `(${this.expr(expr.left)} ${expr.operator} ${this.expr(expr.right)})`;
      case 'conditional':
        return `(${this.expr(expr.then)} if ${this.expr(expr.test)} else ${this.expr(expr.else)})`;
      case 'sequence':
        return `sequence(${each(expr.items)})`;
      case 'template':
        return `template(${each(expr.parts)})`;
      case 'collection': {
        const items = each(expr.items);
        if (expr.kind === 'tuple') return expr.items.length === 1 ? `(${items},)` : `(${items})`;
        return expr.kind === 'list' ? `[${items}]` : `{${items}}`;
      }
      case 'mapping':
        return `{${expr.properties
          .map((p) => (p.key ? `${p.accessor ? `${p.accessor} ` : ''}${this.expr(p.key)}: ${this.expr(p.value)}` : `**${this.expr(p.value)}`))
          .join(', ')}}`;
      case 'spread':
        return `*${this.expr(expr.value)}`;
      case 'function':
        return `<function ${expr.function}${expr.defaults ? ` defaults ${each(expr.defaults)}` : ''}>`;
      case 'class':
        return `<class ${expr.class}>`;
      case 'comprehension': {
        const clauses = expr.clauses.map(
          (clause) =>
            `${clause.async ? ' async' : ''} for ${this.target(clause.target)} in ${this.expr(clause.iterable)}${clause.conditions.map((c) => ` if ${this.expr(c)}`).join('')}`,
        );
        return `${expr.kind}<${expr.key ? `${this.expr(expr.key)}: ` : ''}${this.expr(expr.element)}${clauses.join('')}>`;
      }
      case 'assign':
        return `(${this.target(expr.target)} ${expr.operator ?? ':'}= ${this.expr(expr.value)})`;
      case 'update':
        return expr.prefix ? `(${expr.operator}${this.target(expr.target)})` : `(${this.target(expr.target)}${expr.operator})`;
      case 'await':
        return `(await ${this.expr(expr.value)})`;
      case 'yield':
        return `(yield${expr.delegate ? ' from' : ''}${expr.value ? ` ${this.expr(expr.value)}` : ''})`;
      case 'this':
        return expr.kind;
      case 'opaque':
        return `opaque<${expr.what}>(${each(expr.children)})`;
    }
  }

  private operand(expr: Expr): string {
    const text = this.expr(expr);
    return expr.type === 'const' && expr.kind !== 'string' ? `(${text})` : text;
  }

  target(target: Target): string {
    switch (target.type) {
      case 'name':
      case 'attribute':
      case 'index':
        return this.expr(target);
      case 'tuple-target':
        return `[${target.items.map((item) => (item ? this.target(item) : '')).join(', ')}]`;
      case 'object-target':
        return `{${target.properties.map((p) => (p.key ? `${this.expr(p.key)}: ` : '') + this.target(p.value)).join(', ')}}`;
      case 'star':
        return `*${this.target(target.value)}`;
      case 'default':
        return `${this.target(target.target)} = ${this.expr(target.value)}`;
    }
  }

  block(stmts: readonly Stmt[], depth: number): string[] {
    return stmts.flatMap((stmt) => this.stmt(stmt, depth));
  }

  private stmt(stmt: Stmt, depth: number): string[] {
    const pad = '  '.repeat(depth);
    const line = (text: string): string[] => [pad + text];
    const block = (head: string, body: readonly Stmt[]): string[] => [`${pad}${head}:`, ...this.block(body, depth + 1)];
    const maybe = (head: string, body: readonly Stmt[]): string[] => (body.length ? block(head, body) : []);
    const label = 'label' in stmt && stmt.label !== undefined ? `${stmt.label}: ` : '';
    switch (stmt.type) {
      case 'expr':
        return line(this.expr(stmt.value));
      case 'assign-stmt': {
        const targets = stmt.targets.map((target) => `${this.target(target)}`).join(' = ');
        const type = stmt.annotation ? `: ${printType(stmt.annotation)}` : '';
        return line(`${stmt.declares ? `${stmt.declares} ` : ''}${targets}${type} ${stmt.operator ?? ''}= ${this.expr(stmt.value)}`);
      }
      case 'declare':
        return line(`${stmt.declares} ${this.target(stmt.target)}${stmt.annotation ? `: ${printType(stmt.annotation)}` : ''}`);
      case 'if':
        return [...block(`if ${this.expr(stmt.test)}`, stmt.then), ...maybe('else', stmt.else)];
      case 'for-each': {
        const head = `${label}${stmt.async ? 'async ' : ''}for ${stmt.declares ? `${stmt.declares} ` : ''}${this.target(stmt.target)}`;
        return [...block(`${head} ${stmt.over === 'keys' ? 'in keys of' : 'in'} ${this.expr(stmt.iterable)}`, stmt.body), ...maybe('else', stmt.orelse)];
      }
      case 'for':
        return [
          ...maybe(`${label}init`, stmt.init),
          ...block(`${label}for ${stmt.test ? this.expr(stmt.test) : ''}; ${stmt.update ? this.expr(stmt.update) : ''}`, stmt.body),
        ];
      case 'while':
        return [...block(`${label}${stmt.testLast ? 'do ' : ''}while ${this.expr(stmt.test)}`, stmt.body), ...maybe('else', stmt.orelse)];
      case 'return':
        return line(`return${stmt.value ? ` ${this.expr(stmt.value)}` : ''}`);
      case 'raise':
        return line(`raise${stmt.value ? ` ${this.expr(stmt.value)}` : ''}${stmt.cause ? ` from ${this.expr(stmt.cause)}` : ''}`);
      case 'break':
      case 'continue':
        return line(stmt.type + (stmt.label !== undefined ? ` ${stmt.label}` : ''));
      case 'try': {
        const handlers = stmt.handlers.flatMap((handler) =>
          block(
            `except${handler.test ? ` ${this.expr(handler.test)}` : ''}${handler.target ? ` as ${this.target(handler.target)}` : ''}`,
            handler.body,
          ),
        );
        return [...block('try', stmt.body), ...handlers, ...maybe('else', stmt.orelse), ...maybe('finally', stmt.finally)];
      }
      case 'with': {
        const items = stmt.items.map((item) => this.expr(item.context) + (item.target ? ` as ${this.target(item.target)}` : ''));
        return block(`${stmt.async ? 'async ' : ''}with ${items.join(', ')}`, stmt.body);
      }
      case 'switch': {
        const cases = stmt.cases.flatMap((branch) => {
          const tests = branch.tests ? branch.tests.map((test) => this.expr(test)).join(' | ') || '…' : 'default';
          const binds = branch.binds.length ? ` binds ${branch.binds.map((bind) => this.expr(bind)).join(', ')}` : '';
          const head = `${pad}  case ${tests}${binds}${branch.guard ? ` if ${this.expr(branch.guard)}` : ''}:`;
          return [head, ...this.block(branch.body, depth + 2)];
        });
        return [`${pad}${stmt.fallsThrough ? 'switch' : 'match'} ${this.expr(stmt.subject)}:`, ...cases];
      }
      case 'block':
        return block(`${label}block`, stmt.body);
      case 'delete':
        return line(`del ${stmt.targets.map((target) => this.target(target)).join(', ')}`);
      case 'assert':
        return line(`assert ${this.expr(stmt.test)}${stmt.message ? `, ${this.expr(stmt.message)}` : ''}`);
      case 'function-def': {
        const decorators = stmt.decorators.map((decorator) => `@${this.expr(decorator)} `).join('');
        const defaults = stmt.defaults.length ? ` defaults ${stmt.defaults.map((value) => this.expr(value)).join(', ')}` : '';
        return line(`${decorators}def ${this.target(stmt.target)} = ${stmt.function}${defaults}`);
      }
      case 'class-def': {
        const decorators = stmt.decorators.map((decorator) => `@${this.expr(decorator)} `).join('');
        const bases = [stmt.bases.map((base) => this.expr(base)).join(', '), this.args(stmt.keywords ?? [])].filter(Boolean).join(', ');
        return [`${pad}${decorators}class ${this.target(stmt.target)} = ${stmt.class}(${bases}):`, ...this.block(stmt.body, depth + 1)];
      }
      case 'import': {
        const names = stmt.bindings.map(({ target, source }) => `${source.name ?? source.module} as ${this.target(target)}`);
        return line(`import ${stmt.typeOnly ? 'type ' : ''}${stmt.module}${stmt.star ? ' *' : ''}${names.length ? ` (${names.join(', ')})` : ''}`);
      }
      case 'pass':
      case 'error':
        return line(stmt.type);
    }
  }
}

function constant(kind: string, value: string | number | boolean | null): string {
  switch (kind) {
    case 'none':
      return 'None';
    case 'undefined':
      return 'undefined';
    case 'ellipsis':
      return '...';
    case 'bool':
      return value ? 'True' : 'False';
    case 'string':
      return JSON.stringify(value);
    case 'bytes':
      return `b${JSON.stringify(value)}`;
    case 'float':
      return Number.isInteger(value) ? `${String(value)}.0` : String(value);
    case 'complex':
      return `${String(value)}j`;
    case 'bigint':
      return `${String(value)}n`;
    case 'regexp':
      return `/${String(value)}/`;
    default:
      return String(value);
  }
}
