/** Runs the rewrites of Dask and Ray on a cluster of two nodes on 127.0.0.1, and on the one that the program starts itself. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { findToolchains } from '../../../scripts/setup-python.mjs';
import { release, rewriteLoop, writeProgram } from '../python-process-pool/support';
import { examplesOf, expectedFile, sourceOf, type ClusterSuite } from './cluster-suite';
import { commandOf, marked, type Marked } from './processes';

export interface Cluster {
  /** What tells a program where the cluster is. */
  readonly env: Readonly<Record<string, string>>;
  /** Ids of the processes with which the two nodes go; the program can live without the second. */
  readonly nodes: readonly [number, number];
}

/** Runs a command with the mark, and resolves with the first match of its output. */
export type Start = (args: readonly string[], until: RegExp) => Promise<{ readonly found: RegExpExecArray; readonly pid: number }>;

export interface ClusterRuns extends ClusterSuite {
  /** Starts two nodes of one core each. */
  readonly start: (start: Start) => Promise<Cluster>;
  /** For the processes of the cluster. */
  readonly planner: Readonly<Record<string, string>>;
  /** For programs that start a cluster of their own. */
  readonly local: Readonly<Record<string, string>>;
  /** What a program ends with whose worker is killed. */
  readonly killed: RegExp;
  /** What a program ends with whose whole cluster is killed, and what with when its nodes are and the process that plans for them is not. */
  readonly gone: RegExp;
  readonly lost: RegExp;
  /** How often the program makes bytes of a captured value, however many batches there are. */
  readonly pickled: number;
}

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Runs a program in its folder, with nothing of the caller's environment that could lead it to another cluster. */
export function runMarked(python: string, directory: string, env: Readonly<Record<string, string>>, args: readonly string[] = ['main.py']): Promise<Ended> {
  const child = spawn(python, args, { cwd: directory, env: { ...process.env, ...env, PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => (stderr += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), 240_000);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(timer);
      // Daemons may hold the pipes open.
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ stdout, stderr, code });
      }, 200);
    });
  });
}

/** Each worker counts what it computes; one of the iterations ends its process. */
const KILLS = `import signal


def work(n):
    if n == 5:
        signal.raise_signal(signal.SIGKILL)
    return n * n


def main():
    out = []
    for n in range(8):
        out.append(work(n))
    print(out)


if __name__ == "__main__":
    main()
`;

/** Arrays that come back can be written to, as those that never left. */
const ARRAYS = `import numpy as np


def row(n, base):
    return np.full(50_000, float(n)) + base


def main():
    base = np.ones(50_000)
    rows = []
    for n in range(6):
        rows.append(row(n, base))
    for n in range(6):
        rows[n][0] = -1.0
    print([r.sum() for r in rows], rows[0].flags.writeable)


if __name__ == "__main__":
    main()
`;

/** Starts processes of a cluster, each with the mark. */
export function starter(suite: ClusterRuns, python: string, mark: Marked): Start {
  const env = { ...process.env, ...suite.local, ...suite.planner, ...mark.env };
  return async (args, until) => {
    const child = spawn(python, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let told = '';
    const listen = (text: Buffer): void => void (told += text.toString());
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    for (let i = 0; i < 600; i++) {
      const found = until.exec(told);
      if (found) return { found, pid: child.pid! };
      if (child.exitCode !== null) break;
      await pause(200);
    }
    throw new Error(`${args.join(' ')} did not start:\n${told}`);
  };
}

export const withoutLines = (text: string): string => text.trim().split('\n').slice(-40).join('\n');

/** Runs a program and its rewrite: output, exit code and error are equal. `env` is the rewrite's. */
export async function printsTheSame(python: string, before: string, after: string, env: Readonly<Record<string, string>>): Promise<void> {
  const [original, rewritten] = [before, after].map((text) => writeProgram({ 'main.py': text }, 'main.py'));
  try {
    const expected = await runMarked(python, original!.directory, {});
    const actual = await runMarked(python, rewritten!.directory, env);
    assert.equal(actual.stdout, expected.stdout, withoutLines(actual.stderr));
    assert.equal(actual.code, expected.code, withoutLines(actual.stderr));
    if (expected.code !== 0) assert.equal(actual.stderr.trim().split('\n').pop(), expected.stderr.trim().split('\n').pop());
  } finally {
    release(original!);
    release(rewritten!);
  }
}

export function describeRuns(suite: ClusterRuns): void {
  describe(`${suite.strategy.meta.id}: results on a cluster of two nodes`, function () {
    this.timeout(900_000);
    let python = '';
    let mark: Marked;
    let cluster: Cluster;

    before(async function () {
      const { path, why } = findToolchains().tools;
      if (path === null) {
        console.log(`      pending: ${why}`);
        this.skip();
      }
      python = path;
      mark = marked();
      cluster = await suite.start(starter(suite, python, mark));
    });

    after(async () => {
      if (python === '') return;
      await mark.end();
      assert.deepEqual(mark.alive().map(commandOf), []);
    });

    const same = (before: string, after: string, env: Readonly<Record<string, string>>): Promise<void> => printsTheSame(python, before, after, env);

    for (const name of suite.loops) {
      it(`${name} prints the same`, () => same(sourceOf(name), fs.readFileSync(expectedFile(suite, name), 'utf8'), { ...suite.local, ...cluster.env }));
    }

    it('arrays come back as they left', async () => {
      const program = writeProgram({ 'main.py': ARRAYS }, 'main.py');
      try {
        const { after, fits } = await rewriteLoop(program, 'for n in range(6):\n        rows.append', {}, suite.strategy);
        assert.ok(fits.ok, fits.ok ? '' : fits.why);
        await same(ARRAYS, after!, { ...suite.local, ...cluster.env });
      } finally {
        release(program);
      }
    });
  });

  describe(`${suite.strategy.meta.id}: on a cluster of its own`, function () {
    this.timeout(900_000);
    let python = '';
    before(function () {
      const { path, why } = findToolchains().tools;
      if (path === null) {
        console.log(`      pending: ${why}`);
        this.skip();
      }
      python = path;
    });

    const ran = async (text: string, check: (ended: Ended) => void): Promise<void> => {
      const mark = marked();
      const program = writeProgram({ 'main.py': text }, 'main.py');
      try {
        check(await runMarked(python, program.directory, { ...suite.local, ...mark.env }));
        assert.deepEqual((await mark.gone(30)).map(commandOf), [], 'processes were left');
      } finally {
        await mark.end();
        release(program);
      }
    };

    it('the example of the page prints the same, and no process is left', async () => {
      const [before, after] = examplesOf(suite);
      const program = writeProgram({ 'main.py': before }, 'main.py');
      const original = await runMarked(python, program.directory, {});
      release(program);
      await ran(after, ({ stdout, stderr }) => assert.equal(stdout, original.stdout, withoutLines(stderr)));
    });

    it('a worker that is killed ends the program with an error that says which, and no process is left', async () => {
      const program = writeProgram({ 'main.py': KILLS }, 'main.py');
      const { after, fits } = await rewriteLoop(program, 'for n in range', {}, suite.strategy);
      release(program);
      assert.ok(fits.ok, fits.ok ? '' : fits.why);
      await ran(after!, ({ code, stdout, stderr }) => {
        assert.notEqual(code, 0);
        // Ray writes notices of its own there.
        assert.doesNotMatch(stdout, /^\[0, 1/m);
        assert.match(stderr, suite.killed);
      });
    });
  });
}
