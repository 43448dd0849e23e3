/** What both forms of the loop come down to: a function for one iteration, the iterables that it is called with, and the call. */
import { withCommentsAbove } from '../../edit/python';
import { indentAt, lineStart, startsLine } from '../../edit/source';
import type { Stmt } from '../../ir/ir';
import type { Range } from '../../analysis/report';
import type { Waiting } from './asyncio-checks';
import { helperFor, type Helper } from './asyncio-helper';
import { indented } from './lines';
import { lineWidth } from './emit';
import { Refusal } from '../refusal';
import type { Site } from './site';
import type { Wanted } from './wanted';

/** New text for a stretch of whole lines, in which the loop then runs from the first statement to the last. */
export interface AsyncPlan {
  readonly range: Range;
  readonly text: string;
  readonly helper: Helper;
}

export interface Gathering {
  readonly helper: Helper;
  /** `await _gather_limited` or `asyncio.run(_gather_in_threads`, up to the opening parenthesis of the arguments, and what closes it. */
  readonly open: string;
  readonly close: string;
  /** The last argument. */
  readonly limit: readonly string[];
  /** How the function for one iteration is handed over. */
  callable(name: string): string;
}

export function gathering(site: Site, waiting: Waiting, untilError: boolean, wanted: Wanted): Gathering {
  const helper = helperFor(site, { threads: waiting === 'blocks', untilError }, wanted);
  const { workers } = site.options;
  const threaded = (name: string): string => `${wanted.name('functools', 'partial')}(${wanted.name('asyncio', null)}.to_thread, ${name})`;
  return {
    helper,
    open: waiting === 'blocks' ? `${wanted.name('asyncio', null)}.run(${helper.name}(` : `await ${helper.name}(`,
    close: waiting === 'blocks' ? '))' : ')',
    limit: workers === null ? [] : [`limit=${workers}`],
    callable: waiting === 'blocks-in-coroutine' ? threaded : (name) => name,
  };
}

/** The call on one line if it fits, else with one argument a line. Tabs stand for the file's unit. */
export function callLines(prefix: string, { open, close, limit }: Gathering, args: readonly string[], suffix: string, room: number): string[] {
  const all = [...args, ...limit];
  const line = `${prefix}${open}${all.join(', ')}${close}${suffix}`;
  if (line.length <= room && !line.includes('\n')) return [line];
  return [`${prefix}${open}`, ...all.map((a) => `\t${a},`), `${close}${suffix}`];
}

/** `def name(params):` with its statements, and a blank line behind it (two at the top level). */
export function definition(site: Site, name: string, params: readonly string[], lines: readonly string[], isAsync: boolean): string[] {
  const body = lines.length === 0 ? ['pass'] : lines;
  const gap = site.fn.kind === 'module' ? ['', ''] : [''];
  return [`${isAsync ? 'async ' : ''}def ${name}(${params.join(', ')}):`, ...indented(body, '\t', '\t'), ...gap];
}

/** A name for the function of one iteration, which stands where the loop stands. */
export function functionName(site: Site, hint: string): string {
  return site.fn.kind === 'module' ? site.uniqueGlobal(hint) : site.unique(hint.replace(/^_+/, ''));
}

/** Blank lines above a definition that follows other statements of its block. */
export function gapAbove(site: Site, at: number): string[] {
  const before = site.text.slice(0, at);
  if (before === '' || /:[ \t]*(?:#[^\n]*)?\r?\n$/.test(before)) return [];
  const have = /(?:\r?\n[ \t]*)*$/.exec(before)![0].split('\n').length - 2;
  return Array<string>(Math.max(0, (site.fn.kind === 'module' ? 2 : 1) - have)).fill('');
}

/** Start of the first line of a statement with the comments above it. @throws Refusal when the statement does not start its line. */
export function startOf(site: Site, stmt: Stmt): number {
  const { start } = site.range(stmt);
  if (!startsLine(site.text, start)) throw new Refusal(`the statement on line ${site.line(stmt)} shares its line with another one`, 'put it on a line of its own');
  return withCommentsAbove(site.text, lineStart(site.text, start));
}

export function room(site: Site, at: number): number {
  return lineWidth(site.text) - indentAt(site.text, at).length;
}
