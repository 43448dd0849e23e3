import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fanout, snapshot, withFolder } from './run';

const LOOP = 'def f(xs):\n    out = []\n    for x in xs:\n        out.append(x * x)\n    return out\n';

/** Files, arguments, exit code, what standard error or output says. */
const table: [what: string, files: Record<string, string | Uint8Array>, args: string[], code: number, says: RegExp][] = [
  ['no command', {}, [], 2, /Usage: fanout/],
  ['an unknown command', {}, ['chek', 'a.py'], 2, /unknown command 'chek'/],
  ['an unknown option', { 'a.py': LOOP }, ['check', '--nope', 'a.py'], 2, /unknown option '--nope'/],
  ['a format that is none', { 'a.py': LOOP }, ['check', '--format', 'xml', 'a.py'], 2, /text, json, sarif/],
  ['a file that is not there', {}, ['check', 'absent.py'], 2, /absent\.py: there is no such file/],
  ['a file that is no source', { 'a.txt': 'x' }, ['check', 'a.txt'], 2, /not a Python, JavaScript or TypeScript file/],
  ['a binary', { 'a.py': new Uint8Array([0, 1, 2, 0, 255]) }, ['check', 'a.py'], 2, /a\.py: it is a binary file/],
  ['UTF-16', { 'a.py': new Uint8Array([0xff, 0xfe, 0x41, 0]) }, ['check', 'a.py'], 2, /UTF-16: save it as UTF-8/],
  ['bytes that are not UTF-8', { 'a.py': new Uint8Array([0x78, 0x3d, 0xff, 0xfe, 0xff]) }, ['check', 'a.py'], 2, /a\.py.*UTF-8/],
  ['20 MB', { 'a.py': 'x = 1\n'.repeat(3_500_000) }, ['check', 'a.py'], 2, /a\.py: is 20\.0 MB: files over 10 MB are not analysed/],
  ['an empty file', { 'a.py': '' }, ['check', 'a.py'], 0, /1 file: nothing to say/],
  ['a location without a line', { 'a.py': LOOP }, ['explain', 'a.py'], 2, /write FILE:LINE/],
  ['a line without a loop', { 'a.py': LOOP }, ['explain', 'a.py:1'], 2, /a\.py:1: no loop begins on this line; the nearest begins on line 3/],
  ['line 0', { 'a.py': LOOP }, ['explain', 'a.py:0'], 2, /count from 1/],
  ['a column without a loop', { 'a.py': LOOP }, ['explain', 'a.py:3:1'], 2, /loops begin at columns 5/],
  ['two loops on a line', { 'a.py': 'a = [x for x in b]; c = [y for y in b]\n' }, ['explain', 'a.py:1'], 2, /2 loops begin on this line[\s\S]*a\.py:1:5[\s\S]*a\.py:1:25/],
  ['a strategy that is none', { 'a.py': LOOP }, ['fix', 'a.py:3', '--strategy', 'python/magic'], 2, /no strategy python\/magic.*python\/process-pool/],
  ['a sequential loop', { 'a.py': 'def f(n):\n    x = 0\n    for i in range(n):\n        x = x * 3 + i\n        print(x)\n' }, ['fix', 'a.py:3', '--write'], 1, /sequential/],
  ['a configuration with a mistake', { 'a.py': LOOP, 'pyproject.toml': '[tool.fanout]\nworkers = "many"\n' }, ['check', 'a.py'], 2, /pyproject\.toml: tool\.fanout\.workers/],
  ['workers that are none', { 'a.py': LOOP }, ['bench', 'a.py:3', '--workers', '0'], 2, /not a number of workers/],
  ['a bench without leave', { 'a.py': LOOP }, ['bench', 'a.py:3', '--assume'], 2, /--yes/],
  ['a profile of nothing', { 'a.py': LOOP }, ['profile'], 2, /say what to run behind --/],
];

describe('bad input', () => {
  for (const [what, files, args, code, says] of table) {
    it(`${what}: exit ${code}, ${says}`, () => {
      withFolder(files, (folder) => {
        const before = snapshot(folder);
        const ran = fanout(args, { cwd: folder });
        assert.match(ran.stderr + ran.stdout, says);
        assert.equal(ran.code, code, ran.stderr);
        assert.deepEqual(snapshot(folder), before);
      });
    });
  }

  it('a folder that leads round in a circle is walked once', () => {
    withFolder({ 'p/a.py': LOOP }, (folder) => {
      fs.symlinkSync(path.join(folder, 'p'), path.join(folder, 'p', 'again'));
      const ran = fanout(['check', '--format', 'json', '--loops', 'all', '.'], { cwd: folder });
      assert.deepEqual(JSON.parse(ran.stdout).files.map((f: { path: string }) => f.path), ['p/a.py']);
    });
  });

  it('an unreadable file is named, and the others are checked', function () {
    if (process.platform === 'win32') return this.skip();
    // Root reads everything: then somebody else looks.
    const uid = process.getuid?.() === 0 ? 65_534 : undefined;
    withFolder({ 'a.py': LOOP, 'b.py': LOOP }, (folder) => {
      fs.chmodSync(folder, 0o755);
      fs.chmodSync(path.join(folder, 'a.py'), 0);
      const ran = fanout(['check', '--format', 'json', '--loops', 'all', '.'], { cwd: folder, ...(uid === undefined ? {} : { uid }) });
      assert.equal(ran.code, 2);
      const [a, b] = JSON.parse(ran.stdout).files;
      assert.match(a.error, /permission denied/);
      assert.equal(b.loops.length, 1);
    });
  });

  it('a syntax error keeps the findings of the sound functions', () => {
    withFolder({ 'a.py': `def broken(:\n    pass\n\n\n${LOOP}` }, (folder) => {
      const ran = fanout(['check', '--format', 'json', '--loops', 'all', 'a.py'], { cwd: folder });
      const [file] = JSON.parse(ran.stdout).files;
      assert.match(file.error, /a\.py:1/);
      assert.deepEqual(file.loops.map((l: { line: number; verdict: string }) => [l.line, l.verdict]), [[7, 'parallel']]);
    });
  });

  for (const [what, text] of [
    ['CRLF', LOOP.replaceAll('\n', '\r\n')],
    ['tabs', LOOP.replaceAll('    ', '\t')],
    ['a byte order mark', '\uFEFF' + LOOP],
    ['characters beyond the basic plane', LOOP.replace('    out = []', '    out = []  # 🎈🎈')],
  ] as const) {
    it(`${what}: the loop is on line 3`, () => {
      withFolder({ 'a.py': text }, (folder) => {
        const [file] = JSON.parse(fanout(['check', '--format', 'json', '--loops', 'all', 'a.py'], { cwd: folder }).stdout).files;
        assert.deepEqual(file.loops.map((l: { line: number }) => l.line), [3]);
      });
    });
  }
});
