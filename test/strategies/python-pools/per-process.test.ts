/** Loops that ask which process or thread they run in: a worker would give another answer. */
import assert from 'node:assert/strict';
import { pythonDask } from '../../../src/strategies/python/dask';
import { pythonFreeThreads } from '../../../src/strategies/python/free-threads';
import { pythonInterpreters } from '../../../src/strategies/python/interpreters';
import { pythonJoblib } from '../../../src/strategies/python/joblib';
import { pythonMultiprocessing } from '../../../src/strategies/python/multiprocessing';
import { pythonProcessPool } from '../../../src/strategies/python/process-pool';
import { pythonRay } from '../../../src/strategies/python/ray';
import { release, rewriteLoop, writeProgram } from '../python-process-pool/support';

const ALL = [pythonProcessPool, pythonMultiprocessing, pythonInterpreters, pythonJoblib, pythonRay, pythonDask, pythonFreeThreads];
const COPIED = ALL.filter((s) => s.meta.memory === 'copied');
/** They give workers the functions of the script as they are. */
const CARRIED = [pythonJoblib, pythonRay];

const program = (imports: string, expression: string): string => `${imports}\n\n\ndef work(n):\n    return n, ${expression}\n\n\ndef main():\n    print([work(n) for n in range(8)])\n\n\nif __name__ == "__main__":\n    main()\n`;

const ROWS: readonly [imports: string, expression: string, refused: readonly (typeof ALL)[number][], why: RegExp | null][] = [
  ['import os', 'os.getpid()', COPIED, /calls os\.getpid\(\), whose result differs from/],
  ['from os import getppid as parent', 'parent()', COPIED, /calls os\.getppid\(\)/],
  ['import time as t', 't.process_time()', COPIED, /calls time\.process_time\(\)/],
  ['import threading', 'threading.get_ident()', ALL, /calls threading\.get_ident\(\), whose result differs from/],
  ['', '__name__', COPIED.filter((s) => !CARRIED.some((c) => c.meta.id === s.meta.id)), /reads __name__, which is another one in a worker/],
  ['import os', 'os.getuid()', [], null],
];

describe('loops that ask where they run', () => {
  for (const [imports, expression, refused, why] of ROWS) {
    it(`${imports}; ${expression}: ${refused.length === 0 ? 'fits' : `refused by ${refused.length} of ${ALL.length}`}`, async () => {
      const written = writeProgram({ 'main.py': program(imports, expression) }, 'main.py');
      try {
        for (const strategy of ALL) {
          const { fits } = await rewriteLoop(written, '[work', { target: '3.14', freeThreaded: true }, strategy);
          assert.equal(fits.ok, !refused.includes(strategy), `${strategy.meta.id}: ${fits.ok ? 'fits' : fits.why}`);
          if (!fits.ok) assert.match(fits.why, why!);
        }
      } finally {
        release(written);
      }
    });
  }
});
