import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { release, rewriteLoop, run, writeProgram } from './support';

describe('docs/strategies/python-process-pool.md', function () {
  this.timeout(120_000);
  const page = fs.readFileSync('docs/strategies/python-process-pool.md', 'utf8');
  const [before, after] = [...page.matchAll(/```python\n([^]*?)```/g)].map((m) => m[1]!);

  it('shows the rewrite as it is, and it prints the same', async () => {
    const program = writeProgram({ 'main.py': before! }, 'main.py');
    try {
      const { after: rewritten } = await rewriteLoop(program, 'for y in range');
      assert.equal(rewritten, after);
      const original = await run(program, null);
      fs.writeFileSync(program.file, rewritten!);
      assert.deepEqual(await run(program, 'spawn'), original);
    } finally {
      release(program);
    }
  });
});
