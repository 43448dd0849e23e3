/**
 * What the native strategies share: the program hands its values to a function of a module made from the kernel, and keeps its own
 * loop for the iterations that come back without a result. So every error, message and partial effect is Python's own.
 */
import { importNames } from '../../../edit/python-imports';
import type { NewFile, TextEdit } from '../../../edit/edit';
import { applyEdits } from '../../../edit/edit';
import { indentAt, lineEnd, lineEndOf, lineStart, mapOffset, nextLineStart, startsLine, withLineEnd } from '../../../edit/source';
import type { Comprehension, ForEach } from '../../../ir/ir';
import { strategyOf } from '../../attempt';
import { Refusal } from '../../refusal';
import type { BuildStep, Rewrite, Strategy, StrategyContext, StrategyId, StrategyMeta } from '../../types';
import { statementPath } from '../deep';
import { lineWidth } from '../emit';
import { cutLines } from '../lines';
import { callLines, callText, type CallText } from '../pool';
import { Site } from '../site';
import type { Effect } from './iteration';
import { buildKernel, type LoopKernel } from './kernel';
import type { Kernel } from './model';

/** What a strategy makes of a kernel. */
export interface NativeModule {
  /** Files beside the program's, by their names. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly build: readonly BuildStep[];
  readonly dependencies: Rewrite['dependencies'];
  readonly notes: readonly string[];
  /** Building it installs the module for the whole interpreter: it lies in no package. */
  readonly installed?: boolean;
}

export interface NativeEmitter<Id extends StrategyId> {
  readonly meta: StrategyMeta & { readonly id: Id };
  /** @throws Refusal for a kernel that the language cannot express. */
  emit(kernel: Kernel, context: StrategyContext): NativeModule;
}

/** A strategy that runs kernels in another language. */
export function nativeStrategy<Id extends StrategyId>(emitter: NativeEmitter<Id>): Strategy & { readonly meta: { readonly id: Id } } {
  return strategyOf(emitter.meta, (context) => {
    const site = new Site(context);
    const loop = buildKernel(site);
    return assemble(site, loop, emitter.emit(loop.kernel, context));
  });
}

function assemble(site: Site, loop: LoopKernel, native: NativeModule): Rewrite {
  const { kernel } = loop;
  const folder = site.path.slice(0, Math.max(site.path.lastIndexOf('/'), site.path.lastIndexOf('\\')) + 1);
  const inPackage = !native.installed && isInPackage(site, folder);
  const wanted = [{ module: inPackage ? `.${kernel.module}` : kernel.module, name: kernel.name }];
  const imports = importNames(site.module, site.text, wanted, (name) => site.isFree(name));
  const call = (indices: string): CallText => ({ callee: imports.names[0]!, args: [indices, ...kernel.params.map((p) => p.text)] });
  const { node } = site.loop;
  const edits = node.type === 'for-each' ? statementEdits(site, loop, node, call) : expressionEdits(site, loop, node as Comprehension, call);
  const eol = lineEndOf(site.text);
  const all = [...imports.edits, ...edits.edits].map((e) => ({ ...e, text: withLineEnd(e.text, eol) })).sort((a, b) => a.start - b.start);
  applyEdits(site.text, all); // Throws when two overlap: a defect that must not reach a file.
  const before = all.filter((e) => e.end <= edits.start && !(edits.startsWithEdit && e.start === edits.start));
  const region = { start: mapOffset(edits.start, before) + (edits.startsWithEdit ? indentAt(site.text, edits.start).length : 0), end: mapOffset(edits.end, all) };
  const newFiles: NewFile[] = native.files.map(({ name, text }) => ({ path: `${folder}${name}`, text: withLineEnd(text, eol) }));
  const notes = [
    `What ${kernel.module} cannot compute exactly as Python does (an error, an integer beyond 64 bits, values of other types) runs in the loop as before.`,
    ...loop.notes,
    ...native.notes,
    ...(inPackage && native.build.length > 0 ? [`Build it in the folder of ${site.path.slice(folder.length)}: the package imports the module from there.`] : []),
  ];
  return { edits: [{ path: site.path, edits: all }], newFiles, dependencies: native.dependencies, notes, region, ...(native.build.length > 0 ? { build: native.build } : {}) };
}

/** Whether the file is run as a module of a package, so that the modules beside it are found by relative names only. */
function isInPackage(site: Site, folder: string): boolean {
  const { imports } = site.module;
  if (imports.some((i) => i.level)) return true;
  if (site.workspace.read(`${folder}__init__.py`) === null) return false;
  // A neighbour that is imported by its bare name is found when the file is started as a script, and not otherwise.
  return !imports.some((i) => [`${i.module}.py`, `${i.module}/__init__.py`].some((name) => site.workspace.read(`${folder}${name}`) !== null));
}

interface Edits {
  readonly edits: readonly TextEdit[];
  /** The region in the text before the edits; `startsWithEdit` when text that is inserted at its start belongs to it. */
  readonly start: number;
  readonly end: number;
  readonly startsWithEdit: boolean;
}

// ---------------------------------------------------------------------------------------------------------------------

/** Computes before the loop; the loop takes what came back and runs its own body for the rest. */
function statementEdits(site: Site, loop: LoopKernel, node: ForEach, call: (indices: string) => CallText): Edits {
  const { text, unit } = site;
  const whole = site.range(node);
  const line = site.line(node);
  if (!startsLine(text, whole.start)) throw new Refusal(`the loop on line ${line} shares its line with another statement`, 'put it on a line of its own');
  if (node.orelse.length > 0) throw new Refusal(`the loop on line ${line} has an \`else\``, 'put what it does behind the loop: without a `break` it always runs');
  const indent = indentAt(text, whole.start);
  const head = site.range(node.iterable);
  const first = site.range(node.body[0]!);
  if (!startsLine(text, first.start)) throw new Refusal(`the loop on line ${line} has its body on the same line`, 'put the body on lines of its own');
  const deeper = indentAt(text, first.start);
  const { results } = loop.kernel;
  const single = results.length === 1 ? results[0]!.name : null;
  const item = single ?? site.uniqueOf('computed', 'outcome', 'answer');
  const all = site.uniqueOf('ready', 'computed', 'outcomes');
  const before: string[] = [];
  let iterable = site.source(node.iterable);
  let indices = loop.indices;
  if (loop.direct && !isPlain(iterable)) {
    const name = site.uniqueOf('indices', 'turns');
    before.push(`${name} = ${iterable}`);
    iterable = indices = name;
  }
  before.push(...callLines(`${all} = `, call(indices), '', lineWidth(text) - indent.length).map((l) => l.replace(/^\t/, unit)));
  const target = site.source(node.target);
  const bare = node.target.type === 'tuple-target' && !/^[([]/.test(target) ? `(${target})` : target;
  const fast = [`if ${item} is not None:`];
  if (!single) fast.push(`\t${results.map((r) => r.name).join(', ')} = ${item}`);
  for (const effect of loop.effects) fast.push(...replay(site, effect));
  const lines = [...fast, '\tcontinue', '# Python computes what the kernel left.'];
  const body = lines.map((l) => deeper + l.replace(/^\t+/, (tabs) => unit.repeat(tabs.length)) + '\n').join('');
  const at = nextLineStart(text, head.end);
  const start = lineStart(text, whole.start);
  return {
    edits: [
      { start, end: start, text: before.map((l) => `${indent}${l}\n`).join('') },
      { start: site.range(node.target).start, end: head.end, text: `${bare}, ${item} in zip(${iterable}, ${all})` },
      { start: at, end: at, text: body },
    ],
    start,
    end: whole.end,
    startsWithEdit: true,
  };
}

/** Evaluating it twice is as good as once: a name or a range of names, numbers and lengths. */
function isPlain(text: string): boolean {
  return text.length <= 32 && /^[\w\s,+*-]*$/.test(text.replace(/\brange\(|\blen\(|\)/g, ''));
}

/** A statement of the body with results in the places of what the kernel computed. */
function replay(site: Site, effect: Effect): string[] {
  const { start, end } = effect;
  const edits = effect.operands.map((o) => ({ start: o.start, end: o.end, text: o.result }));
  const lines = effect.text !== undefined ? [effect.text] : cutLines(site, { start, end }, edits, indentAt(site.text, start));
  const own = effect.when === null ? lines : [`if ${effect.when}:`, ...lines.map((l) => `\t${l}`)];
  return own.map((l) => `\t${l}`);
}

// ---------------------------------------------------------------------------------------------------------------------

/** The element is what came back, or the expression as it was. */
function expressionEdits(site: Site, loop: LoopKernel, node: Comprehension, call: (indices: string) => CallText): Edits {
  const { text, unit } = site;
  const clause = node.clauses[0]!;
  const range = site.range(node);
  const iterable = site.source(clause.iterable);
  if (loop.direct && !isPlain(iterable)) throw new Refusal(`the range of the comprehension on line ${site.line(node)} is computed`, 'give its limit a name before');
  const results = loop.kernel.results;
  const item = results.length === 1 ? results[0]!.name : site.uniqueOf('computed', 'outcome');
  const own = site.source(node.element);
  const wrappedOwn = node.element.type === 'conditional' || node.element.type === 'function' ? `(${own})` : own;
  const target = site.source(clause.target);
  const bare = clause.target.type === 'tuple-target' && !/^[([]/.test(target) ? `(${target})` : target;
  const value = `${wrappedOwn} if ${item} is None else ${item}`;
  const clauseText = `for ${bare}, ${item} in zip(${iterable}, ${callText(call(loop.indices))})`;
  const source = text.slice(range.start, range.end);
  const [open, close] = node.kind === 'list' ? ['[', ']'] : source.startsWith('(') ? ['(', ')'] : ['', ''];
  const indent = indentAt(text, range.start);
  const column = range.start - lineStart(text, range.start);
  const flat = `${open}${value} ${clauseText}${close}`;
  const rest = lineEnd(text, range.end) - range.end;
  const replaced = column + flat.length + rest <= lineWidth(text) && !flat.includes('\n') ? flat : `${open}\n${indent}${unit}${value}\n${indent}${unit}${clauseText}\n${indent}${close}`;
  return { edits: [{ start: range.start, end: range.end, text: replaced }], ...statementAround(site, range.start, range.end), startsWithEdit: false };
}

/** The innermost statement that holds the expression. */
function statementAround(site: Site, start: number, end: number): { start: number; end: number } {
  const path = statementPath(site.fn, site.fn.body, start, end);
  const stmt = path[path.length - 1];
  return stmt ? site.range(stmt) : { start, end };
}
