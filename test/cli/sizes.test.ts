import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { BenchReport } from '../../src/measure/types';
import { fanout, withFolder } from './run';

const PROGRAM = `import sys


def count(n):
    found = 0
    for i in range(n):
        found += (i * i) % 7 == 1
    return found


def main():
    size = int(sys.argv[1])
    results = []
    for i in range(8):
        results.append(count(size + i))
    print(results)


if __name__ == "__main__":
    main()
`;

describe('a benchmark over sizes of the input', () => {
  it('verifies and measures at each, and says where it breaks even, in the table, the JSON and the page', function () {
    this.timeout(180_000);
    withFolder({ 'app.py': PROGRAM }, (folder) => {
      const ran = fanout(['bench', 'app.py:14', '--strategy', 'python/process-pool', '--workers', '1,2', '--pairs', '2', '--yes', '--json', 'r.json', '--html', 'r.html', '--', 'python3', 'app.py', '{10,2000}'], { cwd: folder });
      assert.equal(ran.code, 0, ran.stdout + ran.stderr);
      assert.match(ran.stdout, /loop × at size[^\n]*10[^\n]*2000/);
      const report = JSON.parse(fs.readFileSync(path.join(folder, 'r.json'), 'utf8')) as BenchReport;
      assert.deepEqual(report.sizes!.map(({ size, rows }) => [size, rows.map((row) => [row.workers, row.verified])]), [
        ['10', [[1, 'equal'], [2, 'equal']]],
        ['2000', [[1, 'equal'], [2, 'equal']]],
      ]);
      assert.deepEqual(report.breakEven!.map(({ strategy, workers }) => [strategy, workers]), [['python/process-pool', 2]]);
      assert.deepEqual(report.program.slice(1), ['app.py', '2000']);
      assert.match(fs.readFileSync(path.join(folder, 'r.html'), 'utf8'), /The same over the size of the input/);
    });
  });

  it('refuses sizes that have no place in the command', () => {
    withFolder({ 'app.py': PROGRAM }, (folder) => {
      const ran = fanout(['bench', 'app.py:14', '--sizes', '10,20', '--yes', '--', 'python3', 'app.py'], { cwd: folder });
      assert.deepEqual([ran.code, /no place for the size/.test(ran.stderr)], [2, true]);
    });
  });
});
