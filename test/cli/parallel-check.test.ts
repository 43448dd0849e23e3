import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { processesFor } from '../../src/cli/parallel-check';

const ROOT = path.resolve(__dirname, '../..');

describe('check on several processes', () => {
  for (const [files, cores, bound, expected] of [
    [1, 8, 16, 1],
    [79, 8, 16, 1],
    [80, 8, 16, 2],
    [80, 1, 16, 1],
    [4000, 8, 16, 8],
    [4000, 64, 16, 16],
    [4000, 8, 3, 3],
    [4000, 8, 0, 1],
  ] as const) {
    it(`${files} files on ${cores} cores, at most ${bound}: ${expected}`, () => assert.equal(processesFor(files, cores, bound), expected));
  }

  it('gives what one process gives, in the order of the files', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-parallel-'));
    try {
      for (let i = 0; i < 81; i++) {
        const imported = i % 3 === 0 ? `from m${String((i * 7) % 81).padStart(2, '0')} import f\n` : 'def f(x):\n    return x * x\n';
        fs.writeFileSync(path.join(folder, `m${String(i).padStart(2, '0')}.py`), `${imported}\n\ndef g(xs):\n    out = []\n    for x in xs:\n        out.append(f(x) + ${i})\n    return out\n`);
      }
      const run = (processes: string): unknown => {
        const args = ['--import', 'tsx', path.join(ROOT, 'src/cli/main.ts'), 'check', folder, '--format', 'json', '--loops', 'all'];
        const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', env: { ...process.env, FANOUT_PROCESSES: processes }, maxBuffer: 2 ** 28 });
        assert.equal(status, 0, stderr);
        return JSON.parse(stdout);
      };
      const alone = run('1') as { files: { path: string; loops: unknown[] }[] };
      assert.equal(alone.files.length, 81);
      assert.equal(alone.files.filter((file) => file.loops.length === 1).length, 81);
      assert.deepEqual(run('2'), alone);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }).timeout(120_000);
});
