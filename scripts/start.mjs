/**
 * `npm start`: sets everything up, does the main job on the samples (or on the folder given), then opens VS Code with the extension.
 * `npm start -- [PATH] [--no-editor] [--run]`. Plain Node built-ins only until the packages are installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { step, timed } from './lib/progress.mjs';
import { ensureCodeServer } from './setup-vscode.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const HELP = `npm start                     analyse, rewrite, verify and measure the samples, then open VS Code on them
npm start -- PATH             analyse your own folder, then open VS Code on it
npm start -- PATH --run       the whole job on your folder: this runs its programs
npm start -- --no-editor      end after the report
`;

const { values, positionals } = readArguments();
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const folder = positionals[0] === undefined ? null : path.resolve(process.env.INIT_CWD ?? process.cwd(), positionals[0]);
if (folder !== null && !fs.existsSync(folder)) {
  process.stderr.write(`${folder}: there is no such folder\n`);
  process.exit(2);
}

await ensureBuilt(root);
const cli = path.join(root, 'dist', 'cli.js');
const samples = path.join(root, 'samples');
const report = path.join(folder ?? root, 'fanout-report.html');
const whole = folder === null || values.run;
const args = whole
  ? ['survey', folder ?? samples, '--yes', '--install', '--html', folder === null ? report : path.resolve(process.env.INIT_CWD ?? process.cwd(), 'fanout-report.html')]
  : ['check', folder];
const code = await new Promise((resolve) => spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'inherit', 'inherit'], cwd: root }).on('close', resolve));
// What the analysis found in a person's own folder (exit 1) is no failure of this command.
if (code !== 0 && !(code === 1 && !whole)) process.exit(code ?? 1);

if (values['no-editor'] || !process.stdout.isTTY) process.exit(0);
await openEditor(folder ?? samples);

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { 'no-editor': { type: 'boolean', default: false }, run: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
    });
  } catch (error) {
    process.stderr.write(`${error.message}\n${HELP}`);
    process.exit(2);
  }
}

/** The desktop's VS Code where there is one, else code-server in the browser. */
async function openEditor(workspace) {
  const code = desktopCode();
  if (code) {
    step('opening VS Code');
    const { command, before, env } = code;
    spawn(command, [...before, '--new-window', `--extensionDevelopmentPath=${root}`, workspace], { stdio: 'ignore', detached: true, env: { ...process.env, ...env } }).unref();
    return;
  }
  const server = await timed('preparing VS Code for the browser (code-server)', () => ensureCodeServer(step));
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-editor-'));
  const base = [server.entry, '--user-data-dir', path.join(home, 'data'), '--extensions-dir', path.join(home, 'extensions'), '--config', os.devNull];
  const env = { ...process.env, EXTENSIONS_GALLERY: '{}' };
  const vsix = path.join(home, 'fanout.vsix');
  await timed('packaging the extension', () => finish(process.execPath, [path.join(root, 'scripts', 'package.mjs'), vsix], process.env));
  await finish(server.node, [...base, '--install-extension', vsix], env);
  const port = await freePort();
  const password = crypto.randomBytes(9).toString('base64url');
  const child = spawn(
    server.node,
    [...base, '--auth', 'password', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', workspace],
    { stdio: 'ignore', env: { ...env, PASSWORD: password } },
  );
  const stop = () => {
    child.kill();
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  child.once('exit', () => process.exit(0));
  step(`VS Code: http://127.0.0.1:${port}/   password: ${password}   (Ctrl+C ends it)`);
}

/** How to start the desktop's `code`, without a shell: on Windows its script is what `code.cmd` would run. */
function desktopCode() {
  for (const directory of (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)) {
    if (process.platform === 'win32') {
      const exe = path.join(directory, '..', 'Code.exe');
      const script = path.join(directory, '..', 'resources', 'app', 'out', 'cli.js');
      if (fs.existsSync(path.join(directory, 'code.cmd')) && fs.existsSync(exe) && fs.existsSync(script)) {
        return { command: exe, before: [script], env: { ELECTRON_RUN_AS_NODE: '1' } };
      }
    } else {
      const file = path.join(directory, 'code');
      if (fs.existsSync(file) && spawnSync(file, ['--version'], { stdio: 'ignore' }).status === 0) return { command: file, before: [], env: {} };
    }
  }
  return null;
}

function finish(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env, cwd: root });
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${path.basename(args[0])} ended with ${code}: ${errors.trim()}`))));
  });
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
