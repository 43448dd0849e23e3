/** `python/ray`: Ray tasks, on a cluster that is there or on this machine. */
import { preferredQuote } from '../../edit/python';
import { isStandardModule } from '../../edit/python-stdlib';
import { checkCarried } from './carried';
import { batchRunner, batchSize, blocksOf, hasModules, isNeighbour, moduleHelper, UNDER_WAY, type Helper } from './dask-batches';
import { codeOf } from './deep';
import type { Launch, PoolStyle } from './pool';
import { poolStrategy } from './pool-strategy';
import { reachedFunctions } from './reach';
import type { Site } from './site';
import type { Wanted } from './wanted';
import { PROCESSES } from './world';

const VERSION = '>=2.9';

const style: PoolStyle<'python/ray'> = {
  meta: {
    id: 'python/ray',
    language: 'python',
    title: 'Run on a Ray cluster',
    summary: 'Runs the iterations as batches on the workers of a Ray cluster, or of one on this machine: for loops that outgrow one machine.',
    memory: 'copied',
    needs: [
      { kind: 'interpreter', name: 'Python', version: '>=3.9', install: 'python.org, or the package manager of your system' },
      { kind: 'package', name: 'ray', version: VERSION, install: `python -m pip install "ray${VERSION}"` },
    ],
  },
  world: { ...PROCESSES, module: 'carried', values: 'arguments', columns: 'one', start: 5 },
  dependencies: [{ name: 'ray', range: VERSION }],
  checkPlan: checkCarried,
  launch(site, task, wanted): Launch {
    const ray = wanted.name('ray', null);
    const bytes = mayHoldArrays(site);
    const run = runner(site, ray, bytes);
    const map = mapper(site, run, wanted, ray, bytes);
    const quote = preferredQuote(site.text);
    const { workers } = site.options;
    // A cluster that is there has the cores that it has.
    // What Ray tells of itself would stand between what the program writes.
    const quiet = `logging_level=${quote}error${quote}`;
    const cores = workers === null ? [] : [`num_cpus=None if ${quote}RAY_ADDRESS${quote} in ${wanted.name('os', null)}.environ else ${workers}`];
    return {
      before: [],
      scope: startsRay(site) ? null : { call: { callee: `${ray}.init`, args: [...cores, quiet] }, as: null },
      call: { callee: map.name, args: [task.callable(), task.columns[0]!] },
      definitions: blocksOf([run, map]),
    };
  },
  notes: (site) => [
    'ray must be installed: add it to the program’s dependencies.',
    'RAY_ADDRESS=HOST:PORT, or ray://HOST:PORT (which needs ray[client]), runs it on that cluster; without it, on one that runs on this machine, or on one that it starts and ends.',
    ...(hasModules(site) ? ['Workers of another machine must be able to import the modules of this program: name their folder in runtime_env={"working_dir": …} of ray.init, or put it on their PYTHONPATH.'] : []),
  ],
};

/** The program starts Ray itself: then it is not the loop's to start and to end. */
function startsRay(site: Site): boolean {
  const files = [site.text, ...site.workspace.importers(site.path).map((m) => site.workspace.read(m.path) ?? '')];
  return files.some((text) => /\bray\.init\(/.test(text));
}

/** What comes out of Ray's object store is read-only where it is an array: a program with packages beyond the standard library may hold some. */
function mayHoldArrays(site: Site): boolean {
  const modules = [site.module, ...reachedFunctions(site, [codeOf(site.loop)]).map((r) => r.module)];
  return modules.some((m) => m.imports.some((i) => !i.level && !isStandardModule(i.module) && !isNeighbour(site, i.module)));
}

function runner(site: Site, ray: string, bytes: boolean): Helper {
  if (!bytes) return batchRunner(site, `@${ray}.remote`);
  return moduleHelper(site, '_run_batch', (name) => [
    `@${ray}.remote`,
    `def ${name}(function, items):`,
    '\t# As bytes: arrays that come out of the object store as they are could not be written to.',
    `\tfunction, items = ${ray}.cloudpickle.loads(function), ${ray}.cloudpickle.loads(items)`,
    `\treturn ${ray}.cloudpickle.dumps([function(item) for item in items])`,
  ]);
}

/**
 * The function goes out once, with all that is bound to it. Two batches for each core are under way, so that neither what is sent nor
 * what waits to be fetched outgrows the cluster. Ray wraps what a task raises: what was raised comes out of it again. Which worker or
 * node died it does not tell.
 */
function mapper(site: Site, run: Helper, wanted: Wanted, ray: string, bytes: boolean): Helper {
  const sent = (value: string): string => (bytes ? `${ray}.cloudpickle.dumps(${value})` : value);
  const quote = preferredQuote(site.text);
  const deque = wanted.name('collections', 'deque');
  const islice = wanted.name('itertools', 'islice');
  return moduleHelper(site, '_map_in_batches', (name) => [
    `def ${name}(function, items):`,
    `\t"""Yields the function's result for each item, in order. ${UNDER_WAY}"""`,
    '\titems = list(items)',
    `\tcores = int(${ray}.cluster_resources().get(${quote}CPU${quote}, 0)) or 1`,
    `\tsize = ${batchSize}`,
    `\tshared = ${ray}.put(${sent('function')})`,
    `\ttasks = (${run.name}.remote(shared, ${sent('items[i : i + size]')}) for i in range(0, len(items), size))`,
    `\trunning = ${deque}(${islice}(tasks, 2 * cores))`,
    '\tfirst = 0',
    '\twhile running:',
    '\t\ttry:',
    `\t\t\tresults = ${ray}.get(running.popleft())`,
    `\t\texcept ${ray}.exceptions.RayTaskError as error:`,
    '\t\t\traise error.cause',
    `\t\texcept (${ray}.exceptions.WorkerCrashedError, ${ray}.exceptions.NodeDiedError) as error:`,
    `\t\t\traise RuntimeError(f${quote}a worker died while it computed the items from number {first} on${quote}) from error`,
    `\t\trunning.extend(${islice}(tasks, 1))`,
    `\t\tyield from ${bytes ? `${ray}.cloudpickle.loads(results)` : 'results'}`,
    '\t\tfirst += size',
  ]);
}

export const pythonRay = poolStrategy(style);
