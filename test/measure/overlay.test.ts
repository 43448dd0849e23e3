import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { execute, sourceWritten, type Execution } from '../../src/measure/execute';
import { prepareCandidate } from '../../src/measure/overlay';
import { resolveProgram } from '../../src/measure/program';
import { run } from '../../src/measure/run';
import { withScratch } from '../../src/measure/scratch';
import { folderOf, options } from './helpers';

const REPOSITORY = path.resolve(__dirname, '../..');

interface Setting {
  /** What is on disk. */
  readonly disk: Readonly<Record<string, string | Buffer>>;
  /** What stands in for it. */
  readonly overlay?: Readonly<Record<string, string>>;
  /** Files that are only in the overlay. */
  readonly fresh?: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly startMethod?: string;
  readonly links?: Readonly<Record<string, string>>;
}

async function inFolder<T>(setting: Setting, work: (folder: ReturnType<typeof folderOf>) => Promise<T>): Promise<T> {
  const folder = folderOf({});
  try {
    for (const [name, text] of Object.entries(setting.disk)) {
      fs.mkdirSync(path.dirname(folder.file(name)), { recursive: true });
      fs.writeFileSync(folder.file(name), text);
    }
    for (const [name, target] of Object.entries(setting.links ?? {})) fs.symlinkSync(target, folder.file(name));
    return await work(folder);
  } finally {
    folder.remove();
  }
}

const everything = (folder: string): Record<string, string> =>
  Object.fromEntries(
    fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [file, fs.readFileSync(file, 'base64')]),
  );

/** Runs with the overlay; the folder is as it was afterwards. `{folder}` in commands and expectations is the folder. */
async function overlaid(setting: Setting, check: (execution: Execution, folder: string) => void | Promise<void>): Promise<void> {
  await inFolder(setting, (folder) =>
    withScratch(async (scratch) => {
      const before = everything(folder.path);
      const files = (texts: Readonly<Record<string, string>> = {}) => Object.entries(texts).map(([name, text]) => ({ path: folder.file(name), text }));
      const candidate = { id: 'original', texts: new Map(files(setting.overlay).map(({ path: file, text }) => [file, text])), newFiles: files(setting.fresh), path: '', region: { start: 0, end: 0 } };
      const program = { command: setting.command.map((word) => word.replace('{folder}', folder.path)), cwd: folder.path, ...(setting.env ? { env: Object.fromEntries(Object.entries(setting.env).map(([k, v]) => [k, v.replace('{folder}', folder.path)])) } : {}) };
      const prepared = await prepareCandidate(scratch, candidate, 'none', null);
      const resolved = await resolveProgram(program, options);
      const execution = await execute(scratch, resolved, { prepared, program, maxEntries: 0, startMethod: setting.startMethod ?? null, workers: null }, { timeoutMs: 60_000, token: options.token });
      assert.deepEqual(everything(folder.path), before, 'every byte is as it was');
      await check(execution, folder.path);
    }),
  );
}

const printed = (expected: string) => (execution: Execution, folder: string) => {
  assert.equal(execution.result.stderr.text, '');
  assert.equal(execution.result.stdout.text, expected.replaceAll('{folder}', folder));
};

describe('overlay: Python', () => {
  const SELF = `import sys
print(__name__, __file__, __spec__, __package__, sys.argv, sys.path[0], __doc__)
print(type(__loader__).__name__, "__cached__" in globals(), sorted(k for k in globals() if "fanout" in k))
print(sys.flags.optimize, [h for h in sys.path_hooks if "fanout" in repr(h)], "sitecustomize" in sys.modules)
`;
  for (const [title, command, links] of [
    ['by name', ['python', 'app.py', 'a', 'b']],
    ['by absolute path', ['python', '-O', '{folder}/app.py']],
    ['through a symbolic link', ['python', 'link.py'], { 'link.py': 'app.py' }],
    ['without a folder on the path', ['python', '-u', './app.py']],
  ] as const) {
    it(`a script ${title} sees itself as without it`, async () => {
      await overlaid({ disk: { 'app.py': 'raise SystemExit("the file on disk ran")\n' }, overlay: { 'app.py': SELF }, command, ...(links ? { links } : {}) }, async ({ result }, folder) => {
        fs.writeFileSync(path.join(folder, 'app.py'), SELF);
        const resolved = await resolveProgram({ command: command.map((word) => word.replace('{folder}', folder)), cwd: folder }, options);
        const plain = await run({ command: resolved.command, cwd: folder, env: process.env, timeoutMs: 60_000, token: options.token });
        assert.equal(result.stderr.text, plain.stderr.text);
        assert.equal(result.stdout.text, plain.stdout.text);
      });
    });
  }

  it('an exception of the script reads as without it', async () => {
    const text = 'def f():\n    raise ValueError("x")\n\n\nf()\n';
    await overlaid({ disk: { 'app.py': text }, overlay: { 'app.py': text }, command: ['python', 'app.py'] }, async ({ result }, folder) => {
      const resolved = await resolveProgram({ command: ['python', 'app.py'], cwd: folder }, options);
      const plain = await run({ command: resolved.command, cwd: folder, env: process.env, timeoutMs: 60_000, token: options.token });
      assert.equal(result.stderr.text, plain.stderr.text);
      assert.equal(result.exitCode, 1);
    });
  });

  const cases: readonly (readonly [string, Setting, string])[] = [
    ['an imported module', { disk: { 'app.py': 'import m\nprint(m.x, m.__file__)\n', 'm.py': 'x = 1\n' }, overlay: { 'm.py': 'x = 2\n' }, command: ['app.py'] }, '2 {folder}/m.py\n'],
    ['a package and a module of it', { disk: { 'app.py': 'import p.m\nprint(p.x, p.m.y)\n', 'p/__init__.py': 'x = 1\n', 'p/m.py': 'y = 1\n' }, overlay: { 'p/__init__.py': 'x = 2\n', 'p/m.py': 'y = 2\n' }, command: ['app.py'] }, '2 2\n'],
    ['python -m module', { disk: { 'm.py': 'print(1)\n' }, overlay: { 'm.py': 'print(2, __name__, __spec__.name)\n' }, command: ['python', '-m', 'm'] }, '2 __main__ m\n'],
    ['python -m package', { disk: { 'p/__init__.py': '', 'p/__main__.py': 'print(1)\n' }, overlay: { 'p/__main__.py': 'print(2)\n' }, command: ['python', '-m', 'p'] }, '2\n'],
    ['python folder', { disk: { 'd/__main__.py': 'print(1)\n' }, overlay: { 'd/__main__.py': 'print(2)\n' }, command: ['python', 'd'] }, '2\n'],
    ['runpy.run_path', { disk: { 'app.py': 'import runpy\nrunpy.run_path("m.py", run_name="them")\n', 'm.py': 'print(1)\n' }, overlay: { 'm.py': 'print(2, __name__)\n' }, command: ['app.py'] }, '2 them\n'],
    ['a child process', { disk: { 'app.py': 'import subprocess, sys\nsubprocess.run([sys.executable, "m.py"])\n', 'm.py': 'print(1)\n' }, overlay: { 'm.py': 'print(2)\n' }, command: ['app.py'] }, '2\n'],
    ['a module that is only in the overlay', { disk: { 'app.py': 'import helper, p.more\nprint(helper.x, p.more.__file__)\n', 'p/__init__.py': '' }, fresh: { 'helper.py': 'x = 2\n', 'p/more.py': '' }, command: ['app.py'] }, '2 {folder}/p/more.py\n'],
    ['source with a byte order mark and CRLF', { disk: { 'app.py': 'print(1)\n' }, overlay: { 'app.py': '\uFEFFx = "ä"\r\nprint(2, x,\r\n  """a\r\nb""".split())\r\n' }, env: { PYTHONIOENCODING: 'utf-8' }, command: ['app.py'] }, "2 ä ['a', 'b']\n"],
    ['a declared encoding', { disk: { 'app.py': Buffer.from('# -*- coding: latin-1 -*-\nprint("caf\u00e9")\n', 'latin1') }, overlay: { 'app.py': '# -*- coding: latin-1 -*-\nprint("th\u00e9", len("th\u00e9"))\n' }, env: { PYTHONIOENCODING: 'utf-8' }, command: ['app.py'] }, 'thé 3\n'],
    ['future statements of the importing code are not inherited', { disk: { 'app.py': 'from __future__ import annotations\nimport m\n', 'm.py': '' }, overlay: { 'm.py': 'def f(x: 1 + 1): pass\nprint(f.__annotations__)\n' }, command: ['app.py'] }, "{'x': 2}\n"],
    ['a snippet compiled under the file’s name stays a snippet', { disk: { 'app.py': '' }, overlay: { 'app.py': 'exec(compile("print(7)", __file__, "exec"))\n' }, command: ['app.py'] }, '7\n'],
    ['ast.parse of the file (as pytest rewrites assertions)', { disk: { 'app.py': 'import ast\ntext = open("m.py").read()\nexec(compile(ast.parse(text, filename="m.py"), "m.py", "exec"))\n', 'm.py': 'print(1)\n' }, overlay: { 'm.py': 'print(2)\n' }, command: ['app.py'] }, '2\n'],
    ["the user's own sitecustomize", { disk: { 'app.py': 'import builtins, sitecustomize\nprint(builtins.mine, sitecustomize.__file__)\n', 'own/sitecustomize.py': 'import builtins\nbuiltins.mine = 5\n' }, overlay: { 'app.py': 'import builtins, sitecustomize\nprint(builtins.mine + 1, sitecustomize.__file__)\n' }, env: { PYTHONPATH: '{folder}/own' }, command: ['app.py'] }, '6 {folder}/own/sitecustomize.py\n'],
  ];
  for (const [title, setting, expected] of cases) it(title, () => overlaid(setting, printed(expected)));

  const WORKERS = `import multiprocessing
from m import also


def work(x):
    return x * 10 + also()


if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        print(multiprocessing.get_start_method(), pool.map(work, [1, 2]))
`;
  for (const method of ['fork', 'spawn', 'forkserver']) {
    it(`workers started by ${method}`, () =>
      overlaid(
        { disk: { 'app.py': 'print("disk")\n', 'm.py': 'also = None\n' }, overlay: { 'app.py': WORKERS, 'm.py': 'def also():\n    return 5\n' }, startMethod: method, command: ['app.py'] },
        printed(`${method} [15, 25]\n`),
      ));
  }

  for (const [title, statement] of [
    ['open', 'open(__file__, "a").write("# more")'],
    ['pathlib', 'import pathlib; pathlib.Path(__file__).write_text("")'],
    ['os.open', 'import os; os.write(os.open(__file__, os.O_WRONLY), b"x")'],
    ['os.replace', 'import os; open("new", "w").close(); os.replace("new", __file__)'],
    ['os.remove', 'import os; os.remove(__file__)'],
    ['truncate', 'import os; os.truncate(__file__, 0)'],
    ['an imported module', 'import m; open(m.__file__, "w")'],
  ] as const) {
    it(`a program that changes its own source is stopped: ${title}`, async () => {
      const text = `${statement}\n`;
      await inFolder({ disk: { 'app.py': text, 'm.py': 'x = 1\n' }, command: [] }, (folder) =>
        withScratch(async (scratch) => {
          const program = { command: ['app.py'], cwd: folder.path };
          const prepared = await prepareCandidate(scratch, { id: 'original', texts: new Map([[folder.file('app.py'), text]]), newFiles: [], path: '', region: { start: 0, end: 0 } }, 'none', null);
          const execution = await execute(scratch, await resolveProgram(program, options), { prepared, program, maxEntries: 0, startMethod: null, workers: null }, { timeoutMs: 60_000, token: options.token });
          assert.equal(fs.readFileSync(folder.file('app.py'), 'utf8'), text);
          assert.equal(fs.readFileSync(folder.file('m.py'), 'utf8'), 'x = 1\n');
          assert.notEqual(execution.result.exitCode, 0);
          assert.match(execution.result.stderr.text!, /PermissionError.*change its own source/);
          assert.match(sourceWritten(execution.events)!, title === 'an imported module' ? /m\.py$/ : /app\.py$/);
        }),
      );
    });
  }
});

describe('overlay: Node', () => {
  const LINK = { 'node_modules': path.join(REPOSITORY, 'node_modules') };
  const cases: readonly (readonly [string, Setting, string])[] = [
    ['an ES module as the program', { disk: { 'app.mjs': 'console.log(1)\n' }, overlay: { 'app.mjs': 'console.log(2, import.meta.url)\n' }, command: ['app.mjs'] }, '2 file://{folder}/app.mjs\n'],
    ['CommonJS as the program', { disk: { 'app.js': 'console.log(1)\n' }, overlay: { 'app.js': 'console.log(2, __filename, require.main === module)\n' }, command: ['app.js'] }, '2 {folder}/app.js true\n'],
    ['ES module in a package of type module', { disk: { 'package.json': '{"type":"module"}', 'app.js': 'import "./m.js";\n', 'm.js': '' }, overlay: { 'm.js': 'console.log(2, typeof require);\n' }, command: ['app.js'] }, '2 undefined\n'],
    ['require of CommonJS', { disk: { 'app.js': "console.log(require('./m').x)\n", 'm.js': 'exports.x = 1\n' }, overlay: { 'm.js': 'exports.x = 2\n' }, command: ['app.js'] }, '2\n'],
    ['import of CommonJS, its names found', { disk: { 'app.mjs': "import { x } from './m.cjs'; console.log(x)\n", 'm.cjs': '' }, overlay: { 'm.cjs': 'exports.x = 2\n' }, command: ['app.mjs'] }, '2\n'],
    ['a dynamic import', { disk: { 'app.js': "import('./m.mjs').then((m) => console.log(m.x))\n", 'm.mjs': 'export const x = 1\n' }, overlay: { 'm.mjs': 'export const x = 2\n' }, command: ['app.js'] }, '2\n'],
    ['a new ES module', { disk: { 'app.mjs': '' }, overlay: { 'app.mjs': "import { x } from './sub/new.mjs'; console.log(x)\n" }, fresh: { 'sub/new.mjs': 'export const x = 2\n' }, command: ['app.mjs'] }, '2\n'],
    ['a new CommonJS module, without its ending', { disk: { 'app.js': '' }, overlay: { 'app.js': "console.log(require('./new').x, require.resolve('./new'))\n" }, fresh: { 'new.js': 'exports.x = 2\n' }, command: ['app.js'] }, '2 {folder}/new.js\n'],
    ['a child process', { disk: { 'app.js': "require('child_process').fork(__dirname + '/m.js')\n", 'm.js': 'console.log(1)\n' }, overlay: { 'm.js': 'console.log(2)\n' }, command: ['app.js'] }, '2\n'],
    ['a worker thread and its imports', { disk: { 'app.mjs': "import { Worker } from 'worker_threads'; new Worker(new URL('./w.mjs', import.meta.url))\n", 'w.mjs': '', 'm.mjs': '' }, overlay: { 'w.mjs': "import { x } from './m.mjs'; console.log(x)\n", 'm.mjs': 'export const x = 2\n' }, command: ['app.mjs'] }, '2\n'],
    ['a worker thread with options of its own', { disk: { 'app.mjs': "import { Worker } from 'worker_threads'; new Worker(new URL('./w.cjs', import.meta.url), { execArgv: [], env: { A: '1' } })\n", 'w.cjs': 'console.log(1)\n' }, overlay: { 'w.cjs': 'console.log(2)\n' }, command: ['app.mjs'] }, '2\n'],
    ['TypeScript through tsx, CommonJS', { disk: { 'app.ts': "import { x } from './m'; console.log(x as number)\n", 'm.ts': '' }, overlay: { 'm.ts': 'export const x: number = 2\n' }, links: LINK, command: ['app.ts'] }, '2\n'],
    ['TypeScript through tsx, ES modules', { disk: { 'package.json': '{"type":"module"}', 'app.ts': "import { x } from './m.js'; console.log(x as number)\n", 'm.ts': '' }, overlay: { 'm.ts': "import { y } from './new.js'; export const x: number = y\n" }, fresh: { 'new.ts': 'export const y: number = 2\n' }, links: LINK, command: ['app.ts'] }, '2\n'],
    ['the tsx command', { disk: { 'app.ts': '' }, overlay: { 'app.ts': 'const x: number = 2; console.log(x)\n' }, links: LINK, command: ['tsx', 'app.ts'] }, '2\n'],
    ['an npm script', { disk: { 'package.json': '{"scripts":{"start":"node app.js"}}', 'app.js': 'console.log(1)\n' }, overlay: { 'app.js': 'console.log(2)\n' }, command: ['npm', '--silent', 'start'] }, '2\n'],
    ['NODE_OPTIONS of the person', { disk: { 'app.js': '', 'pre.cjs': 'globalThis.pre = 3\n' }, overlay: { 'app.js': 'console.log(globalThis.pre)\n' }, env: { NODE_OPTIONS: '--require {folder}/pre.cjs' }, command: ['app.js'] }, '3\n'],
  ];
  for (const [title, setting, expected] of cases) {
    it(title, () =>
      overlaid(setting, (execution, folder) => {
        assert.equal(execution.result.stdout.text, expected.replaceAll('{folder}', folder), execution.result.stderr.tail);
      }));
  }

  for (const [title, statement] of [
    ['writeFileSync', 'fs.writeFileSync(__filename, "")'],
    ['appendFile', 'fs.appendFile(__filename, "x", (e) => { if (e) throw e; })'],
    ['promises', 'fs.promises.writeFile(__filename, "")'],
    ['openSync', 'fs.openSync(__filename, "r+")'],
    ['rename', 'fs.writeFileSync(__dirname + "/new", ""); fs.renameSync(__dirname + "/new", __filename)'],
    ['unlink', 'fs.unlinkSync(__filename)'],
    ['a stream', 'fs.createWriteStream(__filename)'],
    ['a module that was loaded', 'fs.writeFileSync(require.resolve("./m"), "")'],
  ] as const) {
    it(`a program that changes its own source is stopped: ${title}`, async () => {
      const text = `const fs = require('fs');\nrequire('./m');\n${statement};\n`;
      await inFolder({ disk: { 'app.js': text, 'm.js': 'exports.x = 1\n' }, command: [] }, (folder) =>
        withScratch(async (scratch) => {
          const program = { command: ['app.js'], cwd: folder.path };
          const prepared = await prepareCandidate(scratch, { id: 'original', texts: new Map([[folder.file('app.js'), text]]), newFiles: [], path: '', region: { start: 0, end: 0 } }, 'none', null);
          const execution = await execute(scratch, await resolveProgram(program, options), { prepared, program, maxEntries: 0, startMethod: null, workers: null }, { timeoutMs: 60_000, token: options.token });
          assert.equal(fs.readFileSync(folder.file('app.js'), 'utf8'), text);
          assert.equal(fs.readFileSync(folder.file('m.js'), 'utf8'), 'exports.x = 1\n');
          assert.notEqual(execution.result.exitCode, 0);
          assert.match(execution.result.stderr.text!, /EACCES.*change its own source/);
          assert.ok(sourceWritten(execution.events));
        }),
      );
    });
  }
});
