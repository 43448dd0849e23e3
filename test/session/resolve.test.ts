import assert from 'node:assert/strict';
import * as path from 'node:path';
import { resolveImport } from '../../src/session/resolve';
import type { ImportSource, Language } from '../../src/ir/ir';

const root = path.resolve('/project');
const files = [
  'app.py', 'kernels.py', 'pkg/__init__.py', 'pkg/a.py', 'pkg/b.py', 'pkg/sub/__init__.py', 'pkg/sub/c.py', 'src/lib/__init__.py', 'src/lib/d.py',
  'main.mjs', 'util.js', 'util.ts', 'only.ts', 'folder/index.ts', 'legacy.cjs', 'm.mts',
].map((f) => path.join(root, f));
const probe = { isFile: (f: string) => files.includes(f) };

const table: [from: string, source: ImportSource, language: Language, expected: string | null][] = [
  // Python
  ['app.py', { module: 'kernels', name: null }, 'python', 'kernels.py'],
  ['app.py', { module: 'kernels', name: 'row' }, 'python', 'kernels.py'],
  ['app.py', { module: 'pkg.a', name: 'f' }, 'python', 'pkg/a.py'],
  ['app.py', { module: 'pkg', name: 'a' }, 'python', 'pkg/a.py'],
  ['app.py', { module: 'pkg', name: 'VERSION' }, 'python', 'pkg/__init__.py'],
  ['app.py', { module: 'lib.d', name: 'f' }, 'python', 'src/lib/d.py'],
  ['app.py', { module: 'numpy', name: 'zeros' }, 'python', null],
  ['pkg/a.py', { module: 'b', name: 'f', level: 1 }, 'python', 'pkg/b.py'],
  ['pkg/a.py', { module: '', name: 'b', level: 1 }, 'python', 'pkg/b.py'],
  ['pkg/sub/c.py', { module: 'a', name: 'f', level: 2 }, 'python', 'pkg/a.py'],
  ['pkg/sub/c.py', { module: 'pkg.b', name: 'f' }, 'python', 'pkg/b.py'],
  ['pkg/sub/c.py', { module: 'nowhere', name: 'f', level: 2 }, 'python', null],
  // JavaScript and TypeScript
  ['main.mjs', { module: './util.js', name: 'f' }, 'javascript', 'util.js'],
  ['main.mjs', { module: './only.js', name: 'f' }, 'typescript', 'only.ts'],
  ['main.mjs', { module: './m.mjs', name: 'f' }, 'typescript', 'm.mts'],
  ['main.mjs', { module: './folder', name: 'f' }, 'typescript', 'folder/index.ts'],
  ['main.mjs', { module: './legacy', name: null }, 'javascript', 'legacy.cjs'],
  ['folder/index.ts', { module: '../only', name: 'f' }, 'typescript', 'only.ts'],
  ['main.mjs', { module: 'lodash', name: 'map' }, 'javascript', null],
  ['main.mjs', { module: 'node:fs', name: null }, 'javascript', null],
  ['main.mjs', { module: './absent.js', name: null }, 'javascript', null],
];

describe('import resolution', () => {
  for (const [from, source, language, expected] of table) {
    const what = `${'.'.repeat(source.level ?? 0)}${source.module}${source.name === null ? '' : ` (${source.name})`}`;
    it(`${from}: ${what} is ${expected ?? 'a library'}`, () => {
      const found = resolveImport(source, path.join(root, from), language, root, probe);
      assert.equal(found, expected === null ? null : path.join(root, expected));
    });
  }
});
