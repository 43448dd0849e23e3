/**
 * `npm run bench:analysis`: what the analysis costs, as ratios of one run: a check of a whole tree against parsing it, over all cores,
 * memory, other tools on the same tree, and the language server after an edit.
 * `-- [--part check,cores,tools,editor] [--corpus python,npm] [--under FOLDER] [--limit SECONDS]`
 */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { provide } from './lib/cache.mjs';
import { npm, run } from './lib/npm.mjs';
import { step } from './lib/progress.mjs';
import { interpreterIn, machinePython } from './lib/pythons.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** What real programs depend on, with sources: two in TypeScript, two in JavaScript with all that they need. */
const CORPUS = ['lodash@4.18.1', 'express@5.3.0', 'rxjs@7.8.2', 'zod@4.6.7'];
const LINTERS = ['ruff==0.17.5', 'pylint==4.1.4'];
const PYRIGHT = 'pyright@1.1.414';

const packages = (specs) => async (dir) => {
  fs.writeFileSync(path.join(dir, 'package.json'), '{ "private": true }\n');
  await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', ...specs], { cwd: dir });
};

/** A tool that can't be had is left out, with the reason. */
async function have(name, version, install, options) {
  try {
    return { path: await provide(name, version, install, step, options) };
  } catch (error) {
    return { path: null, why: String(error.message).trim().split('\n')[0] };
  }
}

await ensureBuilt(root);
const asked = process.argv.slice(2);
const tools = !asked.includes('--part') || asked.some((arg) => /\btools\b/.test(arg));
const found = {
  npm: await have('bench-npm', '1', packages(CORPUS)),
  linters: !tools ? { path: null, why: 'not asked for' } : await have('bench-linters', LINTERS.join('-').replaceAll('==', '-'), async (dir) => {
    await run(machinePython().path, ['-m', 'venv', dir]);
    await run(interpreterIn(dir), ['-m', 'pip', 'install', '--disable-pip-version-check', '-q', ...LINTERS]);
  }, { inPlace: true }),
  pyright: !tools ? { path: null, why: 'not asked for' } : await have('bench-pyright', PYRIGHT.split('@')[1], packages([PYRIGHT])),
};
const args = ['--import', 'tsx', path.join(root, 'test', 'bench', 'analysis', 'main.ts'), ...asked];
spawn(process.execPath, args, { stdio: 'inherit', cwd: root, env: { ...process.env, FANOUT_BENCH: JSON.stringify(found) } }).on('close', (code) => process.exit(code ?? 1));
