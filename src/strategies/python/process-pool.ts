/** `python/process-pool`: concurrent.futures.ProcessPoolExecutor of the standard library. */
import { importNames, type WantedImport } from '../../edit/python-imports';
import { statementStart, topLevelStatementAt, usesDocstrings, withCommentsAbove } from '../../edit/python';
import { applyEdits, type TextEdit } from '../../edit/edit';
import { lineEndOf, lineStart, mapOffset, withLineEnd } from '../../edit/source';
import type { Range } from '../../analysis/report';
import type { Applicability, Rewrite, Strategy, StrategyContext } from '../types';
import { checkLoop } from './checks';
import { lineWidth, parentLoop, workerText } from './emit';
import { indented } from './lines';
import { blankLines, moveScript, planEntry, type EntryPlan } from './entry';
import { planExpression } from './expression';
import type { ExpressionParent, Plan, StatementParent } from './plan';
import { checkSettings } from './reach';
import { Refusal } from './refusal';
import { Site } from './site';
import { planStatement } from './statement';

export const pythonProcessPool: Strategy & { readonly meta: { readonly id: 'python/process-pool' } } = {
  meta: {
    id: 'python/process-pool',
    language: 'python',
    title: 'Run in a pool of processes (concurrent.futures)',
    summary: 'Runs the iterations in worker processes of the standard library, with copies of their values, and combines the results in order.',
    memory: 'copied',
    needs: [{ kind: 'interpreter', name: 'Python', version: '>=3.9', install: 'python.org, or the package manager of your system' }],
  },
  applicability(context) {
    const outcome = attempt(context);
    if (outcome instanceof Refusal) return { ok: false, why: outcome.why, ...(outcome.remedy === undefined ? {} : { remedy: outcome.remedy }) };
    return { ok: true, notes: outcome.notes } satisfies Applicability;
  },
  rewrite(context) {
    const outcome = attempt(context);
    if (outcome instanceof Refusal) throw outcome;
    return outcome;
  },
};

const made = new WeakMap<object, { readonly text: string; readonly options: string; readonly outcome: Rewrite | Refusal }>();

/** The rewrite, or why there is none. Kept, since it is asked for twice. */
function attempt(context: StrategyContext): Rewrite | Refusal {
  const options = JSON.stringify(context.options);
  const known = made.get(context.loop);
  if (known && known.text === context.text && known.options === options) return known.outcome;
  let outcome: Rewrite | Refusal;
  try {
    outcome = rewrite(new Site(context));
  } catch (error) {
    if (error instanceof RangeError) outcome = new Refusal('the changes that the loop needs lie across each other in the file', 'move the function above the script’s own work');
    else if (error instanceof Refusal) outcome = error;
    else throw error;
  }
  made.set(context.loop, { text: context.text, options, outcome });
  return outcome;
}

function rewrite(site: Site): Rewrite {
  checkLoop(site);
  checkSettings(site);
  const entry = planEntry(site);
  const plan = site.loop.kind === 'for' || site.loop.kind === 'while' ? planStatement(site, entry.moved) : planExpression(site, entry.moved);
  return assemble(site, plan, entry);
}

/** Puts imports, definitions and the loop's new text together. */
function assemble(site: Site, plan: Plan, entry: EntryPlan): Rewrite {
  const wanted = new Wanted(site);
  const docstrings = usesDocstrings(site.module);
  const worker = workerText(site, plan, () => wanted.name('functools', 'partial'), docstrings);
  const moves = entry.kind === 'main';
  const indent = plan.parent.indent + (moves ? site.unit : '');
  const block = plan.parent.kind === 'statement' ? statementBlock(site, plan, plan.parent, worker, wanted, indent) : expressionBlock(site, plan, plan.parent, worker, wanted, indent);
  for (const want of plan.imports) wanted.name(want.module, want.name);
  const loopEdit: TextEdit = { start: plan.parent.range.start, end: plan.parent.range.end, text: block };
  const region = { start: 0, end: block.length };

  const edits: TextEdit[] = [...wanted.edits(), ...plan.elsewhere];
  if (entry.kind !== 'main') edits.push(definitionsEdit(site, worker.blocks));
  edits.push(loopEdit);
  if (entry.kind === 'in-place') return finish(site, edits, loopEdit, region, []);
  const moved = moveScript(site, entry, edits, moves ? worker.blocks : [], loopEdit, region);
  const rest = edits.filter((e) => !moved.used.includes(e));
  const note = moves
    ? 'The script’s work moves into main() under the main guard: worker processes import the script.'
    : 'What the script does when it runs moves under the main guard: worker processes import the script.';
  return moved.region ? finish(site, [...rest, moved.edit], moved.edit, moved.region, [note]) : finish(site, [...rest, moved.edit], loopEdit, region, [note]);
}

/** Writes the file's line ends, and finds the region in the text that results. */
function finish(site: Site, edits: readonly TextEdit[], anchor: TextEdit, within: Range, notes: readonly string[]): Rewrite {
  const eol = lineEndOf(site.text);
  const written = (text: string): string => withLineEnd(text, eol);
  const sorted = edits
    .filter((e) => e.text !== '' || e.start !== e.end)
    .map((edit, order) => ({ edit, order }))
    // An insertion at the start of a replaced stretch goes before it.
    .sort((a, b) => a.edit.start - b.edit.start || Number(a.edit.end > a.edit.start) - Number(b.edit.end > b.edit.start) || a.order - b.order)
    .map(({ edit }) => edit);
  const final = sorted.map((e) => ({ ...e, text: written(e.text) }));
  const index = sorted.indexOf(anchor);
  const start = mapOffset(anchor.start, final.slice(0, index));
  const trimmedEnd = anchor.text.slice(0, within.end).replace(/\s+$/, '').length;
  const indent = /^[ \t]*/.exec(anchor.text.slice(within.start))![0].length;
  const region = {
    start: start + written(anchor.text.slice(0, within.start + indent)).length,
    end: start + written(anchor.text.slice(0, trimmedEnd)).length,
  };
  applyEdits(site.text, final); // Throws when two overlap: a defect that must not reach a file.
  return { edits: [{ path: site.path, edits: final }], newFiles: [], dependencies: [], notes, region };
}

/** New functions stand before the top-level statement that holds the loop. */
function definitionsEdit(site: Site, blocks: readonly string[]): TextEdit {
  const { text, module } = site;
  const top = module.functions.get('')!;
  const loopAt = site.range(site.loop.node).start;
  const stmt = topLevelStatementAt(module, text, loopAt)!;
  const at = withCommentsAbove(text, lineStart(text, statementStart(text, stmt, top.start)));
  return { start: at, end: at, text: blocks.length === 0 ? '' : `${blankLines(text, at)}${blocks.join('\n\n\n')}\n\n\n` };
}

// ---------------------------------------------------------------------------------------------------------------------

function statementBlock(site: Site, plan: Plan, parent: StatementParent, worker: ReturnType<typeof workerText>, wanted: Wanted, indent: string): string {
  const { pool, poolHead, call, before } = poolParts(site, plan, worker, wanted, indent);
  const { head, lines } = parentLoop(site, plan, parent, call);
  const deeper = `${indent}${site.unit}`;
  const width = lineWidth(site.text);
  let opening = [head(call)];
  if (deeper.length + opening[0]!.length > width) {
    const results = site.uniqueOf('results', 'outcomes', 'answers');
    opening = [...brokenCall(`${results} = `, call, deeper, width), head(results)];
  }
  void pool;
  const out = [
    ...indented(before, indent, site.unit),
    ...poolHead.map((l) => (l.startsWith(indent) ? l : indent + l)),
    ...indented(opening, deeper, site.unit),
    ...indented(lines, `${deeper}${site.unit}`, site.unit),
  ];
  return `${out.join('\n')}\n`;
}

function expressionBlock(site: Site, plan: Plan, parent: ExpressionParent, worker: ReturnType<typeof workerText>, wanted: Wanted, indent: string): string {
  const { poolHead, call, before } = poolParts(site, plan, worker, wanted, indent);
  const map = parent.flattened ? `${wanted.name('itertools', 'chain')}.from_iterable(${call})` : call;
  const { text } = site;
  const source = text.slice(parent.range.start, parent.range.end);
  const at = parent.expression.start - parent.range.start;
  const after = parent.expression.end - parent.range.start;
  const compose = (m: string): string[] => {
    const replaced = source.slice(0, at) + parent.replacement(m) + source.slice(after);
    return replaced.replace(/\r\n/g, '\n').replace(/\n+$/, '').split('\n').map((l) => (l.startsWith(parent.indent) ? l.slice(parent.indent.length) : l));
  };
  const deeper = `${indent}${site.unit}`;
  let lines = compose(map);
  const width = lineWidth(text);
  if (lines.some((l) => deeper.length + l.length > width)) {
    const results = site.uniqueOf('results', 'outcomes', 'answers');
    lines = [...brokenCall(`${results} = `, map, deeper, width), ...compose(results)];
  }
  const out = [...indented(before, indent, site.unit), ...poolHead.map((l) => (l.startsWith(indent) ? l : indent + l)), ...indented(lines, deeper, site.unit)];
  return `${out.join('\n')}\n`;
}

interface PoolParts {
  readonly pool: string;
  readonly poolHead: readonly string[];
  readonly call: string;
  readonly before: readonly string[];
}

function poolParts(site: Site, plan: Plan, worker: ReturnType<typeof workerText>, wanted: Wanted, indent: string): PoolParts {
  const { workers } = site.options;
  const pool = site.unique('pool');
  const chunk = site.unique('chunksize');
  const count = /^[\w.]+$|^\w+\([^()]*(?:\([^()]*\)[^()]*)*\)$/.test(plan.items.count) ? plan.items.count : `(${plan.items.count})`;
  const share = workers === null ? `(4 * (${wanted.name('os', null)}.cpu_count() or 1))` : String(4 * workers);
  const executor = wanted.name('concurrent.futures', 'ProcessPoolExecutor');
  const args = [...(workers === null ? [] : [`max_workers=${workers}`]), ...worker.initializer];
  const before = [...plan.items.before, `${chunk} = max(1, ${count} // ${share})`];
  const call = `${pool}.map(${[worker.callable, ...plan.items.columns, `chunksize=${chunk}`].join(', ')})`;
  let poolHead = [`with ${executor}(${args.join(', ')}) as ${pool}:`];
  if (indent.length + poolHead[0]!.length > lineWidth(site.text)) {
    poolHead = [`${indent}with ${executor}(`, ...args.map((a) => `${indent}${site.unit}${a},`), `${indent}) as ${pool}:`];
  }
  return { pool, poolHead, call, before };
}

/** A call with one argument a line, when it is too long for one. */
function brokenCall(prefix: string, call: string, indent: string, width: number): string[] {
  if (indent.length + prefix.length + call.length <= width) return [`${prefix}${call}`];
  const open = call.indexOf('(');
  const inner = splitArguments(call.slice(open + 1, -1));
  if (inner.length === 1) return [`${prefix}${call.slice(0, open)}(`, `\t${inner[0]!}`, ')'];
  return [`${prefix}${call.slice(0, open)}(`, ...inner.map((a) => `\t${a},`), ')'];
}

function splitArguments(text: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (c === ',' && depth === 0) {
      out.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  out.push(text.slice(from).trim());
  return out;
}

/** Collects the imports that the new text needs while it is written. */
class Wanted {
  private readonly wants: WantedImport[] = [];
  private readonly known: string[] = [];

  constructor(private readonly site: Site) {}

  name(module: string, name: string | null): string {
    const at = this.wants.findIndex((w) => w.module === module && w.name === name);
    if (at >= 0) return this.known[at]!;
    this.wants.push({ module, name });
    const { names } = importNames(this.site.module, this.site.text, [{ module, name }], (n) => this.site.isFree(n));
    this.known.push(names[0]!);
    return names[0]!;
  }

  edits(): readonly TextEdit[] {
    return importNames(this.site.module, this.site.text, this.wants, (n) => this.site.isFree(n)).edits;
  }
}
