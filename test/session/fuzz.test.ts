import assert from 'node:assert/strict';
import type { Language } from '../../src/ir/ir';
import { corpus, damaged } from '../analysis/fuzz';
import { worked } from './fuzz';

/** Seeds of programs that once failed, and some others. */
const SEEDS: Readonly<Record<Language, readonly number[]>> = {
  python: [1, 2, 3],
  javascript: [1, 2, 3],
  typescript: [1, 7, 11],
};

describe('damaged programs in a session', () => {
  for (const [language, seeds] of Object.entries(SEEDS) as [Language, readonly number[]][]) {
    it(`${language}: ${seeds.length} of them are checked, and what is offered for them parses`, async () => {
      const texts = corpus(language);
      let edits = 0;
      for (const seed of seeds) {
        try {
          edits += (await worked(language, damaged(texts, seed))).edits;
        } catch (error) {
          throw new Error(`seed ${seed}`, { cause: error });
        }
      }
      assert.ok(edits > 0, 'nothing was offered');
    });
  }
});
