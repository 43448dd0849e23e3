import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { randomLoop } from './random-loops';
import { release, rewriteLoop, writeProgram } from './support';

/** Runs many pairs of modules in one process; prints the number of the first whose outcomes differ, with both outcomes. */
const COMPARE = `
import importlib, multiprocessing, sys
multiprocessing.set_start_method("fork")
for number in range(int(sys.argv[1])):
    before, after = ([*importlib.import_module(f"{kind}_{number}").outcomes()] for kind in ("before", "after"))
    if before != after:
        print(number, before, after, sep="\\n")
        break
`;

describe('python/process-pool: random loops', function () {
  this.timeout(900_000);

  it('give the same outcome, progress before an exception included', async () => {
    const wanted = Number(process.env.RANDOM_LOOPS ?? 40);
    const seed = Number(process.env.RANDOM_SEED ?? 7);
    const loops = fc.sample(randomLoop, { numRuns: wanted, seed });
    const program = writeProgram({ 'compare.py': COMPARE }, 'compare.py');
    try {
      const pairs: { before: string; after: string }[] = [];
      for (const { source, start } of loops) {
        fs.writeFileSync(path.join(program.directory, 'loop.py'), source);
        const { loop, fits, after } = await rewriteLoop({ directory: program.directory, file: path.join(program.directory, 'loop.py') }, start, { workers: 2 });
        if (!fits.ok || (loop.verdict !== 'parallel' && loop.verdict !== 'reduction')) continue;
        fs.writeFileSync(path.join(program.directory, `before_${pairs.length}.py`), source);
        fs.writeFileSync(path.join(program.directory, `after_${pairs.length}.py`), after!);
        pairs.push({ before: source, after: after! });
      }
      assert.ok(pairs.length * 3 > wanted, `only ${pairs.length} of ${wanted} loops could be rewritten`);
      const differing = execFileSync('python3', ['compare.py', String(pairs.length)], { cwd: program.directory, encoding: 'utf8', env: { ...process.env, PYTHONHASHSEED: '0' } });
      const first = /^(\d+)\n/.exec(differing)?.[1];
      if (first !== undefined) assert.fail(`${pairs[Number(first)]!.before}\n${pairs[Number(first)]!.after}\n${differing}`);
    } finally {
      release(program);
    }
  });
});
