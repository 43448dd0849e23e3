/**
 * Builds dist/: the command line with the language server, the extension, the results panel, and what they read at run time.
 * `node esbuild.js [--watch] [--production]`
 */
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const DIST = path.join(__dirname, 'dist');

/** TypeScript is 9 MB of source: a file of its own is only read when JavaScript or TypeScript is analysed. */
const typescriptApart = {
  name: 'typescript-apart',
  setup(build) {
    build.onResolve({ filter: /^typescript$/ }, () => ({ path: './typescript.js', external: true }));
  },
};

/** ES modules among the dependencies find their files beside `import.meta.url`, which CommonJS does not have. */
const importMeta = {
  define: { 'import.meta.url': 'importMetaUrl' },
  js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: production,
  // Class and function names are read in messages.
  keepNames: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
};

/** @type {import('esbuild').BuildOptions} */
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };

const cli = {
  ...node,
  entryPoints: [path.join(__dirname, 'src/cli/main.ts')],
  outfile: path.join(DIST, 'cli.js'),
  define: importMeta.define,
  banner: { js: `#!/usr/bin/env node\n${importMeta.js}` },
  plugins: [typescriptApart],
};

const typescript = {
  ...node,
  keepNames: false,
  minify: true,
  sourcemap: false,
  entryPoints: [require.resolve('typescript')],
  outfile: path.join(DIST, 'typescript.js'),
};

const extension = {
  ...node,
  entryPoints: [path.join(__dirname, 'src/extension/extension.ts')],
  outfile: path.join(DIST, 'extension.js'),
  external: ['vscode'],
};

const webview = {
  ...common,
  keepNames: false,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  entryPoints: [path.join(__dirname, 'src/webview/main.tsx')],
  outfile: path.join(DIST, 'webview.js'),
};

/** Grammars, and what runs inside the user's interpreter, travel as files. */
function copyFiles() {
  for (const file of ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm']) {
    fs.copyFileSync(path.join(__dirname, 'node_modules', file), path.join(DIST, path.basename(file)));
  }
  fs.rmSync(path.join(DIST, 'harness'), { recursive: true, force: true });
  fs.cpSync(path.join(__dirname, 'src/measure/harness'), path.join(DIST, 'harness'), {
    recursive: true,
    filter: (file) => !/__pycache__|\.pyc$|\.ts$/.test(file),
  });
}

async function main() {
  fs.mkdirSync(DIST, { recursive: true });
  if (production) {
    for (const file of fs.readdirSync(DIST)) if (file.endsWith('.map')) fs.rmSync(path.join(DIST, file));
  }
  copyFiles();
  // It changes with its package only.
  const stamp = `${require('typescript').version}\n`;
  const stampFile = path.join(DIST, '.typescript-version');
  const fresh = fs.existsSync(typescript.outfile) && fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp;
  const builds = [cli, extension, webview, ...(fresh ? [] : [typescript])];
  if (watch) {
    for (const options of builds) await (await esbuild.context({ ...options, logLevel: 'info' })).watch();
    return;
  }
  await Promise.all(builds.map((options) => esbuild.build(options)));
  fs.writeFileSync(stampFile, stamp);
  fs.chmodSync(cli.outfile, 0o755);
}

main().catch((error) => {
  console.error(error.message ?? error);
  process.exit(1);
});
