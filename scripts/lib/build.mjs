/** Packages installed and bundles built, done only when they are out of date. Plain Node built-ins only. */
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { npm, run } from './npm.mjs';
import { timed } from './progress.mjs';

/** Installs what package-lock.json says, when that has changed since the last time. */
export async function ensureInstalled(root) {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'));
  const wanted = `${process.versions.modules} ${crypto.createHash('sha256').update(lock).digest('hex')}`;
  const stamp = path.join(root, 'node_modules', '.fanout-installed');
  if (read(stamp) === wanted) return;
  await timed('installing packages', () => npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root }));
  fs.writeFileSync(stamp, wanted);
}

/** Bundles the sources, when one of them is newer than the bundle. */
export async function ensureBuilt(root) {
  await ensureInstalled(root);
  const bundle = path.join(root, 'dist', 'cli.js');
  const built = fs.existsSync(bundle) ? fs.statSync(bundle).mtimeMs : 0;
  const newest = Math.max(...['src', 'media', 'esbuild.js', 'package.json', 'package-lock.json'].map((name) => newestIn(path.join(root, name))));
  if (newest <= built) return;
  await timed('building', () => run(process.execPath, [path.join(root, 'esbuild.js')], { cwd: root }));
}

function newestIn(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...fs.readdirSync(file).map((name) => newestIn(path.join(file, name))));
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
