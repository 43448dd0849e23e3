/** Whether worker processes can import the program, and the edits that put its work under the main guard when they could not yet. */
import type { Range } from '../../analysis/report';
import { applyEdits, type TextEdit } from '../../edit/edit';
import { preferredQuote, statementEnd, statementStart } from '../../edit/python';
import { lineNumber, nextLineStart, reindent } from '../../edit/source';
import type { FunctionIR, ModuleIR, Stmt, VarId } from '../../ir/ir';
import { walkStmts } from '../../ir/walk';
import { bindsOf } from './globals';
import { Refusal } from '../refusal';
import { partScript, type Script } from './script';
import type { Site } from './site';

export interface EntryPlan {
  /** `main`: the loop is at module level and moves into a function. `guard`: what calls the loop's function moves under the guard. */
  readonly kind: 'in-place' | 'main' | 'guard';
  readonly script: Script;
  /** Top-level names that a worker process would not have. */
  readonly moved: ReadonlySet<VarId>;
}

/** The file is the program that is started, as far as that can be told: nothing imports it. */
export function isEntryScript(site: Site): boolean {
  return site.options.entry ?? site.workspace.importers(site.path).length === 0;
}

/** @throws Refusal when a worker that imports the program would run it again, and moving its work is not possible. */
export function planEntry(site: Site): EntryPlan {
  const { module } = site;
  const top = module.functions.get('')!;
  const script = partScript(module);
  const guarded = bindsOf(script.guards);
  const importers = site.workspace.importers(site.path);
  const isEntry = isEntryScript(site);
  const inModule = site.fn.kind === 'module';
  if (site.world.module === 'shared') return { kind: 'in-place', script, moved: new Set() };
  if (site.world.module === 'carried' && isEntry) return { kind: 'in-place', script, moved: new Set([...guarded, ...script.moved]) };
  const loopAt = site.range(site.loop.node).start;
  const inGuard = inModule && script.guards.some((g) => contains(site, g, loopAt));
  const atWork = script.moves.filter((s) => !isSilent(s));
  const first = atWork[0];
  if (inModule && !inGuard) {
    if (!isEntry) {
      const by = importers[0] ? `, and ${baseName(importers[0].path)} imports it` : '';
      throw new Refusal(`the loop on line ${site.line(site.loop.node)} runs when its module is imported${by}: every ${site.world.worker} would run it again`, 'move it into a function');
    }
    if (script.guards.length > 0) {
      throw new Refusal(`the loop on line ${site.line(site.loop.node)} is outside the main guard on line ${site.line(script.guards[0]!, top)}: every ${site.world.worker} would run it again`, 'move it under the guard');
    }
    checkMovable(site, script);
    return { kind: 'main', script, moved: script.moved };
  }
  if (!isEntry) {
    // Where functions of the script travel with each task, workers import it no more.
    const seen = new Set([site.path]);
    if (site.world.module === 'imported') for (const importer of importers) checkImporter(site, importer, seen);
    refuseNoise(site, script);
    return { kind: 'in-place', script, moved: guarded };
  }
  if (!first) return { kind: 'in-place', script, moved: new Set([...guarded, ...script.moved]) };
  if (script.guards.length > 0) {
    throw new Refusal(`line ${site.line(first, top)} runs when the module is imported, outside the main guard: every ${site.world.worker} would run it again`, 'move it under the guard');
  }
  checkMovable(site, script);
  return { kind: 'guard', script, moved: script.moved };
}

function contains(site: Site, stmt: Stmt, offset: number): boolean {
  const { start, end } = site.range(stmt, site.module.functions.get('')!);
  return start <= offset && offset < end;
}

/** A script that starts its work when it is imported starts it again in each spawned worker. */
function checkImporter(site: Site, module: ModuleIR, seen: Set<string>): void {
  if (seen.has(module.path)) return;
  seen.add(module.path);
  const further = site.workspace.importers(module.path);
  if (further.length > 0) {
    for (const next of further) checkImporter(site, next, seen);
    return;
  }
  const work = partScript(module).moves.find((s) => !isSilent(s));
  if (!work) return;
  const text = site.workspace.read(module.path) ?? '';
  const line = lineNumber(text, module.functions.get('')!.start + work.span.start);
  throw new Refusal(
    `${baseName(module.path)} runs its work when it is imported (line ${line}), as a ${site.world.worker} does: it would start over in every worker`,
    `put it under \`if __name__ == "__main__":\` in ${baseName(module.path)}`,
  );
}

/** In a module that is imported, only what another worker would show twice matters. */
function refuseNoise(site: Site, script: Script): void {
  const loud = script.moves.find((s) => isLoud(s));
  if (loud) throw new Refusal(`line ${site.line(loud, site.module.functions.get('')!)} has effects when the module is imported: every ${site.world.worker} would repeat them`, 'move it into a function');
}

function isLoud(stmt: Stmt): boolean {
  let loud = false;
  walkStmts([stmt], {
    expr(e) {
      if (e.type === 'call' && e.callee.type === 'name' && /^builtin\/(?:print|input|open|exit|quit)$/.test(e.callee.variable)) loud = true;
      if (e.type === 'call' && e.callee.type === 'attribute' && /^(?:write|writelines|mkdir|makedirs|remove|unlink|run|system|Popen|write_text|write_bytes|exit)$/.test(e.callee.name)) loud = true;
    },
  });
  return loud;
}

/** Assigning what a call gave (`log = getLogger(…)`), without printing and the like: repeated in a worker it harms nobody. */
function isSilent(stmt: Stmt): boolean {
  if (stmt.type !== 'assign-stmt' || isLoud(stmt)) return false;
  let silent = true;
  walkStmts([stmt], {
    expr(e) {
      if (e.type === 'call' && e.callee.type === 'name' && !/^builtin\//.test(e.callee.variable)) silent &&= /^[A-Z]/.test(e.callee.name);
      if (e.type === 'call' && e.callee.type === 'attribute') silent &&= /^(?:getLogger|compile|Lock|RLock|Random|TypeVar|namedtuple|ArgumentParser|environ|getenv|get|default_rng)$/.test(e.callee.name);
      if (e.type === 'comprehension') silent = false;
    },
  });
  return silent;
}

/** Definitions stay at the top level: none may need, when it is made, what moves. */
function checkMovable(site: Site, script: Script): void {
  const top = site.module.functions.get('')!;
  for (const stmt of script.stays) {
    walkStmts([stmt], {
      expr(e) {
        if (e.type === 'name' && script.moved.has(e.variable)) {
          throw new Refusal(`the definition on line ${site.line(stmt, top)} needs \`${e.name}\`, which is computed when the script runs`, `set \`${e.name}\` to a constant, or make the definition independent of it`);
        }
      },
    });
  }
  for (const stmt of script.moves) {
    walkStmts([stmt], {
      stmt(s) {
        if (s.type === 'import' && s.star) throw new Refusal(`the star import on line ${site.line(s, top)} cannot move into a function`, 'import the names that are used');
        if (s.type === 'function-def' || s.type === 'class-def') throw new Refusal(`\`${s.target.name}\` (line ${site.line(s, top)}) is only defined in some branch, and ${site.world.workers} need it at the top level`);
      },
      expr(e) {
        if (e.type === 'name' && /^builtin\/(?:globals|locals|vars|eval|exec)$/.test(e.variable)) throw new Refusal(`${e.name}() on line ${site.line(e, top)} sees other names inside a function`);
        if (e.type === 'await') throw new Refusal(`the \`await\` on line ${site.line(e, top)} only works at module level`);
      },
    });
  }
  const shared = script.moves.find((s) => script.stays.some((t) => sameLine(site, s, t)));
  if (shared) throw new Refusal(`the statement on line ${site.line(shared, top)} shares its line with another one`, 'put it on a line of its own');
}

function sameLine(site: Site, a: Stmt, b: Stmt): boolean {
  const top = site.module.functions.get('')!;
  return statementStart(site.text, a, top.start) < statementEnd(site.text, b, top.start) && statementStart(site.text, b, top.start) < statementEnd(site.text, a, top.start);
}

export interface MovedScript {
  readonly edit: TextEdit;
  /** Edits that became part of it. */
  readonly used: readonly TextEdit[];
  /** Where the anchor's region is inside the edit's text; null when the anchor is not part of it. */
  readonly region: Range | null;
}

/**
 * The edit that moves the script's work into `main()` (or under the guard).
 * @param edits other edits of the file; those inside the stretch that moves become part of it (their texts already have the indentation
 *   of their new place), the rest is left to the caller
 * @param definitions text to stand before the function, each block without a line end behind it
 * @param anchor the edit whose `region` (a range of its text) is to be found again
 */
export function moveScript(site: Site, plan: EntryPlan, edits: readonly TextEdit[], definitions: readonly string[], anchor: TextEdit, region: Range): MovedScript {
  const { text, unit } = site;
  const top = site.module.functions.get('')!;
  const { script } = plan;
  const segments = segmentsOf(site, top, script);
  const firstMoved = segments.findIndex((s) => s.moves);
  const lastMoved = segments.length - 1 - [...segments].reverse().findIndex((s) => s.moves);
  const from = segments[firstMoved]!.start;
  const to = segments[lastMoved]!.end;
  const lead = /^(?:[ \t]*\r?\n)*/.exec(text.slice(from, to))![0].length;
  const hoisted: string[] = [...definitions];
  let body = '';
  let inBody: Range | null = null;
  let inHoisted: { block: number; range: Range } | null = null;
  const used: TextEdit[] = [];
  for (const segment of segments.slice(firstMoved, lastMoved + 1)) {
    const mine = edits.filter((e) => segment.start <= e.start && e.end <= segment.end && !(e.end === from) && !used.includes(e));
    used.push(...mine);
    const shift = segment.moves ? reindent(text, segment, '', unit, site.longStrings).filter((e) => !mine.some((m) => m.start <= e.start && e.start < m.end)) : [];
    const local = [...mine, ...shift].map((e) => ({ ...e, start: e.start - segment.start, end: e.end - segment.start, edit: e })).sort((x, y) => x.start - y.start || x.end - y.end);
    const source = text.slice(segment.start, segment.end);
    const written = applyEdits(source, local).replace(/\r\n/g, '\n');
    const leading = /^\n*/.exec(written)![0].length;
    let within: Range | null = null;
    const at = local.findIndex((e) => e.edit === anchor);
    if (at >= 0) {
      const before = applyEdits(source.slice(0, local[at]!.start), local.slice(0, at)).replace(/\r\n/g, '\n').length;
      within = { start: before + region.start, end: before + region.end };
    }
    if (!segment.moves) {
      if (within) inHoisted = { block: hoisted.length, range: { start: within.start - leading, end: within.end - leading } };
      hoisted.push(written.slice(leading).trimEnd());
      continue;
    }
    const blank = body === '' ? 0 : Math.min(1, leading);
    if (within) inBody = { start: body.length + blank - leading + within.start, end: body.length + blank - leading + within.end };
    body += '\n'.repeat(blank) + written.slice(leading);
  }
  if (!body.endsWith('\n')) body += '\n';
  const globals = plan.kind === 'main' ? globalNames(site, script) : [];
  const quote = preferredQuote(text);
  const guard = `if __name__ == ${quote}__main__${quote}:\n`;
  const name = plan.kind === 'main' ? site.uniqueGlobal('main') : '';
  const above = hoisted.length === 0 ? '' : joinBlocks(hoisted);
  const head = plan.kind === 'main' ? `${above}def ${name}():\n${globals.length > 0 ? `${unit}global ${globals.join(', ')}\n` : ''}` : `${above}${guard}`;
  const tail = plan.kind === 'main' ? `\n\n${guard}${unit}${name}()\n` : '';
  const start = from + lead;
  const before = blankLines(text, start);
  const written = before + head + body + tail;
  const edit = { start, end: to, text: written };
  if (inBody) return { edit, used, region: moveRange(inBody, before.length + head.length) };
  if (inHoisted) return { edit, used, region: moveRange(inHoisted.range, before.length + joinBlocks(hoisted).indexOf(hoisted[inHoisted.block]!)) };
  return { edit, used, region: null };
}

function moveRange(range: Range, by: number): Range {
  return { start: range.start + by, end: range.end + by };
}

interface Segment extends Range {
  readonly moves: boolean;
}

/** The file cut into statements, each with the comments and blank lines above it. */
function segmentsOf(site: Site, top: FunctionIR, script: Script): Segment[] {
  const segments: Segment[] = [];
  let at = headEnd(site.text);
  for (const stmt of top.body) {
    const end = statementEnd(site.text, stmt, top.start);
    const moves = script.moves.includes(stmt);
    const last = segments[segments.length - 1];
    if (last && end <= last.end) continue;
    segments.push({ start: at, end, moves });
    at = end;
  }
  return segments;
}

/** The line ends that are missing for two blank lines above an offset. */
export function blankLines(text: string, offset: number): string {
  if (offset === 0) return '';
  const have = /(?:\r?\n[ \t]*)*$/.exec(text.slice(0, offset))![0].split('\n').length - 2;
  return '\n'.repeat(Math.max(0, 2 - have));
}

/** Shebang, coding and a comment block at the head of the file stay where they are. */
function headEnd(text: string): number {
  let at = 0;
  while (text[at] === '#') at = nextLineStart(text, at);
  if (at === 0) return 0;
  return /^(?:#!|#.*coding[:=])/.test(text) || /^[ \t]*\r?\n/.test(text.slice(at)) ? at : 0;
}

/** Definitions with two blank lines between and behind them, other statements with one. */
function joinBlocks(blocks: readonly string[]): string {
  return blocks.map((block, i) => `${block}\n${isDefinition(block) || isDefinition(blocks[i + 1] ?? 'def ') ? '\n\n' : ''}`).join('');
}

function isDefinition(block: string): boolean {
  return /^(?:#[^\n]*\n)*(?:@|def |class |async def )/.test(block);
}

/** Names that `main` must set for the whole module: functions read them, or the top level binds them as well. */
function globalNames(site: Site, script: Script): string[] {
  const names = new Set<string>();
  const top = site.module.functions.get('')!;
  for (const id of script.moved) {
    if (id.includes('#')) continue;
    const name = id.slice(id.lastIndexOf('/') + 1);
    const usedElsewhere = [...site.module.functions.values()].some((fn) => fn.kind !== 'module' && fn.free.has(id) && !isInside(site, top, fn, script));
    if (usedElsewhere || script.bound.has(id)) names.add(name);
  }
  return [...names].sort();
}

/** A lambda of the moved statements: it sees the locals of `main`. */
function isInside(site: Site, top: FunctionIR, fn: FunctionIR, script: Script): boolean {
  return script.moves.some((s) => {
    const { start, end } = site.range(s, top);
    return start <= fn.start && fn.start < end;
  });
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
