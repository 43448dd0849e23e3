import type { TaskSite } from '../analysis/workers';
import type { FunctionIR, Handler } from '../ir/ir';
import { walkStmts } from '../ir/walk';
import { keepFutures, takeAll } from './fixes/take-results';
import { awaitAll, awaitTask } from './fixes/await-task';
import { dropped, type Dropped } from './futures';
import { defineMeta } from './ids';
import { firstLineOf } from './lines';
import type { Finding, Fix, Rule, RuleContext } from './types';
import { absolute } from './workers';

const meta = defineMeta({
  id: 'dropped-result',
  severity: 'warning',
  summary: 'Nobody takes the result of a task, so that its exception is never seen.',
  description: `What a worker raises comes out where the result is taken: in \`future.result()\`, in \`get()\`, while iterating over what \`executor.map\` gives.
Where nobody takes it, the task fails in silence and the program goes on without its work. In JavaScript a rejected promise that nobody awaits
ends the process, far from the place that could handle it; and the program goes on before the task is done.

Keep the future and take its result when all are submitted; \`concurrent.futures.wait\` only waits, it raises nothing. For a task that may
fail without harm, handle the exception in the function itself, or give \`apply_async\` an \`error_callback\`.

The rule is silent where the function catches every exception itself, where the result is put somewhere, and about \`_ = pool.submit(…)\` and \`void
pool.run(…)\`, which say that it is meant.`,
  examples: [
    {
      language: 'python',
      title: 'Submitted and forgotten',
      code: `from concurrent.futures import ThreadPoolExecutor


def store(record):
    with open(record["path"], "w") as file:
        file.write(record["text"])


def store_all(records):
    with ThreadPoolExecutor() as executor:
        for record in records:
            executor.submit(store, record)
`,
      findings: [{ line: 12, message: 'Nobody takes what executor.submit returns: an exception in store is never seen. Keep the future and call its result().' }],
      fixed: `from concurrent.futures import ThreadPoolExecutor


def store(record):
    with open(record["path"], "w") as file:
        file.write(record["text"])


def store_all(records):
    with ThreadPoolExecutor() as executor:
        futures = [executor.submit(store, record) for record in records]
        for future in futures:
            future.result()
`,
    },
    {
      language: 'python',
      title: 'A map that nobody iterates over',
      code: `from concurrent.futures import ProcessPoolExecutor


def convert(path):
    with open(path) as source, open(path + ".out", "w") as target:
        target.write(source.read().upper())


def convert_all(paths):
    with ProcessPoolExecutor() as executor:
        executor.map(convert, paths)
`,
      findings: [{ line: 11, message: 'Nobody takes the results of executor.map: an exception in convert is never seen. Iterate over them.' }],
      fixed: `from concurrent.futures import ProcessPoolExecutor


def convert(path):
    with open(path) as source, open(path + ".out", "w") as target:
        target.write(source.read().upper())


def convert_all(paths):
    with ProcessPoolExecutor() as executor:
        list(executor.map(convert, paths))
`,
    },
    {
      language: 'python',
      title: 'Futures that are only waited for',
      code: `from concurrent.futures import ThreadPoolExecutor, wait


def store(path, text):
    with open(path, "w") as file:
        file.write(text)


def store_all(texts):
    with ThreadPoolExecutor() as executor:
        futures = [executor.submit(store, path, text) for path, text in texts.items()]
        wait(futures)
`,
      findings: [{ line: 12, message: 'wait(futures) raises nothing, and nobody takes the results: an exception in store is never seen. Call result() of each future.' }],
      fixed: `from concurrent.futures import ThreadPoolExecutor, wait


def store(path, text):
    with open(path, "w") as file:
        file.write(text)


def store_all(texts):
    with ThreadPoolExecutor() as executor:
        futures = [executor.submit(store, path, text) for path, text in texts.items()]
        for future in futures:
            future.result()
`,
    },
    {
      language: 'javascript',
      title: 'A task that nobody awaits',
      code: `import { Piscina } from 'piscina';

const pool = new Piscina({ filename: new URL('./worker.mjs', import.meta.url).href });

export async function index(files) {
  for (const file of files) {
    pool.run(file);
  }
}
`,
      findings: [{ line: 7, message: 'Nobody awaits what pool.run returns: an error in the worker is an unhandled rejection. Await it, or all of them with Promise.all.' }],
    },
    {
      language: 'javascript',
      title: 'forEach drops what its callback returns',
      code: `import { Piscina } from 'piscina';

const pool = new Piscina({ filename: new URL('./worker.mjs', import.meta.url).href });

export async function index(files) {
  files.forEach((file) => pool.run(file));
}
`,
      findings: [{ line: 6, message: 'Nobody awaits what pool.run returns: an error in the worker is an unhandled rejection. Await it, or all of them with Promise.all.' }],
      fixed: `import { Piscina } from 'piscina';

const pool = new Piscina({ filename: new URL('./worker.mjs', import.meta.url).href });

export async function index(files) {
  await Promise.all(files.map((file) => pool.run(file)));
}
`,
    },
    {
      language: 'python',
      title: 'A function that handles what goes wrong',
      code: `import logging
from concurrent.futures import ThreadPoolExecutor


def report(event):
    try:
        print(event["name"], flush=True)
    except Exception:
        logging.exception("no report")


def report_all(events):
    with ThreadPoolExecutor() as executor:
        for event in events:
            executor.submit(report, event)
`,
      findings: [],
    },
    {
      language: 'python',
      title: 'Results taken as they come',
      code: `from concurrent.futures import ProcessPoolExecutor, as_completed


def area(width, height):
    return width * height


def areas(shapes):
    with ProcessPoolExecutor() as executor:
        futures = [executor.submit(area, width, height) for width, height in shapes]
        return [future.result() for future in as_completed(futures)]
`,
      findings: [],
    },
  ],
});

export const droppedResult = {
  meta,
  check(context): readonly Finding[] {
    const { workers } = context;
    if (!workers) return [];
    return workers.tasks.flatMap((task) => {
      const found = handlesErrors(task.target?.fn) ? null : dropped(task, workers);
      return found ? [finding(task, found, context)] : [];
    });
  },
} satisfies Rule;

/** The function catches whatever goes wrong in what it does, or in the part of it that may. */
function handlesErrors(fn: FunctionIR | undefined): boolean {
  let handles = false;
  walkStmts(fn?.body ?? [], {
    expr: () => false,
    stmt(stmt) {
      if (stmt.type === 'try' && stmt.handlers.some(catchesAll)) handles = true;
    },
  });
  return handles;
}

function catchesAll({ test, body }: Handler): boolean {
  return (test === null || (test.type === 'name' && /^(Base)?Exception$/.test(test.name))) && !body.some((stmt) => stmt.type === 'raise');
}

function finding(task: TaskSite, found: Dropped, context: RuleContext): Finding {
  const { fn, call } = task.site;
  const at = found.kind === 'waited' ? found.wait : call;
  return {
    rule: meta.id,
    severity: meta.severity,
    range: firstLineOf(context.text, absolute(fn, at)),
    message: message(task, found),
    ...(found.kind === 'waited' ? { related: [{ range: firstLineOf(context.text, absolute(fn, call)), message: 'submitted here' }] } : {}),
    fixes: fixes(task, found, context),
  };
}

function message(task: TaskSite, found: Dropped): string {
  if (task.work === null) return `Nobody awaits what ${task.api} returns: an error in the worker is an unhandled rejection. Await it, or all of them with Promise.all.`;
  const unseen = `an exception in ${found.work} is never seen`;
  if (found.kind === 'waited') return `wait(${found.name}) raises nothing, and nobody takes the results: ${unseen}. Call result() of each future.`;
  if (/map$|^imap/.test(task.method)) return `Nobody takes the results of ${task.api}: ${unseen}. ${task.method.endsWith('_async') ? 'Call get() of what it returns.' : 'Iterate over them.'}`;
  return `Nobody takes what ${task.api} returns: ${unseen}. ${task.method === 'submit' ? 'Keep the future and call its result().' : 'Keep it and call its get(), or give it an error_callback.'}`;
}

function fixes(task: TaskSite, found: Dropped, context: RuleContext): Fix[] {
  const fix = task.work === null ? (awaitTask(task, context) ?? awaitAll(task, context)) : found.kind === 'waited' ? takeAll(found, task, context) : keepFutures(task, context);
  return fix ? [fix] : [];
}
