/** `python/cython`: the loop in Cython, with `prange` and without the GIL. */
import { cythonFiles } from './cython/file';
import { nativeStrategy } from './kernel/native';

export const pythonCython = nativeStrategy({
  meta: {
    id: 'python/cython',
    language: 'python',
    title: 'Compile with Cython and run on all cores (prange, nogil)',
    summary: 'Writes the loop as a Cython module that runs its iterations on all cores with the GIL released; what it cannot do exactly stays in Python.',
    memory: 'copied',
    needs: [
      { kind: 'interpreter', name: 'Python', version: '>=3.9', install: 'python.org, or the package manager of your system' },
      { kind: 'package', name: 'cython', version: '>=3.0', install: 'pip install cython' },
      { kind: 'package', name: 'setuptools', version: '>=61', install: 'pip install setuptools' },
      { kind: 'tool', name: 'cc', install: 'apt install build-essential, xcode-select --install, or the Build Tools for Visual Studio' },
    ],
  },
  emit(kernel) {
    const { module } = kernel;
    const { pyx, header, setup } = cythonFiles(kernel);
    const script = `setup_${module}.py`;
    return {
      files: [
        { name: `${module}.pyx`, text: pyx },
        { name: `${module}.h`, text: header },
        { name: script, text: setup },
      ],
      build: [
        {
          title: 'compiling the Cython module',
          command: ['{python}', script, '--quiet', 'build_ext', '--build-lib', '{target}', '--build-temp', '{target}/build'],
          cwd: '.',
          module,
        },
      ],
      dependencies: [],
      notes: [
        `Build it with \`python ${script} build_ext --inplace\` wherever the program is to run.`,
        `Every line of the turn runs without Python; only ${kernel.name} itself touches Python's objects, before and after the loop.`,
      ],
    };
  },
});
