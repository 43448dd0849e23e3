/** Damaged programs: real files with stretches cut, doubled, swapped or taken from other files. A seed makes the same program again. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { neverCancelled } from '../../src/analysis/cancellation';
import { analyzeCaptures, analyzeLoops, type AnalysisContext } from '../../src/analysis/pipeline';
import type { Language } from '../../src/ir/ir';
import { frontendFor } from '../../src/languages/frontend';
import { modelsFor } from '../../src/models';

const ROOT = path.resolve(__dirname, '../..');

/** Bits that parsers and passes find hard, at places where nobody writes them. */
const ODDMENTS = ['(', ')', '[', ']', '{', '}', ':', '\n', '    ', '\t', '"""', "'", '`', '${', '=>', '...', '*', '**', '?.', '#', '//', '/*', '\\', '\0', '\u2028', '😀', 'async ', 'await ', 'yield ', 'lambda: ', 'for x in x:', 'for (;;) ', 'class ', 'return ', 'nonlocal x\n', 'global x\n', 'del x\n', 'x = x', 'x[x]', '@', 'match x:\n', 'get ', 'new ', 'this', 'super()'];

/** Mulberry32: a small generator that is the same everywhere. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Sources of the samples and, for JavaScript and TypeScript, of this project. */
export function corpus(language: Language): readonly string[] {
  const folders = language === 'python' ? ['samples/python'] : language === 'typescript' ? ['samples/typescript', 'src/analysis', 'src/edit'] : ['samples/javascript'];
  const ending = language === 'python' ? /\.py$/ : language === 'typescript' ? /\.ts$/ : /\.(m|c)?js$/;
  return folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(ROOT, folder))
      .filter((name) => ending.test(name))
      .map((name) => fs.readFileSync(path.join(ROOT, folder, name), 'utf8'))
      .filter((text) => text.length < 12_000),
  );
}

/** The damaged program that a seed stands for. */
export function damaged(texts: readonly string[], seed: number): string {
  const next = random(seed);
  const below = (n: number): number => Math.floor(next() * n);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  let text = pick(texts);
  for (let round = 1 + below(4); round > 0; round--) {
    const [a, b] = [below(text.length + 1), below(text.length + 1)].sort((x, y) => x - y) as [number, number];
    const near = Math.min(b, a + 200);
    switch (below(7)) {
      case 0:
        text = text.slice(0, b);
        break;
      case 1:
        text = text.slice(0, a) + text.slice(near);
        break;
      case 2:
        text = text.slice(0, near) + text.slice(a);
        break;
      case 3: {
        const other = pick(texts);
        const from = below(other.length + 1);
        text = text.slice(0, a) + other.slice(from, from + 400) + text.slice(a);
        break;
      }
      case 4:
        text = text.slice(0, a) + pick(ODDMENTS) + text.slice(a);
        break;
      case 5: {
        const lines = text.split('\n');
        const at = below(lines.length);
        lines.splice(at, 1, ...lines.splice(below(lines.length), 1), pick(ODDMENTS));
        text = lines.join('\n');
        break;
      }
      default: {
        const word = /\b[A-Za-z_]\w*\b/.exec(text.slice(a))?.[0];
        if (word) text = text.slice(0, a) + text.slice(a).replace(word, pick(['x', 'self', 'this', 'i', 'range', 'None', 'null']));
      }
    }
    text = text.slice(0, 16_000);
  }
  return text;
}

const ENDINGS: Readonly<Record<Language, string>> = { python: 'py', javascript: 'mjs', typescript: 'ts' };

/** Reads and judges a text: the number of its loops. @throws whatever the front end or a pass throws. */
export async function judged(language: Language, text: string): Promise<{ readonly loops: number; readonly problems: readonly string[] }> {
  const module = (await frontendFor(language)).lower(`/w/main.${ENDINGS[language]}`, text);
  const context: AnalysisContext = { models: modelsFor(language), token: neverCancelled, resolve: () => null };
  const { loops } = await analyzeLoops(module, context);
  await analyzeCaptures(module, context);
  return { loops: loops.length, problems: module.problems.map((problem) => problem.message) };
}
