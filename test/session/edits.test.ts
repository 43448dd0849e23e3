/** After any edits a session says what a new one says: what it keeps from one text to the next is never out of date. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { Session } from '../../src/session/session';

const HELPERS = `
LIMIT = 40
seen = []


def weight(x):
    total = 0.0
    for k in range(200):
        total += (x * k) % 7 / (k + 1)
    return total


def deep(x):
    return weight(x) + weight(x + 1)


class Grid:
    def __init__(self, size):
        self.size = size
        self.cells = [0.0] * size

    def fill(self, scale):
        for i in range(self.size):
            self.cells[i] = weight(i * scale)

    def total(self):
        return sum(weight(c) for c in self.cells)
`;

const MAIN = `
import math
from helpers import Grid, deep, weight


def rows(n):
    out = []
    for y in range(n):
        row = []
        for x in range(n):
            row.append(deep(x * y) + math.sqrt(weight(x)))
        out.append(row)
    return out


def grids(n):
    made = []
    for i in range(n):
        grid = Grid(i)
        grid.fill(2)
        made.append(grid.total())
    return made


def folded(values):
    best = 0.0
    for v in values:
        best += sum(weight(v * k) for k in range(50))
    return best


print(len(rows(10)), grids(4), folded([1, 2]))
`;

interface Project {
  readonly texts: Readonly<Record<string, string>>;
  /** What may be done to a text: find, and put in its place. */
  readonly changes: readonly (readonly [string, string])[];
}

const PYTHON: Project['changes'] = [
  ['total += (x * k)', 'seen.append(k)\n        total += (x * k)'],
  ['seen.append(k)\n        total', 'total'],
  ['return weight(x) + weight(x + 1)', 'return weight(x)'],
  ['return weight(x)\n', 'print(x)\n    return weight(x) + weight(x + 1)\n'],
  ['print(x)\n    return', 'return'],
  ['LIMIT = 40', 'LIMIT = []'],
  ['self.cells = [0.0] * size', 'self.cells = seen'],
  ['self.cells = seen', 'self.cells = [0.0] * size'],
  ['self.cells[i] =', 'self.cells[0] ='],
  ['def deep(x):', '@undefined\ndef deep(x):'],
  ['@undefined\n', ''],
  ['row = []\n', 'row = [0]  # a remark\n'],
  ['out.append(row)', 'out.append(row)\n        if len(out) > 3:\n            break'],
  ['\n        if len(out) > 3:\n            break', ''],
  ['import math\n', 'import math\nimport os\n\n\n# more\n'],
  ['def folded(values):', 'def folded(values, start=0.0):'],
  ['best += sum(', 'best = best * 0.5 + sum('],
  ['for v in values:', 'for v in sorted(values):'],
  ['grid.fill(2)', 'grid.fill('],
  ['grid.fill(\n', 'grid.fill(2)\n'],
  ['\n\n\ndef ', '\n\n\ndef added(x):\n    return [weight(y) for y in x]\n\n\ndef '],
];

const TS_HELPERS = `
export let limit = 40;
const seen: number[] = [];

export function weight(x: number): number {
  let total = 0;
  for (let k = 0; k < 200; k++) total += ((x * k) % 7) / (k + 1);
  return total;
}

export const deep = (x: number): number => weight(x) + weight(x + 1);

export class Grid {
  readonly cells: number[];
  constructor(private readonly size: number) {
    this.cells = new Array(size).fill(0);
  }
  fill(scale: number): void {
    for (let i = 0; i < this.size; i++) this.cells[i] = weight(i * scale);
  }
  total(): number {
    return this.cells.map((c) => weight(c)).reduce((a, b) => a + b, 0);
  }
}
`;

const TS_MAIN = `
import { Grid, deep, weight } from './helpers';

export function rows(n: number): number[][] {
  const out: number[][] = [];
  for (let y = 0; y < n; y++) {
    const row: number[] = [];
    for (let x = 0; x < n; x++) row.push(deep(x * y) + Math.sqrt(weight(x)));
    out.push(row);
  }
  return out;
}

export const grids = (n: number): number[] =>
  Array.from({ length: n }, (_, i) => {
    const grid = new Grid(i);
    grid.fill(2);
    return grid.total();
  });

console.log(rows(10).length, grids(4));
`;

const TYPESCRIPT: Project['changes'] = [
  ['k++) total +=', 'k++) seen.push(k), total +='],
  ['seen.push(k), ', ''],
  ['=> weight(x) + weight(x + 1)', '=> { console.log(x); return weight(x); }'],
  ['{ console.log(x); return weight(x); }', 'weight(x) + weight(x + 1)'],
  ['export let limit = 40', 'export const limit = [40]'],
  ['new Array(size).fill(0)', 'seen'],
  ['this.cells = seen', 'this.cells = new Array(size).fill(0)'],
  ['this.cells[i] =', 'this.cells[0] ='],
  ['const row: number[] = [];', 'const row: number[] = [0]; // a remark'],
  ['out.push(row);', 'out.push(row);\n    if (out.length > 3) break;'],
  ['\n    if (out.length > 3) break;', ''],
  ['grid.fill(2);', 'grid.fill(;'],
  ['grid.fill(;', 'grid.fill(2);'],
  ['\nexport ', '\nexport function added(xs: number[]): number[] {\n  return xs.map((x) => weight(x));\n}\n\nexport '],
  ['export const grids', '// more\n\nexport const grids'],
];

const PROJECTS: Readonly<Record<string, Project>> = {
  Python: { texts: { 'helpers.py': HELPERS, 'main.py': MAIN }, changes: PYTHON },
  TypeScript: { texts: { 'helpers.ts': TS_HELPERS, 'main.ts': TS_MAIN }, changes: TYPESCRIPT },
};

describe('a session over edits', function () {
  this.timeout(120_000);

  for (const [language, { texts: originals, changes }] of Object.entries(PROJECTS)) {
    it(`says of ${language} what a new session says`, async () => {
      const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-edits-')));
      const file = (name: string): string => path.join(folder, name);
      const names = Object.keys(originals);
      for (const name of names) fs.writeFileSync(file(name), originals[name]!);
      const said = (session: Session, name: string, loops: 'findings' | 'all') => session.check(file(name), name, { loops });
      const edit = fc.record({ which: fc.nat({ max: changes.length - 1 }), of: fc.constantFrom(...names), ask: fc.constantFrom('findings', 'all', 'both') });
      let applied = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { minLength: 3, maxLength: 10 }), async (edits) => {
          const texts = new Map(Object.entries(originals));
          const session = new Session({ root: folder });
          for (const [name, text] of texts) session.open(file(name), text, 1);
          let version = 1;
          for (const { which, of, ask } of edits) {
            const [from, to] = changes[which]!;
            const text = texts.get(of)!.replace(from, to);
            if (text === texts.get(of)) continue;
            applied++;
            texts.set(of, text);
            session.open(file(of), text, ++version);
            const fresh = new Session({ root: folder });
            for (const [name, current] of texts) fresh.open(file(name), current, 1);
            for (const name of names) {
              for (const loops of ['findings', 'all'] as const) {
                if (ask !== 'both' && ask !== loops) continue;
                assert.deepEqual(await said(session, name, loops), await said(fresh, name, loops), `${name}, ${loops}`);
              }
            }
          }
        }),
        { numRuns: 12 },
      );
      fs.rmSync(folder, { recursive: true, force: true });
      assert.ok(applied > 10, `${applied} edits changed something`);
    });
  }
});
