/** Asks an interpreter about what the models of Python's library say. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pythonModels } from '../../src/models/python';

export interface Answer {
  readonly missing: readonly string[];
  readonly methods: Readonly<Record<string, { readonly error?: string; readonly changed?: boolean; readonly type?: string; readonly same?: boolean }>>;
  readonly results: Readonly<Record<string, readonly string[]>>;
}

export const PYTHON = process.env['FANOUT_TEST_PYTHON'] ?? 'python3';

export function ask(request: object, python = PYTHON): Answer {
  const run = spawnSync(python, [join(__dirname, 'python.introspect.py')], { input: JSON.stringify(request), encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout) as Answer;
}

export function installed(module: string): boolean {
  return spawnSync(PYTHON, ['-c', `import ${module}`]).status === 0;
}

export const third = (name: string): string | null => /^(numpy|requests)\b/.exec(name)?.[1] ?? null;
export const namesOf = (keep: (name: string) => boolean): string[] => {
  const all: string[] = [];
  for (const name of Object.keys({ ...pythonModels.globals.functions })) all.push(name);
  for (const [module, space] of pythonModels.namespaces) {
    all.push(module, ...Object.keys({ ...space.functions, ...space.constants }).map((name) => `${module}.${name}`));
  }
  for (const name of pythonModels.constructors.keys()) all.push(name);
  return [...new Set(all)].filter(keep);
};
export const typesOf = (keep: (name: string) => boolean): { name: string; methods: string[]; attributes: string[] }[] =>
  [...pythonModels.types.values()]
    .filter((type) => keep(type.name))
    .map((type) => ({ name: type.name, methods: Object.keys(type.methods), attributes: [...Object.keys(type.attributes ?? {}), ...(type.views ?? [])] }));

/** Names of a library, its types and their members that the models have and the installed library has not. */
export function missingOf(library: string, python = PYTHON, gone: readonly string[] = []): readonly string[] {
  const mine = (name: string): boolean => third(name) === library;
  return ask({ names: namesOf(mine).filter((name) => !gone.includes(name)), types: typesOf(mine), calls: [] }, python).missing;
}
