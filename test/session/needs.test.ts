import assert from 'node:assert/strict';
import type { Need } from '../../src/strategies/types';
import type { PythonInfo } from '../../src/session/interpreters';
import { installFor, lacksOf, nodeLack, satisfies, versionLabel } from '../../src/session/needs';

const python = (version: string | null, more: Partial<PythonInfo> = {}): PythonInfo => ({
  path: '/py/bin/python',
  executable: '/py/bin/python',
  prefix: '/py',
  version,
  freeThreaded: false,
  modules: new Map(),
  problem: null,
  ...more,
});
const INTERPRETER: Need = { kind: 'interpreter', name: 'Python', version: '>=3.14', install: 'python.org' };
const FREE: Need = { kind: 'interpreter', name: 'Python', version: '>=3.13', freeThreaded: true, install: 'python.org' };
const WITH_GIL: Need = { ...FREE, freeThreaded: false };
const NUMBA: Need = { kind: 'package', name: 'numba', version: '>=0.59', install: 'python -m pip install "numba>=0.59"' };
const TOOL: Need = { kind: 'tool', name: 'no-such-tool', install: 'get it' };

describe('what a strategy lacks', () => {
  const cases: [name: string, need: Need, python: PythonInfo, lack: RegExp | null][] = [
    ['a version that is new enough', INTERPRETER, python('3.14.0'), null],
    ['a version that is too old', INTERPRETER, python('3.9.18'), /^it needs Python >=3\.14, and this is 3\.9\.18$/],
    ['no Python at all', INTERPRETER, python(null, { problem: '/py/bin/python could not be started' }), /^\/py\/bin\/python could not be started$/],
    ['a build with the GIL', FREE, python('3.14.0'), /without the GIL/],
    ['a build without it', FREE, python('3.13.5', { freeThreaded: true }), null],
    ['what only runs under a GIL', WITH_GIL, python('3.13.5', { freeThreaded: true }), /does not run on a free-threaded Python, and this is 3\.13\.5t$/],
    ['a package that is there', NUMBA, python('3.11.7', { modules: new Map([['numba', '0.68.1']]) }), null],
    ['one that does not tell its version', NUMBA, python('3.11.7', { modules: new Map([['numba', '']]) }), null],
    ['one that is not there', NUMBA, python('3.11.7'), /^the package numba is not installed for Python 3\.11\.7$/],
    ['one that is too old', NUMBA, python('3.11.7', { modules: new Map([['numba', '0.50.0']]) }), /^it needs numba >=0\.59, and version 0\.50\.0 is installed$/],
    ['a tool that is nowhere', TOOL, python('3.11.7'), /^no-such-tool is not on the path$/],
  ];
  for (const [name, need, given, lack] of cases) {
    it(name, async () => {
      const lacks = await lacksOf([need], given);
      if (lack === null) assert.deepEqual(lacks, []);
      else assert.match(lacks[0]!.message, lack);
    });
  }

  it('is told with the command for that very interpreter', () => {
    const installs: [given: string, path: string, wanted: string][] = [
      ['python -m pip install "numba>=0.59"', '/py/bin/python', '/py/bin/python -m pip install "numba>=0.59"'],
      ['pip install numba', '/py/bin/python', '/py/bin/python -m pip install numba'],
      ['python3 -m pip install mojo', 'C:\\Program Files\\Python\\python.exe', '"C:\\Program Files\\Python\\python.exe" -m pip install mojo'],
      ['rustup.rs', '/py/bin/python', 'rustup.rs'],
    ];
    for (const [install, path, wanted] of installs) assert.equal(installFor({ ...NUMBA, install }, { path }), wanted);
  });

  it('names builds without the GIL by a t', () => {
    assert.equal(versionLabel({ version: '3.13.5', freeThreaded: true }), '3.13.5t');
    assert.equal(versionLabel({ version: '3.13.5', freeThreaded: false }), '3.13.5');
  });

  it('counts for Node as well', () => {
    const needs: Need[] = [{ kind: 'interpreter', name: 'Node', version: '>=20', install: 'nodejs.org' }, { kind: 'package', name: 'no-such-package-here', install: 'npm install it' }];
    assert.match(nodeLack(needs, '18.2.0', __dirname)!.message, /needs Node >=20, and this is 18\.2\.0/);
    assert.match(nodeLack(needs, '20.1.0', __dirname)!.message, /no-such-package-here is not installed/);
    assert.equal(nodeLack([needs[0]!, { ...needs[1]!, name: 'mocha' }], '20.1.0', __dirname), null);
  });
});

describe('ranges of versions', () => {
  const cases: [version: string, range: string, ok: boolean][] = [
    ['3.9.18', '>=3.9', true],
    ['3.10.0', '>=3.9', true],
    ['3.8.18', '>=3.9', false],
    ['3.14.0', '>=3.14', true],
    ['4.0', '>=3.14', true],
    ['3.13.5', '>=3.9,<3.14', true],
    ['3.14.0', '>=3.9, <3.14', false],
    ['3.13.5', '==3.13', true],
    ['3.13.5', '==3.13.*', true],
    ['3.12.5', '==3.13.*', false],
    ['3.13.5', '!=3.13', false],
    ['3.13.5', '>3.13', true],
    ['3.13.0', '<=3.13', true],
    ['3.13.5', '<=3.13', false],
    ['1.2', 'any that is recent', true],
  ];
  for (const [version, range, ok] of cases) it(`${version} ${ok ? 'is' : 'is not'} ${range}`, () => assert.equal(satisfies(version, range), ok));
});
