import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { verify } from '../../src/measure/verify';
import { candidateOf, folderOf, loopOf, options } from './helpers';

const program = (seed: string, loop: string) => `import random


def main(xs):
    ${seed}
    out = []
    ${loop}
    return out


if __name__ == "__main__":
    print(main([1, 2, 3]))
`;
const LOOP = '«for x in xs:\n        out.append(x * x)»';
/** What a library does that waits a random while between two attempts. */
const DRAWING = '«random.random()\n    out.extend([x * x for x in xs])»';

describe('a shared random generator that only the candidate draws from', () => {
  const cases: [name: string, seed: string, status: string][] = [
    ['matters to a program that has seeded it', 'random.seed(7)', 'different'],
    ['cannot be noticed by one that has not', 'pass', 'equal'],
  ];
  for (const [name, seed, status] of cases) {
    it(name, async () => {
      const folder = folderOf({});
      try {
        const file = folder.file('app.py');
        const original = candidateOf('original', file, program(seed, LOOP));
        fs.writeFileSync(file, original.texts.get(file)!);
        const candidate = candidateOf('python/numba', file, program(seed, DRAWING));
        const loop = loopOf(original.region, ['out', 'xs'], ['x']);
        const result = await verify({ program: { command: [file], cwd: folder.path }, loop, original, candidate, startMethods: [], maxEntries: 5 }, options);
        assert.equal(result.status, status, result.message);
        if (status === 'different') assert.match(result.message, /random's state/);
      } finally {
        folder.remove();
      }
    });
  }
});
