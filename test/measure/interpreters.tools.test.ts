import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { bench } from '../../src/measure/bench';
import { verify } from '../../src/measure/verify';
import { toolchain } from '../support/toolchains';
import { candidateOf, folderOf, loopOf, options } from './helpers';

const program = (imports: string, loop: string) => `${imports}

def work(x):
    return x * x


def main(xs):
    out = []
    ${loop}
    return out


if __name__ == "__main__":
    print(main([1, 2, 3, 4]))
`;
const pool = (name: string) => program(`from concurrent.futures import ${name}\n`, `«with ${name}(2) as pool:\n        out.extend(pool.map(work, xs))»`);

describe('verifying and measuring on newer interpreters', function () {
  this.timeout(180_000);

  const cases = [
    ['python314', 'python/interpreters', 'InterpreterPoolExecutor'],
    ['python314', 'python/process-pool', 'ProcessPoolExecutor'],
    ['freeThreaded', 'python/free-threads', 'ThreadPoolExecutor'],
  ] as const;
  for (const [name, id, executor] of cases) {
    it(`${executor} on ${name}`, async function () {
      const python = toolchain(this, name);
      const folder = folderOf({});
      try {
        const file = folder.file('app.py');
        const original = candidateOf('original', file, program('', '«for x in xs:\n        out.append(work(x))»'));
        fs.writeFileSync(file, original.texts.get(file)!);
        const candidate = candidateOf(id, file, pool(executor));
        const request = { program: { command: ['python', 'app.py'], cwd: folder.path }, loop: loopOf(original.region, ['out', 'xs'], ['x']), original };
        const on = { ...options, python };
        const result = await verify({ ...request, candidate, startMethods: [], maxEntries: 5 }, on);
        assert.equal(result.status, 'equal', result.message);
        const wrong = candidateOf(id, file, pool(executor).replace('x * x', 'x * x + (x == 3)'));
        assert.equal((await verify({ ...request, candidate: wrong, startMethods: [], maxEntries: 5 }, on)).status, 'different');
        const report = await bench({ ...request, candidates: [{ candidate, workers: 2, limitWorkers: true, verified: result.status }], line: 1, title: '', verify: null, diff: null, notes: [], pairs: 1 }, on);
        assert.equal(report.rows[0]!.error, null);
        assert.ok(report.rows[0]!.loopRatio !== null);
        assert.match(report.machine.python!, name === 'freeThreaded' ? /^3\.1\d\.\d+t$/ : /^3\.1[4-9]\.\d+$/);
      } finally {
        folder.remove();
      }
    });
  }
});
