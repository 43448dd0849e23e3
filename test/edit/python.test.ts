import assert from 'node:assert/strict';
import { applyEdits } from '../../src/edit/edit';
import { identifiers, indentUnit, preferredQuote, uniqueName, withCommentsAbove } from '../../src/edit/python';
import { importNames } from '../../src/edit/python-imports';
import { scanPython } from '../../src/edit/python-lexer';
import { isStandardModule } from '../../src/edit/python-stdlib';
import { frontendFor } from '../../src/languages/frontend';

const strings = (text: string): string[] => scanPython(text).strings.map((s) => text.slice(s.start, s.end));

describe('Python text', () => {
  const literals: [string, string[]][] = [
    [`a = 'x' + "y"  # 'no'`, [`'x'`, `"y"`]],
    [`rb'\\x' Rb"a\\"b" f'{x}'`, [`rb'\\x'`, `Rb"a\\"b"`, `f'{x}'`]],
    [`t = """a\n"b" 'c'\n"""\nu = ''`, [`"""a\n"b" 'c'\n"""`, `''`]],
    [`f'{d["k"]} {n:>{w}}' + 'b'`, [`f'{d["k"]} {n:>{w}}'`, `'b'`]],
    [`f'{d['k']}' 'b'`, [`f'{d['k']}'`, `'b'`]],
    [`f"{{literal}}" "b"`, [`f"{{literal}}"`, `"b"`]],
    [`rest = barf('x')`, [`'x'`]],
    [`'open\nnext = "y"`, [`'open`, `"y"`]],
  ];
  for (const [text, expected] of literals) it(`finds the strings of ${JSON.stringify(text)}`, () => assert.deepEqual(strings(text), expected));

  const units: [string, string][] = [
    ['if a:\n  b\n', '  '],
    ['def f():\n\treturn 1\n', '\t'],
    ['class A:\n\n    # note\n    def f(self):\n        pass\n', '    '],
    ['x = """a:\n  b"""\nif a:\n   b\n', '   '],
    ['x = 1\n', '    '],
  ];
  for (const [text, unit] of units) it(`indents ${JSON.stringify(text)} by ${JSON.stringify(unit)}`, () => assert.equal(indentUnit(text, '    '), unit));

  it('quotes as most strings do', () => {
    assert.equal(preferredQuote(`a = 'x'; b = 'y'; c = "z"`), "'");
    assert.equal(preferredQuote(`a = "x"`), '"');
    assert.equal(preferredQuote(''), '"');
    assert.equal(preferredQuote(`"""Doc."""\na = 'x'`), "'");
  });

  it('makes names that nothing else has', () => {
    const taken = identifiers('row = rows[0]  # value');
    assert.equal(uniqueName('row', taken), 'row_2');
    assert.equal(uniqueName('row', taken), 'row_3');
    assert.equal(uniqueName('class', taken), 'class_2');
    assert.equal(uniqueName('list', taken), 'list_2');
    assert.equal(uniqueName('cell', taken), 'cell');
  });

  it('keeps comments with what they stand above', () => {
    const text = 'x = 1\n\n# a\n# b\ndef f():\n    pass\n';
    assert.equal(withCommentsAbove(text, text.indexOf('def')), text.indexOf('# a'));
    assert.equal(withCommentsAbove('#!/usr/bin/python\nx\n', 18), 18);
  });

  it('knows the standard library', () => {
    assert.ok(isStandardModule('concurrent.futures'));
    assert.ok(!isStandardModule('numpy'));
  });
});

describe('Python imports', () => {
  const cases: { name: string; before: string; wanted: [string, string | null][]; names: string[]; after: string }[] = [
    {
      name: 'are sorted into the first block',
      before: 'import math\nimport sys\nfrom random import random\n\nx = 1\n',
      wanted: [
        ['os', null],
        ['concurrent.futures', 'ProcessPoolExecutor'],
        ['functools', 'partial'],
      ],
      names: ['os', 'ProcessPoolExecutor', 'partial'],
      after: 'import math\nimport os\nimport sys\nfrom concurrent.futures import ProcessPoolExecutor\nfrom functools import partial\nfrom random import random\n\nx = 1\n',
    },
    { name: 'are reused', before: 'import os as system\nfrom functools import partial as bind\n', wanted: [['os', null], ['functools', 'partial']], names: ['system', 'bind'], after: 'import os as system\nfrom functools import partial as bind\n' },
    { name: 'are reached through their module', before: 'import concurrent.futures\n', wanted: [['concurrent.futures', 'ProcessPoolExecutor']], names: ['concurrent.futures.ProcessPoolExecutor'], after: 'import concurrent.futures\n' },
    { name: 'are reached through their package', before: 'from concurrent import futures\n', wanted: [['concurrent.futures', 'ProcessPoolExecutor']], names: ['futures.ProcessPoolExecutor'], after: 'from concurrent import futures\n' },
    { name: 'extend a line of the same module', before: 'from functools import lru_cache, reduce\n', wanted: [['functools', 'partial']], names: ['partial'], after: 'from functools import lru_cache, partial, reduce\n' },
    { name: 'stand above those of other packages', before: 'import numpy as np\n\nx = np.pi\n', wanted: [['os', null]], names: ['os'], after: 'import os\n\nimport numpy as np\n\nx = np.pi\n' },
    { name: 'come after docstring and __future__', before: '"""Doc."""\nfrom __future__ import annotations\n\nx = 1\n', wanted: [['os', null]], names: ['os'], after: '"""Doc."""\nfrom __future__ import annotations\n\nimport os\n\nx = 1\n' },
    { name: 'come after a shebang', before: '#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\nx = 1\n', wanted: [['os', null]], names: ['os'], after: '#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n\nimport os\n\nx = 1\n' },
    { name: 'leave two blank lines before a function', before: 'def f():\n    pass\n', wanted: [['os', null]], names: ['os'], after: 'import os\n\n\ndef f():\n    pass\n' },
    { name: 'take another name when theirs is taken', before: 'import sys\nos = 1\n', wanted: [['os', null]], names: ['_os'], after: 'import os as _os\nimport sys\nos = 1\n' },
    { name: 'stand in an empty file', before: '', wanted: [['os', null]], names: ['os'], after: 'import os\n\n' },
  ];
  for (const { name, before, wanted, names, after } of cases) {
    it(name, async () => {
      const module = (await frontendFor('python')).lower('x.py', before);
      const taken = new Set([...module.functions.get('')!.variables.values()].map((v) => v.name));
      const result = importNames(module, before, wanted.map(([m, n]) => ({ module: m, name: n })), (n) => !taken.has(n));
      assert.deepEqual(result.names, names);
      assert.equal(applyEdits(before, result.edits), after);
    });
  }
});
