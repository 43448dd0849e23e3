/** What happens to a rewritten program when a node of its cluster, or all of it, is killed; what it keeps under way, and what it sends. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findToolchains } from '../../../scripts/setup-python.mjs';
import { PACKAGES } from '../python-pools/packages';
import { release, rewriteLoop, writeProgram, type Program } from '../python-process-pool/support';
import { runMarked, starter, withoutLines, type Cluster, type ClusterRuns, type Ended } from './cluster-runs';
import { commandOf, marked, parentOf, type Marked } from './processes';

/** Each iteration tells in `begun` which process computes it (a loop that asks for its id is refused), and goes on when there is a file `go`. */
const WAITS = `import os
import time


def work(folder, n):
    with open(os.path.join(folder, "begun"), "a") as log:
        log.write(f"{n} {os.readlink('/proc/self')}\\n")
    while not os.path.exists(os.path.join(folder, "go")):
        time.sleep(0.05)
    return n * n


def main():
    folder = os.path.dirname(os.path.abspath(__file__))
    out = []
    for n in range(20):
        out.append(work(folder, n))
    print(out)


if __name__ == "__main__":
    main()
`;

/** The first iteration takes three seconds, and tells how many have begun by then. */
const MANY = `import os
import time


def work(folder, n):
    with open(os.path.join(folder, "begun"), "a") as log:
        log.write("x")
    if n == 0:
        time.sleep(3)
        return os.path.getsize(os.path.join(folder, "begun"))
    return n


def main():
    folder = os.path.dirname(os.path.abspath(__file__))
    out = []
    for n in range(400):
        out.append(work(folder, n))
    print(out[0], sum(out[1:]))


if __name__ == "__main__":
    main()
`;

/** Every iteration reads a million numbers. */
const LARGE = `from array import array


def dot(weights, n):
    return sum(weights[i] for i in range(n, len(weights), 1000))


def main():
    weights = array("d", range(1_000_000))
    out = []
    for n in range(64):
        out.append(dot(weights, n))
    print(out)


if __name__ == "__main__":
    main()
`;

/** Runs main.py, and tells at the end how often an array was made bytes of in this process. */
const COUNTED = `import copyreg
import runpy
import sys
from array import array

made = []


def reduced(value):
    made.append(len(value))
    return array, (value.typecode, value.tobytes())


copyreg.pickle(array, reduced)
runpy.run_path("main.py", run_name="__main__")
print("pickled", len(made), file=sys.stderr)
`;

const START = 'for n in range';

export function describeFailures(suite: ClusterRuns): void {
  describe(`${suite.strategy.meta.id}: a node that is killed, and what is under way`, function () {
    this.timeout(600_000);
    let python = '';
    let mark: Marked;
    let cluster: Cluster;

    before(function () {
      const { path: found, why } = findToolchains().tools;
      if (found === null) {
        console.log(`      pending: ${why}`);
        this.skip();
      }
      python = found;
    });

    // Each test has a cluster of its own: what it kills does not come back.
    beforeEach(async () => {
      mark = marked();
      cluster = await suite.start(starter(suite, python, mark));
    });

    afterEach(async () => {
      await mark.end();
      assert.deepEqual(mark.alive().map(commandOf), [], 'processes of the cluster were left');
    });

    const rewritten = async (source: string, work: (program: Program, run: (args?: readonly string[]) => Promise<Ended>) => Promise<void>): Promise<void> => {
      const program = writeProgram({ 'main.py': source }, 'main.py');
      const own = marked();
      try {
        const { after, fits } = await rewriteLoop(program, START, {}, suite.strategy);
        assert.ok(fits.ok, fits.ok ? '' : fits.why);
        fs.writeFileSync(program.file, after!);
        await work(program, (args) => runMarked(python, program.directory, { ...suite.local, ...cluster.env, ...own.env }, args));
        assert.deepEqual((await own.gone(30)).map(commandOf), [], 'processes of the program were left');
        assert.equal(fs.readFileSync(program.file, 'utf8'), after);
      } finally {
        await own.end();
        release(program);
      }
    };

    /** Waits until both nodes are at work. Gives the processes that compute for the second. */
    const busy = async (program: Program, running: Promise<Ended>): Promise<readonly number[]> => {
      let ended: Ended | null = null;
      void running.then((how) => (ended = how));
      const log = path.join(program.directory, 'begun');
      for (let i = 0; i < 600 && ended === null; i++) {
        const lines = fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\n') : [];
        const ids = [...new Set(lines.map((line) => Number(line.split(' ')[1])))];
        // Dask's node computes itself, Ray's has it done by a child.
        const second = ids.filter((id) => id === cluster.nodes[1] || parentOf(id) === cluster.nodes[1]);
        if (second.length > 0 && second.length < ids.length) return second;
        await pause(200);
      }
      throw new Error(`the nodes were not at work: ${fs.existsSync(log) ? fs.readFileSync(log, 'utf8') : 'nothing has begun'}\n${withoutLines((ended as Ended | null)?.stderr ?? '')}`);
    };

    it('what a killed node was computing is computed by the other one', () =>
      rewritten(WAITS, async (program, run) => {
        const running = run();
        const second = await busy(program, running);
        // As when the machine goes: with what runs on it.
        for (const id of new Set([cluster.nodes[1], ...second])) process.kill(id, 'SIGKILL');
        fs.writeFileSync(path.join(program.directory, 'go'), '');
        const { stdout, stderr, code } = await running;
        // Ray tells on the way which node died.
        assert.equal(stdout.trim().split('\n').pop(), `[${Array.from({ length: 20 }, (_, n) => n * n).join(', ')}]`, withoutLines(stderr));
        assert.equal(code, 0);
        const begun = fs.readFileSync(path.join(program.directory, 'begun'), 'utf8').trim().split('\n');
        assert.ok(begun.length > new Set(begun.map((line) => line.split(' ')[0])).size, 'no iteration was computed twice: the node was not at work');
      }));

    it('a cluster that is killed as a whole ends the program with an error that says so', () =>
      rewritten(WAITS, async (program, run) => {
        const running = run();
        await busy(program, running);
        await mark.end();
        const { stdout, stderr, code } = await running;
        assert.notEqual(code, 0);
        assert.doesNotMatch(stdout, /\[0, 1/);
        assert.match(`${stdout}\n${stderr}\n${code}`, suite.gone);
      }));

    it('a cluster whose nodes are all killed ends the program with an error that says so', () =>
      rewritten(WAITS, async (program, run) => {
        const running = run();
        await busy(program, running);
        for (const node of cluster.nodes) process.kill(node, 'SIGKILL');
        const { stdout, stderr, code } = await running;
        assert.notEqual(code, 0);
        assert.doesNotMatch(stdout, /\[0, 1/);
        assert.match(`${stdout}\n${stderr}\n${code}`, suite.lost);
      }));

    it('has two batches of at most 32 iterations for each core under way', () =>
      rewritten(MANY, async (program, run) => {
        const { stdout, stderr } = await run();
        const [begun, sum] = stdout.trim().split(' ').map(Number);
        assert.equal(sum, (399 * 400) / 2, withoutLines(stderr));
        assert.ok(begun! > 32 && begun! <= 2 * 2 * 32, `${begun} iterations had begun`);
        assert.equal(fs.statSync(path.join(program.directory, 'begun')).size, 400);
      }));

    it('sends a large captured value once, however many batches there are', () =>
      rewritten(LARGE, async (program, run) => {
        fs.writeFileSync(path.join(program.directory, 'counted.py'), COUNTED);
        const { stdout, stderr, code } = await run(['counted.py']);
        assert.equal(code, 0, withoutLines(stderr));
        assert.match(stdout, /^\[499500000\.0, /m);
        assert.equal(/^pickled (\d+)$/m.exec(stderr)?.[1], String(suite.pickled), withoutLines(stderr));
      }));
  });

  describe(`${suite.strategy.meta.id}: in a package`, function () {
    this.timeout(600_000);
    for (const { title, files, file, loop, args } of PACKAGES) {
      it(`${title} (python ${args.join(' ')})`, async function () {
        const { path: python, why } = findToolchains().tools;
        if (python === null) {
          this.test!.title += ` (skipped: ${why})`;
          return this.skip();
        }
        const program = writeProgram(files, file);
        const mark = marked();
        try {
          const { after, fits } = await rewriteLoop(program, loop, { workers: 2 }, suite.strategy);
          assert.ok(fits.ok, fits.ok ? '' : fits.why);
          const original = await runMarked(python, program.directory, {}, args);
          assert.equal(original.code, 0, withoutLines(original.stderr));
          fs.writeFileSync(program.file, after!);
          const { stdout, stderr } = await runMarked(python, program.directory, { ...suite.local, ...mark.env }, args);
          assert.equal(stdout, original.stdout, withoutLines(stderr));
          assert.deepEqual((await mark.gone(30)).map(commandOf), [], 'processes were left');
        } finally {
          await mark.end();
          release(program);
        }
      });
    }
  });
}
