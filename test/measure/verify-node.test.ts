import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { verify } from '../../src/measure/verify';
import type { VerifyResult } from '../../src/measure/types';
import { candidateOf, folderOf, loopOf, options } from './helpers';

const REPOSITORY = path.resolve(__dirname, '../..');

interface Case {
  readonly title: string;
  readonly file: string;
  readonly original: string;
  readonly candidate: string;
  readonly worker?: readonly [string, string];
  readonly others?: Readonly<Record<string, string>>;
  readonly live: readonly string[];
  readonly dead?: readonly string[];
  readonly id?: string;
  /** Files that the program itself writes. */
  readonly writes?: readonly string[];
  readonly status: VerifyResult['status'];
  readonly first?: RegExp;
  readonly notCompared?: RegExp;
}

async function check(test: Case): Promise<VerifyResult> {
  const folder = folderOf(test.others ?? {});
  try {
    fs.symlinkSync(path.join(REPOSITORY, 'node_modules'), folder.file('node_modules'), 'dir');
    const file = folder.file(test.file);
    const original = candidateOf('original', file, test.original);
    const newFiles = test.worker ? [{ path: folder.file(test.worker[0]), text: test.worker[1] }] : [];
    const candidate = candidateOf(test.id ?? 'javascript/piscina', file, test.candidate, newFiles);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, original.texts.get(file)!);
    const files = fs.readdirSync(folder.path);
    const result = await verify(
      { program: { command: [test.file], cwd: folder.path }, loop: loopOf(original.region, test.live, test.dead), original, candidate, startMethods: [], maxEntries: 50 },
      options,
    );
    assert.equal(fs.readFileSync(file, 'utf8'), original.texts.get(file), 'the file is as it was');
    assert.deepEqual(fs.readdirSync(folder.path), [...files, ...(test.writes ?? [])].sort(), 'and nothing was added');
    return result;
  } finally {
    folder.remove();
  }
}

const work = `function work(n) {
  let t = 0;
  for (let i = 0; i < 1000; i++) t += Math.sqrt(n + i);
  return t;
}
`;
const ESM = `import { Piscina } from 'piscina';

${work}
async function main(xs) {
`;
const ESM_END = `
}

console.log(JSON.stringify(await main([1, 2, 3, 4])));
`;
const COLLECT = `  const out = [];
  «for (const x of xs) out.push(work(x));»
  return out;`;
const POOLED = `  «const pool = new Piscina({ filename: new URL('./work.worker.mjs', import.meta.url).href, maxThreads: 2 });
  const out = [];
  try {
    out.push(...(await Promise.all(xs.map((x) => pool.run(x)))));
  } finally {
    await pool.destroy();
  }»
  return out;`;
const WORKER: readonly [string, string] = ['work.worker.mjs', `${work}\nexport default work;\n`];

const cases: readonly Case[] = [
  {
    title: 'an ES module and a worker module that is only in the overlay',
    file: 'main.mjs',
    original: ESM + COLLECT + ESM_END,
    candidate: ESM + POOLED + ESM_END,
    worker: WORKER,
    live: ['out', 'xs'],
    dead: ['x'],
    status: 'equal',
  },
  {
    title: 'a worker that computes something else',
    file: 'main.mjs',
    original: ESM + COLLECT + ESM_END,
    candidate: ESM + POOLED + ESM_END,
    worker: ['work.worker.mjs', 'export default (n) => n;\n'],
    live: ['out', 'xs'],
    dead: ['x'],
    status: 'different',
    first: /^out\[0\] 21097\.\d+ 1$/,
  },
  {
    title: 'CommonJS',
    file: 'main.js',
    original: `${work}
async function main(xs) {
  «const out = xs.map(work);»
  return out;
}

main([1, 2, 3]).then((out) => console.log(out.length));
`,
    candidate: `const { Piscina } = require('piscina');
${work}
async function main(xs) {
  «const pool = new Piscina({ filename: require('path').join(__dirname, 'work.worker.js'), maxThreads: 2 });
  let out;
  try {
    out = await Promise.all(xs.map((x) => pool.run(x)));
  } finally {
    await pool.destroy();
  }»
  return out;
}

main([1, 2, 3]).then((out) => console.log(out.length));
`,
    worker: ['work.worker.js', `${work}\nmodule.exports = work;\n`],
    live: ['out', 'xs'],
    status: 'equal',
  },
  {
    title: 'TypeScript through tsx',
    file: 'main.mts',
    original: `import { Piscina } from 'piscina';
function work(n: number): number {
  return Math.sqrt(n);
}
export async function main(xs: readonly number[]): Promise<number> {
  «let total: number = 0;
  for (const x of xs) {
    total += work(x);
  }»
  return total;
}
console.log(await main([1, 2, 3]));
`,
    candidate: `import { Piscina } from 'piscina';
function work(n: number): number {
  return Math.sqrt(n);
}
export async function main(xs: readonly number[]): Promise<number> {
  «const pool = new Piscina({ filename: new URL('./work.worker.mts', import.meta.url).href, maxThreads: 2 });
  let total: number = 0;
  for (const part of (await Promise.all(xs.map((x) => pool.run(x)))) as number[]) total += part;
  await pool.destroy();»
  return total;
}
console.log(await main([1, 2, 3]));
`,
    worker: ['work.worker.mts', 'export default (n: number): number => Math.sqrt(n);\n'],
    live: ['total', 'xs'],
    dead: ['x'],
    status: 'equal',
  },
  {
    title: 'raw workers, found by import.meta.url',
    file: 'main.mjs',
    original: `import { Worker } from 'node:worker_threads';
async function main(xs) {
  «const out = [];
  for (const x of xs) {
    out.push({ x, root: Math.sqrt(x) });
  }»
  return out;
}
console.log((await main([1, 2])).length);
`,
    candidate: `import { Worker } from 'node:worker_threads';
async function main(xs) {
  «const out = await Promise.all(xs.map((x) => new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./w.mjs', import.meta.url), { workerData: x });
    worker.once('message', resolve);
    worker.once('error', reject);
  })));»
  return out;
}
console.log((await main([1, 2])).length);
`,
    worker: ['w.mjs', "import { parentPort, workerData } from 'node:worker_threads';\nparentPort.postMessage({ x: workerData, root: Math.sqrt(workerData) });\n"],
    id: 'javascript/worker-threads',
    live: ['out', 'xs'],
    dead: ['x'],
    status: 'equal',
  },
  {
    title: 'instances that lost their class on the way',
    file: 'main.mjs',
    original: `class P { constructor(x) { this.x = x; } }
import { Piscina } from 'piscina';
async function main(xs) {
  «const out = xs.map((x) => new P(x * 2));»
  return out.map((p) => p.x);
}
console.log(await main([1, 2]));
`,
    candidate: `class P { constructor(x) { this.x = x; } }
import { Piscina } from 'piscina';
async function main(xs) {
  «const pool = new Piscina({ filename: new URL('./w.mjs', import.meta.url).href, maxThreads: 2 });
  const out = await Promise.all(xs.map((x) => pool.run(x)));
  await pool.destroy();»
  return out.map((p) => p.x);
}
console.log(await main([1, 2]));
`,
    worker: ['w.mjs', 'class P { constructor(x) { this.x = x; } }\nexport default (x) => new P(x * 2);\n'],
    live: ['out', 'xs'],
    status: 'different',
    first: /^out\[0\] object P object Object$/,
  },
  {
    title: 'a minus zero',
    file: 'main.cjs',
    original: `function main(xs) {
  «return xs.map((x) => x * -0);»
}
console.log(main([1, 2]).length);
`,
    candidate: `function main(xs) {
  «return xs.map((x) => x * 0);»
}
console.log(main([1, 2]).length);
`,
    live: ['xs'],
    status: 'different',
    first: /^return value\[0\] -0 0$/,
  },
  {
    title: 'a promise that is returned: its value is the result',
    file: 'main.mjs',
    original: `async function main(xs) {
  «return xs.map((x) => x + 1);»
}
console.log(await main([1, 2]));
`,
    candidate: `async function main(xs) {
  «return Promise.all(xs.map(async (x) => x + 1));»
}
console.log(await main([1, 2]));
`,
    id: 'javascript/promise-all',
    live: ['xs'],
    status: 'equal',
  },
  {
    title: 'an exception that got lost, seen by the function itself',
    file: 'main.mjs',
    original: `async function main(xs) {
  const out = [];
  try {
    «for (const x of xs) {
      if (x === 2) throw new RangeError('two');
      out.push(x);
    }»
  } catch {}
  return out;
}
console.log((await main([1, 2, 3])).length);
`,
    candidate: `async function main(xs) {
  const out = [];
  try {
    «await Promise.all(xs.map(async (x) => { if (x !== 2) out.push(x); }));»
  } catch {}
  return out;
}
console.log((await main([1, 2, 3])).length);
`,
    id: 'javascript/promise-all',
    live: ['out', 'xs'],
    dead: ['x'],
    status: 'different',
    first: /^exception RangeError: two no exception$/,
  },
  {
    title: 'state of a CommonJS module that a worker changed for itself',
    file: 'main.js',
    others: { 'stats.js': 'exports.stats = { calls: 0 };\nexports.work = (x) => { exports.stats.calls++; return x * 2; };\n' },
    original: `const { work } = require('./stats');
async function main(xs) {
  «const out = xs.map(work);»
  return out;
}
main([1, 2, 3]).then((out) => console.log(out.length));
`,
    candidate: `const { work } = require('./stats');
const { Piscina } = require('piscina');
async function main(xs) {
  «const pool = new Piscina({ filename: require('path').join(__dirname, 'w.js'), maxThreads: 2 });
  const out = await Promise.all(xs.map((x) => pool.run(x)));
  await pool.destroy();»
  return out;
}
main([1, 2, 3]).then((out) => console.log(out.length));
`,
    worker: ['w.js', "module.exports = require('./stats').work;\n"],
    live: ['out', 'xs'],
    status: 'different',
    first: /^exports of stats\.js\.stats\.calls 3 0$/,
  },
  {
    title: 'a file that it writes',
    file: 'main.mjs',
    original: `import { writeFileSync } from 'node:fs';
function main(xs) {
  «const out = xs.map((x) => x + 1);»
  writeFileSync('out.json', JSON.stringify(out));
  return out;
}
main([1, 2]);
`,
    candidate: `import { writeFileSync } from 'node:fs';
function main(xs) {
  «const out = xs.map((x) => x + 1);»
  writeFileSync('out.json', JSON.stringify([...out, 0]));
  return out;
}
main([1, 2]);
`,
    id: 'javascript/promise-all',
    live: ['out', 'xs'],
    writes: ['out.json'],
    status: 'different',
    first: /^file out\.json SHA-256 \w+ SHA-256 \w+$/,
  },
  {
    title: 'functions that run concurrently while the loop waits',
    file: 'main.mjs',
    original: `import { Piscina } from 'piscina';
${work}
async function main(xs) {
  «const out = xs.map(work);»
  return out;
}
console.log((await Promise.all([main([1, 2]), main([3, 4])])).length);
`,
    candidate: `import { Piscina } from 'piscina';
${work}
async function main(xs) {
  «const pool = new Piscina({ filename: new URL('./work.worker.mjs', import.meta.url).href, maxThreads: 1 });
  const out = await Promise.all(xs.map((x) => pool.run(x)));
  await pool.destroy();»
  return out;
}
console.log((await Promise.all([main([1, 2]), main([3, 4])])).length);
`,
    worker: WORKER,
    live: ['out', 'xs'],
    status: 'equal',
  },
];

describe('verify: Node', () => {
  for (const test of cases) {
    it(`${test.title}: ${test.status}`, async () => {
      const result = await check(test);
      assert.equal(result.status, test.status, JSON.stringify(result, null, 1));
      if (test.first) {
        const { where, original, candidate } = result.differences[0]!;
        assert.match(`${where} ${original} ${candidate}`, test.first);
      }
      if (test.notCompared) assert.match(result.notCompared.map((n) => `${n.where} ${n.why}`).join('\n'), test.notCompared);
    });
  }
});
