/** Starts npm without a shell: `node npm-cli.js …`. Plain Node built-ins only. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * Where npm's own script may be, best first, for a Node at `execPath`.
 * @returns {string[]}
 */
export function npmCandidates(execPath, platform, env) {
  const p = platform === 'win32' ? path.win32 : path.posix;
  const bin = p.dirname(execPath);
  const out = [];
  if (env.npm_execpath && /npm-cli\.c?js$/.test(env.npm_execpath)) out.push(env.npm_execpath);
  out.push(p.join(bin, 'node_modules', 'npm', 'bin', 'npm-cli.js'));
  out.push(p.join(bin, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'));
  for (const dir of (env.PATH ?? env.Path ?? '').split(p.delimiter).filter(Boolean)) {
    out.push(platform === 'win32' ? p.join(dir, 'node_modules', 'npm', 'bin', 'npm-cli.js') : p.join(dir, 'npm'));
  }
  return out;
}

/** @returns {string} the path of npm-cli.js */
export function findNpm() {
  for (const candidate of npmCandidates(process.execPath, process.platform, process.env)) {
    try {
      const real = fs.realpathSync(candidate);
      if (/npm-cli\.c?js$/.test(real)) return real;
    } catch {
      // not there: try the next
    }
  }
  throw new Error('npm was not found beside node or on the PATH. Install Node.js with npm (https://nodejs.org) and try again.');
}

/** The environment without what a surrounding `npm run` sets: it would change how an npm started inside behaves. */
export function cleanEnv(env = process.env) {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !/^npm_(?!config_(cache|registry|userconfig|.*proxy|cafile)$)/i.test(key)));
}

/**
 * Runs npm and resolves when it ends well. Its output is kept for the error.
 * @param {string[]} args
 * @param {{ cwd: string, node?: string, path?: string }} options `path`: a directory to put first on the PATH
 */
export function npm(args, { cwd, node = process.execPath, path: first } = { cwd: process.cwd() }) {
  const env = cleanEnv();
  if (first) env.PATH = `${first}${path.delimiter}${env.PATH ?? ''}`;
  return run(node, [findNpm(), ...args], { cwd, env });
}

/** Runs a program without a shell; rejects with the end of its output when it fails. */
export function run(command, args, { cwd, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], shell: false });
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-20_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${path.basename(command)} ${args.join(' ')} ended with ${signal ?? code} in ${cwd ?? process.cwd()}\n${output.trim()}`));
    });
  });
}
