/** Runs the built command line, as a person would. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

export const CLI = path.resolve(__dirname, '../../dist/cli.js');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function fanout(args: readonly string[], options: { readonly cwd?: string; readonly input?: string; readonly env?: NodeJS.ProcessEnv; readonly uid?: number } = {}): Ran {
  if (!fs.existsSync(CLI)) throw new Error('dist/cli.js is not built: run `npm run build`');
  const ran = spawnSync(process.execPath, [CLI, ...args], {
    cwd: options.cwd,
    input: options.input ?? '',
    env: options.env ?? process.env,
    encoding: 'utf8',
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    maxBuffer: 1 << 28,
  });
  return { code: ran.status, stdout: ran.stdout, stderr: ran.stderr };
}

/** A folder with these files, gone after the test. Its path is real. */
export function withFolder<T>(files: Readonly<Record<string, string | Uint8Array>>, work: (folder: string) => T): T {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-cli-')));
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  let result: T;
  try {
    for (const [name, content] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), content);
    }
    result = work(folder);
  } catch (error) {
    remove();
    throw error;
  }
  if (result instanceof Promise) return result.finally(remove) as T;
  remove();
  return result;
}

/** Every file below a folder with its bytes, to see that nothing was changed. */
export function snapshot(folder: string): Record<string, string> {
  const out: Record<string, string> = {};
  const walk = (at: string) => {
    for (const entry of fs.readdirSync(at, { withFileTypes: true })) {
      const file = path.join(at, entry.name);
      if (entry.isDirectory()) walk(file);
      else if (entry.isFile()) out[path.relative(folder, file)] = fs.readFileSync(file, 'latin1');
    }
  };
  walk(folder);
  return out;
}
