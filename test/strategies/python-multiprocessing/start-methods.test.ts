/** What each start method changes: as what a worker begins, and whose child it is. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { findToolchains } from '../../../scripts/setup-python.mjs';
import { pythonMultiprocessing } from '../../../src/strategies/python/multiprocessing';
import { START_METHODS, type StartMethod } from '../../../src/strategies/types';
import { release, rewriteLoop, run, writeProgram } from '../python-process-pool/support';

const PROGRAM = `import os


def work(program, n):
    return n * n


def main():
    program = os.getpid()
    out = []
    for n in range(8):
        out.append(work(program, n))
    print(sorted(set(out)))


if __name__ == "__main__":
    main()
`;

/** Put into the rewrite, as a loop that asks for it is refused: the script's name in a worker, and whether the program itself is its parent. */
const ASKS = 'return __name__, os.getppid() == program';

const BEGINS: Readonly<Record<StartMethod, string>> = {
  fork: "[('__main__', True)]",
  spawn: "[('__mp_main__', True)]",
  forkserver: "[('__mp_main__', False)]",
};

/** The machine's own, and 3.14, whose default is forkserver, where there is one. */
function versions(): { readonly version: string; readonly python: string }[] {
  const { path } = findToolchains().python314;
  return [{ version: 'default', python: 'python3' }, ...(path === null ? [] : [{ version: '3.14', python: path }])];
}

describe('python/multiprocessing: start methods', function () {
  this.timeout(120_000);
  for (const { version, python } of versions()) {
    for (const startMethod of START_METHODS) {
      it(`${startMethod}, Python ${version}`, async () => {
        const program = writeProgram({ 'main.py': PROGRAM }, 'main.py');
        try {
          const { after, fits } = await rewriteLoop(program, 'for n in range', { startMethod, workers: 2 }, pythonMultiprocessing);
          assert.ok(fits.ok, fits.ok ? '' : fits.why);
          fs.writeFileSync(program.file, after!.replace('return n * n', ASKS));
          // Another one is the program's default.
          const other = START_METHODS.find((method) => method !== startMethod)!;
          assert.deepEqual(await run(program, other, python), { stdout: `${BEGINS[startMethod]}\n`, exception: null, code: 0 });
        } finally {
          release(program);
        }
      });
    }
  }
});
