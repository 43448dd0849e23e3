const tseslint = require('typescript-eslint');

/** Imports go one way; what stands on a line may use what stands on the lines after it, and types of `protocol` are for all. */
const LAYERS = [
  ['cli', 'server', 'extension', 'webview'],
  ['session'],
  ['rules', 'strategies', 'measure'],
  ['languages'],
  ['analysis', 'edit'],
  ['models', 'ir'],
];
/** Beyond the line: what the plan grants, and types that two neighbours share. */
const GRANTED = { languages: ['models', 'ir'] };

const levelOf = (folder) => LAYERS.findIndex((layer) => layer.includes(folder));

/** @type {import('eslint').Rule.RuleModule} */
const importDirection = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      direction: "src/{{from}} must not import src/{{to}}: imports go surfaces → session → rules, strategies, measure → analysis, edit → models, ir; languages → models, ir",
      vscode: "only src/extension imports 'vscode'",
    },
  },
  create(context) {
    const from = /[\\/]src[\\/]([^\\/]+)[\\/]/.exec(context.filename)?.[1];
    if (!from) return {};
    const check = (node, source, typeOnly) => {
      if (source === 'vscode' && from !== 'extension') return context.report({ node, messageId: 'vscode' });
      if (!source.startsWith('.')) return;
      const path = require('node:path');
      const target = path.resolve(path.dirname(context.filename), source);
      const to = /[\\/]src[\\/]([^\\/]+)(?:[\\/]|$)/.exec(target)?.[1];
      if (!to || to === from || levelOf(to) < 0 && to !== 'protocol') return;
      if (to === 'protocol') return;
      // The shapes that travel between programs are made of the shapes below them.
      if (from === 'protocol') {
        if (!typeOnly) context.report({ node, messageId: 'direction', data: { from, to } });
        return;
      }
      const allowed = GRANTED[from] ? GRANTED[from].includes(to) : from === 'cli' && to === 'server' ? true : levelOf(from) < levelOf(to) || sameLevel(from, to, typeOnly);
      if (!allowed) context.report({ node, messageId: 'direction', data: { from, to } });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source.value, node.importKind === 'type'),
      ImportExpression: (node) => node.source.type === 'Literal' && check(node, String(node.source.value), false),
      ExportNamedDeclaration: (node) => node.source && check(node, node.source.value, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node, node.source.value, node.exportKind === 'type'),
    };
  },
};

/** Neighbours may know each other's types; surfaces none of each other's. */
const sameLevel = (from, to, typeOnly) => levelOf(from) === levelOf(to) && levelOf(from) > 0 && typeOnly;

module.exports = tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.results/', 'samples/', 'test/**/fixtures/', 'test/**/cases/', 'src/measure/harness/', '**/*.d.ts'] },
  ...tseslint.configs.recommended,
  {
    plugins: { fanout: { rules: { 'import-direction': importDirection } } },
    rules: {
      'fanout/import-direction': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Getters of a token in an object literal need it.
      '@typescript-eslint/no-this-alias': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-properties': ['error', { object: 'child_process', property: 'exec', message: 'No shell is ever used to start a program.' }],
    },
  },
  { files: ['**/*.js', '**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
