import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pythonInterpreter } from '../../src/measure/interpreter';
import { profile, profileFrom } from '../../src/measure/profile';
import { parseRaw, parseSpeedscope } from '../../src/measure/profile-formats';
import { findPySpy, installPySpy } from '../../src/measure/pyspy';
import type { SampledLoop } from '../../src/measure/sampled';
import { folderOf, options } from './helpers';

const REPOSITORY = path.resolve(__dirname, '../..');

/** Loops by a stretch of text that begins at each loop's start and ends with it; with the function that holds it. */
function loopsIn(file: string, text: string, functions: Readonly<Record<string, string>>, loops: readonly (readonly [id: string, fn: string, source: string])[]): readonly SampledLoop[] {
  const find = (source: string) => {
    const start = text.indexOf(source);
    assert.ok(start >= 0, source);
    return { start, end: start + source.length };
  };
  const map = new Map<string, { id: string; name: string; start: number; length: number }>([['', { id: '', name: '', start: 0, length: text.length }]]);
  for (const [id, source] of Object.entries(functions)) {
    const { start, end } = find(source);
    map.set(id, { id, name: id, start, length: end - start });
  }
  return loops.map(([id, fn, source]) => ({ id, extent: find(source), range: find(source), verdict: 'parallel', bound: 'cpu', work: 10, fn: map.get(fn)!, module: { path: file, functions: map } }));
}

const PYTHON = `def work(n):
    t = 0
    for i in range(n):
        t += i * i % 7
    return t


def idle(n):
    for i in range(n):
        pass


def main():
    idle(10)
    out = []
    for x in range(40):
        out.append(work(60_000))
    return out


if __name__ == "__main__":
    main()
`;
const INNER = `for i in range(n):
        t += i * i % 7`;
const OUTER = `for x in range(40):
        out.append(work(60_000))`;
const IDLE = `for i in range(n):
        pass`;
const pythonLoops = (file: string) => loopsIn(file, PYTHON, {}, [['inner', '', INNER], ['outer', '', OUTER], ['idle', '', IDLE]]);

describe('profile: Python', () => {
  for (const sampler of ['py-spy', 'sampler inside the program'] as const) {
    it(`${sampler}: the loop around the hot one is as hot, the idle one is not there`, async function () {
      this.timeout(240_000);
      if (sampler === 'py-spy' && !(await findPySpy(options))) await installPySpy(options);
      const folder = folderOf({ 'app.py': PYTHON });
      const { PATH, FANOUT_CACHE } = process.env;
      try {
        const python = sampler === 'py-spy' ? options.python : await linkedPython(folder.file('bin'));
        if (sampler !== 'py-spy') {
          process.env.PATH = '/nowhere';
          process.env.FANOUT_CACHE = folder.file('cache');
        }
        const report = await profile({ command: [folder.file('app.py')], cwd: folder.path }, async (file) => (file === folder.file('app.py') ? pythonLoops(file) : []), { ...options, python });
        assert.equal(report.sampler, sampler, report.notes.join('\n'));
        const share = (id: string) => report.loops.find((loop) => loop.loop === id)?.share ?? 0;
        assert.ok(share('inner') > 0.4, JSON.stringify(report));
        assert.ok(share('outer') >= share('inner'));
        assert.ok(share('idle') < 0.05);
        assert.deepEqual(report.loops.map((loop) => loop.line).sort((a, b) => a - b).slice(0, 2), [3, 16]);
        assert.equal(report.exitCode, 0);
        assert.ok(report.lines.some((line) => line.path === folder.file('app.py') && line.line === 4));
      } finally {
        process.env.PATH = PATH;
        if (FANOUT_CACHE === undefined) delete process.env.FANOUT_CACHE;
        else process.env.FANOUT_CACHE = FANOUT_CACHE;
        folder.remove();
      }
    });
  }

  it('tells the exit code and the last words of a program that fails', async () => {
    const folder = folderOf({ 'app.py': 'import sys\nfor i in range(300000):\n    i * i\nsys.exit("no such table")\n' });
    try {
      const report = await profile({ command: [folder.file('app.py')], cwd: folder.path }, async () => [], options);
      assert.equal(report.exitCode, 1);
      assert.match(report.notes.join('\n'), /exit code 1:\n[^]*no such table/);
    } finally {
      folder.remove();
    }
  });
});

/** The interpreter under another folder, where no py-spy is beside it. */
async function linkedPython(folder: string): Promise<string> {
  const { executable } = await pythonInterpreter(options.python);
  fs.mkdirSync(folder, { recursive: true });
  fs.symlinkSync(executable, path.join(folder, 'python3'));
  return path.join(folder, 'python3');
}

const JS_BODY = `function work(n) {
  let t = 0;
  for (let i = 0; i < n; i++) t += Math.sqrt(i) % 3;
  return t;
}
function twice(xs) {
  const a = xs.map((x) => work(x));
  let b = 0;
  for (const x of xs) b += x;
  return a.length + b;
}
`;
const JS_FUNCTIONS = {
  work: JS_BODY.slice(0, JS_BODY.indexOf('function twice') - 1),
  twice: JS_BODY.slice(JS_BODY.indexOf('function twice'), -1),
};
const jsLoops = (file: string, text: string) =>
  loopsIn(file, text, JS_FUNCTIONS, [
    ['inner', 'work', 'for (let i = 0; i < n; i++) t += Math.sqrt(i) % 3;'],
    ['map', 'twice', 'xs.map((x) => work(x))'],
    ['sum', 'twice', 'for (const x of xs) b += x;'],
  ]);
const CALL = `console.log(twice(Array.from({ length: 300 }, () => 300000)));\n`;

describe('profile: Node', () => {
  for (const name of ['app.mjs', 'app.cjs', 'app.mts']) {
    it(`${name}: callees count for the loop that calls them`, async () => {
      const text = JS_BODY + CALL;
      const folder = folderOf({ [name]: text });
      try {
        fs.symlinkSync(path.join(REPOSITORY, 'node_modules'), folder.file('node_modules'), 'dir');
        const report = await profile({ command: [name], cwd: folder.path }, async (file) => (file === folder.file(name) ? jsLoops(file, text) : []), options);
        const share = (id: string) => report.loops.find((loop) => loop.loop === id)?.share ?? 0;
        assert.ok(share('inner') > 0.3, JSON.stringify(report));
        assert.ok(share('map') >= share('inner') * 0.9, JSON.stringify(report.loops));
        assert.ok(share('sum') < 0.1, JSON.stringify(report.loops));
        assert.equal(report.sampler, 'V8 CPU profiler');
      } finally {
        folder.remove();
      }
    });
  }
});

describe('profiles made before', () => {
  it('reads py-spy raw: names with spaces, folders with brackets and semicolons', () => {
    assert.deepEqual(parseRaw('main (/a/b.py:3);<lambda> (/c (x)/d;e.py:9) 17\n\nnoise\n'), [
      {
        frames: [
          { name: 'main', file: '/a/b.py', line: 3 },
          { name: '<lambda>', file: '/c (x)/d;e.py', line: 9 },
        ],
        count: 17,
      },
    ]);
  });

  it('reads speedscope', () => {
    const text = JSON.stringify({
      shared: { frames: [{ name: 'process 3' }, { name: 'f', file: '/a.py', line: 2 }] },
      profiles: [{ type: 'sampled', unit: 'seconds', samples: [[0, 1], [1]], weights: [0.01, 0.03] }],
    });
    assert.deepEqual(
      parseSpeedscope(text).map(({ frames, count }) => [frames.length, Math.round(count)]),
      [
        [1, 1],
        [1, 3],
      ],
    );
  });

  it('shares of a raw profile', async () => {
    const folder = folderOf({ 'app.py': PYTHON, 'p.txt': '' });
    try {
      const file = folder.file('app.py');
      fs.writeFileSync(folder.file('p.txt'), `main (${file}:17);work (${file}:4) 75\nmain (${file}:14);idle (${file}:9) 25\n`);
      const report = await profileFrom(folder.file('p.txt'), async (f) => pythonLoops(f), options);
      assert.deepEqual(
        report.loops.map(({ loop, share }) => [loop, share]),
        [
          ['inner', 0.75],
          ['outer', 0.75],
          ['idle', 0.25],
        ],
      );
      assert.equal(report.samples, 100);
    } finally {
      folder.remove();
    }
  });

  it('refuses what is no profile', async () => {
    const folder = folderOf({ 'a.json': '{"a": 1}', 'b.txt': 'hello', 'c.json': '{' });
    try {
      for (const name of ['a.json', 'b.txt', 'c.json']) await assert.rejects(profileFrom(folder.file(name), async () => [], options), /is no profile that can be read/);
    } finally {
      folder.remove();
    }
  });
});
