/** From source to verdict: what the language does behind the back of a loop has to be seen. */
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { neverCancelled } from '../../src/analysis/cancellation';
import { analyzeLoops } from '../../src/analysis/pipeline';
import type { ModuleIR } from '../../src/ir/ir';
import { frontendFor } from '../../src/languages/frontend';
import { modelsFor } from '../../src/models';

type Files = Readonly<Record<string, string>>;

/** The verdict of the first loop in the file that is named first. */
async function verdictOf(files: Files): Promise<string> {
  const frontend = await frontendFor('javascript');
  const modules = new Map<string, ModuleIR>();
  const lower = (name: string): ModuleIR => {
    const known = modules.get(name) ?? frontend.lower(name, files[name]!);
    modules.set(name, known);
    return known;
  };
  const entry = lower(Object.keys(files)[0]!);
  const report = await analyzeLoops(entry, {
    models: modelsFor(entry.language),
    resolve(source, from) {
      const name = path.posix.join(path.posix.dirname(from), source.module);
      return source.module.startsWith('.') && name in files ? lower(name) : null;
    },
    token: neverCancelled,
  });
  return report.loops[0]!.verdict;
}

/** A body for `for (const x of xs) { … }` in a function with `o`, an array that is returned; `before` stands at module level. */
type Probe = readonly [body: string, before?: string];

const loop = (body: string, before = ''): string =>
  `${before}\nexport function run(xs) { const o = []; for (const x of xs) { ${body} } return o }`;

describe('verdicts of JavaScript loops', () => {
  describe('never parallel nor a reduction', () => {
    const probes: readonly Probe[] = [
      ['var t; if (x) t = 5; o.push(t)'],
      ['o.push(a.total)', 'class A { n = 0; get total() { this.n++; return this.n } } const a = new A()'],
      ['A.count++; o.push(A.count)', 'class A { static count = 0 }'],
      ['cache[x] ??= x * 2; o.push(cache[x])', 'const cache = {}'],
      ['[last, o[x]] = [x, last]', 'let last'],
      ['o.push(next())', 'let n = 0; const next = () => n++'],
      ['o.push(add(x))', 'let n = 0; function add(x) { n += x; return n }'],
      ['add(x); o.push(n)', 'let n = 0; function add(x) { n += x }'],
      ['if (re.test(x)) o.push(x)', 'const re = /x/g'],
      ['o.push(re.exec(x))', 'const re = /x/y'],
      ['o.unshift(x)'],
      ['o.push(shared.pop())', 'const shared = []'],
      ['s += x; o.push(s.length)', 'let s = ""'],
      ['k ||= x; o.push(k)', 'let k = 0'],
      ['for (const y of x) { if (y) return o } o.push(x)'],
      ['try { if (x) break } finally { o.push(x) }'],
      ['switch (x) { case 1: o.push(n++); default: o.push(2) }', 'let n = 0'],
      ['const f = (y, z = n++) => y + z; o.push(f(x))', 'let n = 0'],
      ['o.push(g(x))', 'let n = 0; function g(x, z = n++) { return x + z }'],
      ['o.push(g(x))', 'const s = { v: 0 }; function g(x, to = s) { to.v = to.v * 2 + x; return to.v }'],
      ['const { a = n++ } = x; o.push(a)', 'let n = 0'],
      ['o.push(tag`a${x}`)', 'let n = 0; const tag = (s, v) => (n = n * 2 + v)'],
      ['o.push(new Sub().id)', 'let n = 0; class Base { constructor() { n = n * 3 + 1; this.id = n } } class Sub extends Base { f = n }'],
      ['o.push(new Sub(x).id)', 'let n = 0; class Base { constructor() { n = n * 3 + 1; this.id = n } } class Sub extends Base { f = 1 }'],
      ['o.push(new F().v)', 'let n = 0; class F { v = (n = n * 2 + 1) }'],
      ['o.push(F.make())', 'let n = 0; class F { static make() { return (n = n * 2 + 1) } }'],
      ['x && (n = x); o.push(n)', 'let n = 0'],
      ['o.push((() => (n = n * 2 + x))())', 'let n = 0'],
      ['o.push([1].map((y) => (n = n * 2 + x))[0])', 'let n = 0'],
      ['o.push([...gen(x)])', 'let n = 0; function* gen(y) { yield (n = n * 2 + y) }'],
      ['o.push(m.add(x))', 'let n = 0; const m = { add(x) { return (n = n * 2 + x) } }'],
      ['p.v = x; o.push(p.v)', 'let n = 0; const p = { set v(y) { n = n * 2 + y }, get v() { return n } }'],
      ['o.push(f.call(null, x))', 'let n = 0; function f(y) { return (n = n * 2 + y) }'],
      ['log(x); o.push(x)', 'const { log } = console'],
      ['o.push(random())', 'const { random } = Math'],
      ['if (x > 3) throw new Error("x"); o.push(x)'],
      ['eval("n = n * 2"); o.push(n)', 'let n = 0'],
      ['const v = new Float64Array(buf, 0, 2); v[0] += x; o.push(v[0])', 'const buf = new ArrayBuffer(16)'],
      ['const v = all.subarray(x); v[0] += 1; o.push(v[0])', 'const all = new Float64Array(16)'],
      ['const v = new DataView(buf); v.setInt8(0, v.getInt8(0) + x); o.push(v.getInt8(0))', 'const buf = new ArrayBuffer(16)'],
      ['const c = Object.assign({}, config); c.list.push(x); o.push(c.list.length)', 'const config = { list: [] }'],
      ['const c = new Array(3).fill(s); c[0].v += x; o.push(c[0].v)', 'const s = { v: 0 }'],
      ['using r = open(x); o.push(x)', 'let n = 0; function open(x) { return { [Symbol.dispose]() { n = n * 2 + x } } }'],
    ];
    for (const [body, before] of probes) {
      it(`${before ? `${before}; … ` : ''}${body}`, async () => {
        assert.match(await verdictOf({ 'a.mts': loop(body, before) }), /^(sequential|unknown)$/);
      });
    }
  });

  describe('parallel', () => {
    const probes: readonly Probe[] = [
      ['let t; if (x) t = 5; o.push(t)'],
      ['o.push(Math.sqrt(x) + Number(x))'],
      ['const v = new Float64Array(8); v[0] += x; o.push(v[0])'],
      ['const v = new Float64Array(n); v[0] += x; o.push(v[0])', 'const n = 3'],
      ['if (re.test(x)) o.push(x)', 'const re = /x/'],
      ['const c = Object.assign({}, config); c.x = x; o.push(c.x)', 'const config = { x: 1 }'],
      ['const c = [...config].sort((p, q) => p - q); o.push(c[0])', 'const config = [2, 1]'],
      ['const v = new DataView(new ArrayBuffer(8)); v.setFloat64(0, 1); o.push(v.getUint8(0))'],
      ['const m = new Map(); m.set(x, 1); o.push(m.size)'],
      ['o.push(g(x))', 'function g(x, opts = {}) { opts.a = x; return opts.a }'],
      ['o.push(new P(x).n)', 'class P { m = 1; constructor(n) { this.n = n } }'],
      ['o.push(JSON.stringify(x))'],
    ];
    for (const [body, before] of probes) {
      it(`${before ? `${before}; … ` : ''}${body}`, async () => {
        assert.equal(await verdictOf({ 'a.mjs': loop(body, before) }), 'parallel');
      });
    }
  });

  describe('across modules', () => {
    const lib =
      'let n = 0; function pure(x) { return x * 2 } function impure(x) { n = n * 2 + x; return n } module.exports = { pure, impure, arrow: (x) => (n = n * 2 + x) }; exports.other = 1; module.exports.extra = function (x) { return x + 1 };';
    const whole = 'let n = 0; module.exports = function (x) { n = n * 2 + x; return n }';
    const esm =
      'let n = 0; export const pure = (x) => x * 2; export function impure(x) { n = n * 2 + x; return n } export default function (x) { return (n = n * 2 + x) } export * as ns from "./more.mjs"; export { impure2 as r } from "./more.mjs"; export * from "./more.mjs";';
    const more = 'let n = 0; export function impure2(x) { n = n * 2 + x; return n } export const pure2 = (x) => x + 1;';
    const files = { './lib.cjs': lib, './whole.cjs': whole, './esm.mjs': esm, './more.mjs': more };
    const cases: readonly (readonly [imports: string, call: string, expected: string, system: 'cjs' | 'mjs'])[] = [
      ['const { pure } = require("./lib.cjs")', 'pure(x)', 'parallel', 'cjs'],
      ['const { impure: f } = require("./lib.cjs")', 'f(x)', 'sequential', 'cjs'],
      ['const lib = require("./lib.cjs")', 'lib.pure(x)', 'parallel', 'cjs'],
      ['const lib = require("./lib.cjs")', 'lib.impure(x)', 'sequential', 'cjs'],
      ['const lib = require("./lib.cjs")', 'lib.extra(x)', 'parallel', 'cjs'],
      ['const f = require("./lib.cjs").arrow', 'f(x)', 'sequential', 'cjs'],
      ['const f = require("./whole.cjs")', 'f(x)', 'sequential', 'cjs'],
      ['import f from "./whole.cjs"', 'f(x)', 'sequential', 'mjs'],
      ['import lib, { pure } from "./lib.cjs"', 'pure(x)', 'parallel', 'mjs'],
      ['import lib from "./lib.cjs"', 'lib.impure(x)', 'sequential', 'mjs'],
      ['import f, { pure, impure } from "./esm.mjs"', 'pure(x)', 'parallel', 'mjs'],
      ['import { impure as g } from "./esm.mjs"', 'g(x)', 'sequential', 'mjs'],
      ['import f from "./esm.mjs"', 'f(x)', 'sequential', 'mjs'],
      ['import * as all from "./esm.mjs"', 'all.impure(x)', 'sequential', 'mjs'],
      ['import * as all from "./esm.mjs"', 'all.pure2(x)', 'parallel', 'mjs'],
      ['import { ns } from "./esm.mjs"', 'ns.impure2(x)', 'sequential', 'mjs'],
      ['import { r } from "./esm.mjs"', 'r(x)', 'sequential', 'mjs'],
      ['import { absent } from "./esm.mjs"', 'absent(x)', 'unknown', 'mjs'],
      ['import { f } from "some-library"', 'f(x)', 'unknown', 'mjs'],
      ['import { sqrt } from "./none.mjs"', 'sqrt(x)', 'unknown', 'mjs'],
      ['import fs from "node:fs"', 'fs.existsSync(x)', 'parallel', 'mjs'],
      ['import { createHash } from "crypto"', 'createHash("sha256").update("a").digest("hex")', 'parallel', 'mjs'],
      ['import { randomBytes } from "crypto"', 'randomBytes(4)', 'sequential', 'mjs'],
    ];
    for (const [imports, call, expected, system] of cases) {
      it(`${imports}: ${call}`, async () => {
        const exported = system === 'cjs' ? 'exports.run = function run' : 'export function run';
        const entry = `./a.${system}`;
        const source = `${imports};\n${exported}(xs) { const o = []; for (const x of xs) { o.push(${call}) } return o }`;
        const named = Object.fromEntries(
          Object.entries({ [entry]: source, ...files }).map(([name, text]) => [path.posix.normalize(name), text]),
        );
        assert.equal(await verdictOf(named), expected);
      });
    }
  });
});
