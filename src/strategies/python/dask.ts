/** `python/dask`: dask.distributed, on a cluster that is there or on this machine. */
import { preferredQuote } from '../../edit/python';
import { checkCarried } from './carried';
import { batchRunner, batchSize, blocksOf, hasModules, moduleHelper, UNDER_WAY, type Helper } from './dask-batches';
import type { Launch, PoolStyle } from './pool';
import { poolStrategy } from './pool-strategy';
import type { Site } from './site';
import type { Wanted } from './wanted';
import { PROCESSES } from './world';

/** Until this version, tuples and text among the items could be taken for tasks and their names. */
const VERSION = '>=2024.12';

const style: PoolStyle<'python/dask'> = {
  meta: {
    id: 'python/dask',
    language: 'python',
    title: 'Run on a Dask cluster',
    summary: 'Runs the iterations as batches on the workers of a Dask cluster, or of one on this machine: for loops that outgrow one machine.',
    memory: 'copied',
    needs: [
      { kind: 'interpreter', name: 'Python', version: '>=3.10', install: 'python.org, or the package manager of your system' },
      { kind: 'package', name: 'distributed', version: VERSION, install: `python -m pip install "dask[distributed]${VERSION}"` },
    ],
  },
  // Workers of a cluster on this machine import the script under the name __mp_main__; those of another get its functions by value.
  world: { ...PROCESSES, values: 'arguments', columns: 'one', start: 3 },
  dependencies: [{ name: 'dask[distributed]', range: VERSION }],
  checkPlan: checkCarried,
  launch(site, task, wanted): Launch {
    const client = site.unique('client');
    const connect = connector(site, wanted);
    const run = batchRunner(site, null);
    const map = mapper(site, run, wanted);
    return {
      before: [],
      scope: { call: { callee: connect.name, args: [] }, as: client },
      call: { callee: map.name, args: [client, task.callable(), task.columns[0]!] },
      definitions: blocksOf([connect, run, map]),
    };
  },
  notes: (site) => [
    'dask[distributed] must be installed: add it to the program’s dependencies.',
    'DASK_SCHEDULER_ADDRESS=tcp://HOST:PORT runs it on that cluster; without it, workers are started on this machine.',
    ...(hasModules(site) ? ['The scheduler and the workers of another machine must be able to import the modules of this program: put them on their PYTHONPATH, or hand each over with client.upload_file.'] : []),
  ],
};

/** Threads of one worker would share a GIL: each worker has one. */
function connector(site: Site, wanted: Wanted): Helper {
  const quote = preferredQuote(site.text);
  const client = wanted.name('dask.distributed', 'Client');
  const environ = `${wanted.name('os', null)}.environ`;
  const { workers } = site.options;
  return moduleHelper(site, '_dask_client', (name) => [
    `def ${name}():`,
    '\t"""Joins the cluster that DASK_SCHEDULER_ADDRESS names, or starts one on this machine."""',
    `\tif ${environ}.get(${quote}DASK_SCHEDULER_ADDRESS${quote}):`,
    `\t\treturn ${client}()`,
    `\treturn ${client}(${workers === null ? '' : `n_workers=${workers}, `}threads_per_worker=1, dashboard_address=None)`,
  ]);
}

/**
 * The function goes out once, with all that is bound to it: as the result of a task, which Dask makes anew when the worker that held it
 * dies, as it does not with scattered data. Results are fetched batch by batch, in order, so that the error that is raised is the first
 * one, and let go at once; two batches for each core are under way, so that neither what is sent nor what waits to be fetched outgrows
 * the cluster. `pure=False` keeps equal batches apart, whose results would be one object.
 */
function mapper(site: Site, run: Helper, wanted: Wanted): Helper {
  const partial = wanted.name('functools', 'partial');
  const deque = wanted.name('collections', 'deque');
  const islice = wanted.name('itertools', 'islice');
  return moduleHelper(site, '_map_in_batches', (name) => [
    `def ${name}(client, function, items):`,
    `\t"""Yields the function's result for each item, in order. ${UNDER_WAY}"""`,
    '\titems = list(items)',
    '\tcores = sum(client.ncores().values()) or 1',
    `\tsize = ${batchSize}`,
    `\tshared = client.submit(${partial}, function, pure=False)`,
    `\ttasks = (client.submit(${run.name}, shared, items[i : i + size], pure=False) for i in range(0, len(items), size))`,
    `\trunning = ${deque}(${islice}(tasks, 2 * cores))`,
    '\twhile running:',
    '\t\tresults = running.popleft().result()',
    `\t\trunning.extend(${islice}(tasks, 1))`,
    '\t\tyield from results',
  ]);
}

export const pythonDask = poolStrategy(style);
