/** `python/interpreters`: concurrent.futures.InterpreterPoolExecutor, threads with an interpreter and a GIL each (PEP 734). */
import { refuseIsolated } from './isolated';
import type { Launch, PoolStyle } from './pool';
import { poolStrategy } from './pool-strategy';
import { Refusal } from '../refusal';
import { INTERPRETERS } from './world';

const style: PoolStyle<'python/interpreters'> = {
  meta: {
    id: 'python/interpreters',
    language: 'python',
    title: 'Run in a pool of interpreters (Python 3.14)',
    summary: 'Runs the iterations in interpreters of the same process, each with a GIL of its own: as separate as processes, and lighter.',
    memory: 'copied',
    needs: [{ kind: 'interpreter', name: 'Python', version: '>=3.14', install: 'python.org, or the package manager of your system' }],
  },
  world: INTERPRETERS,
  check(site) {
    const { target } = site.options;
    if (olderThan(target, 3, 14)) throw new Refusal(`Python ${target} has no pool of interpreters`, 'run it with Python 3.14 or later');
    refuseIsolated(site);
  },
  launch(site, task, wanted): Launch {
    const callable = task.callable();
    const { workers } = site.options;
    const pool = site.unique('pool');
    // Left to itself the pool makes four interpreters more than there are cores, as for threads that wait.
    const count = workers ?? `${wanted.name('os', null)}.cpu_count()`;
    const executor = wanted.name('concurrent.futures', 'InterpreterPoolExecutor');
    return {
      before: [],
      scope: { call: { callee: executor, args: [`max_workers=${count}`, ...task.initializer] }, as: pool },
      call: { callee: `${pool}.map`, args: [callable, ...task.columns] },
    };
  },
  notes: () => ['Each iteration is handed over by itself: one should take a millisecond or more.'],
};

/** The version that the code must run on, `3.9`, comes before another one. */
function olderThan(target: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = target.split('.').map(Number);
  return a < major || (a === major && b < minor);
}

export const pythonInterpreters = poolStrategy(style);
