/** `python/free-threads`: concurrent.futures.ThreadPoolExecutor on a Python without the GIL (PEP 703). */
import { isStandardModule } from '../../edit/python-stdlib';
import type { Launch, PoolStyle } from './pool';
import { poolStrategy } from './pool-strategy';
import { Refusal } from '../refusal';
import { checkShared } from './shared';
import type { Site } from './site';
import { THREADS } from './world';

const style: PoolStyle<'python/free-threads'> = {
  meta: {
    id: 'python/free-threads',
    language: 'python',
    title: 'Run in threads (Python without the GIL)',
    summary: 'Runs the iterations in threads that share the program’s memory: nothing is copied, and nothing has to be sendable.',
    memory: 'shared',
    needs: [
      {
        kind: 'interpreter',
        name: 'Python without the GIL',
        version: '>=3.13',
        freeThreaded: true,
        install: 'the free-threaded build of python.org, or `uv python install 3.14t`',
      },
    ],
  },
  world: THREADS,
  check(site) {
    refuseGil(site);
    checkShared(site);
  },
  launch(site, task, wanted): Launch {
    const callable = task.callable();
    const { workers } = site.options;
    const pool = site.unique('pool');
    // Left to itself the pool makes four threads more than there are cores, for threads that wait.
    const count = workers ?? `${wanted.name('os', null)}.cpu_count()`;
    const executor = wanted.name('concurrent.futures', 'ThreadPoolExecutor');
    return {
      before: [],
      scope: { call: { callee: executor, args: [`max_workers=${count}`] }, as: pool },
      call: { callee: `${pool}.map`, args: [callable, ...task.columns] },
    };
  },
  notes(site) {
    const foreign = foreignModules(site);
    return [
      'On a Python with the GIL the results are the same, and nothing is gained.',
      ...(foreign.length > 0 ? [`If ${foreign.join(' or ')} has an extension module that does not declare itself safe without the GIL, importing it turns the GIL on again, with a RuntimeWarning.`] : []),
    ];
  },
};

function refuseGil(site: Site): void {
  const { freeThreaded, target } = site.options;
  if (freeThreaded) return;
  const remedy = 'run it with a free-threaded build of Python, 3.13 or later, and set target-python to one ("3.14t")';
  if (freeThreaded === undefined) throw new Refusal('threads only compute side by side in a Python without the GIL, and the interpreter is not known to be one', remedy);
  throw new Refusal(`Python ${target} here has a GIL: threads that compute take turns`, remedy);
}

/** Packages that the module imports and that are neither the standard library's nor the workspace's. */
function foreignModules(site: Site): string[] {
  const names = site.module.imports.filter((i) => !i.level && !isStandardModule(i.module) && !isOwn(site, i.module)).map((i) => i.module.split('.')[0]!);
  return [...new Set(names)].sort();
}

function isOwn(site: Site, module: string): boolean {
  const folder = site.path.replace(/[^\\/]*$/, '');
  const [first] = module.split('.');
  return [`${folder}${first}.py`, `${folder}${first}/__init__.py`].some((path) => site.workspace.read(path) !== null);
}

export const pythonFreeThreads = poolStrategy(style);
