import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { remove, rewriteIn, run, scratch } from './support';

const PAGE = path.resolve(__dirname, '../../../docs/strategies/javascript-piscina.md');

describe('javascript/piscina: its page', () => {
  it('shows what the strategy does, and both programs give the same', async () => {
    const [before, after, worker, ...more] = [...fs.readFileSync(PAGE, 'utf8').matchAll(/^```js\n([\s\S]*?)^```$/gm)].map((block) => block[1]!);
    assert.equal(more.length, 0);
    const given = scratch({ 'package.json': '{ "private": true }\n', 'waves.mjs': before! });
    try {
      const line = before!.split('\n').findIndex((l) => l.includes('y < height')) + 1;
      const result = await rewriteIn(given, 'waves.mjs', line);
      assert.ok(!('why' in result), JSON.stringify(result));
      assert.equal(result.files['waves.mjs'], after);
      assert.equal(result.files['waves.worker.mjs'], worker);
      const made = scratch(result.files);
      try {
        const [original, rewritten] = [await run(given, 'waves.mjs'), await run(made, 'waves.mjs')];
        assert.deepEqual(rewritten, original);
        assert.match(original.stdout, /^8 /);
      } finally {
        remove(made);
      }
    } finally {
      remove(given);
    }
  });
});
