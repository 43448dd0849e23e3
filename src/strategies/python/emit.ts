/** Text that every pool shares: the worker function, its values, and the statements around the pool. */
import { returnText } from './body';
import type { CapturedValue } from './captures';
import { deeper, indented } from './lines';
import type { Plan, StatementParent } from './plan';
import type { Task } from './pool';
import type { Site } from './site';
import type { Wanted } from './wanted';

/** Lines longer than this are broken; a file with longer ones sets its own measure. */
export function lineWidth(text: string): number {
  const longest = text.split(/\r?\n/).reduce((max, line) => Math.max(max, line.length), 0);
  return Math.min(Math.max(longest, 88), 120);
}

export interface WorkerText {
  /** Top-level definitions in order, without line ends behind them. */
  readonly blocks: readonly string[];
  readonly task: Task;
}

/**
 * The worker function. Values travel as its leading arguments; when one of them is large, and workers have initializers, all of them
 * are sent once to each worker by one.
 */
export function workerText(site: Site, plan: Plan, wanted: Wanted, docstrings: boolean): WorkerText {
  const { worker, values, items } = plan;
  const blocks = plan.definitions.map((lines) => indented(lines, '', site.unit).join('\n'));
  const large = values.some((v) => v.large);
  const shared = large && site.world.values === 'initializer' && !worker.existing;
  const initializer: string[] = [];
  if (!worker.existing) {
    const lines: string[] = [];
    if (shared) {
      const keep = keeper(site, worker.name, values, docstrings);
      blocks.push(...keep.blocks);
      lines.push(keep.unpack);
      initializer.push(...keep.initializer);
    }
    const params = [...(shared ? [] : values.map((v) => v.name)), ...items.params];
    const { guarded } = plan.parent;
    const returned = worker.returns.length > 0 || guarded ? [returnText(worker.returns, guarded)] : [];
    const written = [...lines, ...worker.lines, ...returned];
    const body = guarded ? guardedBody(site, written) : written;
    const around = site.fn.kind === 'module' ? 'the main loop' : `the loop in \`${site.fn.name}\``;
    const doc = docstrings ? [`"""One iteration of ${around}, run by a ${site.world.worker}."""`] : [];
    blocks.push([`def ${worker.name}(${params.join(', ')}):`, ...indented([...doc, ...body], site.unit, site.unit)].join('\n'));
  }
  const sent = shared ? [] : values.map((v) => v.value);
  return {
    blocks,
    task: {
      worker: worker.name,
      values: sent,
      callable: () => (sent.length === 0 ? worker.name : `${wanted.name('functools', 'partial')}(${[worker.name, ...sent].join(', ')})`),
      initializer,
      columns: items.columns,
      params: items.params,
      count: items.count,
      changing: values.some((v) => isWritten(site, v)),
      large,
    },
  };
}

/** A function that keeps shared values in a variable of the module, and how a worker takes them from there. */
function keeper(site: Site, worker: string, values: readonly CapturedValue[], docstrings: boolean): { readonly blocks: readonly string[]; readonly unpack: string; readonly initializer: readonly string[] } {
  const base = worker.replace(/^_/, '');
  const store = site.uniqueGlobal(`_${base}_shared`);
  const start = site.uniqueGlobal(`_${base}_init`);
  const names = values.map((v) => v.name);
  const one = names.length === 1;
  const doc = docstrings ? [`\t"""Keeps what every iteration reads; runs once in each ${site.world.worker}."""`] : [];
  const initializer = [`initializer=${start}`, `initargs=(${values.map((v) => v.value).join(', ')}${one ? ',' : ''})`];
  if (site.world.keeps === 'list') {
    const fill = one ? `append(${names[0]!})` : 'extend(values)';
    const lines = [`def ${start}(${one ? names[0]! : '*values'}):`, ...doc, `\t${store}.${fill}`];
    return { blocks: [`${store} = []`, indented(lines, '', site.unit).join('\n')], unpack: `${names.join(', ')} = ${store}${one ? '[0]' : ''}`, initializer };
  }
  const lines = [
    `def ${start}(${one ? names[0]! : '*values'}):`,
    ...doc,
    `\tglobal ${store}`,
    `\t${store} = ${one ? names[0]! : 'values'}`,
  ];
  return {
    blocks: [`${store} = None`, indented(lines, '', site.unit).join('\n')],
    unpack: `${names.join(', ')} = ${store}`,
    initializer,
  };
}

/** The parent writes to what the value's variable holds, or sets the variable, while workers run. */
function isWritten(site: Site, value: CapturedValue): boolean {
  const [base, field] = value.value.split('.');
  return site.loop.places.some(({ role, place: { root, path } }) => {
    if (role === 'private' || root.kind !== 'variable' || site.variable(root.variable)?.name !== base) return false;
    return field === undefined || path[0]?.kind !== 'field' || path[0].name === field;
  });
}

/** A generator that gives results in order, and raises the error that came back with one. */
export function inOrder(site: Site, name: string): string {
  return indented([`def ${name}(outcomes):`, '\tfor result, error in outcomes:', '\t\tif error is not None:', '\t\t\traise error', '\t\tyield result'], '', site.unit).join('\n');
}

/** An exception becomes a part of the result, so that what earlier iterations of the same chunk gave is not lost with it. */
function guardedBody(site: Site, lines: readonly string[]): string[] {
  const error = errorName(site);
  return ['try:', ...deeper(lines.flatMap((l) => l.split('\n'))), `except Exception as ${error}:`, `\treturn None, ${error}`];
}

function errorName(site: Site): string {
  return site.isFreeLocally('error') ? 'error' : 'exception';
}

/** Head and body of the parent's loop over the results. The head is given the call that runs the workers. */
export function parentLoop(site: Site, plan: Plan, parent: StatementParent): { head(map: string): string; readonly lines: readonly string[] } {
  const { items } = plan;
  const error = errorName(site);
  const several = parent.results.length > 1;
  const inner = parent.results.join(', ') || '_';
  // Several results are taken apart after the check: beside an exception there are none.
  const whole = parent.guarded && several ? site.uniqueOf('result', 'outcome', 'results') : inner;
  const result = parent.guarded ? `${whole}, ${error}` : inner;
  const nested = several || parent.guarded ? `(${result})` : result;
  const check = parent.guarded ? [`if ${error} is not None:`, `\traise ${error}`, ...(several ? [`${inner} = ${whole}`] : [])] : [];
  const comment = parent.comment === '' ? '' : `  ${parent.comment}`;
  const head = (call: string): string => {
    if (parent.parentNames.size === 0) return `for ${result} in ${call}:${comment}`;
    if (items.counter !== null && [...parent.parentNames].every((n) => n === items.counter)) return `for ${items.counter}, ${nested} in enumerate(${call}):${comment}`;
    return `for ${items.again.targets.join(', ')}, ${nested} in zip(${items.again.iterables.join(', ')}, ${call}):${comment}`;
  };
  const lines = [...check, ...parent.replay];
  // Workers that wrote everything themselves are only waited for.
  return { head, lines: lines.length > 0 ? lines : ['pass'] };
}
