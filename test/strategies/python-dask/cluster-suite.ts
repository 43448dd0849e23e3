/** What the tests of Dask and Ray share: rewrites as files to read, and refusals as a table. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Strategy } from '../../../src/strategies/types';
import { interpreters, release, rewriteLoop, writeProgram } from '../python-process-pool/support';

/** The loops of `python/process-pool`, by `NAME` or `NAME:VARIANT`, and how each begins. */
const SOURCES = path.join(__dirname, '..', 'python-process-pool', 'fixtures');
const STARTS = JSON.parse(fs.readFileSync(path.join(SOURCES, 'cases.json'), 'utf8')) as Record<string, string>;

export interface ClusterSuite {
  readonly strategy: Strategy;
  /** Folder of the tests: `expected/` in it has the rewrites. */
  readonly folder: string;
  /** Loops of the process pool's fixtures. */
  readonly loops: readonly string[];
}

export const sourceOf = (name: string): string => fs.readFileSync(path.join(SOURCES, name.split(':')[0]!, 'input.py'), 'utf8');
export const expectedFile = (suite: ClusterSuite, name: string): string => path.join(suite.folder, 'expected', `${name.replace(':', '-')}.py`);

/** `expected/NAME.py` says how each loop reads afterwards. Set UPDATE_FIXTURES to write the files anew, then read them. */
export function describeTexts(suite: ClusterSuite): void {
  const { id } = suite.strategy.meta;
  describe(`${id}: rewrites`, function () {
    this.timeout(120_000);
    for (const name of suite.loops) {
      it(name, async () => {
        const program = writeProgram({ 'main.py': sourceOf(name) }, 'main.py');
        try {
          const { fits, after, region, rewrite } = await rewriteLoop(program, STARTS[name]!, {}, suite.strategy);
          assert.ok(fits.ok, fits.ok ? '' : fits.why);
          if (process.env.UPDATE_FIXTURES) fs.writeFileSync(expectedFile(suite, name), after!);
          assert.equal(after, fs.readFileSync(expectedFile(suite, name), 'utf8'));
          assert.match(region!, /^\S[^]*_map_in_batches\([^]*\S$/);
          assert.equal(rewrite!.dependencies.length, 1);
        } finally {
          release(program);
        }
      });
    }

    it('has no file without a loop', () => {
      assert.deepEqual(fs.readdirSync(path.join(suite.folder, 'expected')).sort(), suite.loops.map((n) => path.basename(expectedFile(suite, n))).sort());
    });

    it('is Python of every version from 3.9', () => {
      const program = 'import ast, sys\nfor path in sys.argv[1:]:\n    with open(path, "rb") as f:\n        ast.parse(f.read(), path)\n';
      for (const { python } of interpreters()) execFileSync(python, ['-c', program, ...suite.loops.map((name) => expectedFile(suite, name))]);
    });
  });

  const file = `docs/strategies/${id.replace('/', '-')}.md`;
  it(`${file} shows the rewrite as it is`, async () => {
    const page = fs.readFileSync(file, 'utf8');
    const [before, after] = examplesOf(suite);
    const program = writeProgram({ 'main.py': before }, 'main.py');
    try {
      const rewritten = (await rewriteLoop(program, 'for y in range', {}, suite.strategy)).after!;
      if (process.env.UPDATE_FIXTURES) fs.writeFileSync(file, page.replace(after, () => rewritten));
      else assert.equal(rewritten, after);
    } finally {
      release(program);
    }
  });
}

/** The page's example, before and after. */
export function examplesOf(suite: ClusterSuite): [before: string, after: string] {
  const page = fs.readFileSync(`docs/strategies/${suite.strategy.meta.id.replace('/', '-')}.md`, 'utf8');
  const [before, after] = [...page.matchAll(/```python\n([^]*?)```/g)].map((m) => m[1]!);
  return [before!, after!];
}

export interface Refused {
  readonly name: string;
  readonly source: string;
  /** How the loop begins. */
  readonly loop: string;
  readonly why: RegExp;
  readonly remedy?: RegExp;
}

export function describeRefused(strategy: Strategy, refused: readonly Refused[]): void {
  describe(`${strategy.meta.id}: refusals`, () => {
    for (const { name, source, loop, why, remedy } of refused) {
      it(name, async () => {
        const program = writeProgram({ 'main.py': source }, 'main.py');
        try {
          const { fits } = await rewriteLoop(program, loop, {}, strategy);
          assert.equal(fits.ok, false);
          if (fits.ok) return;
          assert.match(fits.why, why);
          if (remedy) assert.match(fits.remedy ?? '', remedy);
        } finally {
          release(program);
        }
      });
    }
  });
}

/** What no cluster takes. */
export const REFUSED: readonly Refused[] = [
  {
    name: 'a captured lock',
    source: 'import threading\ndef f(xs):\n    lock = threading.Lock()\n    out = []\n    for x in xs:\n        with lock:\n            out.append(x * 2)\n    return out\n',
    loop: 'for x in',
    why: /`lock` \(line 6\) is a lock, which cannot be sent to another process/,
  },
  {
    name: 'a global that is assigned later, read by a callee',
    source: 'scale = 1\ndef g(x):\n    return x * scale\ndef set_scale(v):\n    global scale\n    scale = v\ndef f(xs):\n    out = []\n    for x in xs:\n        out.append(g(x))\n    return out\n',
    loop: 'for x in',
    why: /`g` reads the global `scale`, which is assigned on line 6/,
  },
  {
    name: 'the item itself, returned by a callee',
    source: 'def touch(n):\n    if n.v > 3:\n        return n\n    return n\ndef f(nodes):\n    out = []\n    for n in nodes:\n        out.append(touch(n))\n    return out\n',
    loop: 'for n in',
    why: /`touch\(n\)` on line 8 may be `n` itself/,
  },
  { name: 'hash()', source: 'def f(xs):\n    return [hash(x) for x in xs]\n', loop: '[hash', why: /hash\(\), whose result differs from process to process/ },
  { name: 'a loop in an async function', source: 'async def f(xs):\n    out = []\n    for x in xs:\n        out.append(x * 2)\n    return out\n', loop: 'for x in', why: /async function/ },
  {
    name: 'a small loop inside another',
    source: 'def f(rows):\n    out = []\n    for row in rows:\n        part = []\n        for x in row:\n            part.append(x * 2)\n        out.append(part)\n    return out\n',
    loop: 'for x in row',
    why: /too small for a pool of its own: another loop runs it again and again/,
  },
];

/** Told beside the rewrite when workers elsewhere need files of the program. */
export function describeNotes(strategy: Strategy): void {
  describe(`${strategy.meta.id}: notes`, () => {
    const source = (line: string): string => `${line}\n\n\ndef f(xs):\n    return [x * 2.5 for x in xs]\n`;
    const rows: [title: string, files: Readonly<Record<string, string>>, told: boolean][] = [
      ['a script that is alone', { 'main.py': source('import math') }, false],
      ['a script that imports its neighbour', { 'main.py': source('import shades'), 'shades.py': '' }, true],
      ['a module of a package with a relative import', { 'main.py': source('from .shades import dark'), 'shades.py': 'dark = 1\n' }, true],
      ['a module that a script imports', { 'main.py': source(''), 'app.py': 'from main import f\nif __name__ == "__main__":\n    print(f([1]))\n' }, true],
    ];
    for (const [title, files, told] of rows) {
      it(`${title}: ${told ? 'workers of another machine need its modules' : 'nothing'}`, async () => {
        const program = writeProgram(files, 'main.py');
        try {
          const { rewrite } = await rewriteLoop(program, '[x * 2.5', {}, strategy);
          assert.equal(rewrite!.notes.some((note) => /must be able to import the modules of this program/.test(note)), told);
        } finally {
          release(program);
        }
      });
    }
  });
}
