import assert from 'node:assert/strict';
import { fanout, withFolder } from './run';

const PROGRAM = 'def work(n):\n    return n * n\n\n\ndef main():\n    out = []\n    for n in range(40):\n        out.append(work(n))\n    print(out)\n\n\nif __name__ == "__main__":\n    main()\n';
const AT = ['fix', 'app.py:7'];
const NAMED = ['--strategy', 'python/multiprocessing'];

describe('--start-method and start-method', () => {
  const rows: [args: readonly string[], project: string | null, written: string][] = [
    [[...NAMED, '--start-method', 'fork'], null, 'fork'],
    [['--start-method', 'spawn'], null, 'spawn'],
    [['--start-method', 'forkserver'], null, 'forkserver'],
    [NAMED, 'spawn', 'spawn'],
    [[...NAMED, '--start-method', 'fork'], 'spawn', 'fork'],
  ];
  for (const [args, project, written] of rows) {
    it(`fix ${args.join(' ')}${project === null ? '' : ` in a project with ${project}`} writes ${written}`, () => {
      const settings: Record<string, string> = project === null ? {} : { 'pyproject.toml': `[tool.fanout]\nstart-method = "${project}"\n` };
      withFolder({ 'app.py': PROGRAM, ...settings }, (cwd) => {
        const ran = fanout([...AT, ...args], { cwd });
        assert.equal(ran.code, 0, ran.stderr);
        assert.match(ran.stdout, new RegExp(`get_context\\("${written}"\\)\\.Pool\\(`));
        assert.match(ran.stderr, new RegExp(`note: ${written}: `));
      });
    });
  }

  const mistakes: [args: readonly string[], message: RegExp][] = [
    [['--start-method', 'threads'], /Allowed choices are fork, spawn, forkserver/],
    [['--strategy', 'python/joblib', '--start-method', 'spawn'], /--start-method is for python\/multiprocessing only; python\/joblib does not write one/],
  ];
  for (const [args, message] of mistakes) {
    it(`fix ${args.join(' ')} is a mistake`, () => {
      withFolder({ 'app.py': PROGRAM }, (cwd) => {
        const ran = fanout([...AT, ...args], { cwd });
        assert.equal(ran.code, 2);
        assert.match(ran.stderr, message);
      });
    });
  }
});
