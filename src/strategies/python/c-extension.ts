/** `python/c-extension`: a C extension module that runs the iterations on threads of its own, without the GIL. */
import { cFile, setupFile } from './c-extension/file';
import { nativeStrategy } from './kernel/native';

export const pythonCExtension = nativeStrategy({
  meta: {
    id: 'python/c-extension',
    language: 'python',
    title: 'Run in C on all cores (a C extension, without the GIL)',
    summary: 'Writes the loop as a C extension that runs its iterations on all cores with the GIL released; what C cannot do exactly stays in Python.',
    memory: 'copied',
    needs: [
      { kind: 'interpreter', name: 'Python', version: '>=3.9', install: 'python.org, or the package manager of your system' },
      { kind: 'tool', name: 'cc', install: 'apt install build-essential, xcode-select --install, or the Build Tools for Visual Studio' },
      { kind: 'package', name: 'setuptools', version: '>=61', install: 'pip install setuptools' },
    ],
  },
  emit(kernel) {
    const { module } = kernel;
    const setup = `setup_${module}.py`;
    return {
      files: [
        { name: `${module}.c`, text: cFile(kernel) },
        { name: setup, text: setupFile(kernel) },
      ],
      build: [
        {
          title: 'compiling the C extension',
          command: ['{python}', setup, '--quiet', 'build_ext', '--build-lib', '{target}', '--build-temp', '{target}/build'],
          cwd: '.',
          module,
        },
      ],
      dependencies: [],
      notes: [`Build it with \`python ${setup} build_ext --inplace\` wherever the program is to run.`],
    };
  },
});
