import assert from 'node:assert/strict';
import * as path from 'node:path';
import { applyEdits } from '../../../src/edit/edit';
import { freshName, javaScriptStyle, plural, quoted } from '../../../src/edit/javascript';
import { add, asCode, constant, isNatural, multiply, split, symbol } from '../../../src/strategies/javascript/polynomial';
import { dependencyEdit, readProject } from '../../../src/strategies/javascript/project';
import { Source } from '../../../src/strategies/javascript/syntax';
import type { Workspace } from '../../../src/strategies/types';

const ROOT = path.resolve('/project');

function workspaceOf(files: Readonly<Record<string, string>>): Workspace {
  const texts = new Map(Object.entries(files).map(([name, text]) => [path.join(ROOT, name), text]));
  return { read: (file) => texts.get(file) ?? null, module: () => null, importers: () => [], callers: () => ({ sites: [], complete: true }) };
}

function projectOf(file: string, text: string, files: Readonly<Record<string, string>> = {}) {
  return readProject(new Source(path.join(ROOT, file), text), workspaceOf({ ...files, [file]: text }));
}

describe('javascript: how a project runs', () => {
  const ESM = "import fs from 'node:fs';\n";
  const CJS = "const fs = require('node:fs');\n";
  const MODULE = { 'package.json': '{ "type": "module" }' };
  const tsconfig = (options: object, scripts: object = {}, type?: string) => ({
    'package.json': JSON.stringify({ scripts, ...(type ? { type } : {}) }),
    'tsconfig.json': `// written by hand\n${JSON.stringify({ compilerOptions: options })}`,
  });

  const table: readonly { title: string; file: string; text: string; files?: Record<string, string>; expected: readonly [system: string, runsAs: string, specifier: string] }[] = [
    { title: 'a .mjs file', file: 'a.mjs', text: ESM, expected: ['esm', 'a.worker.mjs', './a.worker.mjs'] },
    { title: 'a .cjs file', file: 'a.cjs', text: CJS, files: MODULE, expected: ['commonjs', 'a.worker.cjs', './a.worker.cjs'] },
    { title: 'a .js file of a module package', file: 'a.js', text: ESM, files: MODULE, expected: ['esm', 'a.worker.js', './a.worker.js'] },
    { title: 'a .js file of a CommonJS package', file: 'a.js', text: CJS, expected: ['commonjs', 'a.worker.js', './a.worker.js'] },
    { title: 'a .js file with imports, in a package that does not say so', file: 'a.js', text: ESM, expected: ['esm', 'a.worker.mjs', './a.worker.mjs'] },
    { title: 'a name that is taken', file: 'a.mjs', text: ESM, files: { 'a.worker.mjs': '' }, expected: ['esm', 'a.worker2.mjs', './a.worker2.mjs'] },
    {
      title: 'TypeScript that tsc builds',
      file: 'a.ts',
      text: ESM,
      files: tsconfig({ module: 'NodeNext', outDir: 'dist' }, { build: 'tsc', start: 'node dist/a.js' }, 'module'),
      expected: ['esm', 'a.worker.js', './a.worker.js'],
    },
    {
      title: 'TypeScript that tsx runs',
      file: 'a.ts',
      text: ESM,
      files: tsconfig({ module: 'NodeNext', moduleResolution: 'NodeNext', noEmit: true }, { start: 'tsx a.ts' }, 'module'),
      expected: ['esm', 'a.worker.ts', './a.worker.js'],
    },
    {
      title: 'TypeScript that Node runs by stripping types',
      file: 'a.ts',
      text: ESM,
      files: tsconfig({ module: 'NodeNext', allowImportingTsExtensions: true, noEmit: true }, { start: 'node a.ts' }, 'module'),
      expected: ['esm', 'a.worker.ts', './a.worker.ts'],
    },
    {
      title: 'TypeScript written with imports that runs as CommonJS',
      file: 'a.ts',
      text: ESM,
      files: tsconfig({ module: 'CommonJS', outDir: 'dist' }, { build: 'tsc' }),
      expected: ['commonjs', 'a.worker.js', './a.worker'],
    },
    { title: 'TypeScript of which nothing is known, under tsx', file: 'a.mts', text: ESM, expected: ['esm', 'a.worker.mts', './a.worker'] },
    { title: 'imports that end as those of the file do', file: 'a.ts', text: "import { b } from './b.js';\n", files: tsconfig({ module: 'ESNext', outDir: 'out' }, { build: 'tsc' }), expected: ['esm', 'a.worker.js', './a.worker.js'] },
  ];

  for (const { title, file, text, files, expected } of table) {
    it(title, () => {
      const { system, worker } = projectOf(file, text, files);
      assert.deepEqual([system, worker.runsAs, worker.specifier], expected);
    });
  }
});

describe('javascript: a package among the dependencies', () => {
  const edited = (text: string): string | null => {
    const edit = dependencyEdit({ path: 'package.json', text, json: JSON.parse(text) as object }, 'piscina', '^5.3.2');
    return edit && applyEdits(text, [edit]);
  };

  const table: Readonly<Record<string, readonly [before: string, after: string | null]>> = {
    'in alphabetical order': [
      '{\n  "dependencies": {\n    "mathjs": "^1.0.0",\n    "undici": "^6.0.0"\n  }\n}\n',
      '{\n  "dependencies": {\n    "mathjs": "^1.0.0",\n    "piscina": "^5.3.2",\n    "undici": "^6.0.0"\n  }\n}\n',
    ],
    'behind the last': ['{\n\t"dependencies": {\n\t\t"a": "1"\n\t}\n}', '{\n\t"dependencies": {\n\t\t"a": "1",\n\t\t"piscina": "^5.3.2"\n\t}\n}'],
    'into an empty list': ['{\n  "dependencies": {}\n}\n', '{\n  "dependencies": {\n    "piscina": "^5.3.2"\n  }\n}\n'],
    'where there is no list': ['{\r\n  "name": "x"\r\n}\r\n', '{\r\n  "name": "x",\r\n  "dependencies": {\r\n    "piscina": "^5.3.2"\r\n  }\r\n}\r\n'],
    'in an empty object': ['{}', '{\n  "dependencies": {\n    "piscina": "^5.3.2"\n  }\n}'],
    'on one line': ['{ "dependencies": { "a": "1" } }', '{ "dependencies": { "a": "1", "piscina": "^5.3.2" } }'],
    'not among devDependencies of a like name': [
      '{\n  "devDependencies": {\n    "z": "1"\n  }\n}\n',
      '{\n  "devDependencies": {\n    "z": "1"\n  },\n  "dependencies": {\n    "piscina": "^5.3.2"\n  }\n}\n',
    ],
    'there already': ['{ "dependencies": { "piscina": "^4.0.0" } }', null],
    'there already, for development': ['{ "devDependencies": { "piscina": "^5.0.0" } }', null],
  };

  for (const [title, [before, after]] of Object.entries(table)) {
    it(title, () => {
      assert.equal(edited(before), after);
      if (after !== null) assert.equal((JSON.parse(after) as { dependencies: Record<string, string> }).dependencies.piscina, '^5.3.2');
    });
  }
});

describe('javascript: style of a file', () => {
  it('quotes, semicolons, indentation and line ends are those that most lines have', () => {
    assert.deepEqual(javaScriptStyle("const a = 'x';\nif (a) {\n    b();\n}\n", '  '), { indent: '    ', quote: "'", semicolons: true, eol: '\n' });
    assert.deepEqual(javaScriptStyle('const a = "x"\r\nif (a) {\r\n\tb()\r\n}\r\n', '  '), { indent: '\t', quote: '"', semicolons: false, eol: '\r\n' });
    assert.equal(javaScriptStyle('a();', '   ').indent, '   ');
  });

  it('strings are escaped for the quotes', () => {
    const style = javaScriptStyle("f('a');\n", '  ');
    assert.equal(quoted(`it's "so"`, style), `'it\\'s "so"'`);
    assert.equal(quoted(`it's "so"`, { ...style, quote: '"' }), `"it's \\"so\\""`);
  });

  it('names are free, and taken from then on', () => {
    const taken = new Set(['size', 'pool']);
    assert.equal(freshName(['pool', 'workers'], taken), 'workers');
    assert.equal(freshName(['size'], taken), 'size2');
    assert.ok(taken.has('size2') && taken.has('workers'));
    assert.deepEqual(['row', 'index', 'category', 'box', 'day'].map(plural), ['rows', 'indices', 'categories', 'boxes', 'days']);
  });
});

describe('javascript: polynomials of indices', () => {
  const [y, x, width] = [symbol('y'), symbol('x'), symbol('width')];
  const index = add(multiply(add(multiply(y, width), x), constant(4)), constant(1));

  it('are taken apart by a counter', () => {
    const { factor, rest } = split(index, 'y')!;
    assert.equal(asCode(factor)!.text, 'width * 4');
    assert.equal(asCode(rest)!.text, 'x * 4 + 1');
    assert.equal(split(multiply(y, y), 'y'), null);
  });

  it('cancel, and tell their sign when they can', () => {
    assert.equal(add(index, index, -1).size, 0);
    assert.ok(isNatural(index));
    assert.ok(!isNatural(add(width, constant(1), -1)));
    assert.equal(asCode(constant(0)), null);
  });
});
