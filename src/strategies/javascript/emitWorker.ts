/** The text of the worker module. */
import { DefinitionType } from '@typescript-eslint/scope-manager';
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { TextEdit } from '../../edit/edit';
import { freshName, quoted, type JavaScriptStyle } from '../../edit/javascript';
import type { PoolDialect } from './dialect';
import type { ImportNeed, SentValue } from './needs';
import { namesDeclaredBy, type Plan } from './plan';
import { baseName, contains, isFunction, isLoopStatement, type Node, type Source, type Variable } from './syntax';
import { edited, Lines, moved, objectLiteral } from './text';
import { returnsOf, type Type } from './types';

/** Names of what a task carries and gives back, the same in both files. */
export interface TaskShape {
  /** The array of elements that a task carries; null for counted loops. */
  readonly items: string | null;
  /** The worker needs to know at which index its elements begin. */
  readonly indexed: boolean;
  readonly index: string | null;
  readonly counter: string;
}

export function shapeOfTask(plan: Plan): TaskShape {
  const { header } = plan.syntax;
  const sent = new Set(plan.needs.values.map((v) => v.name));
  if (header.kind === 'counter') return { items: null, indexed: false, index: null, counter: header.name || freshName(['i', 'k', 'n'], plan.taken) };
  if (header.kind === 'listed') return { items: freshName(['indices', 'steps', 'counts'], plan.taken), indexed: false, index: null, counter: header.name };
  const own = header.iterable.type === T.Identifier && !sent.has(header.iterable.name) ? header.iterable.name : null;
  const index = plan.commits.deferred.find((d) => d.index)?.index ?? header.index;
  return { items: own ?? freshName(['items', 'elements', 'entries'], plan.taken), indexed: index !== null, index, counter: '' };
}

export function emitWorker(plan: Plan, shape: TaskShape, dialect: PoolDialect, style: JavaScriptStyle): string {
  const { source, needs, project } = plan;
  // First, since it says which types have to be imported.
  const task = taskFunction(plan, shape, dialect, style);
  const start = needs.atStart.length > 0 ? new Lines(style, '').add(0, `const { ${needs.atStart.map((v) => v.name).join(', ')} } = ${dialect.data.binding}${dataType(plan, needs.atStart)};`).toString() : null;
  const esm = project.syntax === 'esm';
  const parts: string[] = [];
  const head = new Lines(style, '');
  const strict = source.program.body[0];
  if (!esm && strict?.type === T.ExpressionStatement && strict.directive === 'use strict') head.add(0, `${source.of(strict).replace(/;$/, '')};`, '');
  head.add(0, `// What ${baseName(source.path)} runs in worker threads.`);
  for (const line of importLines(plan, dialect, style)) head.add(0, line);
  parts.push(head.toString());
  if (start) parts.push(start);
  parts.push(...movedParts(plan, esm));
  parts.push(task);
  if (!esm) {
    const names = [...new Set([...needs.importedBack, ...needs.exportedBack, plan.task])];
    parts.push(new Lines(style, '').add(0, `module.exports = { ${names.join(', ')} };`).toString());
  }
  return parts.map((p) => p.replace(/\r\n/g, '\n')).join('\n\n').replace(/\n/g, style.eol) + style.eol;
}

// ---------------------------------------------------------------------------------------------------------------------
// Above the function

function importLines(plan: Plan, dialect: PoolDialect, style: JavaScriptStyle): string[] {
  const { source, needs, project } = plan;
  const lines: string[] = [];
  const large = needs.values.some((v) => !v.small) || needs.atStart.length > 0;
  for (const { declaration, names, typeOnly } of importsOf(plan)) lines.push(importLine(source, declaration, names, typeOnly));
  if (large) {
    const { module, binding } = dialect.data;
    const line = project.syntax === 'esm' ? `import { ${binding} } from ${quoted(module, style)};` : `const { ${binding} } = require(${quoted(module, style)});`;
    // Packages first, then files of the project.
    const relative = lines.findIndex((l) => /['"]\.{1,2}\//.test(l));
    lines.splice(relative < 0 ? lines.length : relative, 0, line);
  }
  const back = quoted(project.worker.back, style);
  if (needs.fromFile.length > 0) {
    const names = needs.fromFile.join(', ');
    lines.push(project.syntax === 'esm' ? `import { ${names} } from ${back};` : `const { ${names} } = require(${back});`);
  }
  const types = typesOf(plan);
  if (types.length > 0) lines.push(`import type { ${types.map((v) => v.name).join(', ')} } from ${back};`);
  return lines;
}

/** Types of the file that the worker module names. */
export function typesOf(plan: Plan): Variable[] {
  const named = [...plan.annotations].flatMap((a) => plan.source.referencesIn(a)).flatMap((r) => (r.resolved && r.resolved.defs[0]?.type !== DefinitionType.ImportBinding ? [r.resolved] : []));
  return [...new Set([...plan.needs.types, ...named])].filter((variable) => !plan.needs.carried.has(variable));
}

/** What the moved code imports, and the types of annotations. */
function importsOf(plan: Plan): ImportNeed[] {
  const needs = plan.needs.imports.map((n) => ({ ...n, names: new Set(n.names) }));
  for (const { resolved } of [...plan.annotations].flatMap((a) => plan.source.referencesIn(a))) {
    const definition = resolved?.defs[0];
    if (definition?.type !== DefinitionType.ImportBinding) continue;
    const declaration = definition.parent as TSESTree.ImportDeclaration;
    const known = needs.find((n) => n.declaration === declaration);
    if (known) known.names.add(resolved!.name);
    else needs.push({ declaration, names: new Set([resolved!.name]), typeOnly: true });
  }
  return needs;
}

function importLine(source: Source, declaration: Node, names: ReadonlySet<string>, typeOnly: boolean): string {
  if (declaration.type !== T.ImportDeclaration) return `${source.of(declaration).replace(/;$/, '')};`;
  // With what may stand behind it: `with { type: 'json' }`.
  const from = source.text.slice(declaration.source.range[0], declaration.range[1]).replace(/;\s*$/, '');
  const used = declaration.specifiers.filter((s) => names.has(s.local.name));
  const whole = used.filter((s) => s.type !== T.ImportSpecifier).map((s) => source.of(s));
  const named = used.filter((s) => s.type === T.ImportSpecifier).map((s) => source.of(s));
  const clauses = [...whole, ...(named.length > 0 ? [`{ ${named.join(', ')} }`] : [])];
  return `import ${typeOnly ? 'type ' : ''}${clauses.join(', ')} from ${from};`;
}

/** What moved, with the blank lines that stood between. */
function movedParts(plan: Plan, esm: boolean): string[] {
  const { source } = plan;
  const parts: string[] = [];
  let end = -1;
  for (const statement of plan.needs.moved) {
    const start = startWithComments(source, statement);
    const text = movedStatement(plan, statement, esm);
    if (end >= 0 && /^[ \t]*\r?\n[ \t]*$/.test(source.text.slice(end, start))) parts[parts.length - 1] += `\n${text}`;
    else parts.push(text);
    end = statement.range[1];
  }
  return parts;
}

/** A declaration of the file with the comments right above it, exported when the file imports it back. */
function movedStatement(plan: Plan, statement: Node, esm: boolean): string {
  const { source, needs } = plan;
  const start = startWithComments(source, statement);
  const names = namesDeclaredBy(source, statement);
  const wanted = names.some((n) => needs.importedBack.includes(n) || needs.exportedBack.includes(n));
  const edits: TextEdit[] = [];
  const at = statement.range[0];
  if (statement.type === T.ExportNamedDeclaration && !esm) edits.push({ start: at, end: statement.declaration!.range[0], text: '' });
  else if (statement.type !== T.ExportNamedDeclaration && esm && wanted) edits.push({ start: at, end: at, text: 'export ' });
  return moved(source, { start, end: statement.range[1] }, '', edits);
}

/** Where a statement begins with the comments that stand right above it. */
export function startWithComments(source: Source, statement: Node): number {
  let start = statement.range[0];
  for (const comment of [...source.comments].reverse()) {
    if (comment.range[1] > start) continue;
    const between = source.text.slice(comment.range[1], start);
    if (!/^[ \t]*\r?\n?[ \t]*$/.test(between)) break;
    const line = source.text.slice(source.text.lastIndexOf('\n', comment.range[0] - 1) + 1, comment.range[0]);
    // A comment behind other code belongs to that.
    if (/\S/.test(line) || source.text.startsWith('#!', comment.range[0])) break;
    if (comment.range[0] === 0 && /copyright|licen[cs]e/i.test(comment.value)) break;
    start = comment.range[0];
  }
  return start;
}

// ---------------------------------------------------------------------------------------------------------------------
// The function

function taskFunction(plan: Plan, shape: TaskShape, dialect: PoolDialect, style: JavaScriptStyle): string {
  const { source, commits, needs, project } = plan;
  const lines = new Lines(style, '');
  const small = needs.values.filter((v) => v.small);
  const large = needs.values.filter((v) => !v.small);
  const fields = [...(shape.items ? [shape.items, ...(shape.indexed ? [plan.names.first] : [])] : [plan.names.first, plan.names.end]), ...small.map((v) => v.name), ...commits.blocks.map((b) => b.variable.name)];
  const exported = project.syntax === 'esm' ? 'export ' : '';
  lines.add(0, `/** Runs some iterations of the loop in ${plan.where}, which puts the results together in order. */`);
  lines.add(0, `${exported}function ${plan.task}({ ${fields.join(', ')} }${source.typescript ? `: ${taskType(plan, shape, small)}` : ''}) {`);
  if (large.length > 0) lines.add(1, `const { ${large.map((v) => v.name).join(', ')} } = ${dialect.data.binding}${dataType(plan, large)};`);
  for (const inner of needs.inner) lines.piece(1, moved(source, { start: startWithComments(source, inner), end: inner.range[1] }, lines.indent(1), needs.edits));
  for (const { stride, first } of commits.blocks) lines.add(1, `const ${first} = ${stride ? `${plan.names.first} * ${stride}` : plan.names.first};`);
  for (const variable of commits.collected) lines.add(1, `const ${variable.name}${annotation(plan, variable, 'any[]')} = [];`);
  for (const deferred of commits.deferred) {
    lines.add(1, deferred.fields.length === 0 ? `let ${deferred.list} = 0;` : `const ${deferred.list}${listType(plan, deferred.spots[0]!.fields)} = [];`);
  }
  if (plan.results) lines.add(1, `const ${plan.results}${resultsType(plan)} = [];`);
  for (const variable of commits.privates) lines.add(1, `let ${variable.name}${annotation(plan, variable, 'any')};`);
  const { callback, name } = callbackOf(plan);
  if (callback) lines.piece(1, `const ${name} = ${moved(source, { start: callback.range[0], end: callback.range[1] }, lines.indent(1), needs.edits)}${style.semicolons ? ';' : ''}`);
  lines.add(1, 'try {');
  emitLoop(plan, shape, style, lines, name);
  const given = outcome(plan);
  lines.add(1, '} catch (error) {');
  lines.add(2, `return ${objectLiteral([...given, { name: 'failure', value: '{ error }' }])};`);
  lines.add(1, '}');
  lines.add(1, `return ${objectLiteral(given)};`);
  lines.add(0, '}');
  return lines.toString();
}

/** What a task gives back. */
function outcome(plan: Plan): { name: string; value: string }[] {
  const { blocks } = plan.commits;
  const names = [...(blocks.length > 0 ? [plan.names.first] : []), ...blocks.map((b) => b.variable.name), ...plan.commits.collected.map((v) => v.name), ...plan.commits.deferred.map((d) => d.list), ...(plan.results ? [plan.results] : []), ...plan.commits.lasts.map((v) => v.name)];
  return names.map((name) => ({ name, value: name }));
}

function callbackOf(plan: Plan): { callback: Node | null; name: string } {
  const { body } = plan.syntax;
  if (body.kind !== 'callback') return { callback: null, name: '' };
  if (!isFunction(body.callback)) return { callback: null, name: plan.source.of(body.callback) };
  return { callback: body.callback, name: freshName(['compute', 'apply', 'each'], plan.taken) };
}

function emitLoop(plan: Plan, shape: TaskShape, style: JavaScriptStyle, lines: Lines, callback: string): void {
  const { source, syntax } = plan;
  const { header } = syntax;
  const label = syntax.label && isLabelUsed(source, syntax.inside, syntax.label) ? syntax.label : returnsInLoops(plan) ? freshName(['iterations', 'each'], plan.taken) : null;
  const prefix = label ? `${label}: ` : '';
  if (header.kind === 'counter') lines.add(2, `${prefix}for (let ${shape.counter} = ${plan.names.first}; ${shape.counter} ${header.inclusive ? '<=' : '<'} ${plan.names.end}; ${shape.counter}++) {`);
  else if (header.kind === 'listed') lines.add(2, `${prefix}for (const ${header.name} of ${shape.items}) {`);
  else {
    const target = header.target ? bareTarget(source, header.target) : freshName(['item', 'element'], plan.taken);
    if (shape.indexed) {
      const offset = freshName(['offset', 'position'], plan.taken);
      lines.add(2, `${prefix}for (const [${offset}, ${target}] of ${shape.items}.entries()) {`);
      lines.add(3, `const ${shape.index} = ${plan.names.first} + ${offset};`);
    } else lines.add(2, `${prefix}for (const ${target} of ${shape.items}) {`);
    if (syntax.body.kind === 'callback') {
      const takesIndex = isFunction(syntax.body.callback) && syntax.body.callback.params.length > 1;
      lines.add(3, `${plan.results ? `${plan.results}.push(` : ''}${wrapFlag(plan, `${callback}(${target}${takesIndex ? `, ${shape.index}` : ''})`)}${plan.results ? ')' : ''};`);
    }
  }
  if (header.kind !== 'items' && syntax.body.kind === 'callback') lines.add(3, `${plan.results}.push(${callback}(undefined, ${shape.counter}));`);
  if (syntax.body.kind !== 'callback') {
    const piece = bodyPiece(plan, style, lines.indent(3), label);
    if (piece !== '') lines.piece(3, piece);
  }
  lines.add(2, '}');
}

function isLabelUsed(source: Source, node: Node, label: string): boolean {
  if ((node.type === T.ContinueStatement || node.type === T.BreakStatement) && node.label?.name === label) return true;
  return source.childrenOf(node).some((child) => isLabelUsed(source, child, label));
}

/** A parameter without its type: a loop's variable cannot have one. */
function bareTarget(source: Source, target: Node): string {
  const annotation = 'typeAnnotation' in target ? target.typeAnnotation : undefined;
  return annotation ? source.text.slice(target.range[0], annotation.range[0]).replace(/\?\s*$/, '') : source.of(target);
}

function wrapFlag(plan: Plan, value: string): string {
  return plan.syntax.method === 'filter' ? `Boolean(${value})` : value;
}

/** `return`s of a forEach callback that stand in loops of their own go on with the outer one by its label. */
function returnsInLoops(plan: Plan): boolean {
  const { syntax } = plan;
  return syntax.body.kind === 'statements' && syntax.body.returns && forEachReturns(plan).some((r) => loopBetween(plan, r));
}

function forEachReturns(plan: Plan): Node[] {
  const callback = plan.source.parent(plan.syntax.inside);
  return callback && isFunction(callback) && plan.syntax.inside.type === T.BlockStatement ? returnsOf(callback) : [];
}

function loopBetween(plan: Plan, node: Node): boolean {
  for (const at of plan.source.outwards(node)) {
    if (at === plan.syntax.inside) return false;
    if (isLoopStatement(at) || at.type === T.SwitchStatement) return true;
  }
  return false;
}

/** The body as the worker runs it. */
function bodyPiece(plan: Plan, style: JavaScriptStyle, indent: string, label: string | null): string {
  const { source, syntax, needs, results } = plan;
  const end = style.semicolons ? ';' : '';
  const { body } = syntax;
  if (body.kind === 'callback') return '';
  const edits: TextEdit[] = [...needs.edits, ...plan.commits.blocks.flatMap((b) => b.edits)];
  if (syntax.body.kind === 'statements' && syntax.body.returns) {
    for (const r of forEachReturns(plan)) edits.push({ start: r.range[0], end: r.range[1], text: `continue${loopBetween(plan, r) ? ` ${label}` : ''}${end}` });
  }
  for (const deferred of plan.commits.deferred) {
    for (const { statements, fields } of deferred.spots) {
      const values = fields.map((f) => ({ name: f.name, value: f.value ? edited(source, f.value, [...needs.edits, ...plan.commits.blocks.flatMap((b) => b.edits)]) : f.name }));
      const record = fields.length === 0 ? `${deferred.list}++` : `${deferred.list}.push(${fields.length === 1 ? values[0]!.value : objectLiteral(values)})`;
      edits.push({ start: statements[0]!.range[0], end: statements.at(-1)!.range[1], text: record + end });
    }
  }
  if (body.kind === 'value') {
    const { value } = body;
    const statement = source.statementAround(value);
    const returned = statement && contains(syntax.inside, statement) && statement.type === T.ReturnStatement ? statement : null;
    const text = recorded(plan, value, edits);
    const range = returned ?? value;
    edits.push({ start: range.range[0], end: range.range[1], text: `${results}.push(${text})${end}` });
  }
  const outermost = edits.filter((e) => !edits.some((o) => o !== e && o.start <= e.start && e.end <= o.end && (o.start !== e.start || o.end !== e.end)));
  const piece = moved(source, body.range, indent, outermost.sort((a, b) => a.start - b.start));
  const closed = body.kind === 'statements' && syntax.inside.type !== T.BlockStatement && !/[;}]$/.test(piece);
  return piece + (closed ? end : '');
}

/** What the worker keeps of an iteration's value. */
function recorded(plan: Plan, value: Node, edits: readonly TextEdit[]): string {
  const { fold } = plan;
  if (fold) {
    const values = fold.fields.map((f) => ({ name: f.name, value: f.value ? edited(plan.source, f.value, edits) : f.name }));
    return values.length === 1 ? values[0]!.value : objectLiteral(values);
  }
  const text = edited(plan.source, value, edits);
  if (plan.syntax.method !== 'filter') return text;
  return plan.types.of(value)?.name === 'boolean' ? text : `Boolean(${text})`;
}

// ---------------------------------------------------------------------------------------------------------------------
// Types

/** A type as it may be written in the worker module; the types that it names are imported there. */
function written(plan: Plan, type: Type | null): string | null {
  if (!type) return null;
  if (type.written) return nameable(plan, type.written);
  if (type.name === 'number' || type.name === 'string' || type.name === 'boolean' || type.name === 'bigint') return type.name;
  if (type.name === 'array' && type.element) {
    const element = written(plan, type.element);
    return element && (/^[\w.]+$/.test(element) ? `${element}[]` : `(${element})[]`);
  }
  return /Array$/.test(type.name) && type.name !== 'array' ? type.name : null;
}

/** An annotation, if all that it names can be named at the top of another file. */
function nameable(plan: Plan, annotation: Node): string | null {
  const { source } = plan;
  if (source.referencesIn(annotation).some((r) => r.resolved && r.resolved.scope.type !== 'module')) return null;
  plan.annotations.add(annotation);
  return source.of(annotation);
}

function taskType(plan: Plan, shape: TaskShape, small: readonly SentValue[]): string {
  const { types, syntax } = plan;
  const fields: string[] = [];
  if (shape.items) {
    const iterable = syntax.header.kind === 'items' ? types.of(syntax.header.iterable) : null;
    const type = syntax.header.kind === 'listed' ? 'number[]' : iterable?.name === 'array' || /Array$/.test(iterable?.name ?? '') ? written(plan, iterable) : null;
    fields.push(`${shape.items}: ${type ?? 'any[]'}`);
    if (shape.indexed) fields.push(`${plan.names.first}: number`);
  } else fields.push(`${plan.names.first}: number`, `${plan.names.end}: number`);
  for (const value of small) fields.push(`${value.name}: ${valueType(plan, value)}`);
  for (const { variable } of plan.commits.blocks) fields.push(`${variable.name}: ${types.variable(variable)!.name}`);
  return `{ ${fields.join('; ')} }`;
}

function valueType(plan: Plan, value: SentValue): string {
  if (value.annotation) return nameable(plan, value.annotation) ?? 'any';
  return written(plan, value.variable ? plan.types.variable(value.variable) : null) ?? 'any';
}

/** ` as { points: Point[] }`: what the worker gets at its start has no type of its own. */
function dataType(plan: Plan, values: readonly SentValue[]): string {
  return plan.source.typescript ? ` as { ${values.map((v) => `${v.name}: ${valueType(plan, v)}`).join('; ')} }` : '';
}

function annotation(plan: Plan, variable: Variable, otherwise: string): string {
  if (!plan.source.typescript) return '';
  return `: ${written(plan, plan.types.variable(variable)) ?? otherwise}`;
}

function listType(plan: Plan, fields: readonly { readonly name: string; readonly value: Node | null }[]): string {
  if (!plan.source.typescript) return '';
  const type = (f: { readonly name: string; readonly value: Node | null }): string => {
    if (f.value) return written(plan, plan.types.of(f.value)) ?? 'any';
    const reference = plan.source.referencesIn(plan.syntax.inside).find((r) => r.resolved?.name === f.name);
    return written(plan, reference?.resolved ? plan.types.variable(reference.resolved) : null) ?? (f.name === plan.commits.deferred.find((d) => d.index)?.index ? 'number' : 'any');
  };
  return fields.length === 1 ? `: ${arrayOf(type(fields[0]!))}` : `: { ${fields.map((f) => `${f.name}: ${type(f)}`).join('; ')} }[]`;
}

function arrayOf(type: string): string {
  return /^[\w.]+(?:\[\])*$/.test(type) ? `${type}[]` : `(${type})[]`;
}

function resultsType(plan: Plan): string {
  if (!plan.source.typescript) return '';
  const { body, method } = plan.syntax;
  if (method === 'filter') return ': boolean[]';
  return `: ${arrayOf((body.kind === 'value' ? written(plan, plan.types.of(body.value)) : null) ?? 'any')}`;
}
