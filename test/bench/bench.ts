/**
 * `npm run bench`: ratios in one run. What the analysis costs over parsing alone, per language, and the table of the samples.
 * `-- --analysis` or `-- --samples` runs one of the two.
 */
import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse as parseTypeScript } from '@typescript-eslint/typescript-estree';
import { Language, Parser } from 'web-tree-sitter';
import { frontendFor, languageOf } from '../../src/languages/frontend';
import { DEFAULT_EXCLUDES } from '../../src/session/excludes';
import { readSource, sourceFiles } from '../../src/session/files';
import { Session } from '../../src/session/session';

const ROOT = path.resolve(__dirname, '../..');
const ROUNDS = 3;

interface Corpus {
  readonly name: string;
  readonly root: string;
  readonly parse: (file: string, text: string) => void;
}

async function main(): Promise<void> {
  const only = process.argv.slice(2);
  if (only.length === 0 || only.includes('--analysis')) await analysis();
  if (only.length === 0 || only.includes('--samples')) process.exitCode = await samples();
}

async function analysis(): Promise<void> {
  await Parser.init();
  const python = new Parser();
  python.setLanguage(await Language.load(require.resolve('tree-sitter-python/tree-sitter-python.wasm')));
  await frontendFor('python');
  await frontendFor('javascript');
  const corpora: Corpus[] = [
    { name: "Python's standard library", root: standardLibrary(), parse: (_, text) => python.parse(text)?.delete() },
    { name: "Fanout's own TypeScript", root: path.join(ROOT, 'src'), parse: (file, text) => void parseTypeScript(text, { jsx: file.endsWith('x'), range: true, loc: true }) },
  ];
  process.stdout.write('Analysis over parsing alone: the whole of `check` in one process over the same parser, best of alternating rounds\n');
  for (const corpus of corpora) {
    const files = sourceFiles(corpus.root, { root: corpus.root, exclude: [...DEFAULT_EXCLUDES, 'test/', 'tests/', 'idlelib/', 'lib2to3/'], respectGitignore: false });
    const texts = files.flatMap((file) => {
      const { text } = readSource(file);
      return text !== null && languageOf(file) ? [{ file, text }] : [];
    });
    const lines = texts.reduce((sum, { text }) => sum + text.split('\n').length, 0);
    let parse = Infinity;
    let check = Infinity;
    for (let round = 0; round < ROUNDS; round++) {
      parse = Math.min(parse, await time(async () => texts.forEach(({ file, text }) => corpus.parse(file, text))));
      check = Math.min(
        check,
        await time(async () => {
          const session = new Session({ root: corpus.root });
          for (const { file } of texts) await session.check(file, file, { loops: 'findings' });
        }),
      );
    }
    process.stdout.write(`  ${corpus.name}: ${texts.length} files, ${lines} lines, ratio ${(check / parse).toFixed(2)} (parse ${parse.toFixed(1)} s, check ${check.toFixed(1)} s)\n`);
  }
}

async function time(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function standardLibrary(): string {
  const asked = spawnSync('python3', ['-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))'], { encoding: 'utf8' });
  const folder = asked.stdout?.trim();
  if (!folder || !fs.existsSync(folder)) throw new Error('python3 is needed: its standard library is the corpus');
  return folder;
}

function samples(): Promise<number> {
  process.stdout.write('\nThe samples\n');
  const args = [path.join(ROOT, 'dist', 'cli.js'), 'survey', path.join(ROOT, 'samples'), '--yes', '--install', '--pairs', '7'];
  return new Promise((resolve) => spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }).on('close', (code) => resolve(code ?? 1)));
}

void main();
