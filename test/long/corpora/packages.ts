/** Code that nobody here wrote, and where it is had. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { provide } from '../../../scripts/lib/cache.mjs';
import { runLow } from '../../../scripts/lib/children.mjs';
import { npm } from '../../../scripts/lib/npm.mjs';
import { languageOf } from '../../../src/languages/frontend';

/** Popular packages of npm, old and new, plain and bundled, from scripts of one page to bundles of 60,000 lines. */
const NPM = [
  'lodash@4.18.1', 'express@5.3.0', 'react@19.3.1', 'react-dom@19.3.1', 'axios@1.21.1', 'commander@14.0.3', 'moment@2.31.0', 'uuid@14.0.3', 'async@3.2.6', 'underscore@1.13.8',
  'rxjs@7.8.2', 'yargs@18.2.0', 'webpack@5.112.2', '@babel/parser@7.29.14', 'jquery@4.0.0', 'vue@3.5.45', 'three@0.187.0', 'ramda@0.32.0', 'eslint@10.15.0', 'mathjs@15.2.0',
];
const NUMPY = 'numpy==2.4.6';
const MODULES = path.resolve(__dirname, '../../../node_modules');
/** Raise when what the cache entries hold changes. */
const RECIPE = 1;

export interface Corpus {
  readonly title: string;
  /** Where it is; made when it is not there yet. */
  readonly root: () => Promise<string>;
  /** Names of folders that are no part of it. */
  readonly without: readonly string[];
}

export const CORPORA: readonly Corpus[] = [
  { title: "CPython's library and its tests", root: async () => execFileSync('python3', ['-c', 'import sysconfig; print(sysconfig.get_paths()["stdlib"])'], { encoding: 'utf8' }).trim(), without: ['site-packages', '__pycache__'] },
  { title: NUMPY, root: () => provide('corpus', `numpy-${RECIPE}-${NUMPY.slice(7)}`, numpy), without: ['__pycache__'] },
  { title: "the types of TypeScript's library and of Node", root: () => provide('corpus', `types-${RECIPE}-${['typescript', '@types/node'].map(versionOf).join('-')}`, types), without: [] },
  ...NPM.map((name) => ({ title: name, root: () => provide('corpus', `npm-${RECIPE}-${name.replace(/[@/]+/g, '-').replace(/^-/, '')}`, (dir) => pack(name, dir)), without: ['node_modules'] })),
];

/** Every file of a corpus that Fanout reads, by name: minified, generated and test files too. */
export function sourcesOf(root: string, without: readonly string[]): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of fs.readdirSync(path.join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = path.join(folder, entry.name);
      if (entry.isDirectory() && !without.includes(entry.name)) walk(name);
      else if (entry.isFile() && languageOf(name)) found.push(name);
    }
  };
  walk('');
  return found;
}

async function numpy(dir: string): Promise<void> {
  await runLow('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-compile', '--target', dir, NUMPY]);
}

async function pack(name: string, dir: string): Promise<void> {
  await npm(['pack', '--silent', name], { cwd: dir });
  const [archive] = fs.readdirSync(dir).filter((file) => file.endsWith('.tgz'));
  if (!archive) throw new Error(`npm pack ${name} left no archive`);
  await runLow('tar', ['xzf', archive, '--strip-components=1'], { cwd: dir });
  fs.rmSync(path.join(dir, archive));
}

const versionOf = (name: string): string => (JSON.parse(fs.readFileSync(path.join(MODULES, name, 'package.json'), 'utf8')) as { version: string }).version;

/** Declaration files hold no loop and `check` leaves them out: under another name the front end has to read them. */
async function types(dir: string): Promise<void> {
  for (const folder of ['typescript/lib', '@types/node']) {
    for (const name of fs.readdirSync(path.join(MODULES, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.d.ts')) continue;
      const to = path.join(dir, folder, name.replace(/\.d\.ts$/, '-types.ts'));
      fs.mkdirSync(path.dirname(to), { recursive: true });
      fs.copyFileSync(path.join(MODULES, folder, name), to);
    }
  }
}
