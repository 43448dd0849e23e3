import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { strategies, strategiesFor, strategyById } from '../../../src/strategies';

describe('strategies', () => {
  it('are found by their id', () => {
    for (const strategy of strategies) assert.equal(strategyById(strategy.meta.id), strategy);
    assert.equal(strategyById('python/nothing'), null);
  });

  it('are listed by language', () => {
    assert.equal(strategiesFor('python')[0]!.meta.id, 'python/process-pool');
    for (const language of ['python', 'javascript', 'typescript'] as const) {
      for (const { meta } of strategiesFor(language)) assert.equal(meta.language, language === 'python' ? 'python' : 'javascript');
    }
  });

  it('python ones have a page each', () => {
    for (const { meta } of strategiesFor('python')) {
      assert.ok(fs.existsSync(path.join('docs', 'strategies', `${meta.id.replace('/', '-')}.md`)), meta.id);
    }
  });
});
