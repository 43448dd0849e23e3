import assert from 'node:assert/strict';
import * as path from 'node:path';
import { Documents } from '../../src/session/documents';
import { SessionWorkspace } from '../../src/session/workspace';

const root = path.resolve('/project');

/** Each row: the files, the one that is asked about, who imports it. */
const table: Readonly<Record<string, [files: Readonly<Record<string, string>>, of: string, importers: readonly string[]]>> = {
  'a module by its name': [{ 'k.py': '', 'a.py': 'import k\n', 'b.py': 'import os, k as other\n', 'c.py': 'x = "import k"\n' }, 'k.py', ['a.py', 'b.py']],
  'behind a colon or a semicolon': [{ 'k.py': '', 'a.py': 'try: import k\nexcept ImportError: pass\n', 'b.py': 'import os; import k\n' }, 'k.py', ['a.py', 'b.py']],
  'over several lines': [{ 'p/__init__.py': '', 'p/k.py': '', 'a.py': 'from p import (j,  # not :)\n    k,\n)\n', 'b.py': 'from p import \\\n    k\n' }, 'p/k.py', ['a.py', 'b.py']],
  'relative ones': [{ 'p/__init__.py': 'from .k import f\n', 'p/k.py': '', 'p/a.py': 'from . import k\n', 'p/q/b.py': 'from ..k import f\n' }, 'p/k.py', ['p/__init__.py', 'p/a.py', 'p/q/b.py']],
  'a package': [{ 'p/__init__.py': '', 'p/a.py': 'from . import VERSION\n', 'p/q/b.py': 'from .. import (\n    VERSION)\n', 'c.py': 'import p\n', 'd.py': 'from p.a import f\n' }, 'p/__init__.py', ['p/a.py', 'p/q/b.py', 'c.py']],
  'a name that another module has': [{ 'p/__init__.py': '', 'p/k.py': '', 'k.py': '', 'a.py': 'import k\n' }, 'p/k.py', []],
  'in a function': [{ 'k.py': '', 'a.py': 'def f():\n    from k import g\n' }, 'k.py', ['a.py']],
  'modules of JavaScript': [{ 'k.ts': '', 'a.ts': "import { f } from './k.js';\n", 'b.ts': 'export * from "./k";\n', 'c.cjs': "const k = require('./k');\n", 'd.ts': "const s = './k';\n" }, 'k.ts', ['a.ts', 'b.ts', 'c.cjs']],
  'a folder of JavaScript': [{ 'p/index.js': '', 'a.mjs': "import './p';\n", 'p/b.mjs': "import '.';\n", 'p/q/c.mjs': "import '../';\n", 'p/d.mjs': "import './index.js';\n" }, 'p/index.js', ['a.mjs', 'p/b.mjs', 'p/q/c.mjs', 'p/d.mjs']],
};

describe('who imports a file', () => {
  for (const [title, [files, of, expected]] of Object.entries(table)) {
    it(title, async () => {
      const documents = new Documents();
      await documents.prepare(of);
      for (const [name, text] of Object.entries(files)) documents.set(path.join(root, name), text, 1);
      const sources = Object.keys(files).map((name) => path.join(root, name));
      const found = new SessionWorkspace(documents, root, () => sources)
        .importers(path.join(root, of))
        .map((module) => path.relative(root, module.path).split(path.sep).join('/'));
      assert.deepEqual(found.sort(), [...expected].sort());
    });
  }

  it('is found anew when files have changed', async () => {
    const documents = new Documents();
    const [kernel, app] = [path.join(root, 'k.py'), path.join(root, 'a.py')];
    await documents.prepare(kernel);
    documents.set(kernel, '', 1);
    documents.set(app, 'import k\n', 1);
    const workspace = new SessionWorkspace(documents, root, () => [kernel, app]);
    assert.equal(workspace.importers(kernel).length, 1);
    documents.set(app, 'import os\n', 2);
    assert.deepEqual(workspace.importers(kernel), []);
  });
});
