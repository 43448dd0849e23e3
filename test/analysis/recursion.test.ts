/** Functions that call each other in circles, with calls in them that nothing is known of: their summaries must not grow without end. */
import assert from 'node:assert/strict';
import { judgeAll } from './helpers';

/** `count` functions in a circle, each calling all of them for every element, and the parameters that nobody knows. */
function circle(count: number): string {
  const names = Array.from({ length: count }, (_, i) => `walk_${i}`);
  const functions = names.map(
    (name, i) => `    def ${name}(value, level):
        marks = {}
        for key, item in value.items():
            marks[id(item)] = encode(item, level, marks)
            if default_${i}(item):
                chunks = ${names[(i + 1) % count]}(item, level + 1)
            elif level:
                chunks = ${names[(i + 2) % count]}(default_${i}(marks), level)
            else:
                chunks = ${name}(item, level)
            yield from chunks
`,
  );
  return `def make(encode, ${names.map((_, i) => `default_${i}`).join(', ')}):\n${functions.join('\n')}\n    return walk_0\n`;
}

describe('circles of functions', () => {
  for (const count of [1, 2, 3, 5]) {
    it(`${count} of them, each with calls of functions that are parameters: every loop gets an answer`, async () => {
      const loops = await judgeAll('python', circle(count));
      assert.equal(loops.length, count);
      for (const loop of loops) assert.ok(loop.verdict === 'unknown' || loop.verdict === 'sequential', loop.verdict);
    });
  }

  it('a second call of a parameter with another argument is not taken for the first', async () => {
    const [loop] = await judgeAll(
      'python',
      `def both(f, a, b):
    f(a)
    f(b)

def push(xs):
    xs[0] = xs[0] * 2 + 1

def main(n: int):
    total = [0]
    for i in range(n):
        own = [i]
        both(push, own, total)
    return total
`,
    );
    assert.equal(loop!.verdict, 'sequential');
  });
});
