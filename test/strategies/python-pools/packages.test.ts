/** Loops in modules of a package, which import their neighbours by relative names: what a worker imports must be the same module. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { findToolchains } from '../../../scripts/setup-python.mjs';
import { pythonFreeThreads } from '../../../src/strategies/python/free-threads';
import { pythonInterpreters } from '../../../src/strategies/python/interpreters';
import { pythonJoblib } from '../../../src/strategies/python/joblib';
import { pythonMultiprocessing } from '../../../src/strategies/python/multiprocessing';
import { pythonProcessPool } from '../../../src/strategies/python/process-pool';
import { START_METHODS, type RewriteOptions, type Strategy } from '../../../src/strategies/types';
import { release, rewriteLoop, run, writeProgram } from '../python-process-pool/support';
import { PACKAGES, type PackageProgram } from './packages';

interface Way {
  readonly strategy: Strategy;
  readonly python: () => { readonly path: string | null; readonly why: string | null };
  readonly options?: Partial<RewriteOptions>;
  /** Set before the program runs. */
  readonly startMethod?: string;
  /** Packages whose loop it refuses, by their titles, and why. */
  readonly refuses?: Readonly<Record<string, RegExp>>;
  /** All, without it. */
  readonly packages?: readonly PackageProgram[];
}

const DEFAULT = (): ReturnType<Way['python']> => ({ path: 'python3', why: null });
/** Started by its path, a script is in no package. */
const RELATIVE = /^line 1 imports by a relative name, and each interpreter runs the script anew by its path, where it is in no package$/;
/** The other start methods import in the same way. */
const FIRST = PACKAGES.slice(0, 1);

const WAYS: Readonly<Record<string, Way>> = {
  ...Object.fromEntries(START_METHODS.map((method) => [`python/process-pool, ${method}`, { strategy: pythonProcessPool, python: DEFAULT, startMethod: method, ...(method === 'spawn' ? {} : { packages: FIRST }) }])),
  ...Object.fromEntries(START_METHODS.map((method) => [`python/multiprocessing, ${method}`, { strategy: pythonMultiprocessing, python: DEFAULT, options: { startMethod: method }, ...(method === 'spawn' ? {} : { packages: FIRST }) }])),
  'python/joblib': { strategy: pythonJoblib, python: () => findToolchains().tools, packages: [PACKAGES[0]!, PACKAGES[3]!] },
  'python/interpreters': { strategy: pythonInterpreters, python: () => findToolchains().python314, options: { target: '3.14' }, refuses: Object.fromEntries(PACKAGES.slice(0, 2).map(({ title }) => [title, RELATIVE])) },
  'python/free-threads': { strategy: pythonFreeThreads, python: () => findToolchains().freeThreaded, options: { target: '3.13', freeThreaded: true } },
};

for (const [name, { strategy, python, options, startMethod, refuses, packages = PACKAGES }] of Object.entries(WAYS)) {
  describe(`${name}: in a package`, function () {
    this.timeout(120_000);
    for (const { title, files, file, loop, args } of packages) {
      it(`${title} (python ${args.join(' ')})`, async function () {
        const { path: interpreter, why } = python();
        if (interpreter === null) {
          this.test!.title += ` (skipped: ${why})`;
          return this.skip();
        }
        const program = writeProgram(files, file);
        try {
          const { after, fits, loop: report } = await rewriteLoop(program, loop, options, strategy);
          assert.equal(report.verdict, 'parallel');
          const refusal = refuses?.[title];
          if (refusal) return assert.match(fits.ok ? '' : fits.why, refusal);
          assert.ok(fits.ok, fits.ok ? '' : fits.why);
          const original = await run(program, null, interpreter, ...args);
          assert.equal(original.exception, null);
          fs.writeFileSync(program.file, after!);
          assert.deepEqual(await run(program, startMethod ?? null, interpreter, ...args), original, after!);
        } finally {
          release(program);
        }
      });
    }
  });
}
