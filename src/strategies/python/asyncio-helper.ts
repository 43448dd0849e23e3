/** The function of the module that runs the tasks: several at a time, results in the order of the items. */
import { indented } from './lines';
import type { Site } from './site';
import type { Wanted } from './wanted';

/** Tasks that wait at a time when nobody said how many. */
export const LIMIT = 16;

export interface HelperKind {
  /** The function blocks its thread, and no event loop runs yet; else it is a coroutine function. */
  readonly threads: boolean;
  /** Gives what came before the first error beside it, for loops that show how far they came. */
  readonly untilError: boolean;
}

export interface Helper {
  readonly name: string;
  /** The definition; null when the file has it already. */
  readonly block: string | null;
}

/**
 * The tasks are awaited one after the other: the error that is raised is the one of the first item that fails, as in the loop, and
 * what has not finished by then is cancelled. (`asyncio.TaskGroup` raises the error that comes first in time, inside an ExceptionGroup.)
 */
export function helperFor(site: Site, kind: HelperKind, wanted: Wanted): Helper {
  const base = `${kind.threads ? '_gather_in_threads' : '_gather_limited'}${kind.untilError ? '_until_error' : ''}`;
  const write = (name: string): string => indented(linesOf(kind, name, wanted), '', site.unit).join('\n');
  const known = write(base);
  if (site.text.replace(/\r\n/g, '\n').includes(`\n${known}\n`)) return { name: base, block: null };
  const name = site.uniqueGlobal(base);
  return { name, block: name === base ? known : write(name) };
}

function linesOf(kind: HelperKind, name: string, wanted: Wanted): string[] {
  const asyncio = wanted.name('asyncio', null);
  const what = kind.threads ? 'Calls the function for each item in a thread' : 'Awaits the function for each item';
  const gives = kind.untilError ? 'results up to the first error, and that or None' : 'the results in order';
  const start = kind.threads
    ? [
        `\t${asyncio}.get_running_loop().set_default_executor(${wanted.name('concurrent.futures', 'ThreadPoolExecutor')}(limit))`,
        `\ttasks = [${asyncio}.create_task(${asyncio}.to_thread(function, *items)) for items in zip(*iterables)]`,
      ]
    : [
        `\tsemaphore = ${asyncio}.Semaphore(limit)`,
        '',
        '\tasync def run(items):',
        '\t\tasync with semaphore:',
        '\t\t\treturn await function(*items)',
        '',
        `\ttasks = [${asyncio}.create_task(run(items)) for items in zip(*iterables)]`,
      ];
  const collect = kind.untilError
    ? ['\tresults = []', '\ttry:', '\t\tfor task in tasks:', '\t\t\tresults.append(await task)', '\texcept Exception as error:', '\t\treturn results, error']
    : ['\ttry:', '\t\treturn [await task for task in tasks]'];
  return [
    `async def ${name}(function, *iterables, limit=${LIMIT}):`,
    `\t"""${what}, \`limit\` at a time; gives ${gives}."""`,
    ...start,
    ...collect,
    '\tfinally:',
    '\t\tfor task in tasks:',
    '\t\t\ttask.cancel()',
    `\t\tawait ${asyncio}.gather(*tasks, return_exceptions=True)`,
    ...(kind.untilError ? ['\treturn results, None'] : []),
  ];
}
