import type { TaskSite } from '../analysis/workers';
import { defineMeta } from './ids';
import { sharedInstead } from './fixes/shared-instead';
import { lostInJavaScript } from './lost-javascript';
import { lostInPython, type Lost } from './lost-python';
import { firstLineOf } from './lines';
import type { Finding, Rule, RuleContext } from './types';
import { absolute, workName } from './workers';

const meta = defineMeta({
  id: 'lost-update',
  severity: 'error',
  summary: 'A worker changes a copy, and the program reads the original, which stays as it was.',
  description: `A process has copies of everything: of the globals (made by fork, or by importing the module again) and of its arguments. What a worker appends to a list,
adds to a counter or puts into an attribute is gone when it ends. In JavaScript a worker gets a clone of \`workerData\` and of every message.

Return what was computed and combine it in the program: \`for key, count in pool.map(work, items): counts[key] = count\`. Where workers really must share
something, use \`multiprocessing.Manager().list()\`, \`Value\`, \`Array\` or \`shared_memory\`; in JavaScript post a message back, or use a \`SharedArrayBuffer\`.

In Python the rule speaks where the function is in this module and surely a worker's, where what it changes is an ordinary container or number, and where
the function that started the worker reads it afterwards without having changed it itself. In JavaScript it speaks about an empty container that is sent
to a worker, that nobody here fills and somebody reads, and about a part of \`workerData\` that a worker only writes.`,
  examples: [
    {
      language: 'python',
      title: 'A global that workers fill',
      code: `from multiprocessing import Pool

counts = {}


def count(path):
    with open(path) as file:
        counts[path] = len(file.read().split())


def main(paths):
    with Pool() as pool:
        pool.map(count, paths)
    print(counts)
`,
      findings: [{ line: 13, message: 'count changes counts in a worker process (line 8); the counts that line 14 reads here stays as it was. Return the values and combine them here.' }],
    },
    {
      language: 'python',
      title: 'A list that is given to processes',
      code: `from multiprocessing import Process


def collect(results, n):
    results.append(n * n)


def main():
    results = []
    processes = [Process(target=collect, args=(results, n)) for n in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(sorted(results))
`,
      findings: [{ line: 10, message: 'collect changes results in a worker process (line 5); the results that line 15 reads here stays as it was. Return the values and combine them here.' }],
      fixed: `from multiprocessing import Manager, Process


def collect(results, n):
    results.append(n * n)


def main():
    results = Manager().list()
    processes = [Process(target=collect, args=(results, n)) for n in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(sorted(results))
`,
    },
    {
      language: 'python',
      title: 'An attribute of the object whose method is the task',
      code: `from concurrent.futures import ProcessPoolExecutor


class Index:
    def __init__(self):
        self.words = {}

    def add(self, path):
        with open(path) as file:
            for word in file.read().split():
                self.words[word] = path

    def build(self, paths):
        with ProcessPoolExecutor() as pool:
            list(pool.map(self.add, paths))
        return len(self.words)
`,
      findings: [{ line: 15, message: 'self.add changes self.words in a worker process (line 11); the self.words that line 16 reads here stays as it was. Return the values and combine them here.' }],
    },
    {
      language: 'javascript',
      title: 'An array that only a worker fills',
      code: `import { Worker } from 'node:worker_threads';

export function collect(limit) {
  const found = [];
  const worker = new Worker(new URL('./search.mjs', import.meta.url), { workerData: { limit, found } });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve(found));
  });
}
`,
      findings: [{ line: 5, message: 'The worker gets a clone of found: what it puts there is lost, and the found that line 8 reads stays empty. Have the worker post what it finds.' }],
    },
    {
      language: 'javascript',
      title: 'In the worker',
      code: `import { workerData } from 'node:worker_threads';

for (let n = 2; n < workerData.limit; n++) {
  if (n % 7 === 0) workerData.found.push(n);
}
`,
      findings: [{ line: 4, message: 'workerData.found is a clone: what is put there is lost when the worker ends, and nothing here reads it. Post it to the parent.' }],
    },
    {
      language: 'python',
      title: 'Returned and combined, or shared by a manager',
      code: `from multiprocessing import Manager, Pool, Process


def count(path):
    with open(path) as file:
        return path, len(file.read().split())


def collect(results, n):
    results.append(n * n)


def main(paths):
    counts = {}
    with Pool() as pool:
        for path, words in pool.map(count, paths):
            counts[path] = words
    print(counts)
    with Manager() as manager:
        results = manager.list()
        process = Process(target=collect, args=(results, 3))
        process.start()
        process.join()
        print(list(results))
`,
      findings: [],
    },
    {
      language: 'python',
      title: 'A cache that each worker has for itself',
      code: `from multiprocessing import Pool

cache = {}


def factorial(n):
    if n not in cache:
        cache[n] = n * factorial(n - 1) if n > 1 else 1
    return cache[n]


def main(numbers):
    with Pool() as pool:
        print(pool.map(factorial, numbers))
`,
      findings: [],
    },
  ],
});

export const lostUpdate = {
  meta,
  check(context): readonly Finding[] {
    const { workers } = context;
    if (!workers) return [];
    if (workers.flow.module.language !== 'python') {
      return lostInJavaScript(workers).map(({ range, message }) => ({ rule: meta.id, severity: meta.severity, range: firstLineOf(context.text, range), message: message((at) => lineOf(context, at)), fixes: [] }));
    }
    const found: Finding[] = [];
    const told = new Set<string>();
    for (const task of workers.tasks) {
      for (const lost of lostInPython(task, workers)) {
        // Several tasks of one function that change one thing have one cause.
        const key = `${lost.name} ${lost.read.fn.id} ${lost.read.offset}`;
        if (!told.has(key)) found.push(finding(task, lost, context));
        told.add(key);
      }
    }
    return found;
  },
} satisfies Rule;

function lineOf(context: RuleContext, offset: number): number {
  return context.text.slice(0, offset).split('\n').length;
}

function finding(task: TaskSite, lost: Lost, context: RuleContext): Finding {
  const { fn, call } = task.site;
  const fix = sharedInstead(task, lost, context);
  return {
    rule: meta.id,
    severity: meta.severity,
    range: firstLineOf(context.text, absolute(fn, call)),
    message: `${workName(task)} changes ${lost.name} in a worker process (line ${lineOf(context, lost.write.start)}); the ${lost.name} that line ${lineOf(context, lost.read.offset)} reads here stays as it was. Return the values and combine them here.`,
    related: [
      { range: firstLineOf(context.text, lost.write), message: 'changed here, in the worker' },
      { range: firstLineOf(context.text, { start: lost.read.offset, end: lost.read.offset + 1 }), message: 'read here' },
    ],
    fixes: fix ? [fix] : [],
  };
}
