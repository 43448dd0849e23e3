/** Rewrites several programs for `python/pyo3` and builds what it made as one crate: Rust's compiler takes seconds for each. */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { neverCancelled } from '../../../src/analysis/cancellation';
import { applyEdits } from '../../../src/edit/edit';
import { buildCandidate } from '../../../src/measure/build';
import { pythonPyO3 } from '../../../src/strategies/python/pyo3';
import type { BuildStep } from '../../../src/strategies/types';
import type { Program } from '../python-kernel/native';
import { contextsOf } from '../python-kernel/support';

export interface Built {
  /** Holds `before_NAME.py`, `after_NAME.py` and a module for each of them. */
  readonly directory: string;
  /** Why a program was not rewritten. */
  readonly refused: ReadonlyMap<string, string>;
  /** The program's text after the rewrite, and its crate's `src/lib.rs`. */
  readonly after: ReadonlyMap<string, { readonly text: string; readonly library: string; readonly function: string }>;
}

/** The crate is kept in the cache by its contents: only what changed is compiled again. */
export async function build(programs: readonly Program[], python: string): Promise<Built> {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-pyo3-')));
  const refused = new Map<string, string>();
  const after = new Map<string, { text: string; library: string; function: string }>();
  const sources = new Map<string, string>();
  let manifest = '';
  let step: BuildStep | null = null;
  for (const { name, source, loop } of programs) {
    const file = path.join(directory, `after_${name}.py`);
    fs.writeFileSync(file, source);
    fs.writeFileSync(path.join(directory, `before_${name}.py`), source);
    const context = (await contextsOf(file)).find((c) => c.text.startsWith(loop, c.loop.range.start));
    if (!context) throw new Error(`no loop of ${name} begins with ${loop}`);
    const fits = pythonPyO3.applicability(context);
    if (!fits.ok) {
      refused.set(name, fits.why);
      continue;
    }
    const rewrite = pythonPyO3.rewrite(context);
    const [own] = rewrite.build!;
    // Several programs have functions of one name, and their modules stand side by side here.
    const module = `${name}_rust`;
    const renamed = (text: string): string => text.replaceAll(own!.module, module);
    const text = renamed(applyEdits(source, rewrite.edits[0]!.edits));
    const library = rewrite.newFiles.find((f) => f.path.endsWith('lib.rs'))!.text;
    fs.writeFileSync(file, text);
    sources.set(module, renamed(library));
    after.set(name, { text, library, function: /#\[pyfunction\]\nfn (\w+)/.exec(library)![1]! });
    manifest = rewrite.newFiles.find((f) => f.path.endsWith('Cargo.toml'))!.text.replaceAll(own!.module, 'all_kernels').replace(/\ndescription.*/, '');
    step = { ...own!, command: own!.command.map((w) => w.replaceAll(own!.module, 'all_kernels')), cwd: '.', module: 'all_kernels' };
  }
  if (step) {
    const newFiles = [
      { path: path.join('/crate', 'Cargo.toml'), text: manifest },
      { path: path.join('/crate', 'src', 'lib.rs'), text: [...sources.keys()].map((m) => `mod ${m};\n`).join('') },
      ...[...sources].map(([module, text]) => ({ path: path.join('/crate', 'src', `${module}.rs`), text })),
    ];
    const candidate = { id: 'python/pyo3', texts: new Map<string, string>(), newFiles, build: [step], path: path.join('/crate', 'main.py'), region: { start: 0, end: 0 } };
    const modules = await buildCandidate(candidate, { python, token: neverCancelled, onProgress: () => {} });
    const [file] = fs.readdirSync(modules!.target).filter((f) => f.startsWith('all_kernels.'));
    for (const module of sources.keys()) fs.symlinkSync(path.join(modules!.target, file!), path.join(directory, `${module}${path.extname(file!)}`));
  }
  return { directory, refused, after };
}

export function release(built: Built): void {
  fs.rmSync(built.directory, { recursive: true, force: true });
}

/** Runs a script that may import the programs and prints a line of JSON for each thing that it found. */
export async function ask(built: Built, python: string, script: string, ...args: readonly string[]): Promise<unknown[]> {
  const file = path.join(built.directory, 'script.py');
  fs.writeFileSync(file, COMMON + script);
  const { stdout } = await promisify(execFile)(python, [file, ...args], { cwd: built.directory, maxBuffer: 1 << 26, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
  return stdout.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as unknown);
}

const COMMON = `
import importlib, json, struct, sys

def same(a, b):
    if type(a) is not type(b):
        return False
    if type(a) is float:
        return struct.pack("d", a) == struct.pack("d", b) or (a != a and b != b)
    if type(a) in (list, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b

def outcome(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__, str(error)

def load(name, kernel):
    """The program before and after, and a list that gets what the kernel returns."""
    before, after = importlib.import_module(f"before_{name}"), importlib.import_module(f"after_{name}")
    own, seen = getattr(after, kernel), []
    def counted(*args):
        seen.extend(ready := own(*args))
        return ready
    setattr(after, kernel, counted)
    return before, after, seen
`;
