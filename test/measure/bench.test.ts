import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { bench } from '../../src/measure/bench';
import type { BenchRequest } from '../../src/measure/types';
import { candidateOf, folderOf, loopOf, options } from './helpers';

const REPOSITORY = path.resolve(__dirname, '../..');

// Sleeping stands for work: it takes as long on a busy machine.
const HEAD = `import sys
import time
from concurrent.futures import ProcessPoolExecutor


def work(x):
    time.sleep(0.1)
    return x


def main(xs):
    out = []
`;
const TAIL = `
    return out


if __name__ == "__main__":
    for _ in range(2):
        main([1, 2, 3, 4])
`;
const LOOP = `    «for x in xs:
        out.append(work(x))»`;
const POOL = (workers: string) => `    «with ProcessPoolExecutor(${workers}) as pool:
        out.extend(pool.map(work, xs))»`;

describe('bench', () => {
  it('gives the ratio of the loop and of the program, by workers', async () => {
    const folder = folderOf({});
    try {
      const file = folder.file('app.py');
      const original = candidateOf('original', file, HEAD + LOOP + TAIL);
      fs.writeFileSync(file, original.texts.get(file)!);
      const row = (workers: number) => ({ candidate: candidateOf('python/process-pool', file, HEAD + POOL(String(workers)) + TAIL), workers, limitWorkers: false, verified: 'equal' as const });
      const request: BenchRequest = {
        program: { command: ['python', 'app.py'], cwd: folder.path },
        loop: loopOf(original.region, ['out', 'xs'], ['x']),
        original,
        candidates: [row(1), row(4)],
        line: 13,
        title: 'for x in xs:',
        verify: null,
        diff: null,
        notes: [],
        pairs: 2,
      };
      const report = await bench(request, options);
      assert.equal(report.rows.length, 2);
      const [one, four] = report.rows as [(typeof report.rows)[number], (typeof report.rows)[number]];
      assert.ok(one.loopRatio && four.loopRatio && four.programRatio, JSON.stringify(report, null, 1));
      assert.ok(four.loopRatio.value > one.loopRatio.value, 'four workers sleep at the same time');
      assert.ok(four.loopRatio.low <= four.loopRatio.value && four.loopRatio.value <= four.loopRatio.high);
      assert.ok(four.loopRatio.value > four.programRatio.value, 'the rest of the program gains nothing');
      assert.equal(four.pairs, 2);
      assert.ok(four.baselineSeconds! > 0.8, 'both entries of the loop are in it');
      assert.ok(four.startupMs !== null && four.predicted !== null);
      assert.equal(report.program.join(' '), 'python app.py');
      assert.deepEqual(JSON.parse(JSON.stringify(report)), report, 'plain JSON');
    } finally {
      folder.remove();
    }
  });

  it('sets what a pool takes as the number of cores', async () => {
    const folder = folderOf({});
    try {
      const file = folder.file('app.py');
      const check = `    import os
    if os.environ.get("EXPECT") and os.cpu_count() != 3:
        sys.exit(f"cores: {os.cpu_count()}")
`;
      const original = candidateOf('original', file, HEAD + LOOP + TAIL);
      fs.writeFileSync(file, original.texts.get(file)!);
      const candidate = candidateOf('python/process-pool', file, HEAD + check + POOL('None') + TAIL);
      const base = { program: { command: [file], cwd: folder.path, env: { EXPECT: '1' } }, loop: loopOf(original.region, ['out', 'xs'], ['x']), original, line: 1, title: '', verify: null, diff: null, notes: [], pairs: 1 };
      const limited = await bench({ ...base, candidates: [{ candidate, workers: 3, limitWorkers: true, verified: 'equal' }] }, options);
      assert.equal(limited.rows[0]!.error, null);
      const wrong = await bench({ ...base, candidates: [{ candidate, workers: 5, limitWorkers: true, verified: 'equal' }] }, options);
      assert.match(wrong.rows[0]!.error!, /The candidate ended with exit code 1:\n.*cores: 5/s);
    } finally {
      folder.remove();
    }
  });

  it('measures Node programs', async () => {
    const folder = folderOf({});
    try {
      fs.symlinkSync(path.join(REPOSITORY, 'node_modules'), folder.file('node_modules'), 'dir');
      const file = folder.file('main.mjs');
      const sleep = 'const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));\n';
      const end = '\n  return out;\n}\nawait main([1, 2, 3]);\n';
      const original = candidateOf('original', file, `${sleep}async function main(xs) {\n  «const out = [];\n  for (const x of xs) {\n    await sleep(100);\n    out.push(x);\n  }»${end}`);
      fs.writeFileSync(file, original.texts.get(file)!);
      const candidate = candidateOf('javascript/promise-all', file, `${sleep}async function main(xs) {\n  «const out = await Promise.all(xs.map(async (x) => {\n    await sleep(100);\n    return x;\n  }));»${end}`);
      const report = await bench(
        {
          program: { command: ['node', 'main.mjs'], cwd: folder.path },
          loop: loopOf(original.region, ['out', 'xs'], ['x']),
          original,
          candidates: [{ candidate, workers: 1, limitWorkers: false, verified: 'equal' }],
          line: 3,
          title: '',
          verify: null,
          diff: null,
          notes: [],
          pairs: 2,
        },
        options,
      );
      assert.ok(report.rows[0]!.loopRatio!.value > 1.5, JSON.stringify(report.rows));
      assert.equal(report.rows[0]!.predicted, null, 'nothing is predicted for what uses no pool');
    } finally {
      folder.remove();
    }
  });

  it('fails when the original does', async () => {
    const folder = folderOf({});
    try {
      const file = folder.file('app.py');
      const original = candidateOf('original', file, HEAD + LOOP + TAIL + '    raise SystemExit("no such data")\n');
      fs.writeFileSync(file, original.texts.get(file)!);
      const request = { program: { command: [file], cwd: folder.path }, loop: loopOf(original.region, ['out']), original, candidates: [{ candidate: original, workers: 1, limitWorkers: false, verified: 'not-verified' as const }], line: 1, title: '', verify: null, diff: null, notes: [], pairs: 1 };
      await assert.rejects(bench(request, options), /The original program ended with exit code 1:\n.*no such data/s);
    } finally {
      folder.remove();
    }
  });
});
