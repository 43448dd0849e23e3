/** Other tools on the same tree, with their versions. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Corpus } from './corpora';
import { run } from './run';

export interface Provided {
  readonly path: string | null;
  readonly why?: string;
}

export interface Row {
  readonly tool: string;
  readonly version: string;
  /** Seconds; null with the reason. */
  readonly seconds: number | null;
  readonly why: string;
}

const ROOT = path.resolve(__dirname, '../../..');

export async function toolsFor(tree: Corpus, provided: Readonly<Record<'linters' | 'pyright', Provided>>, limit: number): Promise<Row[]> {
  return tree.python ? pythonTools(tree, provided, limit) : [await eslint(tree, limit)];
}

async function pythonTools(tree: Corpus, { linters, pyright }: Readonly<Record<'linters' | 'pyright', Provided>>, limit: number): Promise<Row[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-bench-'));
  const files = tree.files.map((file) => file.path);
  const list = path.join(folder, 'files.txt');
  fs.writeFileSync(list, files.join('\n'));
  const bin = (name: string): string => path.join(linters.path ?? '', process.platform === 'win32' ? 'Scripts' : 'bin', name);
  const rows: Row[] = [];
  rows.push(linters.path ? await timed('ruff', bin('ruff'), ['--version'], ['check', '--isolated', '--no-cache', '--exit-zero', '--quiet', `@${list}`], limit, folder) : absent('ruff', linters));
  rows.push(linters.path ? await timed('pylint', bin('pylint'), ['--version'], ['--rcfile=', '--exit-zero', '-j1', ...files], limit, folder) : absent('pylint', linters));
  if (pyright.path) {
    fs.writeFileSync(path.join(folder, 'pyrightconfig.json'), JSON.stringify({ include: files }));
    const program = path.join(pyright.path, 'node_modules', 'pyright', 'index.js');
    rows.push(await timed('pyright', process.execPath, [program, '--version'], [program, '-p', folder], limit, folder));
  } else rows.push(absent('pyright', pyright));
  fs.rmSync(folder, { recursive: true, force: true });
  return rows;
}

async function eslint(tree: Corpus, limit: number): Promise<Row> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-bench-'));
  const config = path.join(folder, 'eslint.config.cjs');
  const plugin = JSON.stringify(require.resolve('typescript-eslint'));
  fs.writeFileSync(config, `module.exports = [{ ignores: [] }, ...require(${plugin}).configs.recommended.map((c) => ({ ...c, files: ['**/*.{ts,tsx,mts,cts,js,mjs,cjs,jsx}'] }))];\n`);
  // The library's interface: a command line ignores what lies in node_modules.
  const script = path.join(folder, 'run.cjs');
  fs.writeFileSync(
    script,
    `const { Linter } = require(${JSON.stringify(require.resolve('eslint', { paths: [ROOT] }))});
const fs = require('node:fs');
const path = require('node:path');
const linter = new Linter({ configType: 'flat', cwd: '/' });
const config = require(${JSON.stringify(config)});
for (const file of JSON.parse(fs.readFileSync(${JSON.stringify(path.join(folder, 'files.json'))}, 'utf8'))) {
  linter.verify(fs.readFileSync(file, 'utf8'), config, { filename: path.basename(file) });
}
`,
  );
  fs.writeFileSync(path.join(folder, 'files.json'), JSON.stringify(tree.files.map((file) => file.path)));
  const version = (name: string): string => (JSON.parse(fs.readFileSync(path.join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
  const row = await timed('ESLint with typescript-eslint recommended', process.execPath, null, [script], limit, folder);
  fs.rmSync(folder, { recursive: true, force: true });
  return { ...row, version: `${version('eslint')}, ${version('typescript-eslint')}` };
}

const absent = (tool: string, { why }: Provided): Row => ({ tool, version: '', seconds: null, why: why ?? 'it is not there' });

async function timed(tool: string, command: string, version: readonly string[] | null, args: readonly string[], limit: number, cwd: string): Promise<Row> {
  const said = version ? (await run(command, version, 60, { cwd })).stdout : '';
  const ran = await run(command, args, limit, { cwd });
  const row = { tool, version: /\d+\.\d+(\.\d+)?/.exec(said)?.[0] ?? '' };
  if (ran.stopped) return { ...row, seconds: null, why: `not done after ${limit} s` };
  // Findings are no failure.
  if (ran.code === null || ran.code > 1) return { ...row, seconds: null, why: `exit code ${ran.code}: ${ran.stderr.trim().split('\n').at(-1) ?? ''}` };
  return { ...row, seconds: ran.seconds, why: '' };
}
