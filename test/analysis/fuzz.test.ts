import assert from 'node:assert/strict';
import type { Language } from '../../src/ir/ir';
import { corpus, damaged, judged } from './fuzz';

const LANGUAGES: readonly Language[] = ['python', 'javascript', 'typescript'];

/** Seeds of programs that once failed, and some others. */
const SEEDS = Array.from({ length: 12 }, (_, at) => at * 7919 + 1);

describe('damaged programs', () => {
  for (const language of LANGUAGES) {
    it(`${language}: ${SEEDS.length} of them are read and judged`, async () => {
      const texts = corpus(language);
      assert.ok(texts.length > 1);
      let loops = 0;
      for (const seed of SEEDS) {
        try {
          loops += (await judged(language, damaged(texts, seed))).loops;
        } catch (error) {
          throw new Error(`seed ${seed}`, { cause: error });
        }
      }
      assert.ok(loops > 0, 'nothing was left to judge');
    });
  }
});

describe('programs of 10,000 levels', () => {
  const LEVELS = 10_000;
  const nested = (open: string, inner: string, close: string): string => open.repeat(LEVELS) + inner + close.repeat(LEVELS);
  const rows: readonly (readonly [Language, string, string, boolean])[] = [
    ['python', 'parentheses', `x = ${nested('(', '1', ')')}\n`, true],
    ['python', 'lists', `for y in ${nested('[', '1', ']')}:\n    print(y)\n`, true],
    ['python', 'calls', `x = ${nested('f(', '1', ')')}\n`, true],
    ['python', 'a long sum', `x = ${'1 + '.repeat(LEVELS)}1\n`, true],
    ['python', 'many branches', `def f(x):\n    if x == 0:\n        return 0\n${Array.from({ length: LEVELS }, (_, at) => `    elif x == ${at}:\n        return ${at}\n`).join('')}`, false],
    ['javascript', 'arrays', `export const x = ${nested('[', '1', ']')};\n`, true],
    ['javascript', 'blocks', nested('{', 'f();', '}'), true],
    ['javascript', 'functions', `export const x = ${nested('() => ', '1', '')};\n`, true],
    ['typescript', 'loops', `export function f(n: number) { ${nested('for (let i = 0; i < n; i++) ', 'g(n);', '')} }\n`, true],
  ];
  for (const [language, title, text, told] of rows) {
    it(`${language}: ${title}`, async () => {
      const { problems } = await judged(language, text);
      if (told) assert.ok(problems.length > 0, 'what is not read is told');
    });
  }
});
