import { pythonNumba } from '../../../src/strategies/python/numba';
import { checkPage } from '../python-kernel/page';

describe('docs/strategies/python-numba.md', function () {
  this.timeout(300_000);

  it('shows the rewrite as it is, and it gives the same', async function () {
    await checkPage(this, pythonNumba);
  });
});
