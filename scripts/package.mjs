/** `npm run package [-- FILE]`: a `.vsix` of the production build, without node_modules, and what is in it. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { show, tool, ROOT } from './lib/suites.mjs';

const MOST_BYTES = 5 * 2 ** 20;
const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const out = path.resolve(process.argv[2] ?? path.join(ROOT, `fanout-${version}.vsix`));
const built = await show(process.execPath, [path.join(ROOT, 'esbuild.js'), '--production']);
if (built !== 0) process.exit(built);
const args = ['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', out];
const packed = await show(process.execPath, [tool('@vscode/vsce', 'vsce'), ...args]);
if (packed !== 0) process.exit(packed);
const { size } = fs.statSync(out);
process.stdout.write(`${out}: ${(size / 2 ** 20).toFixed(2)} MB\n`);
if (size > MOST_BYTES) {
  process.stderr.write(`The package is larger than ${MOST_BYTES / 2 ** 20} MB: see what .vscodeignore lets in.\n`);
  process.exit(1);
}
