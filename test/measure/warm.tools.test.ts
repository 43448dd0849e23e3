import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { bench } from '../../src/measure/bench';
import type { BenchRequest, BenchRow } from '../../src/measure/types';
import { toolchain } from '../support/toolchains';
import { candidateOf, folderOf, loopOf, options } from './helpers';

const program = (entries: number, imports: string, definitions: string, loop: string) => `${imports}
def work(x):
    total = 0
    for i in range(200_000):
        total += (i * x) % 7
    return total

${definitions}
def main(xs):
    out = []
    ${loop}
    return out


if __name__ == "__main__":
    for _ in range(${entries}):
        main([1, 2, 3])
`;
const LOOP = '«for x in xs:\n        out.append(work(x))»';

async function measure(entries: number, python: string, candidateText: string): Promise<BenchRow> {
  const folder = folderOf({});
  try {
    const file = folder.file('app.py');
    const original = candidateOf('original', file, program(entries, '', '', LOOP));
    fs.writeFileSync(file, original.texts.get(file)!);
    const request: BenchRequest = {
      program: { command: [file], cwd: folder.path },
      loop: loopOf(original.region, ['out', 'xs'], ['x']),
      original,
      candidates: [{ candidate: candidateOf('python/numba', file, candidateText), workers: 2, limitWorkers: true, verified: 'equal' }],
      line: 1,
      title: '',
      verify: null,
      diff: null,
      notes: [],
      pairs: 1,
    };
    return (await bench(request, { ...options, python })).rows[0]!;
  } finally {
    folder.remove();
  }
}

describe('what only the first entry pays', function () {
  this.timeout(180_000);
  it('is left out of the warm ratio', async () => {
    const slow = '«if not main.warm:\n        time.sleep(0.6)\n        main.warm = True\n    out.extend(map(work, xs))»';
    const text = program(3, 'import time\n', '', slow).replace('if __name__', 'main.warm = False\n\nif __name__');
    const row = await measure(3, 'python3', text);
    assert.equal(row.error, null);
    assert.ok(row.warmRatio!.value > row.loopRatio!.value, `${row.warmRatio!.value} > ${row.loopRatio!.value}`);
    assert.equal(row.compileSeconds, null, 'nothing was compiled');
  });

  it('cannot be told apart from one entry of code that compiles nothing', async () => {
    const row = await measure(1, 'python3', program(1, '', '', LOOP));
    assert.equal(row.warmRatio, null);
  });

  it('is told of numba, which compiles within the loop', async function () {
    const python = toolchain(this, 'tools');
    const definitions = 'work = njit(work)\n';
    const row = await measure(1, python, program(1, 'from numba import njit\n', definitions, LOOP));
    assert.equal(row.error, null);
    assert.ok(row.compileSeconds! > 0);
    assert.ok(row.warmRatio!.value > row.loopRatio!.value);
  });
});
