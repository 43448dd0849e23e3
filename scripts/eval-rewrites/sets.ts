/** Where the loops come from: labelled cases, the samples, installed libraries. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Session, UsageError } from '../../src/session/session';
import { lineNumber } from '../../src/edit/source';
import { languageOf } from '../../src/languages/frontend';
import { defaultStrategy } from '../../src/strategies';
import type { FoundLoop } from './types';

/** Programs of `samples/`, with the argument that makes their work small. */
export async function* sampleLoops(): AsyncGenerator<FoundLoop> {
  const root = path.join(__dirname, '..', '..', 'samples');
  for (const folder of ['python', 'javascript', 'typescript']) {
    for (const name of fs.readdirSync(path.join(root, folder)).sort()) {
      const file = path.join(root, folder, name);
      if (languageOf(file) === null || name.startsWith('captures')) continue;
      yield* loopsOf([file], path.join(root, folder), { set: 'samples', aloneOnly: false, program: [SMALL[name.replace(/\.\w+$/, '')] ?? '1'] });
    }
  }
}

const SMALL: { readonly [program: string]: string } = { blocked: '400', convolve: '40', mandelbrot: '40', montecarlo: '500', neighbours: '600', sieve: '1', wordcount: '5' };

/** The labelled loops of the parts, in the folders of their repositories. */
export async function* caseLoops(cases: string, parts: readonly string[]): AsyncGenerator<FoundLoop> {
  // The other loops of a labelled file are as good a test of the rewrite: they come after the labelled ones.
  const others: FoundLoop[] = [];
  for (const part of parts) {
    const labels = [`public_${part}.jsonl`, `${part}.jsonl`].map((name) => path.join(cases, name)).find((name) => fs.existsSync(name));
    if (!labels) continue;
    const lines = new Map<string, Set<number>>();
    for (const text of fs.readFileSync(labels, 'utf8').split('\n')) {
      if (!text.trim()) continue;
      const { file, line, kind } = JSON.parse(text) as { file: string; line: number; kind: string };
      if (kind === 'loop') lines.set(file, (lines.get(file) ?? new Set()).add(line));
    }
    for (const [file, wanted] of lines) {
      const absolute = path.join(cases, 'files', file);
      if (!fs.existsSync(absolute)) continue;
      const root = path.join(cases, 'files', ...file.split('/').slice(0, 3));
      for await (const loop of loopsOf([absolute], root, { set: part, aloneOnly: false })) {
        if (wanted.has(loop.line)) yield loop;
        else others.push({ ...loop, set: `${part}, not labelled` });
      }
    }
  }
  yield* others;
}

/** Loops of installed source files, each taken out with what it needs. */
export function libraryLoops(files: readonly string[], root: string, set: string): AsyncGenerator<FoundLoop> {
  return loopsOf(files, root, { set, aloneOnly: true });
}

async function* loopsOf(files: readonly string[], root: string, how: Pick<FoundLoop, 'set' | 'aloneOnly' | 'program'>): AsyncGenerator<FoundLoop> {
  for (const file of files) {
    const session = new Session({ root: how.aloneOnly ? path.dirname(file) : root });
    try {
      const { report, document } = await session.analyze(file);
      const text = document.getText();
      for (const loop of report.loops) {
        if (loop.verdict !== 'parallel' && loop.verdict !== 'reduction') continue;
        const id = defaultStrategy(loop.module.language);
        const refused = (): string | null => {
          const fits = session.applicability(loop, id);
          return fits.ok ? null : fits.remedy ? `${fits.why}; ${fits.remedy}` : fits.why;
        };
        yield { loop, root, line: lineNumber(text, loop.range.start), refused, ...how };
      }
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }
}
