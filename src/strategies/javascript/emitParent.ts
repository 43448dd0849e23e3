/** The file that holds the loop, as edits. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { FileEdit, TextEdit } from '../../edit/edit';
import { freshName, quoted, withoutLines, type JavaScriptStyle } from '../../edit/javascript';
import { indentAt, lineEnd, lineStart, nextLineStart } from '../../edit/source';
import type { PoolDialect } from './dialect';
import { startWithComments, typesOf, type TaskShape } from './emitWorker';
import type { Plan, PoolNames } from './plan';
import { Refusal } from '../refusal';
import { contains, type Node, type Range, type Source } from './syntax';
import { edited, Lines, moved, objectLiteral } from './text';

const CORES = 'availableParallelism';

export interface ParentEdits {
  readonly files: readonly FileEdit[];
  /** Where the loop runs now, in the file's text after the edits. */
  readonly region: Range;
}

export function emitParent(plan: Plan, shape: TaskShape, dialect: PoolDialect, style: JavaScriptStyle): ParentEdits {
  const { source, awaiting } = plan;
  const loop = loopEdit(plan, shape, dialect, style);
  const edits: TextEdit[] = [...importEdits(plan, dialect, style), ...removals(plan), ...exportEdits(plan), ...(awaiting.edits.get(source.path) ?? [])];
  const own = [...edits.filter((e) => !contains({ start: loop.edit.start, end: loop.edit.end }, e) || e.start === e.end), loop.edit].sort((a, b) => a.start - b.start || (a === loop.edit ? 1 : 0) - (b === loop.edit ? 1 : 0));
  const merged = joinInsertions(own, loop.edit);
  const shift = merged.reduce((sum, e) => (e !== loop.edit && e.start <= loop.edit.start ? sum + e.text.length - (e.end - e.start) : sum), 0);
  const at = loop.edit.start + shift;
  const files: FileEdit[] = [{ path: source.path, edits: merged }];
  for (const [path, other] of awaiting.edits) if (path !== source.path) files.push({ path, edits: [...other].sort((a, b) => a.start - b.start) });
  return { files, region: { start: at + loop.region.start, end: at + loop.region.end } };
}

/** Edits that lie inside the loop's own are part of its text already. */
function joinInsertions(edits: readonly TextEdit[], loop: TextEdit): TextEdit[] {
  return edits.filter((e) => e === loop || e.end <= loop.start || e.start >= loop.end);
}

// ---------------------------------------------------------------------------------------------------------------------
// The loop

function loopEdit(plan: Plan, shape: TaskShape, dialect: PoolDialect, style: JavaScriptStyle): { edit: TextEdit; region: Range } {
  const { source, position } = plan;
  const { statement } = position;
  const arrow = position.kind === 'arrow' ? position.arrow : null;
  const at = arrow ? arrowBodyStart(source, arrow) : statement.range[0];
  const base = indentAt(source.text, at);
  const inBraces = arrow !== null || position.braces;
  const depth = inBraces ? 1 : 0;
  const opening = inBraces ? `{${style.eol}` : '';
  const code = new Lines(style, base + style.indent.repeat(depth));
  const after = emitPool(plan, shape, dialect, style, code);
  const region = code.toString();
  // What stands behind the pool: the statement with the result in it.
  const rest = restOf(plan, style, after, base + style.indent.repeat(depth));
  const lead = inBraces ? base + style.indent : '';
  const closing = inBraces ? `${style.eol}${base}}` : '';
  const text = `${opening}${lead}${region}${rest.text === '' ? '' : `${style.eol}${base}${style.indent.repeat(depth)}${rest.text}`}${closing}`;
  const start = opening.length + lead.length;
  const end = start + region.length + (rest.usable ? text.length - start - region.length - closing.length : 0);
  return { edit: { start: at, end: arrow ? arrow.range[1] : statement.range[1], text }, region: { start, end } };
}

function arrowBodyStart(source: Source, arrow: TSESTree.ArrowFunctionExpression): number {
  return source.text.slice(0, arrow.body.range[0]).lastIndexOf('=>') + 3;
}

interface Result {
  /** What the call is replaced by in the statement behind the pool. */
  readonly expression: string;
}

/** Everything from the pool's making to its end. */
function emitPool(plan: Plan, shape: TaskShape, dialect: PoolDialect, style: JavaScriptStyle, code: Lines): Result {
  const { source, syntax, needs, position, taken, project, names } = plan;
  const { header } = syntax;
  // The array to cut up, and how many iterations there are.
  let items: string | null = null;
  const whole = shape.items && header.kind === 'items' && header.iterable.type === T.Identifier && header.iterable.name === shape.items ? null : shape.items;
  if (header.kind === 'items') {
    const simple = /^[\w$.]+$/.test(source.of(header.iterable));
    if (header.array && simple) items = source.of(header.iterable);
    else {
      items = whole ?? freshName(['items', 'elements', 'all'], taken);
      const given = source.of(header.iterable);
      if (header.array) code.add(0, `const ${items} = ${given};`);
      else if (header.gather === 'array-from') code.add(0, `const ${items} = Array.from(${given});`);
      else if (header.gather === 'spread') code.add(0, `const ${items} = [...${given}];`);
      else {
        code.add(0, `const ${items}${source.typescript ? ': any[]' : ''} = [];`);
        const item = freshName(['item', 'element'], taken);
        code.add(0, `${given}.forEach((${item}${source.typescript ? ': any' : ''}) => ${items}.push(${item}));`);
      }
    }
  }
  if (plan.results && position.kind === 'declare') {
    const { kind, declarations } = position.declaration;
    const exported = position.statement === position.declaration ? '' : source.text.slice(position.statement.range[0], position.declaration.range[0]);
    const id = declarations[0]!.id as TSESTree.Identifier;
    const type = id.typeAnnotation ? source.of(id.typeAnnotation) : source.typescript ? `: ${declaredType(plan)}` : '';
    code.add(0, `${exported}${kind} ${id.name}${type} = [];`);
  } else if (plan.results) code.add(0, `const ${plan.results}${source.typescript ? `: ${declaredType(plan)}` : ''} = [];`);
  const file = project.system === 'esm' ? `new URL(${quoted(`./${project.worker.runsAs}`, style)}, import.meta.url).href` : `${pathBinding(plan).name}.resolve(__dirname, ${quoted(project.worker.runsAs, style)})`;
  const data = [...needs.values.filter((v) => !v.small), ...needs.atStart].map((v) => ({ name: v.name, value: v.expression }));
  const creation = dialect.create({ binding: bindingOf(plan, dialect), file, task: plan.task, data: data.length > 0 ? objectLiteral(data) : null, workers: workersOf(plan), style });
  code.add(0, `const ${names.pool} = ${creation[0]}${creation.length === 1 ? ';' : ''}`);
  for (const [at, line] of creation.slice(1).entries()) code.add(0, at === creation.length - 2 ? `${line};` : line);
  code.add(0, 'try {');
  const small = needs.values.filter((v) => v.small).map((v) => ({ name: v.name, value: v.expression }));
  if (header.kind !== 'items') for (const { name, value } of header.constants) code.add(1, `const ${name} = ${source.of(value)};`);
  if (header.kind === 'counter') emitCounted(plan, header, names, small, dialect, code);
  else {
    const list = header.kind === 'listed' ? shape.items! : items!;
    if (header.kind === 'listed') {
      code.add(1, `const ${list}${source.typescript ? ': any[]' : ''} = [];`);
      code.add(1, `for (${header.head}) ${list}.push(${header.name});`);
    }
    code.add(1, `const ${names.size} = Math.ceil(${list}.length / (4 * ${dialect.size(names.pool)}));`);
    code.add(1, `const ${names.tasks} = [];`);
    code.add(1, `for (let ${names.start} = 0; ${names.start} < ${list}.length; ${names.start} += ${names.size}) {`);
    const slice = `${list}.slice(${names.start}, ${names.start} + ${names.size})`;
    const payload = [{ name: shape.items!, value: slice }, ...(shape.indexed ? [{ name: names.first, value: names.start }] : []), ...small];
    emitTask(dialect, names, payload, code);
    code.add(1, '}');
  }
  code.add(1, `for (const ${names.part} of await Promise.all(${names.tasks})) {`);
  emitCommits(plan, names.part, items, style, code);
  code.add(2, `if (${names.part}.failure) throw ${names.part}.failure.error;`);
  code.add(1, '}');
  code.add(0, '} finally {');
  code.add(1, `await ${dialect.close(names.pool)};`);
  code.add(0, '}');
  return { expression: plan.results ? resultExpression(plan, items) : 'undefined' };
}

function emitCounted(
  plan: Plan,
  header: Extract<Plan['syntax']['header'], { kind: 'counter' }>,
  names: PoolNames,
  small: readonly { name: string; value: string }[],
  dialect: PoolDialect,
  code: Lines,
): void {
  const { source, syntax, taken } = plan;
  const isFrom = syntax.method === 'from';
  let stop = source.of(header.stop);
  if (isFrom && !header.whole) {
    const count = freshName(['count', 'length', 'total'], taken);
    code.add(1, `const ${count} = Math.trunc(${stop});`);
    stop = count;
  } else if (!/^[\w$.]+$/.test(stop)) {
    const end = freshName(['end', 'stop', 'limit'], taken);
    code.add(1, `const ${end} = ${stop};`);
    stop = end;
  }
  const first = header.start ? source.of(header.start) : '0';
  const sum = /^[\w$.]+$/.test(first) ? first : `(${first})`;
  const count = countOf(header, stop, sum);
  const last = header.inclusive ? `${names.start} + ${names.size} - 1` : `${names.start} + ${names.size}`;
  code.add(1, `const ${names.size} = Math.ceil(${count} / (4 * ${dialect.size(names.pool)}));`);
  code.add(1, `const ${names.tasks} = [];`);
  code.add(1, `for (let ${names.start} = ${first}; ${names.start} ${header.inclusive ? '<=' : '<'} ${stop}; ${names.start} += ${names.size}) {`);
  const payload = [{ name: names.first, value: names.start }, { name: names.end, value: `Math.min(${last}, ${stop})` }, ...small, ...blockSlices(plan, names)];
  emitTask(dialect, names, payload, code);
  code.add(1, '}');
}

function emitTask(dialect: PoolDialect, names: { pool: string; tasks: string }, payload: readonly { name: string; value: string }[], code: Lines): void {
  const [before, after] = dialect.run(names.pool);
  code.call(2, `${names.tasks}.push(${before}`, payload, `${after});`);
}

/** The stretches of typed arrays that belong to a chunk. */
function blockSlices(plan: Plan, names: { start: string; size: string }): { name: string; value: string }[] {
  return plan.commits.blocks.map(({ variable, stride }) => {
    const [from, to] = stride ? [`${names.start} * ${stride}`, `(${names.start} + ${names.size}) * ${stride}`] : [names.start, `${names.start} + ${names.size}`];
    return { name: variable.name, value: `${variable.name}.slice(${from}, ${to})` };
  });
}

/** The number of iterations, as short as it can be written. */
function countOf(header: Extract<Plan['syntax']['header'], { kind: 'counter' }>, stop: string, start: string): string {
  if (header.start === null || header.start.type === T.Literal) {
    if (header.stop.type === T.Literal) return String(Number(header.stop.value) - Number(header.start === null ? 0 : start) + (header.inclusive ? 1 : 0));
    const less = (header.start === null ? 0 : Number(start)) - (header.inclusive ? 1 : 0);
    return less === 0 ? stop : `(${stop} ${less > 0 ? '-' : '+'} ${Math.abs(less)})`;
  }
  return `(${stop} - ${start}${header.inclusive ? ' + 1' : ''})`;
}

/** Puts together what one chunk gave, in the order of its iterations. */
function emitCommits(plan: Plan, part: string, items: string | null, style: JavaScriptStyle, code: Lines): void {
  const { source, commits, results, taken, syntax } = plan;
  for (const { variable, stride } of commits.blocks) code.add(2, `${variable.name}.set(${part}.${variable.name}, ${part}.${plan.names.first}${stride ? ` * ${stride}` : ''});`);
  for (const variable of commits.collected) {
    const value = freshName([singular(variable.name), 'value', 'item'], new Set([...taken, variable.name]));
    code.add(2, `for (const ${value} of ${part}.${variable.name}) ${variable.name}.push(${value});`);
  }
  for (const deferred of commits.deferred) {
    const names = deferred.fields;
    if (deferred.counts !== null) {
      code.add(2, `${deferred.counts} += ${part}.${deferred.list};`);
      continue;
    }
    if (names.length === 0) {
      const n = freshName(['n', 'time', 'k'], new Set(taken));
      code.add(2, `for (let ${n} = 0; ${n} < ${part}.${deferred.list}; ${n}++) {`);
    } else code.add(2, `for (const ${names.length === 1 ? names[0]! : `{ ${names.join(', ')} }`} of ${part}.${deferred.list}) {`);
    if (deferred.index && items && syntax.header.kind === 'items' && syntax.header.target) {
      const target = syntax.header.target;
      const annotation = 'typeAnnotation' in target ? target.typeAnnotation : undefined;
      const text = annotation ? source.text.slice(target.range[0], annotation.range[0]) : source.of(target);
      code.add(3, `const ${text} = ${items}[${deferred.index}]${source.typescript ? '!' : ''};`);
    }
    for (const statement of deferred.prelude) code.piece(3, moved(source, { start: statement.range[0], end: statement.range[1] }, code.indent(3)));
    const { statements } = deferred.spots[0]!;
    const range = { start: statements[0]!.range[0], end: statements.at(-1)!.range[1] };
    const piece = moved(source, range, code.indent(3), deferred.edits);
    code.piece(3, /[;}]$/.test(piece) || !style.semicolons ? piece : `${piece};`);
    code.add(2, '}');
  }
  if (results) {
    const value = freshName([singular(results), 'value', 'result'], new Set([...taken, results]));
    code.add(2, `for (const ${value} of ${part}.${results}) ${results}.push(${value});`);
  }
  for (const variable of commits.lasts) code.add(2, `${variable.name} = ${part}.${variable.name};`);
}

function singular(name: string): string {
  if (/ies$/.test(name)) return `${name.slice(0, -3)}y`;
  if (/indices$/i.test(name)) return name.replace(/indices$/, 'index').replace(/Indices$/, 'Index');
  if (/(?:xes|ches|shes|sses)$/.test(name)) return name.slice(0, -2);
  if (/[^s]s$/.test(name)) return name.slice(0, -1);
  return 'value';
}

// ---------------------------------------------------------------------------------------------------------------------
// The result of a call

function declaredType(plan: Plan): string {
  const { source, syntax, types } = plan;
  if (syntax.method === 'filter') return 'boolean[]';
  const type = syntax.body.kind === 'value' ? types.of(syntax.body.value) : null;
  const text = type?.written ? source.of(type.written) : type && /^(?:number|string|boolean|bigint)$/.test(type.name) ? type.name : 'any';
  return /^[\w.]+$/.test(text) ? `${text}[]` : `(${text})[]`;
}

/** What stands for the call once the values are there. */
function resultExpression(plan: Plan, items: string | null): string {
  const { syntax, results, source } = plan;
  const { header, method } = syntax;
  switch (method) {
    case 'filter':
      return `${items}.filter((_, index) => ${results}[index])`;
    case 'flatMap':
      return `${results}.flat()`;
    case 'map':
      // Its own kind of array: a typed array's map gives a typed array.
      return header.kind === 'items' && (!header.array || header.typed) ? `${source.of(header.iterable)}.map((_, index) => ${results}[index])` : results!;
    case 'reduce':
      return reduceExpression(plan);
    default:
      return results!;
  }
}

function reduceExpression(plan: Plan): string {
  const { source, syntax, results } = plan;
  const { accumulator } = syntax;
  const fold = plan.fold!;
  const parameter = fold.fields.length === 1 ? fold.fields[0]!.name : `{ ${fold.fields.map((f) => f.name).join(', ')} }`;
  const value = edited(source, fold.value, fold.edits);
  return `${results}.reduce((${source.of(accumulator!.parameter)}, ${parameter}) => ${value}, ${source.of(accumulator!.initial)})`;
}

/** The statement behind the pool, and whether the results can only be used behind it. */
function restOf(plan: Plan, style: JavaScriptStyle, result: Result, base: string): { text: string; usable: boolean } {
  const { source, syntax, position } = plan;
  const call: TextEdit = { start: syntax.node.range[0], end: syntax.node.range[1], text: result.expression };
  if (position.kind === 'replace' || position.kind === 'declare') return { text: '', usable: false };
  const awaits = (plan.awaiting.edits.get(source.path) ?? []).filter((e) => contains(position.statement, e) && !contains(syntax.node, e));
  if (position.kind === 'arrow') {
    const expression = edited(source, position.arrow.body, [call]);
    return { text: syntax.method === 'forEach' && expression === 'undefined' ? '' : `return ${expression}${style.semicolons ? ';' : ''}`, usable: false };
  }
  const { statement } = position;
  const text = moved(source, { start: statement.range[0], end: statement.range[1] }, base, [call, ...awaits].sort((a, b) => a.start - b.start));
  return { text, usable: statement.type === T.VariableDeclaration || statement.type === T.ExpressionStatement };
}

// ---------------------------------------------------------------------------------------------------------------------
// Imports and what moved

/** Name under which the file has, or will have, the pool's class. */
function bindingOf(plan: Plan, dialect: PoolDialect): string {
  const known = importedAs(plan.source, dialect.package.name, dialect.binding);
  if (known) return known;
  const other = plan.source.moduleVariable(dialect.binding);
  if (other || plan.taken.has(dialect.binding)) throw new Refusal(`${dialect.binding} is the name of something else in this file`, `rename it`);
  return dialect.binding;
}

function importedAs(source: Source, module: string, name: string): string | null {
  for (const statement of source.program.body) {
    if (statement.type === T.ImportDeclaration && statement.source.value === module && statement.importKind !== 'type') {
      const found = statement.specifiers.find((s) => s.type === T.ImportSpecifier && s.imported.type === T.Identifier && s.imported.name === name);
      if (found) return found.local.name;
    }
    if (statement.type !== T.VariableDeclaration) continue;
    for (const { id, init } of statement.declarations) {
      if (id.type !== T.ObjectPattern || !init || !new RegExp(`^require\\(['"]${module}['"]\\)$`).test(source.of(init))) continue;
      for (const p of id.properties) if (p.type === T.Property && p.key.type === T.Identifier && p.key.name === name && p.value.type === T.Identifier) return p.value.name;
    }
  }
  return null;
}

/** A thread a core: Piscina's own default is half as many again, which loops that only compute pay for and do not gain by. */
function workersOf(plan: Plan): string | null {
  const { workers } = plan.context.options;
  if (workers !== null) return String(workers);
  const { name } = coresBinding(plan);
  return name && `${name}()`;
}

/** The name of `os.availableParallelism` in the file, which is there or is added; null where something else has that name. */
function coresBinding(plan: Plan): { name: string | null; missing: boolean } {
  for (const module of ['node:os', 'os']) {
    const known = importedAs(plan.source, module, CORES);
    if (known) return { name: known, missing: false };
  }
  const isTaken = plan.source.moduleVariable(CORES) || plan.taken.has(CORES);
  return isTaken || plan.context.options.workers !== null ? { name: null, missing: false } : { name: CORES, missing: true };
}

/** The name of `node:path` in a CommonJS file, which is there or is added. */
function pathBinding(plan: Plan): { name: string; missing: boolean } {
  const { source } = plan;
  for (const statement of source.program.body) {
    if (statement.type === T.ImportDeclaration && /^(?:node:)?path$/.test(statement.source.value)) {
      const whole = statement.specifiers.find((s) => s.type !== T.ImportSpecifier);
      if (whole) return { name: whole.local.name, missing: false };
    }
    if (statement.type !== T.VariableDeclaration) continue;
    for (const { id, init } of statement.declarations) {
      if (id.type === T.Identifier && init && /^require\(['"](?:node:)?path['"]\)$/.test(source.of(init))) return { name: id.name, missing: false };
    }
  }
  return { name: plan.pathName, missing: true };
}

function importEdits(plan: Plan, dialect: PoolDialect, style: JavaScriptStyle): TextEdit[] {
  const { source, project, needs } = plan;
  const esm = project.syntax === 'esm';
  const lines: string[] = [];
  const required = (names: string, module: string): string => (esm ? `import ${names} from ${quoted(module, style)}` : `const ${names.replace(/^\* as /, '')} = require(${quoted(module, style)})`);
  if (coresBinding(plan).missing) lines.push(required(`{ ${CORES} }`, 'node:os'));
  if (project.system === 'commonjs' && pathBinding(plan).missing) lines.push(required(`* as ${plan.pathName}`, 'node:path'));
  if (!importedAs(source, dialect.package.name, dialect.binding)) lines.push(required(`{ ${dialect.binding} }`, dialect.package.name));
  const { specifier } = project.worker;
  if (needs.importedBack.length > 0) lines.push(required(`{ ${needs.importedBack.join(', ')} }`, specifier));
  if (esm && needs.exportedBack.length > 0) lines.push(`export { ${needs.exportedBack.join(', ')} } from ${quoted(specifier, style)}`);
  if (lines.length === 0) return [];
  const text = lines.map((line) => line + (style.semicolons ? ';' : '')).join(style.eol);
  const last = lastImport(source);
  const gone = last && unusedImports(plan).find((e) => contains(e, last));
  if (gone) return [{ start: gone.start, end: gone.start, text: text + style.eol }];
  if (last) {
    const end = lineEnd(source.text, last.range[1]);
    return [{ start: end, end, text: style.eol + text }];
  }
  const at = topOf(source);
  return [{ start: at, end: at, text: `${text}${style.eol}${at < source.text.length && !/^\r?\n/.test(source.text.slice(at)) ? style.eol : ''}` }];
}

/** The last of the imports that stand together at the top. */
function lastImport(source: Source): Node | null {
  let last: Node | null = null;
  const esm = source.program.body.some((s) => s.type === T.ImportDeclaration);
  for (const statement of source.program.body) {
    const required = statement.type === T.VariableDeclaration && statement.declarations.every((d) => d.init && /^require\(/.test(source.of(d.init)));
    if (statement.type === T.ImportDeclaration || required) last = statement;
    else if (last && !esm) break;
  }
  return last;
}

/** Behind the directives and the comment at the top of a file without imports. */
function topOf(source: Source): number {
  const first = source.program.body.find((s) => !(s.type === T.ExpressionStatement && s.directive));
  const directives = source.program.body.filter((s) => s.type === T.ExpressionStatement && s.directive);
  const from = directives.length > 0 ? nextLineStart(source.text, directives.at(-1)!.range[1]) : 0;
  if (!first) return from;
  const lead = source.text.slice(from, first.range[0]);
  // The comments at the top, up to the last blank line before the first statement.
  const blank = /^(?:[\s\S]*\n)?[ \t]*\r?\n(?=\S|[ \t]*\S|$)/.exec(lead);
  return blank ? from + blank[0].length : startsFile(source, first, from);
}

function startsFile(source: Source, first: Node, from: number): number {
  const comment = source.comments.find((c) => c.range[0] >= from && c.range[1] <= first.range[0]);
  return comment && source.text.startsWith('#!') ? nextLineStart(source.text, comment.range[1]) : from === 0 ? Math.min(...[first.range[0], ...(comment ? [comment.range[0]] : [])]) : from;
}

/** What moved to the worker module or into its function leaves the file. */
function removals(plan: Plan): TextEdit[] {
  const { source, needs } = plan;
  const ranges = [...needs.moved, ...needs.inner].map((statement) => ({ start: startWithComments(source, statement), end: statement.range[1] })).sort((a, b) => a.start - b.start);
  // What stands together goes together, with the blank lines in between.
  const runs = ranges.reduce<Range[]>((found, range) => {
    const before = found.at(-1);
    if (before && /^\s*$/.test(source.text.slice(before.end, range.start))) found[found.length - 1] = { start: before.start, end: range.end };
    else found.push(range);
    return found;
  }, []);
  const edits = runs.map((range) => {
    const alone = /^\s*$/.test(source.text.slice(lineStart(source.text, range.start), range.start)) && /^[ \t]*(?:\/\/.*)?\r?$/.test(source.text.slice(range.end, lineEnd(source.text, range.end)));
    return alone ? withoutLines(source.text, range) : { start: range.start, end: range.end, text: '' };
  });
  return [...edits, ...unusedImports(plan)].sort((a, b) => a.start - b.start);
}

/** Imports that only what moved had used. */
function unusedImports(plan: Plan): TextEdit[] {
  const { source, needs, syntax } = plan;
  const gone = [syntax.node, ...needs.moved, ...needs.inner];
  const kept = plan.commits.deferred.flatMap((d) => d.spots.flatMap((s) => s.statements));
  const unused = (name: string): boolean => {
    const variable = source.moduleVariable(name);
    return variable !== null && variable.references.filter((r) => !r.init).every((r) => gone.some((g) => contains(g, r.identifier)) && !kept.some((k) => contains(k, r.identifier)));
  };
  const edits: TextEdit[] = [];
  for (const { declaration, names } of needs.imports) {
    const going = [...names].filter(unused);
    if (going.length === 0) continue;
    const bindings = declaration.type === T.ImportDeclaration ? declaration.specifiers.map((s) => ({ name: s.local.name, node: s as Node })) : bindingsOf(declaration);
    if (bindings.every((b) => going.includes(b.name))) edits.push(withoutLine(source, declaration));
    else {
      for (const { node } of bindings.filter((b) => going.includes(b.name))) {
        const behind = /^\s*,\s*/.exec(source.text.slice(node.range[1]))?.[0];
        const before = /,\s*$/.exec(source.text.slice(0, node.range[0]))?.[0];
        if (behind) edits.push({ start: node.range[0], end: node.range[1] + behind.length, text: '' });
        else if (before) edits.push({ start: node.range[0] - before.length, end: node.range[1], text: '' });
      }
    }
  }
  return edits;
}

/** The lines of an import, without the blank ones around it. */
function withoutLine(source: Source, declaration: Node): TextEdit {
  return { start: lineStart(source.text, declaration.range[0]), end: nextLineStart(source.text, declaration.range[1]), text: '' };
}

function bindingsOf(declaration: TSESTree.VariableDeclaration): { name: string; node: Node }[] {
  const { id } = declaration.declarations[0]!;
  if (id.type === T.Identifier) return [{ name: id.name, node: id }];
  if (id.type !== T.ObjectPattern) return [];
  return id.properties.flatMap((p) => (p.type === T.Property && p.value.type === T.Identifier ? [{ name: p.value.name, node: p as Node }] : []));
}

/** Interfaces and types that the worker module names are exported from now on. */
function exportEdits(plan: Plan): TextEdit[] {
  const { source } = plan;
  return typesOf(plan).flatMap((variable) => {
    const node = variable.defs[0]!.node as Node;
    const exported = source.parent(node)?.type === T.ExportNamedDeclaration || variable.references.some((r) => source.parent(r.identifier)?.type === T.ExportSpecifier);
    return exported ? [] : [{ start: node.range[0], end: node.range[0], text: 'export ' }];
  });
}
