import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { neverCancelled } from '../../src/analysis/cancellation';
import { lastLines } from '../../src/measure/output';
import { endingOf } from '../../src/measure/processes';
import { problemOf, run, type RunRequest } from '../../src/measure/run';
import { folderOf, options } from './helpers';

const request = (command: readonly string[], more: Partial<RunRequest> = {}): RunRequest => ({
  command,
  cwd: process.cwd(),
  env: process.env,
  timeoutMs: 60_000,
  token: neverCancelled,
  ...more,
});
const python = (code: string) => [options.python, '-c', code];
const node = (code: string) => [options.node, '-e', code];

function alive(pid: number): boolean {
  try {
    // A zombie has no command line.
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
}

describe('run', () => {
  it('gives exit code and output, byte for byte', async () => {
    const result = await run(request(node('process.stdout.write("a\\r\\nä"); process.stderr.write("e"); process.exitCode = 3')));
    assert.deepEqual([result.ended, result.exitCode, result.stdout.text, result.stderr.text, result.stdout.bytes], ['exited', 3, 'a\r\nä', 'e', 5]);
    assert.equal(problemOf(result, 1000), 'ended with exit code 3:\ne');
  });

  it('a crash is told with the last lines of stderr', async () => {
    const result = await run(request(python('import sys\nfor i in range(50): print("line", i, file=sys.stderr)\nraise KeyError("lost")')));
    const problem = problemOf(result, 1000)!;
    assert.match(problem, /^ended with exit code 1:\n/);
    assert.match(problem, /KeyError: 'lost'$/);
    assert.doesNotMatch(problem, /line 10\n/);
    assert.equal(lastLines(result.stderr, 2).split('\n').length, 2);
  });

  it('a signal is named', async () => {
    const result = await run(request(python('import os, signal; os.kill(os.getpid(), signal.SIGSEGV)')));
    assert.match(problemOf(result, 1000)!, /^was ended by SIGSEGV/);
  });

  it('what cannot be started is told by name', async () => {
    const missing = await run(request(['no-such-program-anywhere']));
    assert.equal(missing.ended, 'not-started');
    assert.match(problemOf(missing, 1)!, /^no-such-program-anywhere could not be started: there is no such program/);
    const folder = folderOf({ 'plain.txt': 'x' });
    try {
      assert.match(problemOf(await run(request([folder.file('plain.txt')])), 1)!, /may not be executed/);
    } finally {
      folder.remove();
    }
  });

  it('asking for input is told as such', async () => {
    for (const command of [python('input("name? ")'), python('name = input(); print(name)')]) {
      assert.match(problemOf(await run(request(command)), 1000)!, /^asks for input, which a measured run does not have/);
    }
  });

  it('100 MB of output are counted and hashed, and not kept', async function () {
    const before = process.memoryUsage().arrayBuffers;
    const result = await run(request(python('import sys\nline = "x" * 99 + "\\n"\nfor _ in range(1000000): sys.stdout.write(line)')));
    assert.equal(result.stdout.bytes, 100_000_000);
    assert.equal(result.stdout.text, null);
    assert.ok(result.stdout.head.length <= 65536 && result.stdout.tail.length <= 65536 && result.stdout.tail.endsWith('x\n'));
    assert.match(result.stdout.sha256, /^[0-9a-f]{64}$/);
    assert.ok(process.memoryUsage().arrayBuffers - before < 50_000_000);
  });

  const family = `import subprocess, sys, time
children = [subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=lone) for lone in (False, True)]
print(*[child.pid for child in children], flush=True)
`;
  const cases = [
    ['a program that ends and leaves children behind', '', 'exited'],
    ['a program that hangs', 'time.sleep(300)', 'timeout'],
    ['a program that will not be ended politely', 'import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(300)', 'timeout'],
    ['a program that crashes', 'raise SystemError', 'exited'],
  ] as const;
  for (const [title, rest, ended] of cases) {
    it(`${title}: nothing of it is left`, async function () {
      if (process.platform !== 'linux') return this.skip();
      const result = await run(request(python(family + rest), { timeoutMs: 2500 }));
      assert.equal(result.ended, ended);
      const pids = result.stdout.text!.trim().split(' ').map(Number);
      assert.equal(pids.length, 2);
      for (const pid of [...pids, result.pid!]) assert.ok(!alive(pid), `${pid} is gone`);
    });
  }

  it('is cancelled by its token, with its children', async function () {
    if (process.platform !== 'linux') return this.skip();
    const folder = folderOf({});
    try {
      const token = { cancelled: false };
      const file = folder.file('pids');
      const running = run(request(python(`${family}\nopen(${JSON.stringify(file)}, "w").write(" ".join(str(c.pid) for c in children))\ntime.sleep(300)`), { token }));
      while (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') === '') await new Promise((resolve) => setTimeout(resolve, 20));
      token.cancelled = true;
      const result = await running;
      assert.equal(result.ended, 'cancelled');
      for (const pid of fs.readFileSync(file, 'utf8').split(' ').map(Number)) assert.ok(!alive(pid));
      assert.equal((await run(request(python('print(1)'), { token }))).stdout.bytes, 0, 'nothing is started afterwards');
    } finally {
      folder.remove();
    }
  });

  it('ends a tree by group or, on Windows, by taskkill', () => {
    assert.deepEqual(endingOf(42, 'linux'), { signal: 'group' });
    assert.deepEqual(endingOf(42, 'darwin'), { signal: 'group' });
    assert.deepEqual(endingOf(42, 'win32', 'C:\\Windows'), { command: 'C:\\Windows\\System32\\taskkill.exe', args: ['/PID', '42', '/T', '/F'] });
  });
});
