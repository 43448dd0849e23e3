import assert from 'node:assert/strict';
import * as path from 'node:path';
import { fanout, withFolder } from './run';

const ROOT = path.resolve(__dirname, '../..');

describe('the command line', () => {
  it('has a help page for each command', () => {
    const main = fanout(['--help']);
    assert.equal(main.code, 0);
    for (const command of ['check', 'explain', 'fix', 'profile', 'bench', 'verify', 'survey', 'doctor', 'lsp']) {
      assert.match(main.stdout, new RegExp(`^  ${command} `, 'm'));
      const help = fanout([command, '--help']);
      assert.equal(help.code, 0);
      assert.match(help.stdout, new RegExp(`Usage: fanout ${command}`));
    }
  });

  it('prints no colours where there is no terminal', () => {
    const ran = fanout(['check', '--loops', 'all', path.join(ROOT, 'samples', 'python', 'convolve.py')]);
     
    assert.doesNotMatch(ran.stdout + ran.stderr, /\u001b/);
  });

  it('check --format json has the fields that other programs read', () => {
    withFolder({ 'a.py': 'import random\n\ndef f(xs, out):\n    total = 0\n    for x in xs:\n        total += x\n    for i in range(9):\n        print(i)\n    return total\n' }, (folder) => {
      const ran = fanout(['check', '--format', 'json', '--loops', 'all', 'a.py'], { cwd: folder });
      const { files } = JSON.parse(ran.stdout);
      assert.equal(files.length, 1);
      assert.deepEqual({ path: files[0].path, language: files[0].language, error: files[0].error }, { path: 'a.py', language: 'python', error: null });
      const [sum, print] = files[0].loops;
      assert.deepEqual(
        { line: sum.line, column: sum.column, endLine: sum.endLine, kind: sum.kind, verdict: sum.verdict, reasons: sum.reasons },
        { line: 5, column: 5, endLine: 6, kind: 'for', verdict: 'reduction', reasons: [] },
      );
      assert.equal(typeof sum.strategies['python/process-pool'].ok, 'boolean');
      assert.equal(print.verdict, 'sequential');
      assert.deepEqual(
        print.reasons.map(({ kind, place, line }: { kind: string; place: string; line: number }) => ({ kind, place, line })),
        [{ kind: 'effect', place: 'stdout', line: 8 }],
      );
      assert.deepEqual(files[0].captures, []);
    });
  });

  it('check --format sarif is SARIF 2.1.0 with the rules and their findings', () => {
    withFolder({ 'a.py': 'from concurrent.futures import ProcessPoolExecutor\n\ndef f(xs):\n    with ProcessPoolExecutor() as pool:\n        return list(pool.map(lambda x: x + 1, xs))\n' }, (folder) => {
      const ran = fanout(['check', '--format', 'sarif', 'a.py'], { cwd: folder });
      assert.equal(ran.code, 1);
      const log = JSON.parse(ran.stdout);
      assert.equal(log.version, '2.1.0');
      const [result] = log.runs[0].results;
      assert.equal(result.ruleId, 'unserializable-capture');
      assert.equal(result.level, 'error');
      assert.equal(result.locations[0].physicalLocation.region.startLine, 5);
      assert.ok(log.runs[0].tool.driver.rules.some((rule: { id: string }) => rule.id === result.ruleId));
    });
  });
});
