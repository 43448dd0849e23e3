import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { applyEdits } from '../../src/edit/edit';
import { frontendFor } from '../../src/languages/frontend';
import type { RuleSettings } from '../../src/rules';
import { ignoreEdit } from '../../src/rules/ignore';
import { Session } from '../../src/session/session';

const WORKER = "import { Worker } from 'node:worker_threads';\nconst worker = new Worker(new URL('./w.mjs', import.meta.url));\n";
const POOL = 'from concurrent.futures import ProcessPoolExecutor\ndef main():\n    with ProcessPoolExecutor() as pool:\n';

async function found(file: string, code: string, rules: RuleSettings = {}): Promise<string[]> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-ignore-'));
  try {
    const session = new Session({ root, overrides: { rules } });
    session.open(path.join(root, file), code, 1);
    const { document, findings } = await session.analyze(path.join(root, file));
    return findings.map((f) => `${document.positionAt(f.range.start).line + 1} ${f.rule}`);
  } finally {
    fs.rmSync(root, { recursive: true });
  }
}

describe('ignore comments', () => {
  const table: [title: string, file: string, code: string, expected: string[]][] = [
    ['none', 'a.mjs', `${WORKER}worker.postMessage(() => 1);\n`, ['3 unserializable-capture']],
    ['behind the line', 'a.mjs', `${WORKER}worker.postMessage(() => 1); // fanout: ignore[unserializable-capture]\n`, []],
    ['on the line above', 'a.mjs', `${WORKER}// fanout: ignore[unserializable-capture]\nworker.postMessage(() => 1);\n`, []],
    ['above, with another comment and a blank line between', 'a.mjs', `${WORKER}// fanout: ignore[unserializable-capture]\n// It is caught.\n\nworker.postMessage(() => 1);\n`, []],
    ['with words behind it', 'a.mjs', `${WORKER}worker.postMessage(() => 1); // fanout: ignore[unserializable-capture] on purpose\n`, []],
    ['in a block comment', 'a.mjs', `${WORKER}worker.postMessage(() => 1); /* fanout: ignore[unserializable-capture] */\n`, []],
    ['for all rules', 'a.mjs', `${WORKER}worker.postMessage(() => 1); // fanout: ignore\n`, []],
    ['for several rules, of which one is not needed', 'a.mjs', `${WORKER}worker.postMessage(() => 1); // fanout: ignore[lossy-capture, unserializable-capture]\n`, ['3 unused-ignore']],
    ['for another rule', 'a.mjs', `${WORKER}worker.postMessage(() => 1); // fanout: ignore[lossy-capture]\n`, ['3 unserializable-capture', '3 unused-ignore']],
    ['on another line', 'a.mjs', `// fanout: ignore[unserializable-capture]\n${WORKER}worker.postMessage(() => 1);\n`, ['1 unused-ignore', '4 unserializable-capture']],
    ['in Python', 'a.py', `${POOL}        return pool.submit(lambda: 1)  # fanout: ignore[unserializable-capture]\n`, []],
    ['for a rule that has had no chance to speak', 'a.py', 'def f(xs):\n    for i in range(1, len(xs)):  # fanout: ignore[carried-dependence]\n        xs[i] = xs[i - 1]\n', []],
    ['in a string', 'a.mjs', `${WORKER}worker.postMessage({ t: '// fanout: ignore', f: () => 1 });\n`, ['3 unserializable-capture']],
  ];
  for (const [title, file, code, expected] of table) {
    it(title, async () => assert.deepEqual(await found(file, code), expected));
  }

  it('are not called unused for a rule that is off', async () => {
    const code = `${WORKER}worker.postMessage(() => 1); // fanout: ignore[unserializable-capture]\n`;
    assert.deepEqual(await found('a.mjs', code, { 'unserializable-capture': 'off' }), []);
  });

  it('take the severity that the project sets', async () => {
    assert.deepEqual(await found('a.mjs', `${WORKER}worker.postMessage(() => 1);\n`, { 'unserializable-capture': 'off' }), []);
  });
});

describe('the edit that writes an ignore comment', () => {
  const table: [title: string, file: string, code: string, at: string, expected: string][] = [
    ['behind a line of Python', 'a.py', 'x = f(1)\ny = 2\n', 'f(1)', 'x = f(1)  # fanout: ignore[lossy-capture]\ny = 2\n'],
    ['behind a line of JavaScript', 'a.js', 'f(1);   \nlet y;\n', 'f(1)', 'f(1); // fanout: ignore[lossy-capture]   \nlet y;\n'],
    ['in the comment that is there', 'a.py', 'x = f(1)  # fanout: ignore[unused-ignore]\n', 'f(1)', 'x = f(1)  # fanout: ignore[unused-ignore, lossy-capture]\n'],
    ['above a line with a comment of its own', 'a.py', 'if a:\n    x = f(1)  # why\n', 'f(1)', 'if a:\n    # fanout: ignore[lossy-capture]\n    x = f(1)  # why\n'],
    ['above a line that goes on', 'a.py', 'x = f(1) + \\\n    2\n', 'f(1)', '# fanout: ignore[lossy-capture]\nx = f(1) + \\\n    2\n'],
    ['above a line that ends in a string', 'a.py', 'x = f("""a\nb""")\n', 'f(', '# fanout: ignore[lossy-capture]\nx = f("""a\nb""")\n'],
    ['above a line that ends in a template', 'a.js', 'f(`a\nb`);\n', 'f(', '// fanout: ignore[lossy-capture]\nf(`a\nb`);\n'],
    ['with the line breaks of the file', 'a.py', 'x = f(1)  # why\r\n', 'f(1)', '# fanout: ignore[lossy-capture]\r\nx = f(1)  # why\r\n'],
    ['at the end of a file without a line break', 'a.py', 'x = f(1)', 'f(1)', 'x = f(1)  # fanout: ignore[lossy-capture]'],
    ['behind strings that are closed', 'a.js', `f('a', "b\\"", \`c\`);\n`, 'f(', `f('a', "b\\"", \`c\`); // fanout: ignore[lossy-capture]\n`],
  ];
  for (const [title, file, code, at, expected] of table) {
    it(title, async () => {
      const language = file.endsWith('.py') ? 'python' : 'javascript';
      const module = (await frontendFor(language)).lower(file, code);
      assert.equal(applyEdits(code, [ignoreEdit(code, language, module, code.indexOf(at), 'lossy-capture')]), expected);
    });
  }
});
