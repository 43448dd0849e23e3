/** The trees that the analysis is measured on. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { languageOf } from '../../../src/languages/frontend';
import { DEFAULT_EXCLUDES } from '../../../src/session/excludes';
import { readSource, sourceFiles, type SourceFile } from '../../../src/session/files';

export interface Corpus {
  readonly name: string;
  readonly python: boolean;
  readonly root: string;
  readonly files: readonly SourceFile[];
  readonly lines: number;
}

const TESTS = ['test/', 'tests/', 'idlelib/', 'lib2to3/', 'idle_test/', '__tests__/', '*.test.ts', '*.spec.ts', 'turtledemo/'];

/** @param under only this folder of the tree */
export function corpus(name: string, python: boolean, root: string, under = ''): Corpus {
  const files = sourceFiles(path.join(root, under), { root, exclude: [...DEFAULT_EXCLUDES, ...TESTS], respectGitignore: false });
  const own = files.filter((file) => (languageOf(file) === 'python') === python && readSource(file).text !== null);
  const lines = own.reduce((sum, file) => sum + textOf(file).split('\n').length, 0);
  return { name, python, root, files: spread(own).map((file) => ({ path: file, shownAs: path.relative(root, file) })), lines };
}

/** Small and large folders take turns, so that a check that ends early has seen some of each. */
function spread<T>(files: readonly T[]): readonly T[] {
  const step = 17;
  return Array.from({ length: step }, (_, start) => files.filter((_, i) => i % step === start)).flat();
}

export function textOf(file: string): string {
  return readSource(file).text ?? '';
}

/** @throws Error when there is no python3. */
export function standardLibrary(): string {
  const asked = spawnSync('python3', ['-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))'], { encoding: 'utf8' });
  const folder = asked.stdout?.trim();
  if (!folder || !fs.existsSync(folder)) throw new Error('python3 is needed: its standard library is the corpus');
  return fs.realpathSync(folder);
}
