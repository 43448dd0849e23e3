import { captureFinding } from './captures';
import { defineMeta } from './ids';
import type { Finding, Rule } from './types';

const meta = defineMeta({
  id: 'lossy-capture',
  severity: 'warning',
  summary: 'A value that is handed to a worker arrives there as something else.',
  description: `The structured clone algorithm, by which JavaScript sends values to workers, copies data and leaves the rest behind without a word: an instance
of a class arrives as a plain object without its methods and \`#private\` fields, an error loses its class and the properties that were
added to it, a \`Buffer\` arrives as a \`Uint8Array\`. In Python, \`__getstate__\` may leave fields out that nothing makes again.

Send the data and make the object anew in the worker: \`{ radius: circle.radius }\`, then \`new Circle(radius)\`.

The rule speaks only where it can follow the value from where it is made. It cannot tell whether the worker uses what is lost: where it does
not, silence it at the line with \`fanout: ignore[lossy-capture]\`.`,
  examples: [
    {
      language: 'javascript',
      title: 'An instance of a class',
      code: `import { Worker } from 'node:worker_threads';

class Circle {
  constructor(radius) {
    this.radius = radius;
  }
  area() {
    return Math.PI * this.radius ** 2;
  }
}

const worker = new Worker(new URL('./worker.mjs', import.meta.url));
worker.postMessage({ shape: new Circle(2) });
`,
      findings: [{ line: 13, message: 'worker.postMessage sends message.shape incompletely: an instance of Circle arrives as a plain object, without its methods' }],
    },
    {
      language: 'javascript',
      title: 'Its data',
      code: `import { Worker } from 'node:worker_threads';

const worker = new Worker(new URL('./worker.mjs', import.meta.url));
worker.postMessage({ shape: { radius: 2 } });
`,
      findings: [],
    },
    {
      language: 'python',
      title: 'A field that is left behind and not made again',
      code: `import threading
from concurrent.futures import ProcessPoolExecutor


class Counter:
    def __init__(self, start):
        self.value = start
        self.lock = threading.Lock()

    def __getstate__(self):
        return {"value": self.value}


def work(counter):
    return counter.value


def main():
    with ProcessPoolExecutor() as pool:
        print(pool.submit(work, Counter(3)).result())


if __name__ == "__main__":
    main()
`,
      findings: [{ line: 20, message: 'pool.submit sends Counter(3) incompletely: __getstate__ of Counter leaves lock behind, and nothing makes it again' }],
    },
  ],
});

export const lossyCapture = {
  meta,
  check(context): readonly Finding[] {
    return context.captures.filter((capture) => capture.verdict === 'lossy').map((capture) => captureFinding(meta, context, capture, []));
  },
} satisfies Rule;
