import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { findToolchains } from '../../scripts/setup-python.mjs';
import { programOn, selectedPython } from '../../src/session/compare';
import { inspectPython } from '../../src/session/interpreters';
import { thisSystem } from '../../src/measure/system';
import { pythonPlaces } from '../../src/session/python-places';
import { Toolchains } from '../../src/session/toolchains';
import type { Need, Strategy } from '../../src/strategies/types';
import { toolchain } from '../support/toolchains';

/** A strategy with needs of its own: choosing an interpreter looks at nothing else. */
function needing(...needs: readonly Need[]): Strategy {
  const meta = { id: 'python/for-this-test', language: 'python', title: 'For this test', summary: '', memory: 'copied', needs } as const;
  return { meta, applicability: () => ({ ok: true, notes: [] }), rewrite: () => assert.fail('nothing is rewritten here') };
}

const interpreter = (more: Partial<Need>): Need => ({ kind: 'interpreter', name: 'Python', install: 'python.org', ...more });
const module = (name: string): Need => ({ kind: 'package', name, install: `python -m pip install ${name}` });

describe('the interpreter of a strategy', function () {
  this.timeout(120_000);

  it('is the selected one where that has what is needed', async () => {
    const toolchains = await Toolchains.of('python3');
    const choice = await toolchains.choose(needing(interpreter({ version: '>=3.9' })));
    assert.ok(choice.ok && !choice.other);
    assert.match(choice.python.version!, /^3\.\d+\.\d+$/);
  });

  it('is another that is installed where the selected one is too old', async function () {
    toolchain(this, 'python314');
    const toolchains = await Toolchains.of('python3');
    const choice = await toolchains.choose(needing(interpreter({ version: '>=3.14', freeThreaded: false })));
    assert.ok(choice.ok && choice.other, JSON.stringify(choice));
    assert.match(choice.python.version!, /^3\.1[4-9]\./);
  });

  it('is a build without the GIL where one is needed', async function () {
    toolchain(this, 'freeThreaded');
    const toolchains = await Toolchains.of('python3');
    const choice = await toolchains.choose(needing(interpreter({ version: '>=3.13', freeThreaded: true })));
    assert.ok(choice.ok && choice.other, JSON.stringify(choice));
    assert.equal(choice.python.freeThreaded, true);
  });

  it('is one with the packages', async function () {
    const tools = toolchain(this, 'tools');
    const toolchains = await Toolchains.of('python3');
    const choice = await toolchains.choose(needing(interpreter({ version: '>=3.9' }), module('numba'), module('joblib'), module('distributed')));
    assert.ok(choice.ok, JSON.stringify(choice));
    const info = await inspectPython(tools, ['numba', 'joblib', 'no_such_module']);
    assert.match(info.modules.get('numba')!, /^\d+\.\d+/);
    assert.ok(!info.modules.has('no_such_module'));
  });

  it('has the tools of other environments in the cache', async function () {
    toolchain(this, 'mojo');
    const toolchains = await Toolchains.of('python3');
    const choice = await toolchains.choose(needing(interpreter({ version: '>=3.9', freeThreaded: false }), { kind: 'tool', name: 'mojo', version: '>=1.2', install: 'pip install mojo' }));
    assert.ok(choice.ok, JSON.stringify(choice));
  });

  it('is none where nothing has what is needed: the reason, and the command for the nearest', async () => {
    const toolchains = await Toolchains.of('python3');
    const nowhere = await toolchains.choose(needing(interpreter({ version: '>=3.99' })));
    assert.ok(!nowhere.ok);
    assert.match(nowhere.message, /^it needs Python >=3\.99, and this is 3\.\d+\.\d+; no other Python that does was found$/);
    assert.equal(nowhere.install, 'python.org');
    const lacking = await toolchains.choose(needing(interpreter({ version: '>=3.9' }), module('no_such_module'), module('nor_this_one')));
    assert.ok(!lacking.ok);
    assert.match(lacking.message, /^the package no_such_module is not installed for Python 3\.\d+\.\d+; the package nor_this_one/);
    assert.equal(lacking.install, 'python3 -m pip install no_such_module nor_this_one');
  });

  it('is never an entry of the cache that is half made', async () => {
    const cache = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-cache-test-'));
    try {
      const bin = path.join(cache, 'python-half-1', 'bin');
      fs.mkdirSync(bin, { recursive: true });
      fs.symlinkSync((await inspectPython('python3')).executable, path.join(bin, 'python'));
      const system = { ...thisSystem, env: { FANOUT_CACHE: cache, PATH: '' }, home: cache };
      assert.ok(pythonPlaces(system).includes(path.join(bin, 'python')));
      const half = await (await Toolchains.of('no-such-python', system)).found();
      assert.deepEqual(half, []);
      fs.writeFileSync(path.join(cache, 'python-half-1', '.complete'), '');
      const whole = await (await Toolchains.of('no-such-python', system)).found();
      assert.equal(whole.length, 1);
    } finally {
      fs.rmSync(cache, { recursive: true, force: true });
    }
  });
});

describe('the program on another interpreter', () => {
  const program = (...command: string[]) => ({ command, cwd: '/home/a/folder' });
  const other = { path: '/o/bin/python' } as Parameters<typeof programOn>[1];
  const cases: [given: string[], selected: string, other: string[]][] = [
    [['app.py', '1'], 'python3', ['app.py', '1']],
    [['python', 'app.py'], 'python3', ['/o/bin/python', 'app.py']],
    [['python3', '-m', 'app'], 'python3', ['/o/bin/python', '-m', 'app']],
    [['/v/bin/python3.11', 'app.py'], '/v/bin/python3.11', ['/o/bin/python', 'app.py']],
    [['.venv/bin/python', 'app.py'], '/home/a/folder/.venv/bin/python', ['/o/bin/python', 'app.py']],
    [['pytest', '-q'], 'python3', ['pytest', '-q']],
  ];
  for (const [given, selected, replaced] of cases) {
    it(given.join(' '), () => {
      assert.equal(selectedPython(program(...given), 'python3'), selected);
      assert.deepEqual(programOn(program(...given), other).command, replaced);
    });
  }
});

describe('the set-up of the interpreters', () => {
  it('says of each where it is, or why it is not there', () => {
    for (const [name, { path: file, why }] of Object.entries(findToolchains())) {
      assert.ok(file === null ? why!.length > 0 : fs.existsSync(file), `${name}: ${file} ${why}`);
    }
  });
});
