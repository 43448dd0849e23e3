/** `python/joblib`: joblib.Parallel with its loky processes. */
import { preferredQuote } from '../../edit/python';
import { checkCarried } from './carried';
import { chunking, type Launch, type PoolStyle, type Task } from './pool';
import { poolStrategy } from './pool-strategy';
import type { Site } from './site';
import { PROCESSES } from './world';

/** Results as a generator in the order of the tasks (`return_as`) came with this version. */
const VERSION = '>=1.3';

const style: PoolStyle<'python/joblib'> = {
  meta: {
    id: 'python/joblib',
    language: 'python',
    title: 'Run with joblib',
    summary: 'Runs the iterations with joblib.Parallel: short to read, needs no main guard, and hands large numpy arrays over through shared files.',
    memory: 'copied',
    needs: [
      { kind: 'interpreter', name: 'Python', version: '>=3.9', install: 'python.org, or the package manager of your system' },
      { kind: 'package', name: 'joblib', version: VERSION, install: `python -m pip install "joblib${VERSION}"` },
    ],
  },
  world: { ...PROCESSES, module: 'carried', values: 'arguments', errors: 'any' },
  dependencies: [{ name: 'joblib', range: VERSION }],
  checkPlan: checkCarried,
  launch(site, task, wanted): Launch {
    const { workers } = site.options;
    const quote = preferredQuote(site.text);
    const parallel = wanted.name('joblib', 'Parallel');
    const delayed = wanted.name('joblib', 'delayed');
    const args = [`n_jobs=${workers ?? -1}`];
    const before: string[] = [];
    if (task.changing) {
      // The parent writes to what it sends: everything is sent before the first result is used, and as a copy that can be written to.
      args.push('max_nbytes=None');
    } else {
      args.push(`return_as=${quote}generator${quote}`);
    }
    if (task.large) {
      // A value is sent once with each batch: few batches then.
      const chunks = chunking(site, task.count, wanted, 'batch_size');
      before.push(chunks.line);
      args.push(`batch_size=${chunks.name}`);
    }
    const items = itemNames(site, task);
    const over = task.columns.length === 1 ? task.columns[0]! : `zip(${task.columns.join(', ')})`;
    const call = `${delayed}(${task.worker})(${[...task.values, ...items].join(', ')}) for ${items.join(', ')} in ${over}`;
    return { before, scope: null, call: { callee: `${parallel}(${args.join(', ')})`, args: [call] } };
  },
  notes: () => ['joblib must be installed: add it to the program’s dependencies.'],
};

/** Names for the items in the generator, which must not hide a value that is sent with them. */
function itemNames(site: Site, task: Task): readonly string[] {
  return task.params.map((param) => (task.values.some((value) => new RegExp(`\\b${param}\\b`).test(value)) ? site.uniqueOf(`${param}_item`) : param));
}

export const pythonJoblib = poolStrategy(style);
