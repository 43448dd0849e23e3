import assert from 'node:assert/strict';
import { summary } from './judge';

/** The verdict on what a worker is sent, after some code. */
async function verdict(message: string, before = '', more = ''): Promise<string> {
  const code = `import { Worker, MessageChannel } from 'node:worker_threads';
import fs from 'node:fs';
import { EventEmitter } from 'node:events';
const worker = new Worker(new URL('./w.mjs', import.meta.url));
${before}
worker.postMessage(${message}${more});
`;
  return (await summary('javascript', code)).at(-1)!;
}

type Row = readonly [message: string, expected: string, before?: string, more?: string];

function table(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    for (const [message, expected, before, more] of rows) {
      it([before, message + (more ?? '')].filter(Boolean).join(' ⏎ '), async () => assert.equal(await verdict(message, before, more), expected));
    }
  });
}

const BAD = 'not-serializable';

describe('values handed to threads', () => {
  table('of the language', [
    ['1', 'ok'],
    ['{ a: [1, { b: "x" }], d: new Date(), m: new Map([["k", new Set([1])]]) }', 'ok'],
    ['() => 1', `${BAD} () => 1`],
    ['{ rows: [1], keep: (r) => r }', `${BAD} message.keep`],
    ['{ run() {} }', `${BAD} message.run`],
    ['[1, [async () => 1]]', `${BAD} message[1][0]`],
    ['new Map([["f", () => 1]])', `${BAD} message.get("f")`],
    ['new Map([[() => 1, 2]])', `${BAD} new Map([[() => 1, 2]])`],
    ['Symbol("x")', `${BAD} Symbol("x")`],
    ['{ [Symbol("x")]: 1 }', 'lossy { [Symbol("x")]: 1 }'],
    ['Promise.resolve(1)', `${BAD} Promise.resolve(1)`],
    ['await Promise.resolve(1)', 'ok'],
    ['new WeakMap()', `${BAD} new WeakMap()`],
    ['new Proxy({}, {})', `${BAD} new Proxy({}, {})`],
    ['[1].values()', `${BAD} [1].values()`],
    ['new Error("x")', 'ok'],
    ['new Error("x", { cause: () => 1 })', `${BAD} message.cause`],
    ['new AggregateError([], "x")', 'lossy new AggregateError([], "x")'],
    ['Buffer.from("a")', 'lossy Buffer.from("a")'],
    ['new Float64Array(3)', 'ok'],
    ['new URL("http://a")', 'lossy new URL("http://a")'],
    ['new URL("http://a").href', 'ok'],
    ['Object.create(null)', 'lossy Object.create(null)'],
    ['{ get a() { return 1; } }', 'lossy message.a'],
    ['console.log', `${BAD} console.log`],
    ['Math.max(1, 2)', 'ok'],
    ['process.env', 'lossy process.env'],
    ['fs.readFileSync("x")', 'lossy fs.readFileSync("x")'],
    ['fs.readFileSync("x", "utf8")', 'ok'],
    ['fs', `${BAD} fs`],
    ['new EventEmitter()', 'lossy new EventEmitter()'],
    ['e', `${BAD} e`, 'const e = new EventEmitter();\ne.on("x", () => {});'],
    ['[1, 2].map((x) => x * 2)', 'ok'],
    ['[1, 2].map((x) => () => x)', `${BAD} message[…]`],
    ['copy', 'ok', 'const copy = structuredClone(whatever());'],
    ['whatever()', 'unknown whatever()'],
  ]);

  table('by way of variables', [
    ['o', `${BAD} o.cb`, 'const o = { a: 1 };\no.cb = () => 1;'],
    ['o', 'ok', 'const o = { a: 1, cb: () => 1 };\ndelete o.cb;'],
    ['xs', `${BAD} xs[…]`, 'const xs = [];\nxs.push(() => 1);'],
    ['rest', 'ok', 'const { cb, ...rest } = { cb: () => 1, n: 1 };'],
    ['cb', `${BAD} cb`, 'const { cb, ...rest } = { cb: () => 1, n: 1 };'],
    ['e', 'lossy e', 'const e = new Error("x");\ne.code = "E";'],
    ['r', 'lossy r', 'const r = /a/g;\nr.lastIndex = 2;'],
    ['m', 'lossy m.label', 'const m = new Map();\nm.label = "x";'],
    ['a', 'ok', 'const a = [1];\na.label = "x";'],
    ['err', 'lossy err', 'let err;\ntry { fs.readFileSync("x"); } catch (e) { err = e; }'],
    ['make()', `${BAD} message.inc`, 'const make = () => { let n = 0; return { inc: () => n++ }; };'],
    ['x', 'ok', 'const x = undefined ?? { a: 1 };'],
  ]);

  table('that are instances', [
    ['new P()', 'lossy new P()', 'class P { m() {} }'],
    ['[new P()]', 'lossy message[0]', 'class P {}'],
    ['new P()', `${BAD} message.f`, 'class P { f = () => 1; }'],
    ['new P()', 'lossy new P()', 'class P { #f = () => 1; }'],
    ['p.x', 'ok', 'class P { constructor() { this.x = 1; } }\nconst p = new P();'],
    ['{ ...p }', 'ok', 'class P { constructor() { this.x = 1; } m() {} }\nconst p = new P();'],
    ['p.toPlain()', 'ok', 'class P { x = 1; toPlain() { return { x: this.x }; } }\nconst p = new P();'],
    ['new E("x")', 'lossy new E("x")', 'class E extends Error { retry = () => 1; }'],
    ['new M([["f", () => 1]])', `${BAD} message.get("f")`, 'class M extends Map {}'],
    ['new B()', `${BAD} message.f`, 'class A { constructor(f) { this.f = f; } }\nclass B extends A { constructor() { super(() => 1); } }'],
    ['P', `${BAD} P`, 'class P {}'],
  ]);

  table('with a transfer list', [
    ['b', 'ok', 'const b = new ArrayBuffer(8);', ', [b]'],
    ['v', 'ok', 'const v = new Uint8Array(8);', ', [v.buffer]'],
    ['v', `${BAD} v`, 'const v = new Uint8Array(8);', ', [v]'],
    ['b', `${BAD} b`, 'const b = new ArrayBuffer(8);\nworker.postMessage(1, [b]);'],
    ['{ p: port1 }', 'ok', 'const { port1 } = new MessageChannel();', ', [port1]'],
    ['{ p: port1 }', `${BAD} message.p`, 'const { port1 } = new MessageChannel();'],
    ['{ p: ch.port2 }', 'ok', 'const ch = new MessageChannel();', ', { transfer: [ch.port2] }'],
    ['{ p: port1 }', 'unknown message.p', 'const { port1 } = new MessageChannel();', ', list()'],
  ]);

  const apis: [title: string, code: string, expected: string[]][] = [
    ['workerData', "import { Worker } from 'node:worker_threads';\nnew Worker('w.js', { workerData: { f: () => 1 } });\n", [`${BAD} workerData.f`]],
    ['workerData in options of a name', "import { Worker } from 'node:worker_threads';\nconst options = { workerData: { f: () => 1 } };\nnew Worker('w.js', options);\n", [`${BAD} options.workerData.f`]],
    ['structuredClone', 'structuredClone({ f: () => 1 });\n', [`${BAD} value.f`]],
    ['piscina', "import { Piscina } from 'piscina';\nconst pool = new Piscina({ filename: 'w.js' });\nawait pool.run({ f: () => 1 });\n", [`${BAD} task.f`]],
    ['piscina by require', "const Piscina = require('piscina');\nconst pool = new Piscina({ filename: 'w.js' });\npool.run([() => 1]);\n", [`${BAD} task[0]`]],
    ['tinypool', "import Tinypool from 'tinypool';\nconst pool = new Tinypool({ filename: 'w.js' });\nawait pool.run({ a: 1 });\n", ['ok']],
    ['another object that runs', "import { pool } from './mine.js';\nconst pool2 = { run(x) { return x; } };\npool2.run(() => 1);\n", []],
    ['a postMessage of the project', 'class Bus { postMessage(m) { return m; } }\nnew Bus().postMessage(() => 1);\n', []],
    ['workerpool sends functions as source', "import workerpool from 'workerpool';\nconst pool = workerpool.pool();\nconst k = 2;\npool.exec((x) => x * k, [{ f: () => 1 }]);\n", [`${BAD} (x) => x * k`, `${BAD} args[0].f`]],
    ['workerpool and a function that stands alone', "import workerpool from 'workerpool';\nconst pool = workerpool.pool();\npool.exec((x) => Math.sqrt(x), [3]);\n", ['ok', 'ok']],
  ];
  for (const [title, code, expected] of apis) it(title, async () => assert.deepEqual(await summary('javascript', code), expected));

  it('takes types for what they say', async () => {
    const code = 'export function send(worker: Worker, n: number, f: () => void, w: WeakMap<object, number>): void {\n  worker.postMessage({ n });\n  worker.postMessage({ f });\n  worker.postMessage({ w });\n}\n';
    assert.deepEqual(await summary('typescript', code), ['ok', `${BAD} message.f`, `${BAD} message.w`]);
  });

  it('follows values into modules of the project', async () => {
    const code = "import { Job } from './jobs.mjs';\nworker.postMessage(new Job());\n";
    assert.deepEqual(await summary('javascript', code, { jobs: 'export class Job { cb = () => 1; }\n' }), [`${BAD} message.cb`]);
  });
});
