import assert from 'node:assert/strict';
import * as path from 'node:path';
import { Session } from '../../src/session/session';
import type { SettleResult } from '../../src/measure/types';
import { folderOf, options } from './helpers';

interface Case {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** The loop begins on the first line of the program that holds `# here` or `// here`. */
  readonly program: string;
  readonly verdict: string;
  readonly status: SettleResult['status'];
  readonly message?: RegExp;
  readonly where?: string;
}

const PLUG = `COUNT = 0


def pure(x):
    return x * x


def count(x):
    global COUNT
    COUNT += x


def say(x):
    print("x", x)


def write(x):
    with open("made.txt", "a") as file:
        file.write(str(x))


def load(name):
    return globals()[name]
`;

const python = (body: string): Readonly<Record<string, string>> => ({ 'app.py': `import plug\n\n\ndef main():\n${body.replace(/^/gm, '    ')}\n\n\nmain()\n`, 'plug.py': PLUG });
const node = (body: string): Readonly<Record<string, string>> => ({ 'package.json': '{"type": "module"}', 'app.js': `import { load } from './plug.js';\n\n${body}\n`, 'plug.js': 'let count = 0;\nconst all = { pure: (x) => x * x, count: (x) => (count += x), say: (x) => console.log(x) };\nexport const load = (name) => all[name];\n' });

const CASES: readonly Case[] = [
  {
    title: 'a function that only computes, called by a name that is not seen: independent, for this run',
    files: python('out = []\nfor x in range(10):  # here\n    out.append(plug.load("pure")(x))\nprint(out)'),
    program: 'app.py',
    verdict: 'unknown',
    status: 'independent',
    message: /1 entry of the loop, 10 iterations\): they left the same each alone .*, in reverse order and in shuffled order\. It holds for this run/,
  },
  {
    title: 'sums of floats, lists and counts are combined in order by every rewrite: another order is no difference',
    files: python('total, out, seen = 0.0, [], set()\nfor x in range(10):  # here\n    y = plug.load("pure")(x) * 0.1\n    total += y\n    out.append(y)\n    seen.add(x)\nprint(total, out, sorted(seen))'),
    program: 'app.py',
    verdict: 'unknown',
    status: 'independent',
  },
  {
    title: 'a comprehension',
    files: python('out = [plug.load("pure")(x) for x in range(7) if x % 2]  # here\nprint(out)'),
    program: 'app.py',
    verdict: 'unknown',
    status: 'independent',
  },
  {
    title: 'a counter in another module, whose end is the same in any order: the iterations alone show it',
    files: python('for x in range(10):  # here\n    plug.load("count")(x)'),
    program: 'app.py',
    verdict: 'unknown',
    status: 'dependent',
    where: 'plug.COUNT',
  },
  {
    title: 'what an iteration reads from the one before',
    files: python('last = 1\nfor x in range(10):  # here\n    last = plug.load("pure")(last + x) % 7\nprint(last)'),
    program: 'app.py',
    verdict: 'sequential',
    status: 'dependent',
    where: 'last',
  },
  {
    title: 'output in the order of the iterations',
    files: python('for x in range(5):  # here\n    plug.load("say")(x)'),
    program: 'app.py',
    verdict: 'unknown',
    status: 'dependent',
    message: /order of the iterations shows .*`stdout/,
  },
  {
    title: 'an iteration that writes a file is not carried out twice',
    files: python('for x in range(5):  # here\n    plug.load("write")(x)'),
    program: 'app.py',
    verdict: 'unknown',
    status: 'unsettled',
    message: /it writes a file/,
  },
  {
    title: 'a loop that runs once',
    files: python('for x in range(1):  # here\n    plug.load("pure")(x)'),
    program: 'app.py',
    verdict: 'unknown',
    status: 'not-run',
  },
  {
    title: 'a while loop cannot be reordered',
    files: python('x = 0\nout = []\nwhile x < 5:  # here\n    out.append(plug.load("pure")(x))\n    x += 1\nprint(out)'),
    program: 'app.py',
    verdict: 'unknown',
    status: 'unsettled',
    message: /not known before it runs/,
  },
  {
    title: 'JavaScript: a function that only computes',
    files: node('const out = [];\nfor (const x of [1, 2, 3, 4]) { // here\n  out.push(load("pure")(x));\n}\nconsole.log(out);'),
    program: 'app.js',
    verdict: 'unknown',
    status: 'independent',
    message: /they left the same in reverse order and in shuffled order/,
  },
  {
    title: 'JavaScript: a loop that counts',
    files: node('const out = new Array(8);\nfor (let i = 0; i < 8; i++) { // here\n  out[i] = load("pure")(i);\n}\nconsole.log(out);'),
    program: 'app.js',
    verdict: 'unknown',
    status: 'independent',
  },
  {
    title: 'JavaScript: map',
    files: node('const out = [1, 2, 3, 4].map((x) => load("pure")(x)); // here\nconsole.log(out);'),
    program: 'app.js',
    verdict: 'unknown',
    status: 'independent',
  },
  {
    title: 'JavaScript: a running count that each iteration sees',
    files: node('const out = [];\nfor (const x of [1, 2, 3, 4]) { // here\n  out.push(load("count")(x));\n}\nconsole.log(out);'),
    program: 'app.js',
    verdict: 'unknown',
    status: 'dependent',
    where: 'out',
  },
];

describe('settling whether iterations touch each other, in one run', () => {
  for (const test of CASES) {
    it(`${test.title}: ${test.status}`, async () => {
      const folder = folderOf(test.files);
      try {
        const session = new Session({ root: folder.path });
        const file = path.join(folder.path, test.program);
        const line = test.files[test.program]!.split('\n').findIndex((each) => /(#|\/\/) here/.test(each)) + 1;
        const loop = await session.loopOnLine(file, line);
        assert.equal(loop.verdict, test.verdict);
        const command = test.program.endsWith('.py') ? [options.python, test.program] : [options.node, test.program];
        const result = await session.settle(loop, { command, cwd: folder.path }, options);
        assert.equal(result.status, test.status, result.message);
        if (test.message) assert.match(result.message, test.message);
        if (test.where) assert.ok([...result.conflicts, ...result.differences].some(({ where }) => where.startsWith(test.where!)), JSON.stringify(result));
        if (test.status === 'independent') assert.match(result.message, /holds for this run, and proves nothing of others/);
      } finally {
        folder.remove();
      }
    });
  }
});
