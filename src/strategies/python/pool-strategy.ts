/** Runs a loop in a pool: plans what crosses to the workers, and puts the file's new text together. */
import type { Range } from '../../analysis/report';
import { applyEdits, type TextEdit } from '../../edit/edit';
import { statementStart, topLevelStatementAt, usesDocstrings, withCommentsAbove } from '../../edit/python';
import { lineEndOf, lineStart, mapOffset, withLineEnd } from '../../edit/source';
import type { Rewrite, Strategy, StrategyContext, StrategyId } from '../types';
import { checkLoop } from './checks';
import { inOrder, lineWidth, parentLoop, workerText } from './emit';
import { blankLines, moveScript, planEntry, type EntryPlan } from './entry';
import { planExpression } from './expression';
import { indented } from './lines';
import { fitPlan, type ExpressionParent, type Plan, type StatementParent } from './plan';
import { callLines, callText, type Launch, type PoolStyle } from './pool';
import { checkSettings } from './reach';
import { Refusal } from './refusal';
import { Site } from './site';
import { planStatement } from './statement';
import { Wanted } from './wanted';

/** The strategy that runs loops in a pool of the given style. */
export function poolStrategy<Id extends StrategyId>(style: PoolStyle<Id>): Strategy & { readonly meta: { readonly id: Id } } {
  const made = new WeakMap<object, { readonly text: string; readonly options: string; readonly outcome: Rewrite | Refusal }>();
  /** The rewrite, or why there is none. Kept, since it is asked for twice. */
  const attempt = (context: StrategyContext): Rewrite | Refusal => {
    const options = JSON.stringify(context.options);
    const known = made.get(context.loop);
    if (known && known.text === context.text && known.options === options) return known.outcome;
    const outcome = attemptNow(context, style);
    made.set(context.loop, { text: context.text, options, outcome });
    return outcome;
  };
  return {
    meta: style.meta,
    applicability(context) {
      const outcome = attempt(context);
      if (outcome instanceof Refusal) return { ok: false, why: outcome.why, ...(outcome.remedy === undefined ? {} : { remedy: outcome.remedy }) };
      return { ok: true, notes: outcome.notes };
    },
    rewrite(context) {
      const outcome = attempt(context);
      if (outcome instanceof Refusal) throw outcome;
      return outcome;
    },
  };
}

function attemptNow(context: StrategyContext, style: PoolStyle): Rewrite | Refusal {
  try {
    return rewrite(new Site(context, style.world), style);
  } catch (error) {
    if (error instanceof RangeError) return new Refusal('the changes that the loop needs lie across each other in the file', 'move the function above the script’s own work');
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function rewrite(site: Site, style: PoolStyle): Rewrite {
  style.check?.(site);
  checkLoop(site);
  checkSettings(site);
  const entry = planEntry(site);
  const plan = fitPlan(site, site.loop.kind === 'for' || site.loop.kind === 'while' ? planStatement(site, entry.moved) : planExpression(site, entry.moved));
  style.checkPlan?.(site, plan);
  return assemble(site, style, plan, entry);
}

/** Puts imports, definitions and the loop's new text together. */
function assemble(site: Site, style: PoolStyle, plan: Plan, entry: EntryPlan): Rewrite {
  const wanted = new Wanted(site);
  const worker = workerText(site, plan, wanted, usesDocstrings(site.module));
  const moves = entry.kind === 'main';
  const indent = plan.parent.indent + (moves ? site.unit : '');
  const launch = style.launch(site, worker.task, wanted);
  const blocks = [...worker.blocks, ...(launch.definitions ?? [])];
  const block = plan.parent.kind === 'statement' ? statementBlock(site, plan, plan.parent, launch, indent) : expressionBlock(site, plan, plan.parent, launch, wanted, indent, blocks);
  for (const want of plan.imports) wanted.name(want.module, want.name);
  const loopEdit: TextEdit = { start: plan.parent.range.start, end: plan.parent.range.end, text: block };
  const region = { start: 0, end: block.length };

  const edits: TextEdit[] = [...wanted.edits(), ...plan.elsewhere];
  if (entry.kind !== 'main') edits.push(definitionsEdit(site, blocks));
  edits.push(loopEdit);
  const notes = style.notes?.(site, plan) ?? [];
  if (entry.kind === 'in-place') return finish(site, edits, loopEdit, region, style, notes);
  const moved = moveScript(site, entry, edits, moves ? blocks : [], loopEdit, region);
  const rest = edits.filter((e) => !moved.used.includes(e));
  const note = moves
    ? `The script’s work moves into main() under the main guard: ${site.world.workers} import the script.`
    : `What the script does when it runs moves under the main guard: ${site.world.workers} import the script.`;
  const [anchor, within] = moved.region ? [moved.edit, moved.region] : [loopEdit, region];
  return finish(site, [...rest, moved.edit], anchor, within, style, [note, ...notes]);
}

/** Writes the file's line ends, and finds the region in the text that results. */
function finish(site: Site, edits: readonly TextEdit[], anchor: TextEdit, within: Range, style: PoolStyle, notes: readonly string[]): Rewrite {
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
  return { edits: [{ path: site.path, edits: final }], newFiles: [], dependencies: style.dependencies ?? [], notes, region };
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

/** What stands around the loop, and how deep the loop is in it. */
function frame(site: Site, plan: Plan, launch: Launch, indent: string): { readonly before: readonly string[]; readonly inner: string } {
  const before = indented([...plan.items.before, ...launch.before], indent, site.unit);
  const { scope } = launch;
  if (scope === null) return { before, inner: indent };
  const head = callLines('with ', scope.call, `${scope.as === null ? '' : ` as ${scope.as}`}:`, lineWidth(site.text) - indent.length);
  return { before: [...before, ...indented(head, indent, site.unit)], inner: indent + site.unit };
}

function statementBlock(site: Site, plan: Plan, parent: StatementParent, launch: Launch, indent: string): string {
  const { before, inner } = frame(site, plan, launch, indent);
  const { head, lines } = parentLoop(site, plan, parent);
  const room = lineWidth(site.text) - inner.length;
  let opening = [head(callText(launch.call))];
  if (opening[0]!.length > room) {
    const results = site.uniqueOf('results', 'outcomes', 'answers');
    opening = [...callLines(`${results} = `, launch.call, '', room), head(results)];
  }
  return `${[...before, ...indented(opening, inner, site.unit), ...indented(lines, inner + site.unit, site.unit)].join('\n')}\n`;
}

/** @param blocks definitions that the new text needs: a helper may join them. */
function expressionBlock(site: Site, plan: Plan, parent: ExpressionParent, launch: Launch, wanted: Wanted, indent: string, blocks: string[]): string {
  const { before, inner } = frame(site, plan, launch, indent);
  let { call } = launch;
  if (parent.guarded) {
    const helper = site.uniqueGlobal('_in_order');
    blocks.push(inOrder(site, helper));
    call = { callee: helper, args: [callText(call)] };
  }
  if (parent.flattened) call = { callee: `${wanted.name('itertools', 'chain')}.from_iterable`, args: [callText(call)] };
  const { text } = site;
  const source = text.slice(parent.range.start, parent.range.end);
  const at = parent.expression.start - parent.range.start;
  const after = parent.expression.end - parent.range.start;
  const compose = (map: string): string[] => {
    const replaced = source.slice(0, at) + parent.replacement(map) + source.slice(after);
    return replaced.replace(/\r\n/g, '\n').replace(/\n+$/, '').split('\n').map((l) => (l.startsWith(parent.indent) ? l.slice(parent.indent.length) : l));
  };
  const room = lineWidth(text) - inner.length;
  let lines = compose(callText(call));
  if (lines.some((l) => l.length > room)) {
    const results = site.uniqueOf('results', 'outcomes', 'answers');
    lines = [...callLines(`${results} = `, call, '', room), ...compose(results)];
  }
  return `${[...before, ...indented(lines, inner, site.unit)].join('\n')}\n`;
}
