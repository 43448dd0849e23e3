import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { analyzed } from './support';

const KERNELS = path.join(__dirname, 'kernels');

/** The loop of each kernel that a person would point at, and what its kernel takes and gives. */
const table: readonly [file: string, loop: string, takes: string, gives: string][] = [
  ['collatz', 'for n in range(1, limit)', 'n', 'steps'],
  ['dft', 'for k in range(n)', 'k n re im', 'total_re total_im'],
  ['distances', 'for p in points', 'k points', 'value'],
  ['edits', '[distance(left[k]', 'k left right', 'value'],
  ['histogram', 'for row in samples', 'k samples bins low width', 'counts'],
  ['mandelbrot', 'for y in range(height)', 'y height width limit', 'total'],
  ['matmul', 'for i in range(len(a))', 'i out b a', 'out_row'],
  ['montecarlo', 'for batch in range(batches)', 'batch size', 'hits'],
  ['nbody', 'for i in range(len(xs))', 'i xs ys soft masses', 'fx fy'],
  ['prefix', 'for row in rows', 'k rows', 'line'],
  ['quadrature', 'for panel in range(panels)', 'panel low width steps', 'value'],
  ['stencil', 'for i in range(1', 'i new grid alpha', 'new_row'],
];

describe('kernels of twelve programs', () => {
  for (const [file, start, takes, gives] of table) {
    it(`${file}: ${start}`, async () => {
      const source = path.join(KERNELS, `${file}.py`);
      const text = fs.readFileSync(source, 'utf8');
      const found = (await analyzed(source)).find(({ loop }) => text.startsWith(start, loop.range.start));
      assert.ok(found, 'no such loop');
      assert.ok(found.loop.verdict === 'parallel' || found.loop.verdict === 'reduction', found.loop.verdict);
      if (typeof found.outcome === 'string') assert.fail(found.outcome);
      const { kernel } = found.outcome;
      assert.equal(kernel.iteration.params.map((p) => p.name).join(' '), takes);
      assert.equal(kernel.results.map((r) => r.name).join(' '), gives);
    });
  }

  it('are all there', () => {
    assert.deepEqual(fs.readdirSync(KERNELS).filter((f) => f.endsWith('.py')).map((f) => f.slice(0, -3)).sort(), table.map(([file]) => file));
  });
});
