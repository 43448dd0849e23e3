import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { CancelledError } from '../../src/analysis/cancellation';
import { bench } from '../../src/measure/bench';
import { buildCandidate, BuildError } from '../../src/measure/build';
import type { Candidate } from '../../src/measure/types';
import { verify } from '../../src/measure/verify';
import type { BuildStep } from '../../src/strategies/types';
import { candidateOf, folderOf, loopOf, options } from './helpers';

const ORIGINAL = `def main(xs):
    out = []
    «for x in xs:
        out.append(x * x)»
    return out


if __name__ == "__main__":
    print(main([1, 2, 3]))
`;
const REWRITTEN = `from _squares import squares


def main(xs):
    out = []
    «out.extend(squares(xs))»
    return out


if __name__ == "__main__":
    print(main([1, 2, 3]))
`;
/** Stands for a compiler: no compiler has to be there for these tests. */
const COMPILER = `import pathlib, sys
source, target = map(pathlib.Path, sys.argv[1:])
(target / "_squares.py").write_text(source.read_text().replace("SQUARE", "x * x"))
`;
const SOURCE = 'def squares(xs):\n    return [SQUARE for x in xs]\n';

const step = (more: Partial<BuildStep> = {}): BuildStep => ({
  title: 'compiling the squares',
  command: ['{python}', 'compiler.py', 'squares.txt', '{target}'],
  cwd: 'native',
  module: '_squares',
  ...more,
});

/** A zombie waits for a parent that may never ask: it runs no more. */
function runs(pid: number): boolean {
  try {
    if (process.platform === 'linux') return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('building a candidate', () => {
  const cacheBefore = process.env.FANOUT_CACHE;
  let folder: ReturnType<typeof folderOf>;
  let cache: string;
  beforeEach(() => {
    folder = folderOf({});
    cache = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-cache-test-'));
    process.env.FANOUT_CACHE = cache;
  });
  afterEach(() => {
    if (cacheBefore === undefined) delete process.env.FANOUT_CACHE;
    else process.env.FANOUT_CACHE = cacheBefore;
    folder.remove();
    fs.rmSync(cache, { recursive: true, force: true });
  });

  const original = () => {
    const file = folder.file('app.py');
    const one = candidateOf('original', file, ORIGINAL);
    fs.writeFileSync(file, one.texts.get(file)!);
    return one;
  };
  const candidate = (steps: readonly BuildStep[] = [step()], source = SOURCE): Candidate => ({
    ...candidateOf('python/cython', folder.file('app.py'), REWRITTEN, [
      { path: folder.file('native/compiler.py'), text: COMPILER },
      { path: folder.file('native/squares.txt'), text: source },
    ]),
    build: steps,
  });
  const builds = () => fs.readdirSync(path.join(cache, 'builds'));

  it('makes the module in scratch and never writes beside the person’s files', async () => {
    original();
    const built = await buildCandidate(candidate(), options);
    assert.deepEqual(fs.readdirSync(folder.path), ['app.py']);
    assert.equal(fs.readFileSync(path.join(built!.target, '_squares.py'), 'utf8'), SOURCE.replace('SQUARE', 'x * x'));
    assert.deepEqual(built!.modules, ['_squares']);
    assert.ok(built!.seconds > 0);
    assert.equal(builds().length, 1, 'nothing but the result is left');
    assert.deepEqual(fs.readdirSync(path.join(cache, 'builds', builds()[0]!)).sort(), ['built.json', 'target']);
  });

  it('is kept by what goes into it: the same again is not built, another text is', async () => {
    const first = await buildCandidate(candidate(), options);
    const again = await buildCandidate(candidate(), options);
    assert.deepEqual([first!.cached, again!.cached], [false, true]);
    assert.equal(again!.target, first!.target);
    assert.equal(again!.seconds, first!.seconds, 'what the build took is still told');
    const other = await buildCandidate(candidate([step()], SOURCE.replace('xs]', 'list(xs)]')), options);
    assert.equal(other!.cached, false);
    assert.notEqual(other!.target, first!.target);
  });

  it('needs nothing where there are no steps', async () => {
    assert.equal(await buildCandidate(candidateOf('x', folder.file('app.py'), ORIGINAL), options), null);
    assert.ok(!fs.existsSync(path.join(cache, 'builds')));
  });

  const failures: [name: string, steps: BuildStep[], message: RegExp][] = [
    ['a command that fails', [step({ command: ['{python}', '-c', 'import sys; sys.exit("squares.txt:1: no such operator")'] })], /^compiling the squares \(.*\) ended with exit code 1:\n.*no such operator/s],
    ['the second of two', [step(), step({ title: 'linking', command: ['{python}', '-c', 'print("undefined symbol"); raise SystemExit(2)'] })], /^linking \(.*\) ended with exit code 2:\nundefined symbol$/s],
    ['a compiler that is not there', [step({ command: ['no-such-compiler', 'x'] })], /^compiling the squares: there is no no-such-compiler on the path$/],
    ['a command that makes nothing', [step({ command: ['{python}', '-c', ''] })], /there is no module _squares in its target folder$/],
    ['a compiler that is killed', [step({ command: ['{python}', '-c', 'import os; os.kill(os.getpid(), 9)'] })], /was ended by SIGKILL|ended with exit code/],
  ];
  for (const [name, steps, message] of failures) {
    it(`tells of ${name}, and leaves nothing`, async () => {
      await assert.rejects(buildCandidate(candidate(steps), options), (error) => error instanceof BuildError && message.test(error.message) === true);
      assert.deepEqual(fs.existsSync(path.join(cache, 'builds')) ? builds() : [], []);
    });
  }

  it('ends every process when it is cancelled in the middle, and leaves no file', async () => {
    const pidFile = folder.file('pid');
    const sleeper = `import os, subprocess, sys; p = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]); open(${JSON.stringify(pidFile)}, "w").write(f"{os.getpid()} {p.pid}"); p.wait()`;
    const token = { cancelled: false };
    const building = buildCandidate(candidate([step({ command: ['{python}', '-c', sleeper] })]), { ...options, token });
    while (!fs.existsSync(pidFile) || fs.readFileSync(pidFile, 'utf8').split(' ').length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    token.cancelled = true;
    await assert.rejects(building, CancelledError);
    for (const pid of fs.readFileSync(pidFile, 'utf8').split(' ')) assert.ok(!runs(Number(pid)), `${pid} is gone`);
    assert.deepEqual(builds(), []);
  });

  it('removes what a process that is gone left half made', async () => {
    const left = path.join(cache, 'builds', 'part-999999999-x');
    fs.mkdirSync(left, { recursive: true });
    await buildCandidate(candidate(), options);
    assert.ok(!fs.existsSync(left));
  });

  it('is what verify and bench run, before an older build beside the file', async () => {
    const one = original();
    fs.writeFileSync(folder.file('_squares.py'), 'def squares(xs):\n    return ["an older build"]\n');
    const program = { command: ['python', 'app.py'], cwd: folder.path };
    const loop = loopOf(one.region, ['out', 'xs'], ['x']);
    const result = await verify({ program, loop, original: one, candidate: candidate(), startMethods: [], maxEntries: 5 }, options);
    assert.equal(result.status, 'equal', result.message);
    const report = await bench(
      {
        program,
        loop,
        original: one,
        candidates: [{ candidate: candidate(), workers: 2, limitWorkers: false, verified: result.status }],
        line: 3,
        title: '',
        verify: null,
        diff: null,
        notes: [],
        pairs: 1,
      },
      options,
    );
    assert.equal(report.rows[0]!.error, null);
    assert.ok(report.rows[0]!.buildSeconds! > 0);
    const broken = await verify({ program, loop, original: one, candidate: candidate([step({ command: ['{python}', '-c', 'raise SystemExit(3)'] })]), startMethods: [], maxEntries: 5 }, options);
    assert.equal(broken.status, 'failed');
    assert.match(broken.message, /^The candidate cannot be built: compiling the squares .* ended with exit code 3/);
  });

  it('that differs in one value is different', async () => {
    const one = original();
    const program = { command: ['python', 'app.py'], cwd: folder.path };
    const wrong = candidate([step()], SOURCE.replace('SQUARE', 'x * x + (x == 3)'));
    const result = await verify({ program, loop: loopOf(one.region, ['out', 'xs'], ['x']), original: one, candidate: wrong, startMethods: [], maxEntries: 5 }, options);
    assert.equal(result.status, 'different');
    assert.match(result.message, /out\[2\].* is 9 in the original, 10 in the candidate/);
  });
});
