import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { verify, verifyRuns } from '../../src/measure/verify';
import type { MeasureOptions, VerifyRequest } from '../../src/measure/types';
import { candidateOf, folderOf, loopOf, options } from './helpers';

const app = (rest: { before?: string; after?: string; body?: string } = {}) => `from concurrent.futures import ProcessPoolExecutor


def work(x):
    return x * 2


def main(xs):
    out = []
${rest.before ?? ''}    «${rest.body ?? 'for x in xs:\n        out.append(work(x))'}»
    return out


if __name__ == "__main__":
    print(main([1, 2, 3]))
${rest.after ?? ''}`;
const POOL = 'with ProcessPoolExecutor(2) as pool:\n        out.extend(pool.map(work, xs))';

async function outcome(original: string, candidate: string, more: { options?: Partial<MeasureOptions>; command?: readonly string[]; others?: Record<string, string>; request?: Partial<VerifyRequest> } = {}) {
  const folder = folderOf({ 'app.py': '', ...more.others });
  try {
    const file = folder.file('app.py');
    const first = candidateOf('original', file, original);
    fs.writeFileSync(file, first.texts.get(file)!);
    const result = await verify(
      {
        program: { command: more.command ?? ['app.py'], cwd: folder.path },
        loop: loopOf(first.region, ['out', 'xs'], ['x']),
        original: first,
        candidate: candidateOf('python/process-pool', file, candidate),
        startMethods: [],
        maxEntries: 50,
        ...more.request,
      },
      { ...options, ...more.options },
    );
    assert.equal(fs.readFileSync(file, 'utf8'), first.texts.get(file), 'the file is as it was');
    return result;
  } finally {
    folder.remove();
  }
}

describe('verify: programs that do not behave', () => {
  it('crashes before the loop', async () => {
    const text = app().replace('def work', 'raise OSError("no such table")\n\n\ndef work');
    const result = await outcome(text, text);
    assert.equal(result.status, 'failed');
    assert.match(result.message, /^The original program ended with exit code 1:\n[^]*OSError: no such table$/);
    assert.equal(result.runs, 1, 'and is not run again');
  });

  it('hangs', async () => {
    const text = app({ after: '    import time\n    time.sleep(300)\n' });
    const result = await outcome(text, text, { options: { timeoutMs: 4000 } });
    assert.equal(result.status, 'failed');
    assert.match(result.message, /did not end within 4 s, and was ended/);
  });

  it('a candidate that hangs', async () => {
    const result = await outcome(app(), app({ body: 'import time\n    time.sleep(300)' }), { options: { timeoutMs: 6000 } });
    assert.equal(result.status, 'failed');
    assert.match(result.message, /^The candidate did not end within 6 s/);
  });

  it('asks for input', async () => {
    const text = app({ before: '    input("how many? ")\n' });
    assert.match((await outcome(text, text)).message, /asks for input/);
  });

  it('prints 100 MB, the same each time', async () => {
    const noise = '    import sys\n    for _ in range(100):\n        sys.stdout.write("x" * 1_000_000)\n';
    assert.equal((await outcome(app({ after: noise }), app({ after: noise, body: POOL }))).status, 'equal');
    const longer = await outcome(app({ after: noise }), app({ after: `${noise}    print("y")\n`, body: POOL }));
    assert.equal(longer.status, 'different');
    assert.equal(longer.differences[0]!.where, 'stdout');
  });

  it('changes its own source', async () => {
    const text = app({ before: '    open(__file__, "a").write("#")\n' });
    const result = await outcome(text, text);
    assert.equal(result.status, 'failed');
    assert.match(result.message, /changes its own source .*app\.py: that is not allowed while it is measured, and nothing was written/);
  });

  it('swallows that it may not', async () => {
    const text = app({ before: '    try:\n        open(__file__, "a").write("#")\n    except OSError:\n        pass\n' });
    assert.match((await outcome(text, text)).message, /changes its own source/);
  });

  it('never enters the loop, or never loads the file', async () => {
    const never = app().replace('print(main([1, 2, 3]))', 'pass');
    const result = await outcome(never, never);
    assert.equal(result.status, 'not-run');
    assert.match(result.message, /never enters the loop/);
    const other = await outcome(app(), app(), { others: { 'other.py': 'print(1)\n' }, command: ['other.py'] });
    assert.match(other.message, /The program never loads .*app\.py/);
  });

  it('ignores the harness', async () => {
    const result = await outcome(app(), app(), { command: ['python', '-I', 'app.py'] });
    assert.equal(result.status, 'not-run');
    assert.match(result.message, /may ignore PYTHONPATH/);
  });

  it('a candidate with a syntax error, or that crashes', async () => {
    const broken = await outcome(app(), app({ body: 'for x in xs' }));
    assert.equal(broken.status, 'different');
    assert.match(broken.differences.map((d) => `${d.where}: ${d.original} → ${d.candidate}`).join('\n'), /exit code: 0 → 1 \(SyntaxError/);
    const crash = await outcome(app(), app({ body: 'raise MemoryError("out")' }));
    assert.match(crash.message, /exception after entry 1 of the loop is no exception in the original, MemoryError: out/);
  });

  it('a program that always ends with another exit code is compared all the same', async () => {
    const end = '    raise SystemExit(3)\n';
    assert.equal((await outcome(app({ after: end }), app({ after: end, body: POOL }))).status, 'equal');
    const zero = await outcome(app({ after: end }), app({ body: POOL }));
    assert.deepEqual(zero.differences.map((d) => [d.where, d.original, d.candidate]), [['exit code', '3', '0']]);
  });

  it('files that it writes are compared', async () => {
    const write = (text: string) => `    open("result.txt", "w").write(${text})\n`;
    assert.equal((await outcome(app({ after: write('"1"') }), app({ after: write('"1"'), body: POOL }))).status, 'equal');
    const different = await outcome(app({ after: write('"1"') }), app({ after: write('"2"'), body: POOL }));
    assert.equal(different.differences[0]!.where, 'file result.txt');
    const missing = await outcome(app({ after: write('"1"') }), app({ body: POOL }));
    assert.match(missing.differences[0]!.candidate, /not written/);
    const clock = write('str(__import__("time").time_ns())');
    assert.match(JSON.stringify((await outcome(app({ after: clock }), app({ after: clock, body: POOL }))).notCompared), /file result\.txt.*differs between two runs/);
  });

  it('what others write into the folder meanwhile is not its doing', async () => {
    const folder = folderOf({});
    let writes = 0;
    const other = setInterval(() => fs.writeFileSync(folder.file(`notes-${writes++}.txt`), String(writes)), 50);
    try {
      const file = folder.file('app.py');
      const first = candidateOf('original', file, app());
      fs.writeFileSync(file, first.texts.get(file)!);
      const result = await verify(
        {
          program: { command: ['app.py'], cwd: folder.path },
          loop: loopOf(first.region, ['out', 'xs'], ['x']),
          original: first,
          candidate: candidateOf('python/process-pool', file, app({ body: POOL })),
          startMethods: [],
          maxEntries: 50,
        },
        options,
      );
      assert.ok(writes > 0);
      assert.equal(result.status, 'equal', JSON.stringify(result));
    } finally {
      clearInterval(other);
      folder.remove();
    }
  });

  it('entries past the limit are counted, and told', async () => {
    const many = (text: string) => text.replace('print(main([1, 2, 3]))', 'print([main([i, 2]) for i in range(6)])');
    const result = await outcome(many(app()), many(app({ body: POOL })), { request: { maxEntries: 2 } });
    assert.deepEqual([result.status, result.entries, result.iterations], ['equal-as-far', 6, 12]);
    assert.match(result.notCompared[0]!.why, /4 of 6 entries are past the limit/);
  });

  it('is cancelled', async () => {
    const token = { cancelled: false };
    const text = app({ after: '    import time\n    time.sleep(300)\n' });
    const running = outcome(text, text, { options: { token } });
    setTimeout(() => (token.cancelled = true), 1500);
    assert.equal((await running).status, 'cancelled');
  });

  it('says beforehand how often it runs', async () => {
    assert.equal(verifyRuns({ startMethods: [] }), 3);
    assert.equal(verifyRuns({ startMethods: ['fork', 'spawn', 'forkserver'] }), 5);
    const said: string[] = [];
    const result = await outcome(app(), app({ body: POOL }), { options: { onProgress: (message) => void said.push(message) } });
    assert.equal(said[0], 'verifying runs the program 3 times');
    assert.equal(result.runs, 3);
  });
});
