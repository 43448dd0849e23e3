import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { globSync } from 'tinyglobby';
import type { FunctionIR, ModuleIR } from '../../src/ir/ir';
import { printModule, printStmts, printType } from '../../src/ir/print';
import { walkFunction } from '../../src/ir/walk';
import { frontendFor, languageOf, type Frontend } from '../../src/languages/frontend';

let frontend: Frontend;
before(async () => {
  frontend = await frontendFor('javascript');
});

const lower = (source: string, path = 'a.ts'): ModuleIR => frontend.lower(path, source);
const top = (module: ModuleIR): FunctionIR => module.functions.get('')!;
const body = (source: string, path?: string): string => printStmts(top(lower(source, path)).body);
const lines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();

/** Source of a statement list → the IR as text. */
type Case = readonly [source: string, expected: string];

function table(title: string, cases: readonly Case[], path?: string): void {
  describe(title, () => {
    for (const [source, expected] of cases) {
      it(source.replace(/\s+/g, ' '), () => assert.equal(body(source, path), expected.replace(/\n {8}/g, '\n')));
    }
  });
}

/** Source → the functions, classes and variables as text. */
function modules(title: string, cases: readonly Case[], path?: string): void {
  describe(title, () => {
    for (const [source, expected] of cases) {
      it(source.replace(/\s+/g, ' '), () =>
        assert.equal(lines(printModule(lower(source, path))), lines(expected.replace(/\n {8}/g, '\n'))),
      );
    }
  });
}

describe('JavaScript front end', () => {
  table('expressions', [
    ['f(1, -2, 1.5, 1e300, 10n, "s", null, undefined, true, /a/g)', 'f(1, -(2), 1.5, 1e+300.0, 10n, "s", None, undefined, True, //a/g/)'],
    ['a?.b?.[c]?.(...d)', 'a?.b?.[c]?.(*d)'],
    ['`x${a}y${b}`; `plain`', 'template(a, b)\n"plain"'],
    ['tag`a${b}c`', 'tag(template(b))'],
    ['a && b || c ?? d', '(((a and b) or c) ?? d)'],
    ['a === b, a instanceof C, "k" in a', 'sequence((a === b), (a instanceof C), ("k" in a))'],
    ['x = y = 1', 'x = (y := 1)'],
    ['x += 1; x ??= 2; x >>>= 3; x **= 4', 'x += 1\nx ??= 2\nx >>>= 3\nx **= 4'],
    ['i++; --i', '(i++)\n(--i)'],
    ['[, a, ...b]', '[undefined, a, *b]'],
    ['({ a, "b-c": 1, 2: 3, [k]: 4, ...r })', '{"a": a, "b-c": 1, "2": 3, k: 4, **r}'],
    [
      '({ m() {}, get g() { return 1 }, set g(v) {}, async *ag() {} })',
      '{"m": <function m>, get "g": <function g>, set "g": <function g#2>, "ag": <function ag>}',
    ],
    ['({ __proto__: p, ["__proto__"]: q })', '{"__proto__": opaque<__proto__>(p), "__proto__": q}'],
    ['new Foo; new Foo(1)', 'new Foo()\nnew Foo(1)'],
    ['a ? b : c', '(b if a else c)'],
    ['typeof a; void 0; void f()', 'typeof a\nundefined\nvoid f()'],
    ['delete a.b; delete a[c]; f(delete a.b)', 'del a.b\ndel a[c]\nf(delete a.b)'],
    ['import("./m"); import.meta.url', 'opaque<import>("./m")\nimport.meta.url'],
    ['eval("x = 1")', 'opaque<eval>("x = 1")'],
    ['x as number; x!; x satisfies T; <T>x; f<string>', 'x\nx\nx\nx\nf'],
  ]);

  table(
    'JSX',
    [
      ['<Foo a={b} {...c}>{d}<div/>text</Foo>', 'opaque<jsx>(Foo, b, c, d, opaque<jsx>())'],
      ['<a.B/>', 'opaque<jsx>(a.B)'],
    ],
    'a.tsx',
  );

  table('statements', [
    ['for (let i = 0, n = 3; i < n; i += 2) f(i)', 'init:\n  let i = 0\n  let n = 3\nfor (i < n); (i += 2):\n  f(i)'],
    ['for (;;) break', 'for ; :\n  break'],
    ['for (const x of xs) f(x)', 'for const x in xs:\n  f(x)'],
    ['for (k in o) f(k)', 'for k in keys of o:\n  f(k)'],
    ['for (var [a, { b = 1 }] of xs) ;', 'for var [a, {"b": b = 1}] in xs:\n  pass'],
    ['while (a) { b(); continue }', 'while a:\n  b()\n  continue'],
    ['do f(); while (a)', 'do while a:\n  f()'],
    [
      'o: for (const x of a) { p: for (const y of b) { continue o; break p } }',
      'o: for const x in a:\n  p: for const y in b:\n    continue o\n    break p',
    ],
    ['b: { break b }', 'b: block:\n  break b'],
    [
      'switch (a) { case 1: case 2: f(); break; default: g() }',
      'switch a:\n  case 1:\n  case 2:\n    f()\n    break\n  case default:\n    g()',
    ],
    [
      'try { f() } catch ({ message }) { g(message) } finally { h() }',
      'try:\n  f()\nexcept as {"message": message}:\n  g(message)\nfinally:\n  h()',
    ],
    ['try { f() } catch { }', 'try:\n  f()\nexcept:'],
    ['throw new Error("x")', 'raise new Error("x")'],
    ['if (a) f(); else if (b) g()', 'if a:\n  f()\nelse:\n  if b:\n    g()'],
    ['let a, b = 1; var c; const { d, ...e } = f()', 'let a\nlet b = 1\nvar c\nconst {"d": d, *e} = f()'],
    ['[a, o.p, o[q] = 3] = r; ({ a, b: o.p = 1 } = r)', '[a, o.p, o[q] = 3] = r\n{"a": a, "b": o.p = 1} = r'],
    ['using r = open(); await using s = open()', 'using r = opaque<using>(open())\nusing s = opaque<using>(open())'],
    ['for await (const x of xs) f(x)', 'async for const x in xs:\n  f(x)'],
    ['"use strict"; debugger; ;', 'pass\npass'],
  ]);

  table('with', [['with (o) { x = 1 }', 'opaque<with>(o)\nblock:\n  x = 1']], 'a.cjs');

  modules('functions and scopes', [
    [
      'function f(a, b = a, { c, d: [e] }, ...r) { return e }',
      `module:
          function /f = f constant
          def f = f
        function f(a, b = a, <param2> {"c": c, "d": [e]}, *r: Array):
          param f/a constant
          param f/b constant
          param f/c constant
          param f/e constant
          param f/r: Array constant
          param f/<param2> constant
          return e`,
    ],
    [
      'function f() { for (let i = 0; i < 1; i++) { let x; } for (let i = 0; i < 1; i++) { let x = i; } { function g() {} } var i; return arguments }',
      `module:
          function /f = f constant
          def f = f
        function f():
          local f/i constant
          local f/i#1
          local f/x constant
          local f/i#2
          local f/x#1 constant
          function f/g = f.<locals>.g constant
          init:
            let i#1 = 0
          for (i#1 < 1); (i#1++):
            let x
          init:
            let i#2 = 0
          for (i#2 < 1); (i#2++):
            let x#1 = i#2
          block:
            def g = f.<locals>.g
          var i
          return opaque<arguments>()
        function f.<locals>.g():`,
    ],
    [
      'let n = 0; const inc = () => { n++; return () => n }; const fact = function me(k) { return k ? me(k - 1) : 1 }',
      `module:
          local /n captured
          function /inc: function = inc constant
          function /fact: function = me constant
          let n = 0
          const inc = <function inc>
          const fact = <function me>
        function inc() [lambda arrow]:
          free /n
          (::n++)
          return <function inc.<locals>.<lambda>>
        function inc.<locals>.<lambda>() [lambda arrow]:
          free /n
          return ::n
        function me(k):
          function me/me = me constant
          param me/k constant
          return (me((k - 1)) if k else 1)`,
    ],
    [
      'async function* g() { yield* await f(); yield }',
      `module:
          function /g = g constant
          free builtin/f
          def g = g
        function g() [async generator]:
          free builtin/f
          (yield from (await f()))
          (yield)`,
    ],
  ]);

  modules('classes', [
    [
      'class A extends B { #p = 1; static s = A.t; x; constructor(readonly k: string) { super(); this.w = [1]; } get v() { return this.#p } static { A.s++ } ["c"]() {} @dec m() {} }',
      `module:
          class /A = A constant
          free builtin/B builtin/dec
          class A = A(B):
            A.s = A.t
            block:
              (A.s++)
            "c"
            opaque<decorator>(dec)
        function A.constructor(k: string) [constructor of A]:
          param A.constructor/k: string constant
          super()
          this.#p = 1
          this.k = k
          this.w = [1]
        function A.get v() [getter of A]:
          return this.#p
        function A.<computed>() [method of A]:
        function A.m() [method of A @dec]:
        class A:
          method constructor = A.constructor
          method get v = A.get v
          method m = A.m
          field #p: number private
          field s static
          field x
          field k: string
          field w: Array[number]`,
    ],
    [
      'class A extends B { f = () => this.n; n = 1 }',
      `module:
          class /A = A constant
          free builtin/B
          class A = A(B):
        function A.constructor(*args) [constructor of A]:
          param A.constructor/args: Array constant
          super(*args)
          this.f = <function A.constructor.<locals>.f>
          this.n = 1
        function A.constructor.<locals>.f() [lambda arrow]:
          return this.n
        class A:
          method constructor = A.constructor
          field f: function
          field n: number`,
    ],
    [
      'const C = class D { static m() { return D } }; const E = class { static x = f() }',
      `module:
          class /C = D constant
          class /E = E constant
          class /D = D constant captured
          free builtin/f
          const C = <class D>
          const E = opaque<class>(f(), <class E>)
        function D.m() [method of D @static]:
          free /D
          return ::D
        class D:
          method m = D.m static
        class E:
          field x static`,
    ],
  ]);

  modules('TypeScript', [
    [
      'enum E { A, B = A << 2, C, D = "d" } namespace N { export const v = 1; export function h() {} const hidden = 2 } abstract class Q { abstract f(): void; declare z: number }',
      `module:
          local /E constant
          local /N constant
          class /Q = Q constant
          local /v: number constant
          function /h = h constant
          local /hidden: number constant
          const E = {"A": 0, "B": (E.A << 2), "C": (E.B + 1), "D": "d"}
          block:
            const v = 1
            def h = h
            const hidden = 2
            const N = {"v": v, "h": h}
          class Q = Q():
        function h():
        class Q:
          field z: number`,
    ],
    [
      'declare const g: number; declare function h(): void; interface I {} type T = I; function over(a: string): void; function over(a: any) { h(); return g } export type { T }; import type { X } from "./x"',
      `module:
          function /over = over constant
          import /X from ./x:X constant
          free builtin/h builtin/g
          def over = over
          import type ./x (X as X)
        function over(a):
          param over/a constant
          free builtin/h builtin/g
          h()
          return g`,
    ],
  ]);

  describe('types of variables', () => {
    const cases: readonly (readonly [source: string, name: string, type: string | null, path?: string])[] = [
      ['const x: number = f()', '/x', 'number'],
      ['let x: string | null', '/x', 'string | null'],
      ['let x: readonly number[]', '/x', 'Array[number]'],
      ['let x: [number, number]', '/x', 'Array[number]'],
      ['let x: Map<string, Set<number>>', '/x', 'Map[string, Set[number]]'],
      ['let x: Promise<void>', '/x', 'Promise[undefined]'],
      ['let x: Float64Array', '/x', 'Float64Array'],
      ['let x: () => void', '/x', 'function'],
      ['type A = B; type B = "a" | "b"; let x: A', '/x', 'string'],
      ['type R = R[]; let x: R', '/x', 'Array[Array[Array[Array]]]'],
      ['interface I { a: 1 } let x: I', '/x', 'object'],
      ['interface F { (): void } let x: F', '/x', 'function'],
      ['class C {} let x: C', '/x', 'C'],
      ['enum E { A } let x: E', '/x', 'number'],
      ['let x: any', '/x', null],
      ['let x: string | unknown', '/x', null],
      ['function f<T>(x: T) {}', 'f/x', null],
      ['class T {} function f<T>(x: T[]) {}', 'f/x', 'Array'],
      ['function f(x = 1) {}', 'f/x', 'number'],
      ['function f(x = 1) {}', 'f/x', null, 'a.js'],
      ['const x = 1', '/x', 'number'],
      ['let x = 1; x = "s"', '/x', null],
      ['const x = [1, 2]', '/x', 'Array[number]'],
      ['const x = [1, "a"]', '/x', 'Array'],
      ['const x = []', '/x', 'Array'],
      ['const x = {}', '/x', 'object'],
      ['const x = 5n', '/x', 'bigint'],
      ['const x = /a/', '/x', 'StatelessRegExp'],
      ['const x = /a/gi', '/x', 'RegExp'],
      ['class C {} const x = new C()', '/x', 'C'],
      ['const x = new Map<string, number>()', '/x', 'Map[string, number]'],
      ['const Map = f(); const x = new Map()', '/x', null],
      ['import { Q } from "./q"; const x = new Q()', '/x', 'Q'],
      ['const x = new Float64Array(3).map(Math.sqrt)', '/x', 'Float64Array'],
      ['const a = [1]; const x = a.slice(1)', '/x', 'Array[number]'],
      ['const x = new Array(3).fill(0)', '/x', 'Array'],
      ['const x = Math.sqrt(2) * f()', '/x', 'number'],
      ['const x = f() + 1', '/x', null],
      ['const x = f() + "s"', '/x', 'string'],
      ['const x = "a,b".split(",")', '/x', 'Array[string]'],
      ['const x = f() as number[]', '/x', 'Array[number]'],
      ['const x = [1] as const', '/x', 'Array[number]'],
      ['const x = y; const y = x', '/x', null],
      ['/** @type {Uint8Array} */ const x = f()', '/x', 'Uint8Array', 'a.js'],
      ['/** @type {Uint8Array} */\nexport const x = f()', '/x', 'Uint8Array', 'a.js'],
      ['/** @param {number[]} x the numbers */ function f(x) {}', 'f/x', 'Array[number]', 'a.js'],
      ['/** @param {Array.<string>} x */\nconst f = (x) => x', 'f/x', 'Array[string]', 'a.js'],
      ['/** @param {...number} x */ function f(...x) {}', 'f/x', 'Array[number]', 'a.js'],
      ['/** @param {?number} x */ function f(x) {}', 'f/x', 'number | null', 'a.js'],
      ['/** @param {*} x */ function f(x) {}', 'f/x', null, 'a.js'],
      ['/** @param {number} [x] */ function f(x) {}', 'f/x', null, 'a.js'],
      ['/** @param {*[]} x */ function f(x) {}', 'f/x', 'Array', 'a.js'],
      ['/** @param {{a: number}} x */ function f(x) {}', 'f/x', 'object', 'a.js'],
      ['/** @param {{a: number}[]} x */ function f(x) {}', 'f/x', 'Array[object]', 'a.js'],
      ['/** @param {(a: number) => void} x */ function f(x) {}', 'f/x', 'function', 'a.js'],
      ['/** @param {function(number, {a: 1}): number[]} x */ function f(x) {}', 'f/x', 'function', 'a.js'],
      ['/** @param {(string|number)[]} x */ function f(x) {}', 'f/x', 'Array[string | number]', 'a.js'],
      ['/** @param {import("./m").Foo<number>} x */ function f(x) {}', 'f/x', 'Foo[number]', 'a.js'],
      ['/** @param {number[} x */ function f(x) {}', 'f/x', null, 'a.js'],
      [
        '/** @typedef {number[]} Shape @typedef {Shape[]|Row} Grid */ /** @param {Shape} x */ function f(x) {}',
        'f/x',
        'Array[number]',
        'a.js',
      ],
      ['/** @typedef {Shape[]} Shape */ /** @param {Shape} x */ function f(x) {}', 'f/x', 'Array', 'a.js'],
      ['/** @callback Visit */ /** @param {Visit} x */ function f(x) {}', 'f/x', 'function', 'a.js'],
      ['const x = [1, 2]', '/x', 'Array', 'a.js'],
      ['class V {} /** @param {V[]} x */ function f(x) {}', 'f/x', 'Array[V]', 'a.js'],
      ['class V { /** @param {number} x */ m(x) {} }', 'V.m/x', 'number', 'a.js'],
    ];
    for (const [source, name, expected, path] of cases) {
      it(`${source.replace(/\s+/g, ' ')}: ${name} is ${expected}`, () => {
        const module = lower(source, path);
        const variable = [...module.functions.values()].flatMap((fn) => [...fn.variables.values()]).find((v) => v.id === name);
        assert.ok(variable, `no variable ${name}`);
        assert.equal(variable.type ? printType(variable.type) : null, expected);
      });
    }
  });

  describe('fields', () => {
    const typeOf = (source: string, field: string): string | null => {
      const type = lower(source, 'a.js').classes.get('V')!.fields.get(field)!.type;
      return type ? printType(type) : null;
    };
    it('have the type of what the constructor gives them', () =>
      assert.equal(typeOf('class V { constructor(n) { this.d = new Float64Array(n) } }', 'd'), 'Float64Array'));
    it('have none when something else is assigned elsewhere', () => {
      assert.equal(typeOf('class V { constructor(n) { this.d = [] } reset() { this.d = null } }', 'd'), null);
      assert.equal(typeOf('class V { d = [] } function reset(v) { [v.d] = [1] }', 'd'), null);
      assert.equal(typeOf('class V { constructor() { this.d = 1; this.d = "s" } }', 'd'), null);
    });
  });

  describe('modules', () => {
    const cases: readonly (readonly [source: string, path: string, system: string, imports: string, exports: string])[] = [
      [
        'import d, { a as b, "x y" as c } from "./m"; import * as n from "n"; import "./e"',
        'a.js',
        'esm',
        './m:default ./m:a ./m:x y n ./e',
        '',
      ],
      ['import x = require("./m"); export = x', 'a.ts', 'commonjs', './m', '= /x'],
      [
        'export const a = 1, [b] = c; export function f() {} export class K {} export default f',
        'a.js',
        'esm',
        '',
        'a /a, b /b, f /f, K /K, default /f',
      ],
      ['export default function () {}', 'a.js', 'esm', '', 'default /<default>'],
      ['export default class {}', 'a.js', 'esm', '', 'default /<default>'],
      ['export default 1 + 1', 'a.js', 'esm', '', 'default /<default>'],
      ['const a = 1; export { a, a as b, a as default }', 'a.js', 'esm', '', 'a /a, b /a, default /a'],
      [
        'export * from "./m"; export * as n from "./m"; export { q as r } from "./m"',
        'a.js',
        'esm',
        './m ./m ./m',
        '* ./m, n ./m:*, r ./m:q',
      ],
      ['const fs = require("fs"), { a, b: c } = require("./m"), d = require("./m").d', 'a.js', 'commonjs', 'fs ./m:a ./m:b ./m:d', ''],
      ['let fs = require("fs"); fs = null', 'a.js', 'commonjs', 'fs', ''],
      ['function g(require) { const x = require("x") }', 'a.js', 'commonjs', '', ''],
      ['require("./m").f()', 'a.js', 'commonjs', './m', ''],
      ['function f() {} module.exports = f', 'a.js', 'commonjs', '', '= /f'],
      [
        'function f() {} module.exports = { f, g() {}, h: class {}, ...require("./m") }',
        'a.js',
        'commonjs',
        './m',
        '= ?, f /f, g g, h h, * ./m',
      ],
      ['exports.a = exports.b = void 0; exports.a = function () {}; exports.b = exports.a', 'a.js', 'commonjs', '', 'a exports.a, b ?'],
      ['function f() {} function g() {} if (x) exports.a = f; else exports.a = g', 'a.js', 'commonjs', '', 'a ?'],
      ['exports = module.exports = require("./m")', 'a.js', 'commonjs', './m', '= ./m:*'],
      ['function f(exports) { exports.x = 1 }', 'a.js', 'commonjs', '', ''],
      ['let x = 1', 'a.mjs', 'esm', '', ''],
      ['let x = 1', 'a.cts', 'commonjs', '', ''],
      ['await f()', 'a.js', 'esm', '', ''],
      ['console.log(import.meta.url)', 'a.js', 'esm', '', ''],
    ];
    for (const [source, path, system, imports, exports] of cases) {
      it(`${path}: ${source}`, () => {
        const module = lower(source, path);
        assert.equal(module.system, system);
        assert.equal(module.imports.map((i) => (i.name === null ? i.module : `${i.module}:${i.name}`)).join(' '), imports);
        const shown = module.exports.map(
          (e) => `${e.name} ${e.from ? e.from + (e.imported ? `:${e.imported}` : '') : (e.variable ?? e.target ?? '?')}`,
        );
        assert.equal(shown.join(', '), exports);
      });
    }
  });

  describe('spans', () => {
    const sources: readonly (readonly [title: string, text: string])[] = [
      ['plain', 'let a = 1;\nfunction f(x) { return x + 1; }\n'],
      ['a byte order mark', '\uFEFFlet a = 1;\nfunction f(x) { return x + 1; }\n'],
      ['CRLF', 'let a = 1;\r\nfunction f(x) {\r\n  return x + 1;\r\n}\r\n'],
      ['characters outside the BMP', 'let a = "😀"; /* 😀 */ function f(x) { return x + 1; }'],
    ];
    for (const [title, text] of sources) {
      it(`with ${title}`, () => {
        const fn = lower(text).functions.get('f')!;
        const [statement] = fn.body;
        assert.equal(statement?.type, 'return');
        const slice = text.slice(fn.start + statement!.span.start, fn.start + statement!.span.end);
        assert.equal(slice, 'return x + 1;');
        assert.equal(text.slice(fn.start, fn.start + fn.length), text.slice(text.indexOf('function'), text.lastIndexOf('}') + 1));
      });
    }

    it('do not change when text is added above', () => {
      const text = 'function f(x) { for (const y of x) g(y) }';
      const strip = (fn: FunctionIR): unknown => ({ ...fn, start: 0 });
      assert.deepEqual(strip(lower(`\n\n${text}`).functions.get('f')!), strip(lower(text).functions.get('f')!));
    });

    it('of methods begin with their decorators', () => {
      const text = 'class A { @a @b() static async m(x) {} }';
      const fn = lower(text).functions.get('A.m')!;
      assert.equal(text.slice(fn.start, fn.start + fn.length), '@a @b() static async m(x) {}');
      assert.deepEqual(fn.decorators, ['static', 'a', 'b']);
    });
  });

  it('lists comments as written', () => {
    const text = '// fanout: ignore\nlet a; /* b */';
    assert.deepEqual(lower(text).comments, [
      { start: 0, end: 17, text: '// fanout: ignore' },
      { start: 25, end: 32, text: '/* b */' },
    ]);
  });

  describe('real programs: no problem, no error, every span in its function', () => {
    const root = path.resolve(__dirname, '../..');
    const folders = [
      'src',
      'samples',
      'node_modules/mocha/lib',
      'node_modules/commander',
      'node_modules/diff/libesm',
      'node_modules/preact/src',
      'node_modules/vscode-languageserver/lib/node',
      'node_modules/piscina/src',
      'node_modules/lodash/fp',
    ];
    for (const folder of folders) {
      it(folder, () => {
        const files = globSync('**/*.{js,jsx,cjs,mjs,ts,tsx,mts,cts}', {
          cwd: path.join(root, folder),
          absolute: true,
          ignore: ['**/node_modules/**'],
        });
        let functions = 0;
        for (const file of files) {
          if (languageOf(file) === null) continue;
          const module = lower(readFileSync(file, 'utf8'), file);
          assert.deepEqual(module.problems, [], file);
          assertSpans(module);
          for (const fn of module.functions.values())
            walkFunction(fn, { stmt: (stmt) => assert.notEqual(stmt.type, 'error', `${file} ${fn.id}`) });
          functions += module.functions.size;
        }
        assert.ok(functions > files.length, `${files.length} files hold functions`);
      });
    }
  });

  describe('broken source', () => {
    const flags = (source: string, path?: string): string =>
      [...lower(source, path).functions.values()].map((fn) => `${fn.id || 'module'}${fn.broken ? '!' : ''}`).join(' ');
    const cases: readonly Case[] = [
      ['function f() { for (;;) { x( }\n}\nfunction g() { return 1 }', 'module f! g'],
      ['function f() { return 1 }\nlet = = 3', 'module! f'],
      ['function f() { if (x) {', 'module f!'],
      ['function f() { g(() => { a b }) }\nfunction h() {}', 'module f! f.<locals>.<lambda>! h'],
      ['class A { m() { a b } n() {} }', 'module A.m! A.n'],
      ['const x = ', 'module!'],
      ['a ? b', 'module!'],
      ['@', 'module!'],
    ];
    for (const [source, expected] of cases) {
      it(source.replace(/\s+/g, ' '), () => {
        assert.equal(flags(source), expected);
        assert.ok(lower(source).problems.length > 0);
        for (const { start, end } of lower(source).problems) assert.ok(0 <= start && start <= end && end <= source.length);
      });
    }

    it('never crashes, and every span lies in its function', () => {
      const pieces = [
        'function f(a) {',
        'class A {',
        'm() {',
        '}',
        'for (const x of y) {',
        'if (a)',
        'return',
        'x',
        '=',
        '(',
        ')',
        '[',
        ']',
        '=>',
        ';',
        '`${',
        '`',
        '"',
        'let',
        'async',
        'await',
        'yield*',
        '...',
        '?.',
        '@d',
        'import',
        'export',
        'from',
        'default',
        '{',
        ':',
        ',',
        '<a>',
        '</a>',
        'case 1:',
        'switch (x) {',
        'try {',
        'catch',
        '/',
        '#p',
        'static',
        'get',
        '\u{1F600}',
        '\r\n',
        'enum E {',
        'namespace N {',
        'type T =',
        'declare',
        'using r',
        'extends',
        'super',
        'new',
        'this',
        'in',
        'of',
      ];
      fc.assert(
        fc.property(
          fc.array(fc.constantFrom(...pieces), { maxLength: 25 }),
          fc.constantFrom('a.ts', 'a.tsx', 'a.js', 'a.cjs'),
          (parts, path) => {
            assertSpans(lower(parts.join(' '), path));
          },
        ),
        { numRuns: 1500 },
      );
    });

    it('nested ten thousand levels deep is a problem, not a crash', () => {
      for (const [open, close] of [
        ['(', ')'],
        ['[', ']'],
        ['{', '}'],
        ['if (a) ', ''],
        ['f(() => ', ')'],
        ['-', ''],
        ['a + ', 'a'],
        ['a ? b : ', 'c'],
        ['a.b(', ')'],
      ]) {
        const source = `function ok() { return 1 }\nx = ${open!.repeat(10_000)} ${close!.length ? close!.repeat(10_000) : 'a'}`;
        const module = lower(source.replace(/x = (\{|if)/, '$1'));
        assert.ok(module.problems.some((p) => /nested too deeply/.test(p.message)) || top(module).broken, open);
      }
    });

    it('a function that is nested too deeply does not harm the others', () => {
      const module = lower(`function deep() { return ${'f('.repeat(700)}1${')'.repeat(700)} }\nfunction ok() { return 1 }`);
      assert.equal(module.functions.get('deep')!.broken, true);
      assert.equal(module.functions.get('ok')!.broken, false);
      assert.equal(module.problems.length, 1);
    });
  });
});

/** Every node's span lies in its function, and every function in the file. */
function assertSpans(module: ModuleIR): void {
  const whole = module.functions.get('')!;
  for (const fn of module.functions.values()) {
    assert.ok(fn.start >= 0 && fn.start + fn.length <= whole.length, `${fn.id} lies in the file`);
    const check = ({ span }: { readonly span: { readonly start: number; readonly end: number } }): void =>
      assert.ok(
        0 <= span.start && span.start <= span.end && span.end <= fn.length,
        `${module.path} ${fn.id}: [${span.start}, ${span.end}) in ${fn.length}`,
      );
    walkFunction(fn, { expr: check, target: check, stmt: check });
  }
}
