import assert from 'node:assert/strict';
import { remove, rewriteIn, scratch } from './support';

interface Refused {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** The loop is on the line that ends with `// here` in this file. */
  readonly file: string;
  readonly why: RegExp;
  readonly remedy?: RegExp;
}

const ESM = { 'package.json': '{ "private": true, "type": "module" }\n' };

/** A program whose one file is an ES module. */
const module = (title: string, text: string, why: RegExp, remedy?: RegExp): Refused => ({ title, files: { ...ESM, 'main.mjs': text }, file: 'main.mjs', why, ...(remedy ? { remedy } : {}) });

const HEAVY = 'function heavy(x) {\n  return Math.sqrt(x) * 2;\n}\n';

const CASES: readonly Refused[] = [
  // What a worker would not get.
  module(
    'a function that comes from outside',
    `async function each(xs, fn) {\n  const out = [];\n  for (const x of xs) out.push(fn(x)); // here\n  return out;\n}\nexport { each };\n`,
    /fn: a function cannot be copied to a worker \(line 3\)/,
    /top of the file/,
  ),
  module(
    'a function in a literal that is sent, with the path to it',
    `${HEAVY}async function main(xs) {\n  const config = { scale: 2, hooks: { done: () => 1 } };\n  const out = [];\n  for (const x of xs) out.push(heavy(x) * config.scale); // here\n  return out;\n}\nawait main([1]);\n`,
    /config\.hooks\.done: a function cannot be copied/,
  ),
  module(
    'an instance of a class, by its methods',
    `class Circle {\n  constructor(r) {\n    this.r = r;\n  }\n  area() {\n    return this.r * this.r * 3;\n  }\n}\nasync function main() {\n  const circle = new Circle(2);\n  const out = [];\n  for (let i = 0; i < 9; i++) out.push(circle.area() * i); // here\n  return out;\n}\nawait main();\n`,
    /circle: an instance of Circle arrives in a worker without its class \(line 12\)/,
  ),
  module(
    'elements that are instances of a class',
    `class Circle {\n  constructor(r) {\n    this.r = r;\n  }\n  area() {\n    return this.r * this.r * 3;\n  }\n}\nasync function main(circles) {\n  return circles.map((c) => c.area()); // here\n}\nawait main([new Circle(1)]);\n`,
    /circles\[0\]: an instance of Circle arrives in a worker without its class/,
  ),
  module(
    'a promise',
    `async function main() {\n  const later = Promise.resolve(1);\n  const out = [];\n  for (let i = 0; i < 9; i++) out.push(later === i); // here\n  return out;\n}\nawait main();\n`,
    /later: a promise cannot be cloned/,
  ),
  module(
    'a WeakMap',
    `async function main(keys) {\n  const seen = new WeakMap();\n  const out = [];\n  for (const key of keys) out.push(seen.has(key)); // here\n  return out;\n}\nawait main([]);\n`,
    /seen: a WeakMap cannot be cloned/,
  ),
  module(
    'this as a whole',
    `${HEAVY}class Job {\n  async run(xs) {\n    const out = [];\n    for (const x of xs) out.push(heavy(x) + Object.keys(this).length); // here\n    return out;\n  }\n}\nexport { Job };\n`,
    /this on line 7 cannot be copied/,
  ),
  module(
    'a method of this',
    `class Job {\n  cost(x) {\n    return x * 2;\n  }\n  async run(xs) {\n    const out = [];\n    for (const x of xs) out.push(this.cost(x)); // here\n    return out;\n  }\n}\nexport { Job };\n`,
    /this\.cost/,
  ),
  module(
    'what is different in a worker: arguments of the program',
    `${HEAVY}async function main() {\n  const out = [];\n  for (let i = 0; i < 9; i++) out.push(heavy(i) + process.argv.length); // here\n  return out;\n}\nawait main();\n`,
    /process\.argv on line 6/,
  ),

  // What would not come back as it is.
  module(
    'an instance of a class as a result',
    `class Point {\n  constructor(x) {\n    this.x = x;\n  }\n}\nasync function main() {\n  const out = [];\n  for (let i = 0; i < 9; i++) out.push(new Point(i)); // here\n  return out;\n}\nawait main();\n`,
    /new Point\(i\) cannot come back from a worker: an instance of Point loses its class/,
  ),
  module(
    'a function as a result',
    `async function main() {\n  const out = [];\n  for (let i = 0; i < 9; i++) out.push(() => i); // here\n  return out;\n}\nawait main();\n`,
    /cannot come back from a worker: a function/,
  ),
  module(
    'the element itself as the result of a call',
    `function heavy(x) {\n  return x.n > 1;\n}\nasync function main(xs) {\n  return xs.map((x) => (heavy(x) ? x : null)); // here\n}\nawait main([{ n: 1 }]);\n`,
    /of which a copy would come back/,
  ),

  // What must run in order, or may stop.
  module('a condition that is not a count', `export async function main(n) {\n  while (n > 1) n = n / 2; // here\n  return n;\n}\n`, /sequential|not known before it runs/),
  module(
    'a search',
    `${HEAVY}export async function main(xs) {\n  return xs.some((x) => heavy(x) > 3); // here\n}\n`,
    /stops at the first hit|short|early/,
  ),
  module(
    'a loop in a loop that must stay',
    `${HEAVY}export async function main(n) {\n  const state = [1, 2, 3];\n  const next = [0, 0, 0];\n  let seed = 1;\n  for (let t = 0; t < n; t++) {\n    seed = heavy(seed);\n    for (let i = 0; i < 3; i++) next[i] = heavy(state[i]); // here\n  }\n  return next;\n}\n`,
    /each would start a pool of its own/,
  ),
  module(
    'a callback that waits',
    `export async function main(urls) {\n  return Promise.all(urls.map(async (url) => url.length)); // here\n}\n`,
    /`await` on line 2/,
  ),

  // Who cannot wait.
  module(
    'a constructor',
    `${HEAVY}class Table {\n  constructor(n) {\n    this.rows = [];\n    for (let i = 0; i < n; i++) this.rows.push(heavy(i)); // here\n  }\n}\nconsole.log(new Table(3).rows);\n`,
    /a constructor cannot wait for a pool/,
  ),
  module(
    'a getter',
    `${HEAVY}class Table {\n  get rows() {\n    const rows = [];\n    for (let i = 0; i < 9; i++) rows.push(heavy(i)); // here\n    return rows;\n  }\n}\nconsole.log(new Table().rows);\n`,
    /the getter rows cannot wait for a pool/,
  ),
  module(
    'a callback of sort',
    `${HEAVY}const cost = (n) => {\n  const parts = [];\n  for (let i = 0; i < n; i++) parts.push(heavy(i)); // here\n  return parts.length;\n};\nconsole.log([3, 1].sort((a, b) => cost(a) - cost(b)));\n`,
    /callers can be seen|anonymous|handed to/,
  ),
  module(
    'a generator',
    `${HEAVY}function* rows(n) {\n  const out = [];\n  for (let i = 0; i < n; i++) out.push(heavy(i)); // here\n  yield* out;\n}\nconsole.log([...rows(3)]);\n`,
    /rows on line 4 is a generator/,
  ),
  {
    title: 'the top level of CommonJS',
    files: { 'main.cjs': `${HEAVY}const out = [];\nfor (let i = 0; i < 9; i++) out.push(heavy(i)); // here\nconsole.log(out);\n` },
    file: 'main.cjs',
    why: /top level of main\.cjs, a CommonJS module/,
    remedy: /async function main/,
  },
  {
    title: 'a call at the top level of CommonJS whose result is used',
    files: { 'main.cjs': `${HEAVY}function rows(n) {\n  const out = [];\n  for (let i = 0; i < n; i++) out.push(heavy(i)); // here\n  return out;\n}\nconsole.log(rows(3));\n` },
    file: 'main.cjs',
    why: /rows\(3\) on line 9 of main\.cjs is at the top level of a CommonJS module/,
  },
  {
    title: 'a function that a package exports',
    files: {
      'package.json': '{ "name": "rows", "version": "1.0.0", "type": "module", "main": "index.mjs" }\n',
      'index.mjs': `${HEAVY}export function rows(n) {\n  const out = [];\n  for (let i = 0; i < n; i++) out.push(heavy(i)); // here\n  return out;\n}\n`,
    },
    file: 'index.mjs',
    why: /rows \(line 4\) would have to become async.*exported by a package/,
  },
  {
    title: 'the top level of a module that others import',
    files: {
      ...ESM,
      'table.mjs': `${HEAVY}export const table = [];\nfor (let i = 0; i < 9; i++) table.push(heavy(i)); // here\n`,
      'main.mjs': `import { table } from './table.mjs';\nconsole.log(table.length);\n`,
    },
    file: 'table.mjs',
    why: /table\.mjs is imported by main\.mjs/,
  },

  // What else could run meanwhile.
  module(
    'a timer that changes what the loop reads',
    `${HEAVY}const data = [1, 2, 3];\nsetInterval(() => data.push(data.length), 1).unref();\nexport async function main() {\n  const out = [];\n  for (const x of data) out.push(heavy(x)); // here\n  return out;\n}\nawait main();\n`,
    /could run while the loop waits, since it is handed to setInterval, and it uses data \(line 5\)/,
  ),

  // What an exception would lose.
  module(
    'an error of a class of its own',
    `class Missing extends Error {}\nfunction look(x) {\n  if (x > 5) throw new Missing(String(x));\n  return x;\n}\nexport async function main() {\n  const out = [];\n  for (let i = 0; i < 9; i++) out.push(look(i)); // here\n  return out;\n}\n`,
    /new Missing\(String\(x\)\) on line 3 would come back from a worker as a plain Error|cannot be told|sequential/,
  ),
  module(
    'a variable that keeps the last value past an exception',
    `${HEAVY}export async function main(xs) {\n  let last = 0;\n  try {\n    for (const x of xs) last = heavy(x); // here\n  } catch {\n    return last;\n  }\n  return last;\n}\n`,
    /last keeps the last iteration's value|not every iteration/,
  ),
  module(
    'var in the loop that is used after it',
    `${HEAVY}export async function main() {\n  const out = [];\n  for (let i = 0; i < 9; i++) {\n    var root = heavy(i); // not here\n    out.push(root);\n  }\n  return [out, root];\n}\n`.replace('i++) {', 'i++) { // here'),
    /root is declared in the loop and used outside it, on line 10/,
    /with let before the loop/,
  ),

  // What would be entered again and again.
  module(
    'a function that is called in a loop',
    `${HEAVY}async function row(n) {\n  const out = [];\n  for (let i = 0; i < n; i++) out.push(heavy(i)); // here\n  return out;\n}\nfor (let k = 0; k < 3; k++) console.log(await row(k));\n`,
    /row is called in a loop \(line 9 of main\.mjs\), and each call would start a pool of its own, which takes some 100 ms/,
  ),
  module(
    'a function that calls itself',
    `${HEAVY}async function row(n) {\n  const out = [];\n  for (let i = 0; i < n; i++) out.push(heavy(i)); // here\n  return n < 2 ? out : row(n - 1);\n}\nconsole.log(await row(9));\n`,
    /row is called by itself \(line \d+ of main\.mjs\), and each call would start a pool of its own/,
  ),
  module(
    'a function that the loop stands in',
    `export async function tree(n) {\n  const out = [];\n  for (let i = 0; i < n; i++) out.push(tree(i)); // here\n  return out;\n}\n`,
    /tree|promise|sequential/,
  ),

  // Functions that cannot move.
  module(
    'a function that reads state which the file changes',
    `let scale = 2;\nfunction scaled(x) {\n  return Math.sqrt(x) * scale;\n}\nscale = 3;\nexport async function main() {\n  const out = [];\n  for (let i = 0; i < 9; i++) out.push(scaled(i)); // here\n  return out;\n}\nawait main();\n`,
    /scaled reads scale, which the file changes \(line 3\)/,
    /hand scale to scaled as a parameter/,
  ),
  {
    title: 'a function of a module that does something when it is loaded',
    files: {
      ...ESM,
      'lib.mjs': `console.log('loaded');\nexport function heavy(x) {\n  return Math.sqrt(x) * 2;\n}\n`,
      'main.mjs': `import { heavy } from './lib.mjs';\nexport async function main() {\n  const out = [];\n  for (let i = 0; i < 9; i++) out.push(heavy(i)); // here\n  return out;\n}\nawait main();\n`,
    },
    file: 'main.mjs',
    why: /heavy comes from lib\.mjs, and loading that in a worker would run line 1 of lib\.mjs again/,
  },
];

describe('javascript/piscina: what it refuses, and why', () => {
  for (const { title, files, file, why, remedy } of CASES) {
    it(title, async () => {
      const folder = scratch(files);
      try {
        const line = files[file]!.split('\n').findIndex((l) => l.endsWith('// here')) + 1;
        const result = await rewriteIn(folder, file, line);
        assert.ok('why' in result, `rewritten:\n${'files' in result ? Object.values(result.files).join('\n----\n') : ''}`);
        assert.match(result.why, why);
        if (remedy) assert.match(result.remedy ?? '', remedy);
      } finally {
        remove(folder);
      }
    });
  }
});
