/** Kernels of random expressions over edge values, hundreds to a module, and what Python makes of the same. */
import { execFile } from 'node:child_process';
import * as fc from 'fast-check';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import type { Strategy } from '../../../src/strategies/types';
import { contextsOf } from './support';

/** An interface would not do: fast-check wants a type that any record can take. */
type Expressions = { int: string; float: string; bool: string };

const binary = (operator: string, left: fc.Arbitrary<string>, right: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.tuple(left, right).map(([a, b]) => `(${a} ${operator} ${b})`);
const call = (name: string, ...args: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> => fc.tuple(...args).map((a) => `${name}(${a.join(', ')})`);

const { int, float } = fc.letrec<Expressions>((tie) => {
  const i = tie('int');
  const f = tie('float');
  const c = tie('bool');
  const chosen = (e: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.tuple(e, c, e).map(([a, test, b]) => `(${a} if ${test} else ${b})`);
  // Python would calculate numbers of any length: exponents and shifts stay small.
  const small = fc.oneof(fc.constantFrom('0', '1', '2', '3', '-1'), binary('%', i, fc.constantFrom('5', '-5', '66')));
  const leaf = { maxDepth: 4, depthIdentifier: 'expression' };
  return {
    int: fc.oneof(
      leaf,
      fc.constantFrom('a', 'b', 'c', '0', '1', '-1', '2', '7', '-5', '4294967296', '9223372036854775807', '-9223372036854775808', '9007199254740993'),
      ...['+', '-', '*', '//', '%', '&', '|', '^'].map((o) => binary(o, i, i)),
      fc.tuple(fc.constantFrom('a', 'b', 'c', '3', '-2'), small).map(([x, n]) => `(${x} ** (${n} % 9))`),
      binary('<<', i, small.map((s) => `abs(${s})`)),
      binary('>>', i, small),
      i.map((e) => `(-${e})`),
      i.map((e) => `(~${e})`),
      call('abs', i),
      call('min', i, i),
      call('max', i, i, i),
      call('int', f),
      call('round', f),
      call('math.floor', f),
      call('math.ceil', f),
      call('int', c),
      chosen(i),
    ),
    float: fc.oneof(
      leaf,
      fc.constantFrom('x', 'y', 'z', '0.0', '-0.0', '1.5', '-2.5', '1e308', '5e-324', '0.1', '3.0'),
      ...['+', '-', '*', '/', '//', '%'].map((o) => binary(o, f, f)),
      ...['+', '*', '-', '/'].map((o) => binary(o, i, f)),
      binary('/', i, i),
      binary('**', f, fc.constantFrom('2', '3', '0.5', '-1', 'y', '2.0')),
      f.map((e) => `(-${e})`),
      call('abs', f),
      call('float', i),
      call('min', f, f),
      call('max', f, f),
      ...['sqrt', 'sin', 'cos', 'exp', 'log', 'log1p', 'tanh', 'atan', 'fabs'].map((n) => call(`math.${n}`, f)),
      call('math.atan2', f, f),
      call('math.copysign', f, f),
      call('math.fmod', f, f),
      chosen(f),
    ),
    bool: fc.oneof(
      { maxDepth: 2, depthIdentifier: 'condition' },
      fc.tuple(i, fc.constantFrom('<', '<=', '==', '!=', '>', '>='), i).map(([l, o, r]) => `${l} ${o} ${r}`),
      fc.tuple(f, fc.constantFrom('<', '<=', '==', '!=', '>', '>='), f).map(([l, o, r]) => `${l} ${o} ${r}`),
      fc.tuple(i, fc.constantFrom('<', '==', '>='), f).map(([l, o, r]) => `${l} ${o} ${r}`),
      fc.tuple(f, i, f).map(([l, m, r]) => `${l} <= ${m} < ${r}`),
      fc.tuple(c, fc.constantFrom('and', 'or'), c).map(([l, o, r]) => `(${l} ${o} ${r})`),
      c.map((e) => `(not ${e})`),
      call('math.isnan', f),
    ),
  };
});

/** Random expressions of the ints a, b, c and the floats x, y, z that give an int or a float. */
export const expressionOf = { int, float };

/** Functions of one result type, and a loop whose every turn runs one of them on one case. */
function moduleOf(type: 'int' | 'float', expressions: readonly string[], numpy: boolean): string {
  const functions = expressions.map((e, n) => `def f${n}(a: int, b: int, c: int, x: float, y: float, z: float) -> ${type}:\n    return ${e}\n`);
  const chain = expressions.map((_, n) => `    if which == ${n}:\n        return f${n}(a, b, c, x, y, z)`);
  const array = (element: string): string => (numpy ? `NDArray[np.${element}64]` : `list[${element}]`);
  return `import math
${numpy ? '\nimport numpy as np\nfrom numpy.typing import NDArray\n' : ''}

${functions.join('\n\n')}

def pick(which: int, a: int, b: int, c: int, x: float, y: float, z: float) -> ${type}:
${chain.join('\n')}
    raise ValueError


def results(count: int, ints: ${array('int')}, floats: ${array('float')}${numpy ? `, out: ${array(type)}` : ''}):
    ${numpy ? '' : 'out = []\n    '}for k in range(count):
        n = k % 64
        ${numpy ? 'out[k] = ' : 'out.append('}pick(k // 64, ints[n], ints[n + 64], ints[n + 128], floats[n], floats[n + 64], floats[n + 128])${numpy ? '' : ')'}
    return out
`;
}

const HOLD = `
import importlib, json, random, struct, sys

name, kernel, function, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
module = importlib.import_module(name)
choice = random.Random(11)
INTS = [0, 1, -1, 2, -7, 13, 64, 2**31, -(2**31), 2**53, 2**53 + 1, -(2**53) - 1, 2**62, 2**63 - 1, -(2**63), 10**15 + 1]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 2.5, 3.7, 1e-3, 1e308, -1e308, 5e-324, 1e19, -1e19, 9007199254740993.0, float("inf"), float("-inf"), float("nan"), 100.0, 0.1]
ints = [choice.choice(INTS) for _ in range(192)]
floats = [choice.choice(FLOATS) for _ in range(192)]
out = []
if len(sys.argv) > 5:
    import warnings
    import numpy as np
    warnings.simplefilter("ignore")
    ints, floats, out = np.array(ints), np.array(floats), [np.zeros(1, sys.argv[5])]
ready = getattr(importlib.import_module(kernel), function)(range(64 * count), ints, floats, *out)
def bits(v):
    return type(v), "nan" if v != v else struct.pack("d", v) if type(v) is float else v
native = possible = 0
for k, got in enumerate(ready):
    n = k % 64
    try:
        want = module.pick(k // 64, *(ints[n + d] for d in (0, 64, 128)), *(floats[n + d] for d in (0, 64, 128)))
        if out:
            # What the array holds then counts.
            out[0][0] = want
            want = out[0][0].item()
    except Exception as error:
        if got is not None:
            print(json.dumps([k // 64, f"{type(error).__name__}, and the kernel gives {got!r}"]))
        continue
    possible += 1
    native += got is not None
    # A complex number is what Python makes of a negative base: the kernel has to leave it.
    if got is not None and bits(got) != bits(want):
        print(json.dumps([k // 64, f"{want!r}, and the kernel gives {got!r}"]))
print(json.dumps({"native": native, "possible": possible}))
`;

export interface Held {
  readonly kernels: number;
  /** Expressions whose value differs somewhere, with the values. */
  readonly different: readonly string[];
  /** Turns for which Python has a value, and those of them that the kernel computed. */
  readonly possible: number;
  readonly native: number;
}

/** Makes `count` kernels, half of ints and half of floats, and holds them against Python on 64 cases each. @param numpy the numbers are in numpy's arrays */
export async function holdRandom(strategy: Strategy, python: string, count: number, seed: number, perModule = 200, numpy = false): Promise<Held> {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-random-')));
  try {
    const different: string[] = [];
    let native = 0;
    let possible = 0;
    let made = 0;
    for (let part = 0; made < count; part++) {
      const type = part % 2 === 0 ? 'int' : 'float';
      const size = Math.min(perModule, count - made, Math.ceil(count / 2));
      // Kernels leave powers of numpy's numbers alone.
      const kind = (type === 'int' ? int : float).filter((e) => !numpy || !/\*\*/.test(e));
      const expressions = fc.sample(kind, { numRuns: size, seed: seed + part });
      made += size;
      const name = `random_${part}`;
      const file = path.join(directory, `${name}.py`);
      // Each module's kernel has a name of its own.
      fs.writeFileSync(file, moduleOf(type, expressions, numpy).replaceAll('results', `results_${part}`));
      const context = (await contextsOf(file)).find((c) => c.text.startsWith('for k in', c.loop.range.start))!;
      const fits = strategy.applicability(context);
      if (!fits.ok) throw new Error(fits.why);
      const rewrite = strategy.rewrite(context);
      for (const added of rewrite.newFiles) {
        fs.mkdirSync(path.dirname(added.path), { recursive: true });
        fs.writeFileSync(added.path, added.text);
      }
      for (const { command, cwd } of rewrite.build ?? []) {
        const [program, ...args] = command.map((w) => w.replaceAll('{python}', python).replaceAll('{target}', directory));
        await promisify(execFile)(program!, args, { cwd: path.join(directory, cwd), maxBuffer: 1 << 26 });
      }
      const script = path.join(directory, 'hold.py');
      fs.writeFileSync(script, HOLD);
      const args = [script, name, `results_${part}_kernel`, `results_${part}_out`, String(size), ...(numpy ? [type === 'int' ? 'int64' : 'float64'] : [])];
      const { stdout } = await promisify(execFile)(python, args, { cwd: directory, maxBuffer: 1 << 26 });
      const lines = stdout.trim().split('\n').map((l) => JSON.parse(l) as [number, string] | { native: number; possible: number });
      for (const line of lines) {
        if (Array.isArray(line)) different.push(`${expressions[line[0]]!}: ${line[1]}`);
        else {
          native += line.native;
          possible += line.possible;
        }
      }
    }
    return { kernels: made, different, native, possible };
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}
