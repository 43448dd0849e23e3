/** What `npm run eval:rewrites` takes out of a module to run it alone. */
import * as assert from 'node:assert/strict';
import { pieceFor, topLevelName } from '../../scripts/eval-rewrites/pieces';
import { frontendFor } from '../../src/languages/frontend';

const pieces = [
  {
    name: 'a function with the constants, helpers and imports that it needs, and no others',
    file: 'a.py',
    text: 'import math\nimport os\n\nSCALE = 2\nOTHER = 3\n\ndef helper(x):\n    return math.sqrt(x) * SCALE\n\ndef f(xs):\n    return [helper(x) for x in xs]\n\ndef g():\n    return os.name\n',
    wanted: 'f',
    gives: 'import math\n\nSCALE = 2\n\ndef helper(x):\n    return math.sqrt(x) * SCALE\n\ndef f(xs):\n    return [helper(x) for x in xs]\n',
  },
  {
    name: 'what fills a table at the top level',
    file: 'a.py',
    text: 'TABLE = {}\nTABLE["a"] = 1\nTABLE.update(b=2)\nprint(len("x"))\n\ndef f(k):\n    return TABLE[k]\n',
    wanted: 'f',
    gives: 'TABLE = {}\n\nTABLE["a"] = 1\n\nTABLE.update(b=2)\n\ndef f(k):\n    return TABLE[k]\n',
  },
  {
    name: 'exported JavaScript, with the comment that holds its types',
    file: 'a.mjs',
    text: "import x, { y } from './q.mjs';\nexport const N = 4;\n/** @param {number[]} a */\nexport default function f(a) {\n  return a.map((e) => y(e) + N);\n}\nexport function g() {}\n",
    wanted: 'f',
    gives: "import x, { y } from './q.mjs';\n\nconst N = 4;\n\n/** @param {number[]} a */\nfunction f(a) {\n  return a.map((e) => y(e) + N);\n}\n",
  },
];

describe('eval:rewrites: a function by itself', () => {
  for (const { name, file, text, wanted, gives } of pieces) {
    it(name, async () => {
      const module = (await frontendFor(file.endsWith('.py') ? 'python' : 'javascript')).lower(file, text);
      const piece = pieceFor(module, text, new Set([wanted]));
      assert.equal(piece.text, gives);
      const at = text.indexOf('return', text.indexOf(` ${wanted}(`));
      assert.ok(piece.text.startsWith(text.slice(at, at + 14), piece.at(at)));
      assert.equal(topLevelName(module, module.functions.get(wanted)!), wanted);
    });
  }
});
