import assert from 'node:assert/strict';
import { startsProcesses } from '../../src/analysis/captures/process-starts';
import { applyEdits } from '../../src/edit/edit';
import { frontendFor } from '../../src/languages/frontend';
import { guardFrom } from '../../src/rules/fixes/add-guard';

const lower = async (code: string) => (await frontendFor('python')).lower('/project/main.py', code);

describe('processes that start when a module is imported', () => {
  const table: [title: string, code: string, lines: number[]][] = [
    ['a pool', 'from multiprocessing import Pool\np = Pool()\n', [2]],
    ['a pool by another name', 'import multiprocessing as mp\np = mp.get_context("spawn").Pool()\n', [2]],
    ['an executor in a with', 'from concurrent.futures import ProcessPoolExecutor as P\nwith P() as p:\n    pass\n', [2]],
    ['a process that is started', 'from multiprocessing import Process\np = Process(target=print)\np.start()\n', [3]],
    ['a process that is only made', 'from multiprocessing import Process\np = Process(target=print)\n', []],
    ['in a loop', 'from multiprocessing import Process\nfor i in range(3):\n    Process(target=print).start()\n', [3]],
    ['by way of two functions', 'from multiprocessing import Pool\ndef a():\n    return Pool()\ndef b():\n    a()\nb()\n', [6]],
    ['a function that is not called', 'from multiprocessing import Pool\ndef a():\n    return Pool()\n', []],
    ['under the guard', 'from multiprocessing import Pool\nif __name__ == "__main__":\n    p = Pool()\n', []],
    ['under the guard the other way round', 'from multiprocessing import Pool\nif "__main__" == __name__:\n    p = Pool()\n', []],
    ['beside the guard', 'from multiprocessing import Pool\nif __name__ == "__main__":\n    pass\nelse:\n    p = Pool()\n', [5]],
    ['under another condition', 'import sys\nfrom multiprocessing import Pool\nif sys.argv:\n    p = Pool()\n', [4]],
    ['with fork chosen', 'import multiprocessing as mp\nmp.set_start_method("fork")\np = mp.Pool()\n', []],
    ['a pool of threads', 'from concurrent.futures import ThreadPoolExecutor\np = ThreadPoolExecutor()\n', []],
    ['joblib', 'from joblib import Parallel, delayed\nParallel(n_jobs=2)(delayed(print)(i) for i in range(3))\n', []],
    ['a start of something else', 'import threading\nt = threading.Thread(target=print)\nt.start()\n', []],
    ['a thing of the same name', 'from swimming import Pool\np = Pool()\n', []],
  ];
  for (const [title, code, lines] of table) {
    it(title, async () => {
      const starts = startsProcesses(await lower(code));
      assert.deepEqual(starts.map(({ range }) => code.slice(0, range.start).split('\n').length), lines);
    });
  }
});

describe('the guard that is put around them', () => {
  async function guarded(code: string): Promise<string | null> {
    const module = await lower(code);
    const fix = guardFrom(module, code, startsProcesses(module)[0]!.statement);
    return fix?.kind === 'edit' ? applyEdits(code, fix.edits[0]!.edits) : null;
  }

  const table: [title: string, code: string, expected: string | null][] = [
    [
      'goes to the end of the module',
      'from multiprocessing import Pool\n\np = Pool()\nprint(p.map(abs, [1]))\n\n# The end.\np.close()\n',
      'from multiprocessing import Pool\n\nif __name__ == "__main__":\n    p = Pool()\n    print(p.map(abs, [1]))\n\n    # The end.\n    p.close()\n',
    ],
    [
      'takes the indentation and line breaks of the file',
      'from multiprocessing import Pool\r\ndef f(n):\r\n\treturn n\r\nwith Pool() as p:\r\n\tp.map(f, [1])\r\n',
      'from multiprocessing import Pool\r\ndef f(n):\r\n\treturn n\r\nif __name__ == "__main__":\r\n\twith Pool() as p:\r\n\t\tp.map(f, [1])\r\n',
    ],
    [
      'leaves strings over several lines as they are',
      'from multiprocessing import Pool\np = Pool()\nprint("""a\n  b\nc""", f"""x\ny{p}""")\nprint(1)\n',
      'from multiprocessing import Pool\nif __name__ == "__main__":\n    p = Pool()\n    print("""a\n  b\nc""", f"""x\ny{p}""")\n    print(1)\n',
    ],
    ['is not offered where a definition stands behind it', 'from multiprocessing import Pool\np = Pool()\ndef f(n):\n    return n\n', null],
    ['is not offered within a line', 'from multiprocessing import Pool; p = Pool()\n', null],
  ];
  for (const [title, code, expected] of table) {
    it(title, async () => assert.equal(await guarded(code), expected));
  }

  it('says so when a function reads what moves', async () => {
    const code = 'from multiprocessing import Pool\ndef f(n):\n    return n + k\nk = 1\np = Pool()\nk = 2\n';
    const module = await lower(code);
    assert.equal(guardFrom(module, code, startsProcesses(module)[0]!.statement)?.applicability, 'assumes');
  });
});
