import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pythonAsyncio } from '../../../src/strategies/python/asyncio';
import { interpreters, release, rewriteLoop, run, writeProgram } from '../python-process-pool/support';

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

describe('python/asyncio: rewrites', function () {
  this.timeout(120_000);

  for (const [name, start] of cases) {
    it(name, async () => {
      const program = writeProgram({ 'main.py': inputOf(name) }, 'main.py');
      try {
        const { fits, after, region } = await rewriteLoop(program, start, {}, pythonAsyncio);
        assert.ok(fits.ok, fits.ok ? '' : fits.why);
        if (process.env.UPDATE_FIXTURES) fs.writeFileSync(expectedFile(name), after!);
        assert.equal(after, fs.readFileSync(expectedFile(name), 'utf8'));
        // The region is whole statements: it begins and ends with them, and holds the call that waits.
        assert.match(region!, /^\S/);
        assert.match(region!, /\S$/);
        assert.equal(region!.split(/\b_gather_(?:in_threads|limited)\w*\(/).length, 2);
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

describe('python/asyncio: results of the rewrites', function () {
  this.timeout(120_000);
  const texts = new Map<string, string[]>();
  for (const [name] of cases) texts.set(name.split(':')[0]!, [...(texts.get(name.split(':')[0]!) ?? []), expectedFile(name)]);

  for (const [folder, files] of texts) {
    it(`${folder} prints the same`, async () => {
      const program = (text: string) => writeProgram({ 'main.py': text }, 'main.py');
      const programs = [inputOf(folder), ...files.map((file) => fs.readFileSync(file, 'utf8'))].map(program);
      try {
        const [original, ...rewritten] = await Promise.all(programs.map((p) => run(p, null)));
        assert.equal(original!.exception, null);
        rewritten.forEach((outcome, i) => assert.deepEqual(outcome, original, files[i]));
      } finally {
        programs.forEach(release);
      }
    });
  }
});
