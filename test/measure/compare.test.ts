import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareOutput } from '../../src/measure/compare-output';
import { firstDifference, instability } from '../../src/measure/compare-snapshots';
import type { SnapshotName } from '../../src/measure/events';
import { OutputCollector, type Output } from '../../src/measure/output';

const snapshot = (lines: readonly string[], more: Partial<SnapshotName> = {}): SnapshotName => ({ name: 'out', hash: lines.join('\n'), values: lines.length, lines, ...more });
const list = (...items: readonly string[]) => snapshot([`0\tout\tlist of ${items.length}`, ...items.map((item, i) => `1\t[${i}]\t${item}`)]);
const shown = (found: ReturnType<typeof firstDifference>) => (found ? `${found.where}: ${found.left} ≠ ${found.right}` : null);

describe('the first difference', () => {
  const table: readonly [string, SnapshotName, SnapshotName, string | null][] = [
    ['none', list('int 1'), list('int 1'), null],
    ['a value', list('int 1', 'float 1.0'), list('int 1', 'float 2.0'), 'out[1]: 1.0 ≠ 2.0'],
    ['a type', list('int 1'), list('float 1.0'), 'out[0]: int 1 ≠ float 1.0'],
    ['a length', list('int 1'), list('int 1', 'int 2'), 'out: list of 1 ≠ list of 2'],
    [
      'a field of an element',
      snapshot(['0\tout\tlist of 1', '1\t[0]\tobject P', '2\t.x\tfloat -0.0']),
      snapshot(['0\tout\tlist of 1', '1\t[0]\tobject P', '2\t.x\tfloat 0.0']),
      'out[0].x: -0.0 ≠ 0.0',
    ],
    ['the order of keys', snapshot(['0\tout\tdict of 2', "1\t['a']\tint 1", "1\t['b']\tint 2"]), snapshot(['0\tout\tdict of 2', "1\t['b']\tint 2", "1\t['a']\tint 1"]), "out: ['a']: int 1 ≠ ['b']: int 2"],
    ['beyond what is shown', snapshot(['0\tout\tlist of 9'], { hash: 'a', values: 9 }), snapshot(['0\tout\tlist of 9'], { hash: 'b', values: 9 }), 'out: differs beyond the first 1 values ≠ differs'],
  ];
  for (const [title, left, right, expected] of table) it(title, () => assert.equal(shown(firstDifference(left, right, null)), expected));

  it('unstable lines are left out, others are not', () => {
    const found = instability(list('int 1', 'float 5.0', 'int 3'), list('int 1', 'float 6.0', 'int 3'))!;
    assert.equal(shown(found.first), 'out[1]: 5.0 ≠ 6.0');
    assert.equal(firstDifference(list('int 1', 'float 5.0', 'int 3'), list('int 1', 'float 7.0', 'int 3'), found.lines), null);
    assert.equal(shown(firstDifference(list('int 1', 'float 5.0', 'int 3'), list('int 1', 'float 7.0', 'int 4'), found.lines)), 'out[2]: 3 ≠ 4');
  });

  it('a shape that differs from itself leaves out the name', () => {
    const found = instability(list('int 1'), list('int 1', 'int 2'))!;
    assert.equal(found.lines, 'all');
    assert.equal(firstDifference(list('int 1'), list('int 9'), 'all'), null);
  });

  it('finds a change wherever it is, and nothing where there is none', () => {
    const items = fc.array(fc.integer().map((n) => `int ${n}`), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(items, fc.nat(), (values, at) => {
        const index = at % values.length;
        const changed = values.map((value, i) => (i === index ? `${value}7` : value));
        assert.equal(firstDifference(list(...values), list(...changed), null)!.where, `out[${index}]`);
        assert.equal(firstDifference(list(...values), list(...values), null), null);
      }),
    );
  });
});

function output(text: string): Output {
  const collector = new OutputCollector();
  for (let i = 0; i < text.length; i += 1 << 16) collector.add(Buffer.from(text.slice(i, i + (1 << 16))));
  return collector.result();
}

describe('output', () => {
  const compare = (stream: string, first: string, second: string, candidate: string) => compareOutput(stream, output(first), output(second), output(candidate));

  it('equal, and different by line', () => {
    assert.deepEqual(compare('stdout', 'a\nb\n', 'a\nb\n', 'a\nb\n'), { difference: null, notCompared: [] });
    assert.deepEqual(compare('stdout', 'a\nb\n', 'a\nb\n', 'a\nc\n').difference, { where: 'stdout line 2', original: 'b', candidate: 'c' });
    assert.deepEqual(compare('stdout', 'a\n', 'a\n', 'a\nb\n').difference, { where: 'stdout line 2', original: '', candidate: 'b' });
    assert.ok(compare('stdout', 'a\r\n', 'a\r\n', 'a\n').difference, 'bytes count');
  });

  it('lines that differ between two runs of the original are left out, the others are not', () => {
    const found = compare('stdout', 'x\ntook 1 s\ny\n', 'x\ntook 2 s\ny\n', 'x\ntook 3 s\ny\n');
    assert.equal(found.difference, null);
    assert.match(found.notCompared[0]!.where, /stdout line 2/);
    assert.equal(compare('stdout', 'x\ntook 1 s\ny\n', 'x\ntook 2 s\ny\n', 'x\ntook 3 s\nz\n').difference!.where, 'stdout line 3');
  });

  it('more than is kept is compared by its hash', () => {
    const long = 'line\n'.repeat(2_000_000);
    assert.equal(compare('stdout', long, long, long).difference, null);
    assert.match(compare('stdout', long, long, `${long}x`).difference!.candidate, /10000001 bytes/);
    assert.match(compare('stdout', long, `${long}y`, `${long}x`).notCompared[0]!.why, /too long to compare by lines/);
  });

  it('tracebacks: the exception counts, the lines of the frames do not', () => {
    const trace = (line: number, error: string) => `Traceback (most recent call last):\n  File "/a.py", line ${line}, in f\n    g()\nValueError: ${error}\n`;
    assert.equal(compare('stderr', trace(3, 'x'), trace(3, 'x'), trace(9, 'x')).difference, null);
    assert.ok(compare('stderr', trace(3, 'x'), trace(3, 'x'), trace(3, 'y')).difference);
    const node = (line: number) => `file:///a.mjs:${line}\n  throw new Error('x');\n        ^\n\nError: x\n    at f (file:///a.mjs:${line}:9)\n\nNode.js v20\n`;
    assert.equal(compare('stderr', node(3), node(3), node(9)).difference, null);
  });

  it('a warning that the candidate adds is told, not called a difference', () => {
    const found = compare('stderr', 'x\n', 'x\n', '/lib/popen_fork.py:66: DeprecationWarning: This process is multi-threaded\n  self.pid = os.fork()\nx\n');
    assert.equal(found.difference, null);
    assert.match(found.notCompared[0]!.why, /adds a warning: DeprecationWarning/);
  });
});
