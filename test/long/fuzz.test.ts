/** An hour of damaged programs (or FUZZ_MINUTES), from FUZZ_SEED on. A failing seed belongs into test/analysis/fuzz.test.ts. */
import type { Language } from '../../src/ir/ir';
import { corpus, damaged, judged } from '../analysis/fuzz';

const MINUTES = Number(process.env['FUZZ_MINUTES'] ?? 60);
const SLOWEST_MS = 10_000;

describe('damaged programs, for long', function () {
  this.timeout((MINUTES + 5) * 60_000);

  it(`${MINUTES} minutes of them are read and judged, none in more than ${SLOWEST_MS / 1000} s`, async () => {
    const languages: readonly Language[] = ['python', 'javascript', 'typescript'];
    const texts = new Map(languages.map((language) => [language, corpus(language)]));
    const until = performance.now() + MINUTES * 60_000;
    let seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);
    const failed: string[] = [];
    for (let count = 0; performance.now() < until && failed.length < 20; count++, seed++) {
      const language = languages[count % languages.length]!;
      const started = performance.now();
      try {
        await judged(language, damaged(texts.get(language)!, seed));
        if (performance.now() - started > SLOWEST_MS) failed.push(`${language} ${seed}: ${Math.round(performance.now() - started)} ms`);
      } catch (error) {
        failed.push(`${language} ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
    if (failed.length > 0) throw new Error(failed.join('\n'));
  });
});
