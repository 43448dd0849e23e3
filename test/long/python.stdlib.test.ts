/** The front end on the whole standard library of the Python at hand: no crash, no problem, every node in its place, names as Python sees them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Expr, FunctionIR, Stmt, Target } from '../../src/ir/ir';
import { walkFunction } from '../../src/ir/walk';
import { createPythonFrontend } from '../../src/languages/python/frontend';

const SKIPPED = new Set(['test', 'tests', 'idle_test', '__pycache__', 'site-packages', 'lib2to3']);

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* sources(path);
    else if (entry.isFile() && entry.name.endsWith('.py')) yield path;
  }
}

/** Prints, for each file, the local and free names of its functions as Python's own compiler tells them. */
const SYMBOLS = `
import json, sys, symtable
COMPREHENSIONS = {'listcomp', 'setcomp', 'dictcomp', 'genexpr'}
def functions(table, out):
    for child in table.get_children():
        if child.get_type() == 'function' and child.get_name() not in COMPREHENSIONS:
            names = [s for s in child.get_symbols() if s.get_name() not in ('.0', '__class__')]
            out.append([child.get_name(), sorted(s.get_name() for s in names if s.is_local()), sorted(s.get_name() for s in names if s.is_free())])
        functions(child, out)
    return out
for path in json.load(sys.stdin):
    with open(path, encoding='utf-8') as file:
        print(json.dumps(functions(symtable.symtable(file.read(), path, 'exec'), [])))
`;

/** Private names as Python writes them into its tables. */
const unmangled = (name: string): string => name.replace(/^_[A-Za-z0-9]\w*?(__\w*[A-Za-z0-9]_?)$/, '$1');

function namesOf(fn: FunctionIR): string {
  const own = [...fn.variables.keys()].filter((id) => id.startsWith(`${fn.id}/`) && !id.includes('#', fn.id.length));
  const free = new Set([...fn.free].filter((id) => !id.startsWith('/') && !id.startsWith('builtin/')).map((id) => id.replace(/^.*\//, '').replace(/#\d+$/, '')));
  const name = fn.kind === 'lambda' ? 'lambda' : fn.name;
  return JSON.stringify([name, own.map((id) => id.slice(fn.id.length + 1)).sort(), [...free].sort()]);
}

describe('Python front end on the standard library', function () {
  this.timeout(600_000);
  const found = spawnSync('python3', ['-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))'], { encoding: 'utf8' });
  if (found.status !== 0 || found.stdout.trim() === '') {
    it('reads every file (pending: there is no python3)');
    return;
  }
  const files = [...sources(found.stdout.trim())];

  it(`reads ${files.length} files: no problems, every node inside its function, every name where it says`, async () => {
    const frontend = await createPythonFrontend();
    const wrong: string[] = [];
    const read = new Map<string, FunctionIR[]>();
    for (const path of files) {
      const text = readFileSync(path, 'utf8');
      const module = frontend.lower(path, text);
      for (const problem of module.problems) wrong.push(`${path}:${problem.start}: ${problem.message}`);
      for (const fn of module.functions.values()) {
        const check = (node: Expr | Target | Stmt): void => {
          const { start, end } = node.span;
          const inside = start >= 0 && start <= end && end <= fn.length;
          const named = node.type !== 'name' || (node.variable !== '' && text.slice(fn.start + start, fn.start + end) === node.name);
          if (!inside || !named || node.type === 'opaque') wrong.push(`${path}: ${fn.id}: ${JSON.stringify(node)}`);
        };
        walkFunction(fn, { expr: check, target: check, stmt: check });
      }
      read.set(path, [...module.functions.values()].filter((fn) => fn.kind !== 'module'));
    }
    assert.deepEqual(wrong, []);

    const symbols = spawnSync('python3', ['-W', 'ignore', '-c', SYMBOLS], { input: JSON.stringify(files), encoding: 'utf8', maxBuffer: 1 << 28 });
    assert.equal(symbols.status, 0, symbols.stderr);
    const different: string[] = [];
    let functions = 0;
    symbols.stdout
      .trim()
      .split('\n')
      .forEach((line, at) => {
        const python = (JSON.parse(line) as [string, string[], string[]][]).map(([name, local, free]) =>
          JSON.stringify([name, local.map(unmangled).sort(), free.map(unmangled).sort()]),
        );
        const ours = read.get(files[at]!)!.map(namesOf).map((names) => JSON.stringify((JSON.parse(names) as [string, string[], string[]]).map((part) => (typeof part === 'string' ? part : part.map(unmangled).sort()))));
        functions += ours.length;
        const left = [...python];
        for (const names of ours) {
          const same = left.indexOf(names);
          if (same < 0) different.push(`${files[at]}: ${names}`);
          else left.splice(same, 1);
        }
        for (const names of left) different.push(`${files[at]}: Python has ${names}`);
      });
    assert.ok(functions > 10_000);
    // `nonlocal a` with no use of `a` (types.py) is free to Python and nothing to us.
    assert.deepEqual(
      different.filter((line) => !/types\.py: (Python has )?\["f",/.test(line)),
      [],
    );
  });
});
