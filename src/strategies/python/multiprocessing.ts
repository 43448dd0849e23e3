/** `python/multiprocessing`: multiprocessing.Pool of the standard library, with the start method written down. */
import { preferredQuote } from '../../edit/python';
import { Refusal } from '../refusal';
import type { StartMethod } from '../types';
import { refuseStuckErrors } from './errors';
import { chunking, type Launch, type PoolStyle } from './pool';
import { poolStrategy } from './pool-strategy';
import type { Site } from './site';
import { PROCESSES } from './world';

/** What a start method means for the program, told beside the diff. */
const MEANS: Readonly<Record<StartMethod, string>> = {
  fork:
    'fork: each worker begins as a copy of the program, at once. Not on Windows; a program that has threads running (numpy, a server, a GUI on macOS) can hang in it.',
  spawn: 'spawn: each worker begins as a fresh interpreter that imports the script, on every system; the slowest to start.',
  forkserver:
    'forkserver: workers are copies of a server process that has imported the script and nothing else, so that threads do no harm. Not on Windows: write "spawn" there.',
};

/**
 * The method that is safe on a system: forkserver on Linux, which is Python's own default there from 3.14, and spawn elsewhere. `fork`
 * is only taken when it is asked for: it copies a process without its threads, but with the locks that they hold.
 */
export function startMethodFor(platform: string): StartMethod {
  return platform === 'linux' ? 'forkserver' : 'spawn';
}

function platformOf(site: Site): string {
  return site.options.platform ?? process.platform;
}

function methodOf(site: Site): StartMethod {
  return site.options.startMethod ?? startMethodFor(platformOf(site));
}

const style: PoolStyle<'python/multiprocessing'> = {
  meta: {
    id: 'python/multiprocessing',
    language: 'python',
    title: 'Run in a pool of processes (multiprocessing)',
    summary: 'Runs the iterations in a multiprocessing.Pool whose start method is written in the code, and takes the results in order while they come.',
    memory: 'copied',
    needs: [{ kind: 'interpreter', name: 'Python', version: '>=3.9', install: 'python.org, or the package manager of your system' }],
  },
  world: { ...PROCESSES, columns: 'one' },
  check(site) {
    const method = methodOf(site);
    if (platformOf(site) === 'win32' && method !== 'spawn') throw new Refusal(`Windows has no ${method}`, 'set start-method to "spawn", or leave it out');
  },
  checkPlan: refuseStuckErrors,
  launch(site, task, wanted): Launch {
    const callable = task.callable();
    const { workers } = site.options;
    const pool = site.unique('pool');
    const chunks = chunking(site, task.count, wanted);
    const quote = preferredQuote(site.text);
    const context = `${wanted.name('multiprocessing', null)}.get_context(${quote}${methodOf(site)}${quote})`;
    return {
      before: [chunks.line],
      scope: { call: { callee: `${context}.Pool`, args: [...(workers === null ? [] : [`processes=${workers}`]), ...task.initializer] }, as: pool },
      call: { callee: `${pool}.imap`, args: [callable, ...task.columns, `chunksize=${chunks.name}`] },
    };
  },
  notes(site) {
    return [MEANS[methodOf(site)]];
  },
};

export const pythonMultiprocessing = poolStrategy(style);
