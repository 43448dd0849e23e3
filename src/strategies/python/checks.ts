/** What rules a loop out of any pool, before its body is looked at. */
import type { FunctionIR, ModuleIR, Stmt, VarId } from '../../ir/ir';
import { walkFunction } from '../../ir/walk';
import { statementPath } from './deep';
import { Refusal } from '../refusal';
import type { Site } from './site';

/** A plain operation of CPython takes about this long, in seconds. For orientation only. */
const OPERATION = 4e-8;

/** @throws Refusal */
export function checkLoop(site: Site): void {
  const { loop, fn } = site;
  const line = site.line(loop.node);
  if (fn.broken) throw new Refusal(`there is a syntax error near the loop on line ${line}`);
  if (fn.generator) throw new Refusal(`the loop on line ${line} is in a generator: between two values other code runs, and a pool would stay open`, 'collect the values in a function of its own');
  if (fn.async) throw new Refusal(`the loop on line ${line} is in an async function: waiting for a pool would block its event loop`, 'move the loop into a plain function and run that with asyncio.to_thread');
  if (fn.kind === 'lambda') throw new Refusal(`the loop on line ${line} is in a lambda, which has no room for a pool`, 'make the lambda a function');
  const exit = loop.exits.find((e) => e.kind !== 'short-circuit' && e.kind !== 'raise');
  if (exit) throw new Refusal(`the loop on line ${line} may end early (${exit.kind} on line ${site.line(exit)})`);
  const raised = loop.exits.find((e) => e.kind === 'raise');
  if (raised && loop.verdict === 'sequential') throw new Refusal(`the loop on line ${line} may end early (raise on line ${site.line(raised)})`);
  refuseClassBody(site, line);
  refuseWaiting(site, line);
  refuseNested(site, line);
  refuseOften(site, line);
}

/** Plain operations of an iteration, as the analysis counts them, up to which it does little but wait: asking, and reading the answer. */
const WAITS_ONLY = 60;

/** A worker would wait as the loop does, and nothing else: no core is kept busy. */
function refuseWaiting(site: Site, line: number): void {
  const { bound, work } = site.loop;
  if (bound !== 'io' || work >= WAITS_ONLY) return;
  throw new Refusal(`the loop on line ${line} waits for a device, a network or the clock, and computes little: ${site.world.workers} would wait as well`, 'let several iterations wait at a time: see python/asyncio');
}

function refuseClassBody(site: Site, line: number): void {
  const { start, end } = site.range(site.loop.node);
  const path = statementPath(site.fn, site.fn.body, start, end);
  if (path.some((s) => s.type === 'class-def')) throw new Refusal(`the loop on line ${line} is in the body of a class`, 'compute the value in a function and assign its result');
}

/** A worker of a pool may not make a pool of its own: each would bring its processes, and daemonic workers may have none. */
function refuseNested(site: Site, line: number): void {
  if (site.fn.kind === 'module') return;
  for (const module of [site.module, ...site.workspace.importers(site.path)]) {
    for (const { name, line: poolLine, functions } of poolTasks(module, site)) {
      if (functions.has(`${site.path}\0${site.fn.id}`)) {
        throw new Refusal(`the loop on line ${line} runs in \`${site.fn.name}\`, which \`${name}\` on line ${poolLine} already runs in a worker: pools are never nested`);
      }
    }
  }
}

interface Task {
  readonly name: string;
  readonly line: number;
  /** `path\0id` of the functions that the worker may run. */
  readonly functions: ReadonlySet<string>;
}

const SUBMITTING = new Set(['map', 'submit', 'imap', 'imap_unordered', 'starmap', 'apply', 'apply_async', 'map_async', 'starmap_async']);

/** By module, and by the loop's own. Every strategy asks about every loop, and the answer hangs on neither. */
const tasksKnown = new WeakMap<ModuleIR['functions'], WeakMap<ModuleIR['functions'], readonly Task[]>>();

/** Functions handed to pools and processes in a module. */
function poolTasks(module: ModuleIR, site: Site): readonly Task[] {
  let known = tasksKnown.get(module.functions);
  if (!known) tasksKnown.set(module.functions, (known = new WeakMap()));
  let tasks = known.get(site.module.functions);
  if (!tasks) known.set(site.module.functions, (tasks = findTasks(module, site)));
  return tasks;
}

function findTasks(module: ModuleIR, site: Site): readonly Task[] {
  const tasks: Task[] = [];
  for (const fn of module.functions.values()) {
    walkFunction(fn, {
      expr(e) {
        if (e.type !== 'call') return;
        const handed =
          e.callee.type === 'attribute' && SUBMITTING.has(e.callee.name)
            ? e.args[0]?.value
            : (e.callee.type === 'name' || e.callee.type === 'attribute') && e.callee.name === 'Process'
              ? e.args.find((a) => a.name === 'target')?.value
              : undefined;
        const inner = handed?.type === 'call' && handed.args[0] ? handed.args[0].value : handed;
        if (!inner || (inner.type !== 'name' && inner.type !== 'attribute')) return;
        const functions = new Set<string>();
        reach(module, site, inner.type === 'name' ? inner.variable : null, inner.type === 'attribute' ? inner.name : null, functions);
        if (functions.size > 0) tasks.push({ name: `${(e.callee as { name: string }).name}(${inner.name})`, line: module === site.module ? site.line(e, fn) : 0, functions });
      },
    });
  }
  return tasks;
}

function reach(module: ModuleIR, site: Site, variable: VarId | null, method: string | null, found: Set<string>): void {
  const visit = (m: ModuleIR, fn: FunctionIR): void => {
    const key = `${m.path}\0${fn.id}`;
    if (fn.kind === 'module' || found.has(key)) return;
    found.add(key);
    for (const id of fn.free) follow(m, id);
    walkFunction(fn, {
      expr(e) {
        if (e.type === 'call' && e.callee.type === 'attribute') byMethod(m, e.callee.name);
        if (e.type === 'function') visitId(m, e.function);
      },
      stmt(s) {
        if (s.type === 'function-def') visitId(m, s.function);
      },
    });
  };
  const visitId = (m: ModuleIR, id: string | undefined): void => {
    const fn = id === undefined ? undefined : m.functions.get(id);
    if (fn) visit(m, fn);
  };
  const byMethod = (m: ModuleIR, name: string): void => {
    for (const cls of m.classes.values()) visitId(m, cls.methods.get(name));
  };
  const follow = (m: ModuleIR, id: VarId): void => {
    const known = m.functions.get(id.slice(0, id.lastIndexOf('/')))?.variables.get(id);
    if (known?.kind === 'function') visitId(m, known.target);
    // An imported function: it is the loop's own module that is asked about.
    if (known?.import?.name && m !== site.module) visitId(site.module, site.module.functions.get('')!.variables.get(`/${known.import.name}`)?.target);
  };
  if (variable !== null) follow(module, variable);
  if (method !== null) byMethod(module, method);
}

/** A loop that is entered again and again pays for a pool each time. */
function refuseOften(site: Site, line: number): void {
  const { loop } = site;
  const work = estimatedWork(site);
  if (work * OPERATION > 2 * site.world.start) return;
  const around = loop.parent !== null || isInLoop(site.fn, site.range(loop.node).start);
  let why: string | null = around ? 'another loop runs it again and again' : null;
  if (!around && site.fn.kind !== 'module') {
    const { sites, complete } = site.workspace.callers(site.path, site.fn.id);
    const often = sites.filter((s) => {
      const module = s.path === site.path ? site.module : site.workspace.module(s.path);
      const fn = module?.functions.get(s.function);
      return fn !== undefined && (isInLoop(fn, s.start) || isMappedLambda(fn));
    });
    if (complete && sites.length > 0 && often.length === sites.length) why = `\`${site.fn.name}\` is only called inside loops`;
  }
  if (why === null) return;
  const seconds = work * OPERATION;
  throw new Refusal(
    `the loop on line ${line} is too small for a pool of its own: ${why}, and one entry does about ${Math.round(work).toLocaleString('en-US')} plain operations ` +
      `(some ${formatTime(seconds)}), while starting a pool takes about ${formatTime(site.world.start)}`,
    'parallelize the loop around it instead',
  );
}

/** Plain operations of one entry. Trip counts that the text does not tell count as ten. */
function estimatedWork(site: Site): number {
  const { header, work } = site.loop;
  let trips = 10;
  if (header.kind === 'counter' && header.stop.type === 'const' && typeof header.stop.value === 'number') trips = header.stop.value;
  return work * trips;
}

function formatTime(seconds: number): string {
  if (seconds < 1e-3) return `${Math.max(1, Math.round(seconds * 1e6))} µs`;
  return seconds < 1 ? `${Math.round(seconds * 1e3)} ms` : `${seconds.toFixed(1)} s`;
}

/** The offset lies in the body of a loop statement or inside a comprehension of the function. */
function isInLoop(fn: FunctionIR, offset: number): boolean {
  const at = offset - fn.start;
  const inBody = (stmts: readonly Stmt[]): boolean => stmts.some((s) => s.span.start <= at && at < s.span.end);
  let found = false;
  walkFunction(fn, {
    stmt(s) {
      if ((s.type === 'for-each' || s.type === 'while') && inBody(s.body)) found = true;
    },
    expr(e) {
      if (e.type !== 'comprehension') return;
      const once = e.clauses[0]!.iterable.span;
      if (e.span.start < at && at < e.span.end && !(once.start <= at && at < once.end)) found = true;
    },
  });
  return found;
}

function isMappedLambda(fn: FunctionIR): boolean {
  return fn.kind === 'lambda';
}
