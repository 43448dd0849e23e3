/**
 * `npm run bench`: what the analysis costs over parsing alone, per language, then the table of the samples. Ratios of one run.
 * All that is measured of the analysis is `npm run bench:analysis`.
 */
import { spawn } from 'node:child_process';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const show = (...args) => new Promise((resolve) => spawn(process.execPath, args, { stdio: 'inherit', cwd: root }).on('close', (code) => resolve(code ?? 1)));

await ensureBuilt(root);
const analysis = await show(path.join(root, 'scripts', 'bench-analysis.mjs'), '--part', 'check', '--limit', '90');
process.stdout.write('\nThe samples\n');
const samples = await show(path.join(root, 'dist', 'cli.js'), 'survey', path.join(root, 'samples'), '--yes', '--install', '--pairs', '7');
process.exitCode = analysis || samples;
