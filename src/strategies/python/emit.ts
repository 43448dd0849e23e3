/** Text that every pool of processes shares: the worker function, its values, and the statements around the pool. */
import type { CapturedValue } from './captures';
import { deeper, indented } from './lines';
import { returnText } from './body';
import type { Plan, StatementParent } from './plan';
import type { Site } from './site';

/** Lines longer than this are broken; a file with longer ones sets its own measure. */
export function lineWidth(text: string): number {
  const longest = text.split(/\r?\n/).reduce((max, line) => Math.max(max, line.length), 0);
  return Math.min(Math.max(longest, 88), 120);
}

export interface WorkerText {
  /** Top-level definitions in order, without line ends behind them. */
  readonly blocks: readonly string[];
  /** How the parent names the worker in the call: the function, or a partial of it. */
  readonly callable: string;
  /** Arguments of the pool's constructor that hand over shared values. */
  readonly initializer: readonly string[];
}

/**
 * The worker function. Values travel as leading arguments bound by `partial`; when one of them is large, all of them are sent once to
 * each worker by an initializer.
 */
export function workerText(site: Site, plan: Plan, partial: () => string, docstrings: boolean): WorkerText {
  const { worker, values } = plan;
  const blocks = plan.definitions.map((lines) => indented(lines, '', site.unit).join('\n'));
  if (worker.existing) return { blocks, callable: bound(worker.name, values, partial), initializer: [] };
  const shared = values.some((v) => v.large);
  const around = site.fn.kind === 'module' ? 'the main loop' : `the loop in \`${site.fn.name}\``;
  const lines: string[] = [];
  const initializer: string[] = [];
  if (shared) {
    const base = worker.name.replace(/^_/, '');
    const store = site.uniqueGlobal(`_${base}_shared`);
    const start = site.uniqueGlobal(`_${base}_init`);
    const names = values.map((v) => v.name);
    const one = names.length === 1;
    blocks.push(`${store} = None`);
    blocks.push(
      indented(
        [
          `def ${start}(${one ? names[0]! : '*values'}):`,
          ...(docstrings ? ['\t"""Keeps what every iteration reads; runs once in each worker process."""'] : []),
          `\tglobal ${store}`,
          `\t${store} = ${one ? names[0]! : 'values'}`,
        ],
        '',
        site.unit,
      ).join('\n'),
    );
    lines.push(`${names.join(', ')} = ${store}`);
    initializer.push(`initializer=${start}`, `initargs=(${values.map((v) => v.value).join(', ')}${one ? ',' : ''})`);
  }
  const params = [...(shared ? [] : values.map((v) => v.name)), ...plan.items.params];
  const guarded = plan.parent.kind === 'statement' && plan.parent.guarded;
  const returned = returnText(worker.returns, guarded);
  const body = guarded ? guardedBody(site, [...lines, ...worker.lines, returned]) : [...lines, ...worker.lines, returned];
  const doc = docstrings ? [`"""One iteration of ${around}, run by a worker process."""`] : [];
  blocks.push([`def ${worker.name}(${params.join(', ')}):`, ...indented([...doc, ...body], site.unit, site.unit)].join('\n'));
  return { blocks, callable: shared ? worker.name : bound(worker.name, values, partial), initializer };
}

function bound(name: string, values: readonly CapturedValue[], partial: () => string): string {
  return values.length === 0 ? name : `${partial()}(${[name, ...values.map((v) => v.value)].join(', ')})`;
}

/** An exception becomes a part of the result, so that what earlier iterations of the same chunk gave is not lost with it. */
function guardedBody(site: Site, lines: readonly string[]): string[] {
  const error = errorName(site);
  return ['try:', ...deeper(lines.flatMap((l) => l.split('\n'))), `except Exception as ${error}:`, `\treturn None, ${error}`];
}

function errorName(site: Site): string {
  return site.isFreeLocally('error') ? 'error' : 'exception';
}

/** Head and body of the parent's loop over the results, given the call that runs the workers. */
export function parentLoop(site: Site, plan: Plan, parent: StatementParent, map: string): { head(map: string): string; readonly lines: readonly string[] } {
  void map;
  const { items } = plan;
  const error = errorName(site);
  const several = parent.results.length > 1;
  const inner = parent.results.join(', ');
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
  return { head, lines: [...check, ...parent.replay] };
}
