import { captureFinding } from './captures';
import { defineMeta } from './ids';
import { nameLambda } from './fixes/name-lambda';
import type { Finding, Rule } from './types';

const meta = defineMeta({
  id: 'unserializable-capture',
  severity: 'error',
  summary: 'A value that is handed to a worker cannot be sent there.',
  description: `Processes and worker threads get copies. Python makes them with \`pickle\`, JavaScript with the structured clone algorithm, and both refuse
some values: Python's lambdas, functions and classes defined inside functions, locks, open files, generators, database connections, …;
JavaScript's functions, symbols, promises, weak collections, streams, … The error comes when the program runs, often names nothing, and
with some pools the program hangs instead.

The finding gives the path to the culprit, such as \`args[0].config.lock\`. Send the data that makes the value instead of the value:
the file's name instead of the open file, a function at module level instead of a lambda, what a connection is opened with instead of the connection.
A Python class can leave such a field out with \`__getstate__\` and make it again in \`__setstate__\`.

The rule speaks only where it can follow the value from where it is made. joblib and other users of cloudpickle send lambdas and local
functions; nothing is said about those.`,
  examples: [
    {
      language: 'python',
      title: 'A lambda',
      code: `from concurrent.futures import ProcessPoolExecutor


def main():
    with ProcessPoolExecutor() as pool:
        return list(pool.map(lambda n: n * n, range(10)))


if __name__ == "__main__":
    main()
`,
      findings: [{ line: 6, message: 'pool.map cannot send lambda n: n * n to a worker: a lambda has no name that pickle could find it by' }],
      fixed: `from concurrent.futures import ProcessPoolExecutor


def compute(n):
    return n * n


def main():
    with ProcessPoolExecutor() as pool:
        return list(pool.map(compute, range(10)))


if __name__ == "__main__":
    main()
`,
    },
    {
      language: 'python',
      title: 'An open file in a dictionary',
      code: `from multiprocessing import Pool


def longest(job):
    return max(len(line) for line in job["source"])


def main():
    with Pool() as pool, open("data.txt") as source:
        print(pool.apply(longest, ({"source": source},)))


if __name__ == "__main__":
    main()
`,
      findings: [{ line: 10, message: 'pool.apply cannot send args[0]["source"] to a worker: an open file cannot be pickled' }],
    },
    {
      language: 'python',
      title: 'A function at module level and the name of the file',
      code: `from multiprocessing import Pool


def longest(path):
    with open(path) as source:
        return max(len(line) for line in source)


def main():
    with Pool() as pool:
        print(pool.map(longest, ["a.txt", "b.txt"]))


if __name__ == "__main__":
    main()
`,
      findings: [],
    },
    {
      language: 'javascript',
      title: 'A callback in the message',
      code: `import { Worker } from 'node:worker_threads';

const worker = new Worker(new URL('./worker.mjs', import.meta.url));
worker.postMessage({ rows: [1, 2, 3], keep: (row) => row > 1 });
`,
      findings: [{ line: 4, message: 'worker.postMessage cannot send message.keep to a worker: a function cannot be cloned' }],
    },
    {
      language: 'typescript',
      title: 'Only data in the message',
      code: `import { Worker } from 'node:worker_threads';

const worker = new Worker(new URL('./worker.mjs', import.meta.url));
const rows: number[] = [1, 2, 3];
worker.postMessage({ rows, least: 1 });
`,
      findings: [],
    },
  ],
});

export const unserializableCapture = {
  meta,
  check(context): readonly Finding[] {
    return context.captures
      .filter((capture) => capture.verdict === 'not-serializable')
      .map((capture) => captureFinding(meta, context, capture, nameLambda(context, capture)));
  },
} satisfies Rule;
