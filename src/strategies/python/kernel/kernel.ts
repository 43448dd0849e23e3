/** Makes the kernel of a loop, or tells by line why it has none. */
import type { Comprehension, Expr, FunctionIR, NameExpr, Stmt, Target } from '../../../ir/ir';
import { boundNames } from '../../../ir/walk';
import { isVisibleAfter } from '../live';
import { Refusal } from '../../refusal';
import type { Site } from '../site';
import { element } from './expressions';
import { Functions, type Made } from './functions';
import { IterationLowering, type Effect } from './iteration';
import { dotted } from './library';
import { Lowering } from './lowering';
import type { Kernel, KExpr, KFunction, KType } from './model';
import { KernelRefusal } from './refusal';
import { lowerBlock } from './statements';
import { isArray, sameType, typeInWords, type Recorded } from './typing';
import { givesUp, walkKernel } from './walk';

/** A kernel and what the program keeps to itself. */
export interface LoopKernel {
  readonly kernel: Kernel;
  /** What the program does with an iteration's results, in order. Empty for a comprehension: its element is the result. */
  readonly effects: readonly Effect[];
  /** The `range` that is handed to the native function, as an expression of the program: `range(height)`, `range(len(xs))`. */
  readonly indices: string;
  /** `indices` is the iterable itself. */
  readonly direct: boolean;
  /** Told to the person. */
  readonly notes: readonly string[];
}

const nothingRecorded: Recorded = () => null;

/**
 * The kernel of a `for` statement, list comprehension or generator.
 * @param recorded types seen in a run of the program, for values that nothing else tells the type of
 * @throws Refusal (KernelRefusal where a line is to blame)
 */
export function buildKernel(site: Site, recorded: Recorded = nothingRecorded): LoopKernel {
  const { loop } = site;
  const { node } = loop;
  checkLoop(site);
  if (node.type === 'for-each') return build(site, recorded, node.target, node.iterable, node.body, null);
  if (node.type === 'comprehension') {
    const clause = simpleClause(site, node);
    return build(site, recorded, clause.target, clause.iterable, [], node.element);
  }
  if (node.type === 'call') throw new KernelRefusal(`the loop is a call of \`${loop.call?.method ?? 'a function'}\``, site.line(node), 'write it as a comprehension or a `for`');
  throw new KernelRefusal('the loop runs while a condition holds', site.line(node), 'write it as a `for` over a range or a list');
}

function checkLoop(site: Site): void {
  const { loop, fn } = site;
  const line = site.line(loop.node);
  if (fn.broken) throw new Refusal(`there is a syntax error near the loop on line ${line}`);
  if (fn.kind === 'lambda') throw new KernelRefusal('the loop is in a lambda', line, 'make the lambda a function');
  const exit = loop.exits.find((e) => e.kind !== 'raise' && e.kind !== 'short-circuit');
  if (exit) throw new KernelRefusal(`the loop may end early (${exit.kind})`, site.line(exit));
  for (const place of loop.places) {
    if (place.role !== 'shared') continue;
    const reason = loop.reasons.find((r) => r.place === place.label) ?? loop.reasons[0];
    throw new Refusal(reason ? reason.message.replace(/\.$/, '') : `\`${place.label}\` may be written by one iteration and used by another`, 'give each iteration a value of its own');
  }
}

function simpleClause(site: Site, node: Comprehension): Comprehension['clauses'][number] {
  const [clause, ...more] = node.clauses;
  const line = site.line(node);
  if (node.kind !== 'list' && node.kind !== 'generator') throw new KernelRefusal(`a ${node.kind} is made`, line, 'make a list first');
  if (!clause || more.length > 0) throw new KernelRefusal('the comprehension has several `for`', line, 'make the outer one a loop');
  if (clause.async) throw new KernelRefusal('an `async for` is used', line);
  if (clause.conditions.length > 0) throw new KernelRefusal('the comprehension has an `if`', line, 'write it as a loop');
  return clause;
}

function build(site: Site, recorded: Recorded, target: Target, iterable: Expr, body: readonly Stmt[], elementExpr: Expr | null): LoopKernel {
  const names = boundNames(target);
  const functions = new Functions(site, recorded, lowerFunction);
  const base = site.fn.kind === 'module' ? 'loop' : site.fn.name.replace(/^_+|_+$/g, '') || 'loop';
  const label = resultLabel(site);
  const name = functions.reserve(`${base}_${label}`);
  const one = functions.reserve(`${base}_one`);
  const l = new IterationLowering(functions, site.fn, one, body, names);
  const indices = bindItem(l, target, iterable);
  l.takeCells();
  if (elementExpr) l.giveElement(elementExpr);
  else lowerBlock(l, body);
  if (l.scope.assigned !== null) l.giveCells();
  l.scope.finish();
  if (l.results.length === 0) throw new KernelRefusal('the loop computes nothing that is used afterwards', site.line(site.loop.node));
  l.checkCells();
  checkVisible(site, l);
  checkNumpy(site, l, functions);
  const { functions: made, params, recursive } = functions.pass();
  const all = new Map(made.map((f) => [f.name, f]));
  const mayGiveUp = (f: Pick<Made, 'body' | 'name'>, seen = new Set<string>()): boolean => {
    if (seen.has(f.name)) return false;
    seen.add(f.name);
    let gives = recursive.has(f.name);
    const check = (node: Parameters<typeof givesUp>[0]): void => void (gives ||= givesUp(node, (callee) => mayGiveUp(all.get(callee)!, seen)));
    walkKernel(f.body, { expr: check, stmt: check });
    return gives;
  };
  const kernel: Kernel = {
    name,
    module: freeModule(site, `${base}_kernel`),
    title: site.fn.kind === 'module' ? `The loop of ${fileName(site.path)}, line ${site.line(site.loop.node)}` : `The loop of ${site.fn.name} in ${fileName(site.path)}`,
    functions: made.map((f): KFunction => ({ ...f, mayGiveUp: mayGiveUp(f), recursive: recursive.has(f.name) })),
    iteration: {
      name: one,
      params: [...l.scope.params, ...params.map(({ name: n, type }) => ({ name: n, type }))],
      locals: l.scope.locals,
      returns: null,
      body: l.block,
      mayGiveUp: mayGiveUp({ name: one, body: l.block }),
      recursive: false,
      line: site.line(site.loop.node),
      source: site.source(site.loop.node).split('\n')[0]!.trim(),
    },
    params,
    results: l.results,
  };
  checkNames(site, kernel);
  return { kernel, effects: l.effects, ...indices, notes: notesFor(functions) };
}

function notesFor({ mixedComplex, params }: Functions): string[] {
  const notes: string[] = [];
  if (mixedComplex === 'new') notes.push('Complex numbers are calculated with as Python does from 3.14 on: before, some zeros have another sign.');
  if (mixedComplex === 'old') notes.push('Complex numbers are calculated with as Python does before 3.14: from then on, some zeros have another sign.');
  if (params.some((p) => p.from === 'numpy')) notes.push("numpy's warnings about overflows of its numbers are not given for what the kernel computes.");
  return notes;
}

/** The iteration's parameter, and what the loop's target is bound to. */
function bindItem(l: IterationLowering, target: Target, iterable: Expr): Pick<LoopKernel, 'indices' | 'direct'> {
  const { site } = l;
  const over = iterable.type === 'call' ? dotted(l, iterable.callee) : null;
  if (iterable.type === 'call' && over === 'range') {
    if (target.type !== 'name') l.refuse('an integer is taken apart', target);
    l.scope.param(target.variable, target.name, 'int');
    l.counter = target.variable;
    return { indices: site.source(iterable), direct: true };
  }
  const counter = l.scope.fresh('k');
  l.scope.params.push({ name: counter, type: 'int' });
  const index: KExpr = { op: 'var', type: 'int', name: counter };
  l.scope.bounds.set(counter, { low: 0n, high: 2n ** 62n });
  const bind = (to: Target, from: Expr): void => {
    if (from.type !== 'name') l.refuse('the loop goes through something that has no name', from, 'give it a name before the loop');
    const value = element(l, l.name(from), index, from);
    const assign = (name: NameExpr, item: KExpr): void => l.emit({ do: 'assign', name: l.scope.assign(name, item.type, isArray(item.type)), value: item });
    if (to.type === 'name') return assign(to, value);
    const names = boundNames(to);
    if (to.type !== 'tuple-target' || names.length !== to.items.length || !isArray(value.type)) l.refuse('an item is taken apart in a way that kernels do not have,', to);
    const row = l.held(value, 'item');
    l.emit({
      do: 'if',
      test: { op: 'compare', type: 'bool', operator: '!=', left: { op: 'length', type: 'int', array: row }, right: { op: 'const', type: 'int', value: BigInt(names.length) } },
      then: [{ do: 'give-up' }],
      otherwise: [],
    });
    for (const [i, name] of names.entries()) assign(name, element(l, row, { op: 'const', type: 'int', value: BigInt(i) }, to));
  };
  const items = target.type === 'tuple-target' ? target.items : [];
  if (iterable.type === 'call' && (over === 'enumerate' || over === 'zip')) {
    const sources = iterable.args.map((a) => a.value);
    if (iterable.args.some((a) => a.spread || a.name !== undefined) || items.some((t) => t === null || t.type === 'star')) l.refuse(`\`${over}\` is called with keywords or \`*\``, iterable);
    if (over === 'enumerate') {
      const [number, value] = items as readonly Target[];
      if (items.length !== 2 || sources.length !== 1 || number!.type !== 'name') l.refuse('what `enumerate` gives is not taken apart into a number and a value', iterable);
      l.counter = number.variable;
      l.emit({ do: 'assign', name: l.scope.assign(number, 'int', false), value: index });
      bind(value!, sources[0]!);
      return { indices: `range(len(${site.source(sources[0]!)}))`, direct: false };
    }
    if (items.length !== sources.length) l.refuse('`zip` gives another number of values than there are names', iterable);
    for (const [i, source] of sources.entries()) bind(items[i] as Target, source);
    const lengths = sources.map((s) => `len(${site.source(s)})`);
    return { indices: `range(${lengths.length === 1 ? lengths[0]! : `min(${lengths.join(', ')})`})`, direct: false };
  }
  if (iterable.type === 'call') l.refuse(`the loop goes through what \`${site.source(iterable.callee)}\` gives`, iterable, 'give it a name before the loop');
  bind(target, iterable);
  return { indices: `range(len(${site.source(iterable)}))`, direct: false };
}

function lowerFunction(functions: Functions, fn: FunctionIR, name: string, args: readonly (KType | 'complex')[], expected: KType | null): Made {
  const { site } = functions;
  const l = new Lowering(functions, fn, name, false);
  const line = site.line({ span: { start: 0, end: 0 } }, fn);
  if (fn.kind !== 'function' || fn.parent !== '') throw new KernelRefusal(`\`${fn.name}\` is defined inside a function or class`, line, 'define it at the top level of the module');
  if (fn.async || fn.generator) throw new KernelRefusal(`\`${fn.name}\` is ${fn.async ? 'async' : 'a generator'}`, line);
  if (fn.decorators.length > 0) throw new KernelRefusal(`\`${fn.name}\` is decorated by \`${fn.decorators[0]!}\``, line);
  if (fn.broken) throw new Refusal(`there is a syntax error in \`${fn.name}\` on line ${line}`);
  for (const [i, param] of fn.params.entries()) {
    if (param.kind !== 'plain' && param.kind !== 'positional-only' && param.kind !== 'keyword-only') throw new KernelRefusal(`\`${fn.name}\` takes \`*${param.name}\``, line);
    const type = args[i]!;
    if (type === 'complex') l.scope.complexParam(param.variable, param.name);
    else l.scope.param(param.variable, param.name, type);
  }
  lowerBlock(l, fn.body);
  if (l.scope.assigned !== null || l.returns === null) throw new KernelRefusal(`\`${fn.name}\` may end without a \`return\`; it begins`, line);
  if (expected && !sameType(expected, l.returns)) throw new KernelRefusal(`\`${fn.name}\` is annotated to return ${typeInWords(expected)} and returns ${typeInWords(l.returns)}; it begins`, line);
  l.scope.finish();
  return { name, params: l.scope.params, locals: l.scope.locals, returns: l.returns, body: l.block, line, source: fn.name };
}

/** What the loop leaves behind besides its results: the program would miss it. */
function checkVisible(site: Site, l: IterationLowering): void {
  for (const { id, name } of l.ownVariables()) {
    const given = l.results.find((r) => r.name === name);
    if (given && !given.optional) continue;
    if (isVisibleAfter(site, id)) throw new KernelRefusal(`\`${name}\` is read after the loop; the loop is`, site.line(site.loop.node), 'compute it again after the loop');
  }
}

/** What an element of a numpy array becomes is numpy's kind of number, which only such an array hides. */
function checkNumpy(site: Site, l: IterationLowering, functions: Functions): void {
  const array = functions.params.find((p) => p.from === 'numpy');
  if (!array) return;
  const line = site.line(site.loop.node);
  const only = 'write the results into an array';
  for (const { array: into, operands } of l.effects) {
    // Its type is looked at when the kernel is called: other arrays would take Python's numbers otherwise than numpy's.
    const target = into && functions.capture(into, l.kernelName, line);
    if (target?.from !== 'numpy' || !isArray(target.type)) throw new KernelRefusal(`\`${array.text}\` is a numpy array, and what is calculated from its elements are numpy's own numbers; the loop is`, line, only);
    const { element } = target.type;
    const other = l.results.find((r) => r.type !== element && !(r.type === 'int' && element === 'float') && !isArray(r.type) && operands.some((o) => o.result === r.name));
    if (other) throw new KernelRefusal(`\`${target.text}\` is an array of ${element}s and is given a ${typeInWords(other.type)}, which numpy converts; the loop is`, line, 'convert it');
  }
  if (l.effects.length === 0) throw new KernelRefusal(`\`${array.text}\` is a numpy array, and what is calculated from its elements are numpy's own numbers; the loop is`, line, only);
  const told = /\b(?:seterr|seterrcall|errstate|simplefilter|filterwarnings)\b/.exec(site.text);
  if (told) throw new KernelRefusal(`the program tells by \`${told[0]}\` what numpy is to do about overflows, and a kernel calculates without numpy; the loop is`, line);
  const [first] = functions.numpyRefusals;
  if (first) throw first;
}

/** A value from outside that a callee needs has a name of its own in every function that it passes through. */
function checkNames(site: Site, kernel: Kernel): void {
  for (const fn of [...kernel.functions, kernel.iteration]) {
    const names = [...fn.params, ...fn.locals].map((v) => v.name);
    const twice = names.find((n, i) => names.indexOf(n) !== i);
    if (twice !== undefined) throw new KernelRefusal(`\`${twice}\` names a variable of \`${fn.source}\` and a global that it needs; the loop is`, site.line(site.loop.node), 'rename one of them');
  }
}

function resultLabel(site: Site): string {
  for (const { role, place, label } of site.loop.places) {
    const base = /[A-Za-z_]\w*/.exec(label)?.[0]?.replace(/^_+/, '');
    if (place.root.kind !== 'variable' || !base) continue;
    if (role === 'collect' || role === 'element') return base;
    if (role === 'accumulator') return base === 'total' || base === 'sum' ? 'terms' : base;
  }
  return 'values';
}

function freeModule(site: Site, wanted: string): string {
  const folder = site.path.slice(0, site.path.length - fileName(site.path).length);
  let name = wanted;
  const taken = (n: string): boolean => ['.py', '.c', '.pyx', '.mojo', '-rs/Cargo.toml'].some((ext) => site.workspace.read(`${folder}${n}${ext}`) !== null) || !site.isFree(n);
  for (let n = 2; taken(name); n++) name = `${wanted}_${n}`;
  return name;
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
