/** Holds what strategies make of programs over arrays against Python: values, types, errors, and how many turns were the kernel's own. */
import assert from 'node:assert/strict';
import type { Strategy } from '../../../src/strategies/types';
import { ask, release, type Built } from '../python-pyo3/support';
import { ARRAYS } from './arrays';
import { compare, type Program } from './native';

/** For a strategy that builds each program by itself. */
export async function checkArrays(strategy: Strategy, python: string): Promise<void> {
  const outcomes = await compare(strategy, ARRAYS, python);
  for (const { name, turns, native } of ARRAYS) assert.deepEqual([name, outcomes.get(name)], [name, { status: 'equal', turns, native, detail: '' }]);
}

/** For one whose builds take long: all programs are built as one. */
export async function checkBuiltArrays(build: (programs: readonly Program[], python: string) => Promise<Built>, python: string): Promise<void> {
  const built = await build(ARRAYS, python);
  try {
    assert.deepEqual([...built.refused], []);
    const expected = ARRAYS.map(({ name, turns, native }) => [name, true, turns, native]);
    const script = ARRAYS.map(
      ({ name }) => `
before, after, seen = load(${JSON.stringify(name)}, ${JSON.stringify(built.after.get(name)!.function)})
print(json.dumps([${JSON.stringify(name)}, same(before.result(0), after.result(0)), len(seen), sum(v is not None for v in seen)]))
`,
    ).join('');
    assert.deepEqual(await ask(built, python, script), expected);
  } finally {
    release(built);
  }
}
