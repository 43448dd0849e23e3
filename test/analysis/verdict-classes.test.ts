import assert from 'node:assert/strict';
import { judge, table } from './helpers';

const GRID = 'class Grid {\n  constructor() {\n    this.data = [];\n  }\n  set(i, v) {\n    this.data[i] = v;\n  }\n}\nclass Last extends Grid {\n  set(i, v) {\n    this.data[0] = v;\n  }\n}\n';

describe('verdicts of loops that call methods', () => {
  table('javascript', {
    'of an object that was made here': { code: `${GRID}export function f(n) {\n  const grid = new Grid();\n  for (let i = 0; i < n; i++) grid.set(i, i * i);\n  return grid;\n}\n`, verdict: 'parallel' },
    'of an object of the subclass': { code: `${GRID}export function f(n) {\n  const grid = new Last();\n  for (let i = 0; i < n; i++) grid.set(i, i * i);\n  return grid;\n}\n`, verdict: 'sequential' },
    'of one or the other': { code: `${GRID}export function f(n, last) {\n  const grid = last ? new Last() : new Grid();\n  for (let i = 0; i < n; i++) grid.set(i, i * i);\n  return grid;\n}\n`, verdict: 'unknown' },
    'rows that are put into a list of the object': { code: 'class Grid {\n  constructor(n) {\n    this.rows = [];\n    for (let i = 0; i < n; i++) this.rows.push(new Float64Array(8));\n  }\n}\nexport function f(n) {\n  const grid = new Grid(n * 1);\n  for (let i = 0; i < n; i++) grid.rows[i][0] = i;\n  return grid;\n}\n', verdict: 'parallel' },
  });
  table('typescript', {
    'of a parameter, which may be of a subclass': { code: 'class Grid {\n  data: number[] = [];\n  set(i: number, v: number) {\n    this.data[i] = v;\n  }\n}\nclass Last extends Grid {\n  set(i: number, v: number) {\n    this.data[0] = v;\n  }\n}\nexport function f(grid: Grid, n: number) {\n  for (let i = 0; i < n; i++) grid.set(i, i * i);\n}\n', verdict: 'sequential' },
  });

  const vertex = (key: string): string => `export class Vertex {\n  constructor(name) {\n    this.name = name;\n    this.asked = 0;\n  }\n  key() {\n    ${key}\n    return this.name;\n  }\n}\n`;
  const use = '/** @param {Vertex[]} vertices */\nexport function f(vertices) {\n  const found = {};\n  for (const vertex of vertices) found[vertex.key()] = 1;\n  return found;\n}\n';
  it('javascript: of a class that only a doc comment names', async () => {
    assert.equal((await judge('javascript', use, { './vertex': vertex('') })).verdict, 'reduction');
  });
  it('javascript: two classes have the name', async () => {
    assert.equal((await judge('javascript', use, { './vertex': vertex(''), './other': vertex('') })).verdict, 'unknown');
  });
  it('javascript: no class has the name', async () => {
    assert.equal((await judge('javascript', use)).verdict, 'unknown');
  });
});

describe('constants of a module', () => {
  table('python', {
    'two in one assignment': { code: 'LEFT, RIGHT = -2.2, 0.8\ndef f(xs: list[float]):\n    return [LEFT + x * (RIGHT - LEFT) for x in xs]\n', verdict: 'parallel', assumes: [] },
    'computed from others': { code: 'N = 10\nSCALE = 1.0 / N\ndef f(xs: list[float]):\n    return [x * SCALE for x in xs]\n', verdict: 'parallel', assumes: [] },
    'unpacked from what is not seen': { code: 'from settings import bounds\nLEFT, RIGHT = bounds\ndef f(xs: list[float]):\n    return [LEFT + x * (RIGHT - LEFT) for x in xs]\n', verdict: 'parallel', assumes: ['builtin-operators'] },
  });
});
