/** Tests that every pool strategy passes: its rewrites as files to read, their results under real interpreters, its refusals. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import type { Context } from 'mocha';
import type { RewriteOptions, Strategy } from '../../../src/strategies/types';
import { randomLoop } from '../python-process-pool/random-loops';
import { release, rewriteLoop, run, writeProgram } from '../python-process-pool/support';

/** The loops of `python/process-pool`, by `NAME` or `NAME:VARIANT`, and how each begins. */
const SOURCES = path.join(__dirname, '..', 'python-process-pool', 'fixtures');
const STARTS = JSON.parse(fs.readFileSync(path.join(SOURCES, 'cases.json'), 'utf8')) as Record<string, string>;

export interface Way {
  readonly name: string;
  /** Start method that is set before the program runs; null leaves the interpreter's own. */
  readonly startMethod?: string | null;
  readonly options?: Partial<RewriteOptions>;
  /** Loops that are run this way; all that are run, without it. */
  readonly only?: readonly string[];
}

/** Loops of the process pool's fixtures whose rewrite every pool strategy has as a file to read. */
export const COMMON: readonly string[] = [
  'ordered-collect',
  'several-lists',
  'element-write:dict',
  'rows-written-in-place',
  'nested-float-sum',
  'argmax',
  'visible-after:unbound',
  'comprehension-condition',
  'filtered-items-stay-themselves',
  'set-and-dict-comprehension:both',
  'sum-of-generator:nested',
  'map-call',
  'nested-function-lifted',
  'module-level-script',
  'large-shared-value',
  'exception-after-commits',
  'unsized-iterables:zip',
  'crlf-and-tabs',
  'early-commit',
];

/** Loops whose rewrites are run: one of each kind, as starting a pool takes its time. Set POOL_LOOPS to `all` to run every one. */
const RUN = [
  'several-lists',
  'inner-products',
  'element-read-and-written',
  'script-without-guard',
  'element-write:dict',
  'argmax',
  'comprehension-condition',
  'set-and-dict-comprehension:both',
  'map-call',
  'module-level-script',
  'large-shared-value',
  'objects-changed-in-place',
  'exception-after-commits',
];

export interface PoolSuite {
  readonly strategy: Strategy;
  /** Folder of the tests: `expected/` in it has the rewrites. */
  readonly folder: string;
  readonly options?: Partial<RewriteOptions>;
  /** Loops of the process pool's fixtures. */
  readonly shared: readonly string[];
  /** Loops of this strategy's own: `input/NAME.py`, and how the loop begins. */
  readonly own?: Readonly<Record<string, string>>;
  /** Text that is in the region exactly once. */
  readonly marker: string;
  /** An interpreter that can run the rewrites, or why there is none. */
  readonly python: () => { readonly path: string; readonly why: null } | { readonly path: null; readonly why: string };
  readonly ways: readonly Way[];
}

function inputOf(suite: PoolSuite, name: string): string {
  const file = suite.own && name in suite.own ? path.join(suite.folder, 'input', `${name}.py`) : path.join(SOURCES, name.split(':')[0]!, 'input.py');
  return fs.readFileSync(file, 'utf8');
}

/** The interpreter, or the test (the suite, in `before`) is pending and says why. */
function interpreterOf(suite: PoolSuite, test: Context): string {
  const { path: python, why } = suite.python();
  if (python !== null) return python;
  const running = test.test ?? test.currentTest;
  if (running) running.title += ` (skipped: ${why})`;
  return test.skip();
}

/** `expected/NAME.py` says how each loop reads afterwards. Set UPDATE_FIXTURES to write the files anew, then read them. */
export function describeRewrites(suite: PoolSuite): void {
  const { id } = suite.strategy.meta;
  const names = [...suite.shared, ...Object.keys(suite.own ?? {})];
  const startOf = (name: string): string => suite.own?.[name] ?? STARTS[name]!;
  const expected = (name: string): string => path.join(suite.folder, 'expected', `${name.replace(':', '-')}.py`);

  describe(`${id}: rewrites`, function () {
    this.timeout(120_000);
    for (const name of names) {
      it(name, async () => {
        const program = writeProgram({ 'main.py': inputOf(suite, name) }, 'main.py');
        try {
          const { fits, after, region } = await rewriteLoop(program, startOf(name), suite.options, suite.strategy);
          assert.ok(fits.ok, fits.ok ? '' : fits.why);
          if (process.env.UPDATE_FIXTURES) {
            fs.mkdirSync(path.dirname(expected(name)), { recursive: true });
            fs.writeFileSync(expected(name), after!);
          }
          assert.equal(after, fs.readFileSync(expected(name), 'utf8'));
          assert.match(region!, /^\S[^]*\S$/);
          assert.equal(region!.split(suite.marker).length, 2, region!);
        } finally {
          release(program);
        }
      });
    }

    it('has no file without a loop', () => {
      assert.deepEqual(fs.readdirSync(path.join(suite.folder, 'expected')).sort(), names.map((n) => path.basename(expected(n))).sort());
    });
  });

  describe(`${id}: results of the rewrites`, function () {
    this.timeout(300_000);
    let python = '';
    before(function () {
      python = interpreterOf(suite, this);
    });
    const ran = process.env.POOL_LOOPS === 'all' ? names : names.filter((name) => RUN.includes(name) || (suite.own && name in suite.own));
    for (const name of ran) {
      it(`${name} prints the same`, async () => {
        const program = writeProgram({ 'main.py': inputOf(suite, name) }, 'main.py');
        try {
          const original = await run(program, null, python);
          assert.equal(original.exception, null);
          for (const way of suite.ways.filter((w) => w.only?.includes(name) ?? true)) {
            const options = { ...suite.options, ...way.options };
            fs.writeFileSync(program.file, inputOf(suite, name));
            const { after } = await rewriteLoop(program, startOf(name), options, suite.strategy);
            fs.writeFileSync(program.file, after!);
            assert.deepEqual(await run(program, way.startMethod ?? null, python), original, way.name);
          }
        } finally {
          release(program);
        }
      });
    }
  });
}

export interface RefusedLoop {
  readonly name: string;
  readonly source: string;
  /** How the loop begins. */
  readonly loop: string;
  readonly why: RegExp;
  readonly remedy?: RegExp;
  readonly options?: Partial<RewriteOptions>;
  readonly files?: Readonly<Record<string, string>>;
}

export function describeRefusals(strategy: Strategy, refused: readonly RefusedLoop[], options: Partial<RewriteOptions> = {}): void {
  describe(`${strategy.meta.id}: refusals`, () => {
    for (const { name, source, loop, why, remedy, files, ...own } of refused) {
      it(name, async () => {
        const program = writeProgram({ 'main.py': source, ...files }, 'main.py');
        try {
          const { fits } = await rewriteLoop(program, loop, { ...options, ...own.options }, strategy);
          assert.equal(fits.ok, false);
          if (fits.ok) return;
          assert.match(fits.why, why);
          if (remedy) assert.match(fits.remedy ?? '', remedy);
        } finally {
          release(program);
        }
      });
    }
  });
}

/** The page's first block of Python becomes its second one, which prints the same. */
export function describePage(suite: PoolSuite, start: string): void {
  const file = `docs/strategies/${suite.strategy.meta.id.replace('/', '-')}.md`;
  describe(file, function () {
    this.timeout(120_000);
    const [before, after] = [...fs.readFileSync(file, 'utf8').matchAll(/```python\n([^]*?)```/g)].map((m) => m[1]!);

    it('shows the rewrite as it is', async () => {
      const program = writeProgram({ 'main.py': before! }, 'main.py');
      try {
        assert.equal((await rewriteLoop(program, start, suite.options, suite.strategy)).after, after);
      } finally {
        release(program);
      }
    });

    it('has an example that prints the same before and after', async function () {
      const python = interpreterOf(suite, this);
      const program = writeProgram({ 'main.py': before! }, 'main.py');
      try {
        const original = await run(program, null, python);
        fs.writeFileSync(program.file, after!);
        assert.deepEqual(await run(program, null, python), original);
      } finally {
        release(program);
      }
    });
  });
}

/** Runs pairs of modules in one process; prints the number of the first whose outcomes differ, with both outcomes. */
const COMPARE = `
import importlib, sys
if __name__ == "__main__":
    for number in range(int(sys.argv[1])):
        before, after = ([*importlib.import_module(f"{kind}_{number}").outcomes()] for kind in ("before", "after"))
        if before != after:
            print(number, before, after, sep="\\n")
            break
`;

/** Random loops give the same outcome, progress before an exception included. RANDOM_LOOPS and RANDOM_SEED ask for more, or others. */
export function describeRandom(suite: PoolSuite, loops: number): void {
  describe(`${suite.strategy.meta.id}: random loops`, function () {
    this.timeout(600_000);
    it('give the same outcome', async function () {
      const python = interpreterOf(suite, this);
      const wanted = Number(process.env.RANDOM_LOOPS ?? loops);
      const program = writeProgram({ 'compare.py': COMPARE }, 'loop.py');
      const pairs: string[] = [];
      try {
        for (const { source, start } of fc.sample(randomLoop, { numRuns: wanted, seed: Number(process.env.RANDOM_SEED ?? 11) })) {
          fs.writeFileSync(program.file, source);
          const { loop, fits, after } = await rewriteLoop(program, start, { ...suite.options, workers: 2 }, suite.strategy);
          if (!fits.ok || (loop.verdict !== 'parallel' && loop.verdict !== 'reduction')) continue;
          fs.writeFileSync(path.join(program.directory, `before_${pairs.length}.py`), source);
          fs.writeFileSync(path.join(program.directory, `after_${pairs.length}.py`), after!);
          pairs.push(`${source}\n${after!}`);
        }
        assert.ok(pairs.length * 4 > wanted, `only ${pairs.length} of ${wanted} loops could be rewritten`);
        const { stdout } = await promisify(execFile)(python, ['compare.py', String(pairs.length)], { cwd: program.directory, env: { ...process.env, PYTHONHASHSEED: '0' } });
        const first = /^(\d+)\n/.exec(stdout)?.[1];
        if (first !== undefined) assert.fail(`${pairs[Number(first)]!}\n${stdout}`);
      } finally {
        release(program);
      }
    });
  });
}
