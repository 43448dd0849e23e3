import { pythonCExtension } from '../../../src/strategies/python/c-extension';
import { checkPage } from '../python-kernel/page';

describe('docs/strategies/python-c-extension.md', function () {
  this.timeout(300_000);

  it('shows the rewrite as it is, and it gives the same', async function () {
    await checkPage(this, pythonCExtension);
  });
});
