/** The same for native modules: built as the note says, the package must find what was built beside its own module. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { findToolchains } from '../../../scripts/setup-python.mjs';
import { pythonCExtension } from '../../../src/strategies/python/c-extension';
import { pythonCython } from '../../../src/strategies/python/cython';
import { pythonMojo } from '../../../src/strategies/python/mojo';
import { pythonNumba } from '../../../src/strategies/python/numba';
import { pythonPyO3 } from '../../../src/strategies/python/pyo3';
import { release, rewriteLoop, run, writeProgram } from '../python-process-pool/support';

const SIZES = 'WIDTH = 6\nHEIGHT = 8\n';
const RENDER = 'def light(y: int, width: int) -> float:\n    total = 0.0\n    for x in range(width):\n        total += x * 0.5 / (y + 1)\n    return total\n\n\ndef render(width: int, height: int):\n    rows = []\n    for y in range(height):\n        rows.append(light(y, width))\n    return rows\n';
const MAIN = '\n\nif __name__ == "__main__":\n    print(render(WIDTH, HEIGHT))\n';
const LOOP = 'for y in range(height)';

interface Layout {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly file: string;
  readonly args: readonly string[];
  /** How the module is imported. */
  readonly imported: RegExp;
}

const LAYOUTS: readonly Layout[] = [
  {
    title: 'a package',
    files: { 'pkg/__init__.py': '', 'pkg/sizes.py': SIZES, 'pkg/main.py': `from .sizes import HEIGHT, WIDTH\n\n\n${RENDER}${MAIN}` },
    file: 'pkg/main.py',
    args: ['-m', 'pkg.main'],
    imported: /^from \.render_kernel import \w+$/m,
  },
  {
    title: 'a package without __init__.py',
    files: { 'pkg/sizes.py': SIZES, 'pkg/main.py': `from .sizes import HEIGHT, WIDTH\n\n\n${RENDER}${MAIN}` },
    file: 'pkg/main.py',
    args: ['-m', 'pkg.main'],
    imported: /^from \.render_kernel import \w+$/m,
  },
  {
    title: 'a script that has an __init__.py beside it',
    files: { 'app/__init__.py': '', 'app/sizes.py': SIZES, 'app/main.py': `from sizes import HEIGHT, WIDTH\n\n\n${RENDER}${MAIN}` },
    file: 'app/main.py',
    args: ['app/main.py'],
    imported: /^from render_kernel import \w+$/m,
  },
];

const tools = (): { readonly path: string | null; readonly why: string | null } => findToolchains().tools;
/** The same where there is a C compiler. */
const compiled = (): ReturnType<typeof tools> => (findToolchains().compiler.path === null ? findToolchains().compiler : tools());

/** `command`: what a person types in the folder of the changed file. */
const WAYS = [
  { strategy: pythonCExtension, python: compiled, layouts: LAYOUTS, command: ['{python}', 'setup_render_kernel.py', 'build_ext', '--inplace'] },
  { strategy: pythonCython, python: compiled, layouts: LAYOUTS.slice(0, 1), command: ['{python}', 'setup_render_kernel.py', 'build_ext', '--inplace'] },
  { strategy: pythonNumba, python: tools, layouts: LAYOUTS.slice(0, 1), command: null },
];

for (const { strategy, python, command, layouts } of WAYS) {
  describe(`${strategy.meta.id}: in a package`, function () {
    this.timeout(180_000);
    for (const { title, files, file, args, imported } of layouts) {
      it(`${title} (python ${args.join(' ')})`, async function () {
        const { path: interpreter, why } = python();
        if (interpreter === null) {
          this.test!.title += ` (skipped: ${why})`;
          return this.skip();
        }
        const program = writeProgram(files, file);
        try {
          const original = await run(program, null, interpreter, ...args);
          assert.equal(original.exception, null);
          const { after, fits, rewrite } = await rewriteLoop(program, LOOP, {}, strategy);
          assert.ok(fits.ok, fits.ok ? '' : fits.why);
          assert.match(after!, imported);
          fs.writeFileSync(program.file, after!);
          for (const added of rewrite!.newFiles) fs.writeFileSync(added.path, added.text);
          if (command) {
            const [first, ...rest] = command.map((word) => word.replace('{python}', interpreter));
            await promisify(execFile)(first!, rest, { cwd: path.dirname(program.file) });
          }
          assert.deepEqual(await run(program, null, interpreter, ...args), original);
        } finally {
          release(program);
        }
      });
    }
  });
}

describe('native modules in a package: what is told', () => {
  const rows = [
    { strategy: pythonCExtension, imported: /^from \.render_kernel import/m, told: true },
    { strategy: pythonMojo, imported: /^from \.render_kernel import/m, told: true },
    // What maturin installs lies in no package.
    { strategy: pythonPyO3, imported: /^from render_kernel import/m, told: false },
  ];
  for (const { strategy, imported, told } of rows) {
    it(strategy.meta.id, async () => {
      const { files, file } = LAYOUTS[0]!;
      const program = writeProgram(files, file);
      try {
        const { after, rewrite } = await rewriteLoop(program, LOOP, {}, strategy);
        assert.match(after!, imported);
        assert.equal(rewrite!.notes.some((note) => note.startsWith('Build it in the folder of main.py')), told);
      } finally {
        release(program);
      }
    });
  }
});
