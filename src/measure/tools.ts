/** Finds compilers and build tools: beside the interpreter, on the path, in Fanout's own cache. */
import * as os from 'node:os';
import * as path from 'node:path';
import { neverCancelled } from '../analysis/cancellation';
import { cacheDir } from './cache';
import { plainEnv } from './interpreter';
import { run } from './run';
import { thisSystem, type System } from './system';

/** What a tool is called on a platform: any of these does. */
export function namesOf(tool: string, platform: NodeJS.Platform): readonly string[] {
  if (tool === 'cc') return platform === 'win32' ? ['cl', 'clang', 'gcc'] : ['cc', 'gcc', 'clang'];
  return [tool];
}

/**
 * The file to start for a tool, best first: of the interpreter's own environment, of the path, of Rust's usual folder, of a cache entry.
 * @param python absolute path of the interpreter, where there is one
 * @returns null when it is nowhere
 */
export function findTool(tool: string, python: string | null, system: System = thisSystem): string | null {
  const { platform, env, home } = system;
  const windows = platform === 'win32';
  const p = windows ? path.win32 : path.posix;
  const cache = cacheDir(platform, env, home);
  const folders = [
    ...(python && p.isAbsolute(python) ? [p.dirname(python), ...(windows ? [p.join(p.dirname(python), 'Scripts')] : [])] : []),
    ...(env.PATH ?? env.Path ?? '').split(p.delimiter).filter(Boolean),
    p.join(env.CARGO_HOME ?? p.join(home, '.cargo'), 'bin'),
    ...system
      .list(cache)
      .filter((name) => name.startsWith('python-') && system.list(p.join(cache, name)).includes('.complete'))
      .map((name) => p.join(cache, name, windows ? 'Scripts' : 'bin')),
  ];
  for (const folder of folders) {
    for (const name of namesOf(tool, platform)) {
      const file = p.join(folder, windows && !/\.exe$/i.test(name) ? `${name}.exe` : name);
      if (system.isFile(file)) return file;
    }
  }
  return null;
}

const versions = new Map<string, Promise<string | null>>();

/** The first version number that `TOOL --version` prints; null when it prints none. Asked once. */
export function toolVersion(file: string): Promise<string | null> {
  let answer = versions.get(file);
  if (!answer) {
    answer = run({ command: [file, '--version'], cwd: os.tmpdir(), env: plainEnv(), timeoutMs: 20_000, token: neverCancelled }).then(
      ({ stdout, stderr }) => /\d+(?:\.\d+)+/.exec(`${stdout.tail}\n${stderr.tail}`)?.[0] ?? null,
    );
    versions.set(file, answer);
  }
  return answer;
}
