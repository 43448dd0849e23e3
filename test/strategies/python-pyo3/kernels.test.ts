import assert from 'node:assert/strict';
import { toolchain } from '../../support/toolchains';
import { builtSuite } from '../python-kernel/built-suite';
import { build } from './support';

builtSuite({
  id: 'python/pyo3',
  suffix: 'rust',
  async build(test, programs, python) {
    toolchain(test, 'cargo');
    try {
      return await build(programs, python);
    } catch (error) {
      // Without a registry, and without the crates in cargo's cache, there is nothing to build with.
      if (!/failed to (?:download|fetch|get)|Couldn't resolve host|--offline was specified/.test(String(error))) throw error;
      return test.skip();
    }
  },
  further(built) {
    it('is safe Rust, and says so to the compiler', () => {
      for (const { library } of built().after.values()) {
        assert.match(library, /^#!\[forbid\(unsafe_code\)\]$/m);
        assert.doesNotMatch(library, /unsafe(?!_code)|mul_add|powi/);
      }
    });
  },
});
