/** `python/numba`: the loop compiled by numba when it first runs, with `prange` over its iterations. */
import { nativeStrategy } from './kernel/native';
import { checkNumba } from './numba/checks';
import { numbaFile } from './numba/file';

export const pythonNumba = nativeStrategy({
  meta: {
    id: 'python/numba',
    language: 'python',
    title: 'Compile with numba and run on all cores (prange)',
    summary: 'Writes the loop as numba functions that are compiled when they are first called and run on all cores; what they cannot do exactly stays in Python.',
    memory: 'copied',
    needs: [
      { kind: 'interpreter', name: 'Python', version: '>=3.10', install: 'python.org, or the package manager of your system' },
      { kind: 'package', name: 'numba', version: '>=0.60', install: 'pip install numba' },
    ],
  },
  emit(kernel) {
    checkNumba(kernel);
    return {
      files: [{ name: `${kernel.module}.py`, text: numbaFile(kernel) }],
      build: [],
      dependencies: [{ name: 'numba', range: '>=0.60' }],
      notes: ['The first call compiles the functions, which takes seconds; later calls in the same process do not.'],
    };
  },
});
