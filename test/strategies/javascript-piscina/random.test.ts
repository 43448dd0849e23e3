import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { contextOf, remove, rewriteIn, run, scratch } from './support';

/**
 * Random programs around one loop. Wherever the analysis says that the loop may run in parallel and the strategy says that it fits,
 * the rewritten program must give what the original gives, down to −0, NaN, identity and what an exception leaves behind.
 */
interface Program {
  readonly text: string;
  readonly line: number;
}

/** Pure functions of one number; `risky` throws for some. */
const LIBRARY = `function f(x) {
  return Math.sin(x * 1.7) * 10;
}

function g(x) {
  let y = Math.abs(Math.round(x)) % 11;
  for (let k = 0; k < 5; k++) y = (y * 7 + 3) % 13;
  return y - 6;
}

function risky(x) {
  if (g(x) === 4) throw new RangeError('not ' + Math.round(x * 8));
  return x / 3;
}

const SCALE = 2.5;
const NAMES = ['a', 'b', 'c'];
`;

interface Header {
  readonly open: string;
  readonly close: string;
  /** Numbers that the body may use. */
  readonly numbers: readonly string[];
  /** The variable that counts up from 0 through the array \`slots\`, if there is one. */
  readonly counter: string | null;
  /** The variable that holds an object of its own, if there is one. */
  readonly item: string | null;
  readonly skip: string;
}

const HEADERS: readonly Header[] = [
  { open: 'for (let i = 0; i < n; i++) {', close: '}', numbers: ['i', 'data[i]', 'n'], counter: 'i', item: null, skip: 'continue;' },
  { open: 'for (let i = 2; i <= n - 3; i++) {', close: '}', numbers: ['i', 'data[i - 1]'], counter: 'i', item: null, skip: 'continue;' },
  { open: 'for (let i = 0; i < data.length; i++) {', close: '}', numbers: ['i', 'data[i]'], counter: 'i', item: null, skip: 'continue;' },
  { open: 'for (let i = n - 1; i >= 0; i -= 2) {', close: '}', numbers: ['i', 'data[i]'], counter: 'i', item: null, skip: 'continue;' },
  { open: 'for (const x of data) {', close: '}', numbers: ['x', 'x + n'], counter: null, item: null, skip: 'continue;' },
  { open: 'for (const [i, x] of data.entries()) {', close: '}', numbers: ['i', 'x'], counter: 'i', item: null, skip: 'continue;' },
  { open: 'for (const body of bodies) {', close: '}', numbers: ['body.x', 'body.y'], counter: null, item: 'body', skip: 'continue;' },
  { open: 'for (let i = 0; i < bodies.length; i++) {\n    const body = bodies[i];', close: '}', numbers: ['i', 'body.x'], counter: 'i', item: 'body', skip: 'continue;' },
  { open: 'for (const [name, value] of table) {', close: '}', numbers: ['value', 'name.length'], counter: null, item: null, skip: 'continue;' },
  { open: 'data.forEach((x) => {', close: '});', numbers: ['x'], counter: null, item: null, skip: 'return;' },
  { open: 'data.forEach((x, i) => {', close: '});', numbers: ['x', 'i'], counter: 'i', item: null, skip: 'return;' },
];

const SETUP = `  const data = Array.from({ length: n }, (_, k) => (k * 37) % 17 - 8.5);
  const bodies = data.map((x, k) => ({ x, y: k, tag: { k } }));
  const table = new Map(data.map((x, k) => ['k' + k, x]));
  const out = [];
  const more = [];
  const kept = [];
  let total = 0.1;
  let product = 1;
  let low = Infinity;
  let best = -Infinity;
  let bestAt = -1;
  let count = 0;
  let text = '';
  let last = null;
  let scratch = 0;
  const slots = new Array(n).fill(null);
  const grid = new Float64Array(n * 4).fill(9);
  const buckets = new Array(14).fill(0);
  const seen = new Set();
  const named = {};
`;

const REPORT = `{ out, more, kept, total, product, low, best, bestAt, count, text, last, slots, grid: [...grid], buckets, seen, named, bodies, same: kept.map((k) => bodies.indexOf(k)) }`;

function expression(header: Header): fc.Arbitrary<string> {
  const number = fc.constantFrom(...header.numbers, 'v', 'SCALE', 'offset');
  return fc.oneof(
    number,
    number.map((x) => `f(${x})`),
    number.map((x) => `g(${x})`),
    fc.tuple(number, number).map(([a, b]) => `f(${a}) * ${b}`),
    fc.tuple(number, number).map(([a, b]) => `f(${a}) - g(${b}) / 7`),
    number.map((x) => `local(${x})`),
    number.map((x) => `risky(${x})`),
  );
}

function statement(header: Header): fc.Arbitrary<string> {
  const e = expression(header);
  const always = fc.oneof(
    e.map((x) => `out.push(${x});`),
    fc.tuple(e, e).map(([x, y]) => `more.push(${x}, ${y});`),
    fc.tuple(e, e).map(([x, y]) => `out.push({ a: ${x}, b: [${y}] });`),
    e.map((x) => `total += ${x};`),
    e.map((x) => `total -= ${x};`),
    e.map((x) => `product *= 1 + ${x} / 1000;`),
    e.map((x) => `low = Math.min(low, ${x});`),
    fc.constant('count++;'),
    e.map((x) => `text += \`\${Math.round(${x})},\`;`),
    e.map((x) => `buckets[Math.abs(Math.round(${x})) % 14] += 1;`),
    fc.tuple(e, e).map(([x, y]) => `buckets[Math.abs(g(${x}))] += ${y};`),
    e.map((x) => `seen.add(Math.round(${x}));`),
    fc.tuple(e, e).map(([x, y]) => `named[NAMES[Math.abs(g(${x})) % 3]] = ${y};`),
    e.map((x) => `const w = ${x};\n    if (w > best) {\n      best = w;\n      bestAt = v;\n    }`),
    e.map((x) => `scratch = ${x};\n    out.push(scratch * scratch);`),
    e.map((x) => `last = ${x};`),
    e.map((x) => `for (let j = 0; j < 3; j++) {\n      total += ${x} * j;\n      out.push(j - v);\n    }`),
    ...(header.counter
      ? [
          e.map((x) => `slots[${header.counter}] = ${x};`),
          e.map((x) => `for (let j = 0; j < 4; j++) grid[${header.counter} * 4 + j] = ${x} + j;`),
          e.map((x) => `grid[4 * ${header.counter} + 1] += ${x};`),
        ]
      : []),
    ...(header.item
      ? [
          e.map((x) => `${header.item}.x = ${x};`),
          e.map((x) => `${header.item}.y += ${x};\n    ${header.item}.x += ${header.item}.y;`),
          e.map((x) => `if (${x} > 0) kept.push(${header.item});`),
          e.map((x) => `more.push({ who: ${header.item}.tag, size: ${x} });`),
        ]
      : []),
  );
  return fc.oneof(
    { weight: 3, arbitrary: always },
    { weight: 1, arbitrary: fc.tuple(e, always).map(([x, s]) => `if (${x} > 1) {\n      ${s.replace(/\n/g, '\n  ')}\n    }`) },
    { weight: 1, arbitrary: e.map((x) => `if (${x} > 8) ${header.skip}`) },
  );
}

const program: fc.Arbitrary<Program> = fc.constantFrom(...HEADERS).chain((header) =>
  fc
    .record({
      first: expression(header).filter((x) => !/\bv\b/.test(x)),
      statements: fc.array(statement(header), { minLength: 1, maxLength: 4 }),
      caught: fc.boolean(),
      count: fc.constantFrom(0, 1, 5, 23),
    })
    .map(({ first, statements, caught, count }) => {
      // Each program declares what it declares once.
      const body = [...new Map(statements.map((s) => [s.replace(/\(.*/s, ''), s])).values()].filter((s, at, all) => !s.includes('const w') || all.findIndex((o) => o.includes('const w')) === at);
      const loop = [`  ${header.open}`, `    const v = ${first};`, ...body.map((s) => `    ${s}`), `  ${header.close}`].join('\n');
      const before = `${LIBRARY}\nexport async function main(n, offset) {\n  const local = (x) => x * SCALE + offset;\n${SETUP}${caught ? '  try {\n' : ''}`;
      const text = `${before}${loop}\n${caught ? '  } catch (error) {\n    last = error.name + error.message;\n  }\n' : ''}  return ${REPORT};\n}\n\nexport const settings = [${count}, 0.25];\n`;
      return { text, line: before.split('\n').length };
    }),
);

const RUNNER = `import { inspect } from 'node:util';
import { pathToFileURL } from 'node:url';

for (const file of process.argv.slice(2)) {
  const { main, settings } = await import(pathToFileURL(file));
  let result;
  try {
    result = await main(...settings);
  } catch (error) {
    result = error;
  }
  console.log(JSON.stringify(inspect(result instanceof Error ? [result.name, result.message] : result, { depth: 9, maxArrayLength: null, maxStringLength: null, breakLength: Infinity })));
}
`;

describe('javascript/piscina: random loops', () => {
  const folders: string[] = [];
  after(() => folders.forEach(remove));

  it('give the same when they are rewritten', async function () {
    this.timeout(300_000);
    const programs = fc.sample(program, { numRuns: Number(process.env.RANDOM_LOOPS ?? 60), seed: Number(process.env.SEED ?? 20) });
    const before: string[] = [];
    const changed: string[] = [];
    const texts: Program[] = [];
    const why = new Map<string, number>();
    for (const one of programs) {
      const folder = scratch({ 'package.json': '{ "private": true, "type": "module" }\n', 'main.mjs': one.text });
      folders.push(folder);
      const { loop } = await contextOf(folder, 'main.mjs', one.line);
      if (loop.verdict !== 'parallel' && loop.verdict !== 'reduction') continue;
      const result = await rewriteIn(folder, 'main.mjs', one.line);
      if ('why' in result) {
        const kind = result.why.replace(/[\d]+/g, 'N');
        why.set(kind, (why.get(kind) ?? 0) + 1);
        continue;
      }
      const other = scratch(result.files);
      folders.push(other);
      before.push(path.join(folder, 'main.mjs'));
      changed.push(path.join(other, 'main.mjs'));
      texts.push(one);
    }
    if (process.env.RANDOM_LOOPS) console.log([...why].sort((a, b) => b[1] - a[1]));
    const runner = scratch({ 'runner.mjs': RUNNER });
    folders.push(runner);
    const [original, rewritten] = [await run(runner, 'runner.mjs', 'source', before), await run(runner, 'runner.mjs', 'source', changed)];
    assert.equal(original.code, 0, original.stderr);
    assert.equal(rewritten.code, 0, rewritten.stderr);
    const [expected, actual] = [original.stdout.split('\n'), rewritten.stdout.split('\n')];
    for (const [at, line] of expected.entries()) {
      assert.equal(actual[at], line, `${texts[at]?.text}\n----\n${fs.readFileSync(changed[at] ?? changed[0]!, 'utf8')}`);
    }
    assert.ok(texts.length >= programs.length / 4, `only ${texts.length} of ${programs.length} were rewritten: ${JSON.stringify([...why])}`);
  });
});
