/** Long-running child processes of a set-up: without a shell, at low priority, gone with this process. Plain Node built-ins only. */
import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/**
 * Runs a program and resolves with its output when it ends well; else rejects with the end of its output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void }} [options]
 * @returns {Promise<string>}
 */
export function runLow(command, args, { cwd, env = process.env, onLine = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const group = process.platform !== 'win32';
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], shell: false, detached: group, windowsHide: true });
    const abandon = () => {
      try {
        process.kill(group ? -child.pid : child.pid, 'SIGKILL');
      } catch {
        // it has ended
      }
    };
    process.once('exit', abandon);
    child.once('spawn', () => {
      try {
        // Tests may run meanwhile: they come first.
        os.setPriority(child.pid, os.constants.priority.PRIORITY_LOW);
      } catch {
        // it has ended, or the system does not allow it
      }
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
      onLine(String(chunk).trim().split('\n').at(-1));
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => {
      process.removeListener('exit', abandon);
      reject(error);
    });
    child.once('close', (code, signal) => {
      process.removeListener('exit', abandon);
      if (code === 0) resolve(output);
      else reject(new Error(`${path.basename(command)} ${args.slice(0, 6).join(' ')} ended with ${signal ?? code}\n${output.trim().slice(-3000)}`));
    });
  });
}

/** Output of a quick program; null when it cannot be started or fails. */
export function ask(command, args, { timeout = 20_000, env = process.env } = {}) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout, env, stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
  return status === 0 ? stdout.trim() : null;
}

/** First file of that name on the path; null when there is none. */
export function which(name, { platform = process.platform, env = process.env, isFile = isExecutable } = {}) {
  const p = platform === 'win32' ? path.win32 : path.posix;
  const endings = platform === 'win32' ? ['.exe'] : [''];
  for (const dir of (env.PATH ?? env.Path ?? '').split(p.delimiter).filter(Boolean)) {
    for (const ending of endings) if (isFile(p.join(dir, name + ending))) return p.join(dir, name + ending);
  }
  return null;
}

function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
