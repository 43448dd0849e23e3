import { startsProcesses, type ProcessStart } from '../analysis/captures/process-starts';
import { guardFrom } from './fixes/add-guard';
import { defineMeta } from './ids';
import { firstLineOf } from './lines';
import type { Finding, Rule } from './types';

const meta = defineMeta({
  id: 'missing-main-guard',
  severity: 'error',
  summary: 'A module starts worker processes when it is imported.',
  description: `Under the start methods *spawn* (Windows, macOS) and *forkserver* (Linux, from Python 3.14 on) a worker process first imports the program's
main module. When that starts processes at its top level, the worker would start workers itself: Python stops it with *"An attempt has been
made to start a new process before the current process has finished its bootstrapping phase"*, or the pool breaks.

Put what starts the processes under \`if __name__ == "__main__":\`, as the quick fix does where no definition stands behind it.

The rule is silent in modules that choose *fork* themselves, and about joblib and threads, which do not need the guard. Under *fork* (Linux up to
Python 3.13) the program runs as it is.`,
  examples: [
    {
      language: 'python',
      title: 'A pool at module level',
      code: `from multiprocessing import Pool


def square(n):
    return n * n


with Pool() as pool:
    print(pool.map(square, range(10)))
`,
      findings: [{ line: 8, message: 'Pool starts processes when this module is imported, which each of them does: put it under if __name__ == "__main__":' }],
      fixed: `from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    with Pool() as pool:
        print(pool.map(square, range(10)))
`,
    },
    {
      language: 'python',
      title: 'A call of a function that makes one',
      code: `from concurrent.futures import ProcessPoolExecutor


def square(n):
    return n * n


def main():
    with ProcessPoolExecutor() as pool:
        print(list(pool.map(square, range(10))))


main()
`,
      findings: [{ line: 13, message: 'main() starts processes (line 9) when this module is imported, which each of them does: put it under if __name__ == "__main__":' }],
      fixed: `from concurrent.futures import ProcessPoolExecutor


def square(n):
    return n * n


def main():
    with ProcessPoolExecutor() as pool:
        print(list(pool.map(square, range(10))))


if __name__ == "__main__":
    main()
`,
    },
    {
      language: 'python',
      title: 'Under the guard',
      code: `from multiprocessing import Process


def work():
    print("working")


if __name__ == "__main__":
    process = Process(target=work)
    process.start()
    process.join()
`,
      findings: [],
    },
  ],
});

export const missingMainGuard = {
  meta,
  check(context): readonly Finding[] {
    const { module } = context.report;
    if (module.language !== 'python') return [];
    const starts = startsProcesses(module);
    const [first] = starts;
    if (!first) return [];
    // One guard mends all of them: the finding stands at the first.
    const fix = guardFrom(module, context.text, first.statement);
    return [
      {
        rule: meta.id,
        severity: meta.severity,
        range: firstLineOf(context.text, first.range),
        message: `${describe(first, context.text)} when this module is imported, which each of them does: put it under if __name__ == "__main__":`,
        related: starts.slice(1).map(({ range }) => ({ range: firstLineOf(context.text, range), message: 'and here' })),
        fixes: fix ? [fix] : [],
      },
    ];
  },
} satisfies Rule;

function describe(start: ProcessStart, text: string): string {
  if (!start.inside) return `${start.what} starts processes`;
  const line = text.slice(0, start.inside.start).split('\n').length;
  return `${start.what}() starts processes (line ${line})`;
}
