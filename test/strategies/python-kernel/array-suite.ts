/** Holds what strategies make of programs over arrays and complex numbers against Python: values, types, errors, and how many turns were the kernel's own. */
import assert from 'node:assert/strict';
import type { Strategy } from '../../../src/strategies/types';
import { ask, release, type Built } from '../python-pyo3/support';
import { ARRAYS } from './arrays';
import { mandelbrot, operations } from './complex';
import { compare, type Program } from './native';

const ALL: readonly Program[] = [...ARRAYS, mandelbrot, operations];

interface Seen {
  readonly name: string;
  readonly equal: boolean;
  readonly turns: number;
  readonly native: number;
  readonly detail: string;
}

function check(seen: readonly Seen[]): void {
  for (const one of seen) {
    const { name, equal, turns, native, detail } = one;
    const array = ARRAYS.find((p) => p.name === name);
    if (array) {
      assert.deepEqual(one, { name, equal: true, turns: array.turns, native: array.native, detail: '' });
      continue;
    }
    assert.ok(equal, `${name}: ${detail}`);
    // The others have results that are too large, or no numbers.
    assert.ok(native > turns * 0.8, `${name}: ${native} of ${turns}`);
  }
}

/** For a strategy that builds each program by itself. */
export async function checkArrays(strategy: Strategy, python: string, programs: readonly Program[] = ALL): Promise<void> {
  const outcomes = await compare(strategy, programs, python);
  check(
    programs.map(({ name }) => {
      const outcome = outcomes.get(name)!;
      if (outcome.status === 'refused') return { name, equal: false, turns: 0, native: 0, detail: outcome.why };
      return { name, equal: outcome.status === 'equal', turns: outcome.turns, native: outcome.native, detail: outcome.detail };
    }),
  );
}

/** For one whose builds take long: all programs are built as one. */
export async function checkBuiltArrays(build: (programs: readonly Program[], python: string) => Promise<Built>, python: string): Promise<void> {
  const built = await build(ALL, python);
  try {
    assert.deepEqual([...built.refused], []);
    const script = ALL.map(
      ({ name }) => `
before, after, seen = load(${JSON.stringify(name)}, ${JSON.stringify(built.after.get(name)!.function)})
equal = same(before.result(24), after.result(24))
print(json.dumps({"name": ${JSON.stringify(name)}, "equal": equal, "turns": len(seen), "native": sum(v is not None for v in seen), "detail": ""}))
`,
    ).join('');
    check((await ask(built, python, script)) as Seen[]);
  } finally {
    release(built);
  }
}
