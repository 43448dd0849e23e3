import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { interpreters, release, rewriteLoop, run, writeProgram } from './support';

/**
 * `fixtures/NAME/input.py` becomes `expected.py` (or `VARIANT.py`, for another loop of the same file). `cases.json` tells how each loop
 * begins. Set UPDATE_FIXTURES to write the files anew, then read them: they are the specification of how a rewrite looks.
 */
const FIXTURES = path.join(__dirname, 'fixtures');
const cases = Object.entries(JSON.parse(fs.readFileSync(path.join(FIXTURES, 'cases.json'), 'utf8')) as Record<string, string>);

function expectedFile(name: string): string {
  const [folder, variant] = name.split(':') as [string, string?];
  return path.join(FIXTURES, folder, variant ? `${variant}.py` : 'expected.py');
}

const inputOf = (name: string): string => fs.readFileSync(path.join(FIXTURES, name.split(':')[0]!, 'input.py'), 'utf8');

describe('python/process-pool: rewrites', function () {
  this.timeout(300_000);

  for (const [name, start] of cases) {
    it(name, async () => {
      const program = writeProgram({ 'main.py': inputOf(name) }, 'main.py');
      try {
        const { fits, after, region } = await rewriteLoop(program, start);
        assert.ok(fits.ok, fits.ok ? '' : fits.why);
        if (process.env.UPDATE_FIXTURES) fs.writeFileSync(expectedFile(name), after!);
        assert.equal(after, fs.readFileSync(expectedFile(name), 'utf8'));
        // The region is whole statements: it begins and ends with them, and holds the pool.
        assert.match(region!, /^\S/);
        assert.match(region!, /\S$/);
        assert.match(region!, /ProcessPoolExecutor\(/);
        assert.equal(region!.split('ProcessPoolExecutor(').length, 2);
      } finally {
        release(program);
      }
    });
  }

  it('has a case for every file, and a file for every case', () => {
    const files = fs
      .readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('.py') && !f.endsWith('input.py'))
      .map((f) => path.join(FIXTURES, f));
    assert.deepEqual(files.sort(), cases.map(([name]) => expectedFile(name)).sort());
  });

  it('is Python of every version from 3.9', () => {
    const program = 'import ast, sys\nfor path in sys.argv[1:]:\n    with open(path, "rb") as f:\n        ast.parse(f.read(), path)\n';
    for (const { python } of interpreters()) execFileSync(python, ['-c', program, ...cases.map(([name]) => expectedFile(name))]);
  });
});

describe('python/process-pool: results of the rewrites', function () {
  this.timeout(600_000);
  for (const [name] of cases) {
    it(`${name} prints the same under fork and spawn`, async () => {
      const program = writeProgram({ 'main.py': inputOf(name) }, 'main.py');
      try {
        const original = await run(program, null);
        assert.equal(original.exception, null);
        fs.writeFileSync(program.file, fs.readFileSync(expectedFile(name)));
        const runs = await Promise.all([run(program, 'fork'), run(program, 'spawn')]);
        for (const rewritten of runs) assert.deepEqual(rewritten, original);
      } finally {
        release(program);
      }
    });
  }
});
