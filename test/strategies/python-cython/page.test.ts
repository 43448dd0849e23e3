import { pythonCython } from '../../../src/strategies/python/cython';
import { checkPage } from '../python-kernel/page';

describe('docs/strategies/python-cython.md', function () {
  this.timeout(300_000);

  it('shows the rewrite as it is, and it gives the same', async function () {
    await checkPage(this, pythonCython);
  });
});
