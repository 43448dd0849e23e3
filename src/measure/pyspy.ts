/** py-spy: samples Python programs from outside, with true lines and next to no slowdown. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { cacheDir } from './cache';
import { plainEnv, pythonInterpreter } from './interpreter';
import { onPath } from './program';
import { problemOf, run } from './run';
import type { MeasureOptions } from './types';

const NAME = process.platform === 'win32' ? 'py-spy.exe' : 'py-spy';

/** Fanout's own copy, apart from the person's environments. */
function ownFolder(): string {
  return path.join(cacheDir(), 'py-spy');
}

/** Where py-spy is: Fanout's own copy, beside the interpreter, or on the path. Null: nowhere. */
export async function findPySpy(options: Pick<MeasureOptions, 'python'>): Promise<string | null> {
  const beside = await pythonInterpreter(options.python)
    .then(({ executable }) => [path.join(path.dirname(executable), NAME), path.join(path.dirname(executable), 'Scripts', NAME)])
    .catch(() => []);
  const candidates = [path.join(ownFolder(), 'bin', NAME), path.join(ownFolder(), 'Scripts', NAME), ...beside];
  return candidates.find((file) => fs.existsSync(file)) ?? onPath(NAME, process.env.PATH ?? process.env.Path ?? '', process.platform);
}

/**
 * Installs py-spy from PyPI into Fanout's own cache, with the person's pip. Ask first.
 * @returns its path
 * @throws Error saying why not.
 */
export async function installPySpy(options: Pick<MeasureOptions, 'python' | 'token' | 'onProgress'>): Promise<string> {
  const { executable } = await pythonInterpreter(options.python);
  options.onProgress("installing py-spy into Fanout's own cache");
  fs.mkdirSync(ownFolder(), { recursive: true });
  const command = [executable, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--upgrade', '--target', ownFolder(), 'py-spy'];
  const result = await run({ command, cwd: ownFolder(), env: plainEnv(), timeoutMs: 180_000, token: options.token });
  const found = await findPySpy(options);
  if (!found) throw new Error(`py-spy could not be installed: pip ${problemOf(result, 180_000) ?? 'put it elsewhere'}`);
  return found;
}
