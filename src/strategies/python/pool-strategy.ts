/** Runs a loop in a pool: plans what crosses to the workers, and puts the file's new text together. */
import type { TextEdit } from '../../edit/edit';
import { usesDocstrings } from '../../edit/python';
import { strategyOf } from '../attempt';
import { Refusal } from '../refusal';
import type { Rewrite, Strategy, StrategyId } from '../types';
import { definitionsEdit, rewriteOf } from './assemble';
import { checkLoop } from './checks';
import { inOrder, lineWidth, parentLoop, workerText } from './emit';
import { moveScript, planEntry, type EntryPlan } from './entry';
import { planExpression } from './expression';
import { indented } from './lines';
import { checkPerProcess } from './per-process';
import { fitPlan, type ExpressionParent, type Plan, type StatementParent } from './plan';
import { callLines, callText, type Launch, type PoolStyle } from './pool';
import { checkSettings } from './reach';
import { checkRecursion } from './recursion';
import { Site } from './site';
import { planStatement } from './statement';
import { Wanted } from './wanted';

/** The strategy that runs loops in a pool of the given style. */
export function poolStrategy<Id extends StrategyId>(style: PoolStyle<Id>): Strategy & { readonly meta: { readonly id: Id } } {
  return strategyOf(style.meta, (context) => {
    try {
      return rewrite(new Site(context, style.world), style);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new Refusal('the changes that the loop needs lie across each other in the file', 'move the function above the script’s own work');
    }
  });
}

function rewrite(site: Site, style: PoolStyle): Rewrite {
  style.check?.(site);
  checkRecursion(site);
  checkLoop(site);
  checkSettings(site);
  checkPerProcess(site);
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
  const dependencies = style.dependencies ?? [];
  if (entry.kind === 'in-place') return rewriteOf(site, edits, loopEdit, region, { dependencies, notes });
  const moved = moveScript(site, entry, edits, moves ? blocks : [], loopEdit, region);
  const rest = edits.filter((e) => !moved.used.includes(e));
  const note = moves
    ? `The script’s work moves into main() under the main guard: ${site.world.workers} import the script.`
    : `What the script does when it runs moves under the main guard: ${site.world.workers} import the script.`;
  const [anchor, within] = moved.region ? [moved.edit, moved.region] : [loopEdit, region];
  return rewriteOf(site, [...rest, moved.edit], anchor, within, { dependencies, notes: [note, ...notes] });
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
