/** Rewrites programs for a native strategy, builds what it made, and holds the results against Python's. */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { applyEdits } from '../../../src/edit/edit';
import type { BuildStep, Strategy } from '../../../src/strategies/types';
import { contextsOf } from './support';

export const KERNELS = path.join(__dirname, 'kernels');

/** The loop that a person would point at in each of the twelve programs. */
export const LOOPS: Readonly<Record<string, string>> = {
  collatz: 'for n in range(1, limit)',
  dft: 'for k in range(n)',
  distances: 'for p in points',
  edits: '[distance(left[k]',
  histogram: 'for row in samples',
  mandelbrot: 'for y in range(height)',
  matmul: 'for i in range(len(a))',
  montecarlo: 'for batch in range(batches)',
  nbody: 'for i in range(len(xs))',
  prefix: 'for row in rows',
  quadrature: 'for panel in range(panels)',
  stencil: 'for i in range(1',
};

export interface Program {
  readonly name: string;
  readonly source: string;
  /** How its loop begins. */
  readonly loop: string;
}

export type Outcome =
  | { readonly status: 'refused'; readonly why: string }
  /** `native`: how many of the loop's turns had a result from the kernel. */
  | { readonly status: 'equal' | 'different'; readonly turns: number; readonly native: number; readonly detail: string };

const COMPARE = `
import importlib, json, struct, sys

def same(a, b):
    if type(a) is not type(b):
        return False
    if type(a) is float:
        return struct.pack("d", a) == struct.pack("d", b) or (a != a and b != b)
    if type(a) in (list, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b

def outcome(module, *args):
    try:
        return module.result(*args)
    except Exception as error:
        return type(error).__name__, str(error)

for name, kernel in json.loads(sys.argv[1]):
    before, after = importlib.import_module(f"before_{name}"), importlib.import_module(f"after_{name}")
    own = getattr(after, kernel)
    seen = []
    def counted(*args):
        seen.extend(ready := own(*args))
        return ready
    setattr(after, kernel, counted)
    a, b = outcome(before, SIZE), outcome(after, SIZE)
    native = sum(item is not None for item in seen)
    print(json.dumps([name, same(a, b), len(seen), native, "" if same(a, b) else f"{str(a)[:300]} / {str(b)[:300]}"]), flush=True)
`;

/** What each program's rewrite gives, beside the original. Nothing is left behind. @param target the version that it is written for */
export async function compare(strategy: Strategy, programs: readonly Program[], python: string, size = 24, target = '3.9'): Promise<Map<string, Outcome>> {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-native-')));
  try {
    const outcomes = new Map<string, Outcome>();
    const run: [string, string][] = [];
    const builds: BuildStep[] = [];
    for (const { name, source, loop } of programs) {
      const file = path.join(directory, `after_${name}.py`);
      fs.writeFileSync(file, source);
      fs.writeFileSync(path.join(directory, `before_${name}.py`), source);
      const found = (await contextsOf(file)).find((c) => c.text.startsWith(loop, c.loop.range.start));
      if (!found) throw new Error(`no loop of ${name} begins with ${loop}`);
      const context = { ...found, options: { ...found.options, target } };
      const fits = strategy.applicability(context);
      if (!fits.ok) {
        outcomes.set(name, { status: 'refused', why: fits.why });
        continue;
      }
      const rewrite = strategy.rewrite(context);
      fs.writeFileSync(file, applyEdits(source, rewrite.edits[0]!.edits));
      for (const added of rewrite.newFiles) {
        fs.mkdirSync(path.dirname(added.path), { recursive: true });
        fs.writeFileSync(added.path, added.text);
      }
      builds.push(...(rewrite.build ?? []));
      run.push([name, /import (\w+)\n/.exec(applyEdits(source, rewrite.edits[0]!.edits).split('_kernel')[1]!)![1]!]);
    }
    for (const { command, cwd } of builds) {
      const [program, ...args] = command.map((w) => w.replaceAll('{python}', python).replaceAll('{target}', directory));
      await promisify(execFile)(program!, args, { cwd: path.join(directory, cwd) });
    }
    const script = path.join(directory, 'compare.py');
    fs.writeFileSync(script, COMPARE.replaceAll('SIZE', String(size)));
    const { stdout } = await promisify(execFile)(python, [script, JSON.stringify(run)], { cwd: directory, maxBuffer: 1 << 26 });
    for (const line of stdout.trim().split('\n').filter(Boolean)) {
      const [name, equal, turns, native, detail] = JSON.parse(line) as [string, boolean, number, number, string];
      outcomes.set(name, { status: equal ? 'equal' : 'different', turns, native, detail });
    }
    return outcomes;
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** The text that a program becomes. */
export async function rewritten(strategy: Strategy, source: string, loop: string): Promise<string> {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-native-')));
  try {
    const file = path.join(directory, 'main.py');
    fs.writeFileSync(file, source);
    const context = (await contextsOf(file)).find((c) => c.text.startsWith(loop, c.loop.range.start))!;
    return applyEdits(source, strategy.rewrite(context).edits[0]!.edits);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** The twelve programs, or some of them. */
export function kernels(names: readonly string[] = Object.keys(LOOPS)): Program[] {
  return names.map((name) => ({ name, source: fs.readFileSync(path.join(KERNELS, `${name}.py`), 'utf8'), loop: LOOPS[name]! }));
}
