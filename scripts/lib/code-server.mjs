/** Starts code-server for the tests: its own settings, extensions and state, on a free port of 127.0.0.1. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { cacheRoot } from './cache.mjs';
import { cleanEnv, run } from './npm.mjs';

/** Quiet and the same each time: nothing pops up, nothing is fetched. */
const SETTINGS = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  // A test that waits for the mark of a change must see it: the web saves after a second by default.
  'files.autoSave': 'off',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.colorTheme': 'Dark Modern',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'files.autoSave': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'editor.minimap.enabled': false,
};

/**
 * @param {{ node: string, entry: string }} tools from `ensureCodeServer`
 * @param {{ vsix?: string, env?: Record<string, string> }} [options] a package to install first
 */
export async function startCodeServer({ node, entry }, { vsix, env = {} } = {}) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-vscode-'));
  const userData = path.join(dir, 'user-data');
  const settingsFile = path.join(userData, 'User', 'settings.json');
  fs.mkdirSync(path.dirname(settingsFile), { recursive: true });
  const writeSettings = (more = {}) => fs.writeFileSync(settingsFile, JSON.stringify({ ...SETTINGS, ...more }, null, 2));
  writeSettings();
  const childEnv = {
    ...withoutEditor(cleanEnv()),
    XDG_CONFIG_HOME: path.join(dir, 'config'),
    XDG_DATA_HOME: path.join(dir, 'data'),
    // Tools that are there already are used; what the tests measure is not kept from one run to the next.
    FANOUT_CACHE: cacheRoot(),
    EXTENSIONS_GALLERY: '{}',
    ...env,
  };
  const base = [entry, '--user-data-dir', userData, '--extensions-dir', path.join(dir, 'extensions'), '--config', os.devNull];
  if (vsix) await run(node, [...base, '--install-extension', vsix], { env: childEnv });
  const port = await freePort();
  const logFile = path.join(dir, 'server.log');
  const out = fs.openSync(logFile, 'w');
  const flags = [
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
    // Lets a window report the outcome of tests that run in its extension host.
    ...['--disable-file-downloads', '--ignore-last-opened', '--vscode-option', 'enable-smoke-test-driver'],
  ];
  const child = spawn(node, [...base, ...flags], { env: childEnv, stdio: ['ignore', out, out], detached: process.platform !== 'win32' });
  const log = () => fs.readFileSync(logFile, 'utf8');
  // However this process ends, its server ends with it.
  const abandon = () => signal(child, 'SIGKILL');
  process.once('exit', abandon);
  const stop = async () => {
    process.removeListener('exit', abandon);
    const ended = child.exitCode === null && new Promise((resolve) => child.once('exit', resolve));
    signal(child, 'SIGTERM');
    const late = setTimeout(() => signal(child, 'SIGKILL'), 5000);
    await ended;
    clearTimeout(late);
    fs.closeSync(out);
    fs.rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await healthy(url, child, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, port, userData, settingsFile, writeSettings, log, stop };
}

async function healthy(url, child, log) {
  const deadline = performance.now() + 60_000;
  for (;;) {
    try {
      if ((await fetch(`${url}/healthz`)).ok) return;
    } catch {
      // not up yet
    }
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`code-server did not start:\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A terminal inside VS Code passes its own wiring on, which a second VS Code must not see. */
function withoutEditor(env) {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|CODE_SERVER)/.test(key)));
}

function signal(child, name) {
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, name);
  } catch {
    // it is gone
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
