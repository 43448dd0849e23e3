/**
 * A process of its own for each corpus: parsing alone, parsing and lowering, the whole check, and what stays in memory. Prints JSON.
 * Seconds are of processor time, so that other work on the machine counts little. Started with --expose-gc.
 */
import { parse as parseTypeScript } from '@typescript-eslint/typescript-estree';
import { Language, Parser } from 'web-tree-sitter';
import { frontendFor } from '../../../src/languages/frontend';
import { Session } from '../../../src/session/session';
import { corpus, textOf } from './corpora';

export interface Phases {
  readonly parse: number;
  readonly lower: number;
  readonly check: number;
  readonly functions: number;
  /** Kept after the check, over what was there before it. */
  readonly keptBytes: number;
  readonly peakBytes: number;
  readonly findings: number;
  /** Files that were checked before the time was up: the other figures are of these. */
  readonly files: number;
  readonly slowest: readonly { readonly file: string; readonly seconds: number }[];
}

const seconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function main(): Promise<void> {
  const [name, language, root, under, limit] = process.argv.slice(2) as [string, string, string, string, string];
  const python = language === 'python';
  const tree = corpus(name, python, root, under);
  const texts = tree.files.map(({ path }) => ({ path, text: textOf(path) }));
  const parse = await parser(python);
  const frontend = await frontendFor(python ? 'python' : 'typescript');
  // Compilers and caches warm up on a part of it.
  for (const { path, text } of texts.slice(0, 30)) {
    parse(path, text);
    frontend.lower(path, text);
  }
  const costs = texts.map(({ path, text }) => {
    const start = seconds();
    parse(path, text);
    const between = seconds();
    const functions = frontend.lower(path, text).functions.size;
    return { parse: between - start, lower: seconds() - between, functions };
  });

  const collect = (globalThis as { gc?: () => void }).gc ?? (() => undefined);
  collect();
  const before = process.memoryUsage().heapUsed;
  const session = new Session({ root });
  const slowest: { file: string; seconds: number }[] = [];
  let findings = 0;
  const from = seconds();
  let last = from;
  let files = 0;
  for await (const result of session.checkAll(tree.files, { loops: 'findings' })) {
    findings += result.findings.length;
    const now = seconds();
    slowest.push({ file: result.path, seconds: now - last });
    last = now;
    files++;
    if (now - from > Number(limit)) break;
  }
  const checked = seconds() - from;
  const total = (of: 'parse' | 'lower' | 'functions') => costs.slice(0, files).reduce((sum, cost) => sum + cost[of], 0);
  session.rest();
  collect();
  const phases: Phases = {
    parse: total('parse'),
    lower: total('lower'),
    check: checked,
    functions: total('functions'),
    keptBytes: process.memoryUsage().heapUsed - before,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    findings,
    files,
    slowest: slowest.sort((a, b) => b.seconds - a.seconds).slice(0, 5),
  };
  process.stdout.write(JSON.stringify(phases));
}

async function parser(python: boolean): Promise<(file: string, text: string) => void> {
  if (!python) {
    return (file, text) => {
      try {
        parseTypeScript(text, { jsx: file.endsWith('x'), range: true, loc: true });
      } catch {
        // A file with a syntax error costs what was read of it.
      }
    };
  }
  await Parser.init();
  const treeSitter = new Parser();
  treeSitter.setLanguage(await Language.load(require.resolve('tree-sitter-python/tree-sitter-python.wasm')));
  return (_, text) => treeSitter.parse(text)?.delete();
}

void main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
