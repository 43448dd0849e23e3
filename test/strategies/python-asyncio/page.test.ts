import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { pythonAsyncio } from '../../../src/strategies/python/asyncio';
import { release, rewriteLoop, run, writeProgram } from '../python-process-pool/support';

const PAGE = 'docs/strategies/python-asyncio.md';

describe(PAGE, function () {
  this.timeout(60_000);
  const page = fs.readFileSync(PAGE, 'utf8');
  const [before, after] = [...page.matchAll(/```python\n([^]*?)```/g)].map((m) => m[1]!);

  it('shows the rewrite as it is, and it prints the same', async () => {
    const program = writeProgram({ 'main.py': before! }, 'main.py');
    try {
      const { after: rewritten } = await rewriteLoop(program, 'for key in', {}, pythonAsyncio);
      if (process.env.UPDATE_FIXTURES) fs.writeFileSync(PAGE, page.replace(`\`\`\`python\n${after!}`, () => `\`\`\`python\n${rewritten!}`));
      else assert.equal(rewritten, after);
      const original = await run(program, null);
      fs.writeFileSync(program.file, rewritten!);
      assert.deepEqual(await run(program, null), original);
    } finally {
      release(program);
    }
  });
});
