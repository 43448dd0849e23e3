/** What tells one process or thread from another: where a loop asks for it, a worker would give another answer. */
import type { Expr, FunctionIR, ModuleIR } from '../../ir/ir';
import { codeOf, walkDeep, type Code } from './deep';
import { isEntryScript } from './entry';
import { reachedFunctions } from './reach';
import { Refusal } from '../refusal';
import { variableOf, type Site } from './site';

const PROCESS = new Set(
  ('os.getpid os.getppid os.times time.process_time time.process_time_ns resource.getrusage multiprocessing.current_process multiprocessing.parent_process ' +
    'multiprocessing.active_children threading.enumerate threading.active_count sys.getrefcount gc.get_count gc.get_stats gc.get_objects').split(' '),
);
const THREAD = new Set('threading.get_ident threading.get_native_id threading.current_thread time.thread_time time.thread_time_ns'.split(' '));

/**
 * Refuses loops that ask which process or thread they run in, or by which name the script was started.
 * @throws Refusal naming the call and its line
 */
export function checkPerProcess(site: Site): void {
  const code = codeOf(site.loop);
  look(site.module, site.fn, code);
  for (const { module, fn } of reachedFunctions(site, [code])) look(module, fn, fn.body);

  function look(module: ModuleIR, fn: FunctionIR, piece: Code): void {
    walkDeep(module, fn, piece, {
      expr(e, owner) {
        const where = (): string => (module === site.module ? `line ${site.line(e, owner)}` : `\`${fn.name}\``);
        const { place, worker } = site.world;
        if (e.type === 'call') {
          const name = libraryName(module, e.callee);
          if (name === null || (!THREAD.has(name) && (site.world.memory === 'shared' || !PROCESS.has(name)))) return;
          throw new Refusal(`${where()} calls ${name}(), whose result differs from ${place} to ${place}`, 'call it before the loop, and use its result there');
        }
        if (e.type === 'name' && e.variable === 'builtin/__name__' && site.world.module === 'imported' && module === site.module && isEntryScript(site)) {
          throw new Refusal(`${where()} reads __name__, which is another one in a ${worker} that imports the script`, 'read it before the loop');
        }
      },
    });
  }
}

/** `os.getpid` for the function of that name, however it was imported; null for others. */
function libraryName(module: ModuleIR, callee: Expr): string | null {
  if (callee.type === 'name') {
    const source = variableOf(module, callee.variable)?.import;
    return source?.name ? `${source.module}.${source.name}` : null;
  }
  if (callee.type !== 'attribute' || callee.object.type !== 'name') return null;
  const source = variableOf(module, callee.object.variable)?.import;
  return source && source.name === null ? `${source.module}.${callee.name}` : null;
}
