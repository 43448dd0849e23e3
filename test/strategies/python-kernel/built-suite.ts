/** What a native strategy must show whose builds take long: all programs are built as one, and each is asked in turn. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import * as fs from 'node:fs';
import type { Context } from 'mocha';
import { machinePython } from '../../../scripts/lib/pythons.mjs';
import { ask, release, type Built } from '../python-pyo3/support';
import { arrays, chosen, EDGES, FUNCTIONS, fused, libmProgram, lists, memory, paths, recursion } from '../python-pyo3/programs';
import { kernels, type Program } from './native';
import { expressionOf } from './random';

const random = (type: 'int' | 'float'): string[] => fc.sample(expressionOf[type], { numRuns: 60, seed: 2026 });

export interface Suite {
  readonly id: string;
  /** Of the modules' names, behind those of the programs. */
  readonly suffix: string;
  /** Calls of `math` beyond those that every strategy makes. */
  readonly functions?: readonly string[];
  /** More programs with a function `result(size)`. */
  readonly programs?: readonly Program[];
  build(test: Context, programs: readonly Program[], python: string): Promise<Built>;
  /** More tests of what was built. */
  further?(built: () => Built): void;
}

export function builtSuite({ id, suffix, functions = [], programs: more = [], build, further }: Suite): void {
  const whole = [...kernels(), ...more];
  const called = [...FUNCTIONS, ...functions];
  const page = fs.readFileSync(`docs/strategies/${id.replace('/', '-')}.md`, 'utf8');
  const [example, rewritten] = [...page.matchAll(/```python\n([^]*?)```/g)].map((m) => m[1]!);
  const call = /\nprint\(([^]*)\)\n$/.exec(example!)![1]!;

  describe(id, function () {
    this.timeout(600_000);
    let built: Built;
    let python: string;

    before(async function () {
      python = machinePython()!.path;
      const programs = [...whole, { name: 'page', source: example!, loop: 'for k in range' }, libmProgram(called), fused, arrays, recursion, memory, lists, paths, chosen('ints', 'int', random('int')), chosen('floats', 'float', random('float'))];
      built = await build(this, programs, python);
    });
    after(() => built && release(built));

    const load = (name: string): string => `before, after, seen = load(${JSON.stringify(name)}, ${JSON.stringify(built.after.get(name)!.function)})\n`;

    it('takes all of the programs', () => assert.deepEqual([...built.refused], []));

    for (const { name } of whole) {
      it(`${name}: every turn native, every bit Python's`, async () => {
        const [found] = (await ask(built, python, `${load(name)}print(json.dumps([same(before.result(30), after.result(30)), len(seen) > 1, all(v is not None for v in seen)]))`)) as boolean[][];
        assert.deepEqual(found, [true, true, true]);
      });
    }

    it('calls the C library that Python calls', async () => {
      const found = await ask(built, python, EDGES, 'libm', built.after.get('libm')!.function, String(called.length), '2000');
      assert.equal(found.length, 1, JSON.stringify(found.slice(0, 5)));
    });

    it('rounds every operation, and keeps the smallest numbers', async () => {
      const script = `${load('fused')}import random
chance = random.Random(3)
xs, ys = ([chance.uniform(-1, 1) for _ in range(1000)] + [5e-324, 3e-308, 1e-160] for _ in "xy")
zs = [-x * y for x, y in zip(xs, ys)]
print(json.dumps([same(before.sums(xs, ys, zs), after.sums(xs, ys, zs)), same(before.sums(xs, ys, [0.0] * len(xs)), after.sums(xs, ys, [0.0] * len(xs))), all(v is not None for v in seen)]))`;
      assert.deepEqual(await ask(built, python, script), [[true, true, true]]);
    });

    for (const name of ['ints', 'floats'] as const) {
      it(`gives what Python gives for random ${name}`, async () => {
        const found = await ask(built, python, EDGES, name, built.after.get(name)!.function, '60', '120');
        assert.equal(found.length, 1, JSON.stringify(found.slice(0, 5)));
        const { native, turns } = found[0] as { native: number; turns: number };
        assert.ok(native > turns / 8, `only ${native} of ${turns} turns were native`);
      });
    }

    const table: readonly [what: string, values: string, native: number][] = [
      ['arrays, memoryviews and lists', 'array("d", [0.5, 1.5, -2.5]), memoryview(array("q", [5, -5, 7])), [True, False, True], 2.0, 0', 3],
      ['bytes of a memoryview', 'array("d", [0.5, 1.5, -2.5]), memoryview(b"abc"), [True, False, True], 2.0, 0', 3],
      ['a list for an array', '[0.5, 1.5, -2.5], memoryview(b"abc"), [True, False, True], 2.0, 0', 0],
      ['narrow floats', 'array("f", [0.5, 1.5, -2.5]), memoryview(b"abc"), [True, False, True], 2.0, 0', 0],
      ['an int for a float', 'array("d", [0.5, 1.5, -2.5]), memoryview(b"abc"), [True, False, True], 2, 0', 0],
      ['an int among bools', 'array("d", [0.5, 1.5, -2.5]), memoryview(b"abc"), [True, 0, True], 2.0, 0', 0],
      ['indices that end beyond the list', 'array("d", [0.5, 1.5, -2.5]), memoryview(b"abc"), [True, True, True], 2.0, 1', 2],
      ['an index beyond 64 bits', 'array("d", [0.5]), memoryview(b"a"), [True], 2.0, 2**64', 0],
      ['nothing', 'array("d"), memoryview(b""), [], 2.0, 0', 0],
    ];
    for (const [what, values, native] of table) {
      it(`${what}: ${native} native turns`, async () => {
        const script = `from array import array\n${load('arrays')}print(json.dumps([same(outcome(before.totals, ${values}), outcome(after.totals, ${values})), sum(v is not None for v in seen)]))`;
        assert.deepEqual(await ask(built, python, script), [[true, native]]);
      });
    }

    it('leaves deep recursion to Python, which has a limit of its own', async () => {
      const script = `${load('recursion')}print(json.dumps([same(outcome(before.depths, ns), outcome(after.depths, ns)) for ns in ([3, 300, 700], [5, 20000])] + [sum(v is not None for v in seen)]))`;
      assert.deepEqual(await ask(built, python, script), [[true, true, 3]]);
    });

    it('leaves lists to Python for which there is no memory', async () => {
      const script = `${load('memory')}print(json.dumps([same(outcome(before.lengths, ns), outcome(after.lengths, ns)) for ns in ([0, -3, 70], [5, 2**60], [2**63 - 1])] + [sum(v is not None for v in seen)]))`;
      assert.deepEqual(await ask(built, python, script), [[true, true, true, 4]]);
    });

    it('lets lists that change their names move', async () => {
      const script = `${load('lists')}ns = [0, 1, 2, 30, 2**63 - 2]\nprint(json.dumps([same(outcome(before.both, ns[:4]), outcome(after.both, ns[:4])), all(v is not None for v in seen)]))`;
      assert.deepEqual(await ask(built, python, script), [[true, true]]);
    });

    const rows: readonly [what: string, xs: string, grid: string, native: number][] = [
      ['each path through an iteration', '[1.0, -1.0, 12.0, 3.0]', '[[1.0, -1.0], [0.5], [], [2.0]]', 4],
      ['an exception on one of them', '[1.0, -1.0, 11.0, 3.0]', '[[1.0, -1.0], [0.5], [], [2.0]]', 3],
      ['a row that stands in the list twice', '[1.0, 2.0]', '[[1.0]] * 2', 0],
    ];
    for (const [what, xs, grid, native] of rows) {
      it(`${what}: ${native} native turns`, async () => {
        const script = `${load('paths')}def full(module):\n    counts, grid = [0] * 4, ${grid}\n    return outcome(module.paths, ${xs}, counts, grid), counts, grid\nprint(json.dumps([same(full(before), full(after)), sum(v is not None for v in seen)]))`;
        assert.deepEqual(await ask(built, python, script), [[true, native]]);
      });
    }

    it('has threads in a process that was forked', async () => {
      const script = `import os\n${load('mandelbrot')}first = after.result(30)\nchild = os.fork()\nif child == 0:\n    os._exit(0 if after.result(30) == first else 1)\nprint(json.dumps(os.waitpid(child, 0)[1]))`;
      assert.deepEqual(await ask(built, python, script), [0]);
    });

    it('does what its page shows', async () => {
      const { text, library } = built.after.get('page')!;
      assert.equal(text.replaceAll(`page_${suffix}`, 'spectrum_kernel'), rewritten);
      assert.ok(library.includes(/```(?:rust|mojo)\n([^]*?)```/.exec(page)![1]!));
      const script = `import math\n${load('page')}print(json.dumps([same(before.${call}, after.${call}), sum(v is not None for v in seen)]))`;
      // Importing it prints what the example prints.
      const found = await ask(built, python, script);
      assert.deepEqual([found[0], found[2]], [found[1], [true, 8]]);
    });

    further?.(() => built);
  });
}
