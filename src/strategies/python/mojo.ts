/** `python/mojo`: a Mojo extension module that runs the iterations on threads of its own, without the GIL. */
import { Refusal } from '../refusal';
import { nativeStrategy } from './kernel/native';
import { mojoFile } from './mojo/file';

/** The oldest Mojo with which modules were built and run. */
const MOJO = '1.2';

export const pythonMojo = nativeStrategy({
  meta: {
    id: 'python/mojo',
    language: 'python',
    title: 'Run in Mojo on all cores (a Mojo module, without the GIL)',
    summary: 'Writes the loop as a Mojo module that runs its iterations on all cores with the GIL released; what Mojo cannot do exactly stays in Python.',
    memory: 'copied',
    needs: [
      { kind: 'interpreter', name: 'Python', version: '>=3.10', freeThreaded: false, install: 'python.org, or the package manager of your system' },
      { kind: 'tool', name: 'mojo', version: `>=${MOJO}`, install: 'python3 -m pip install mojo' },
    ],
  },
  emit(kernel, { options }) {
    if (options.freeThreaded) throw new Refusal('modules of Mojo crash in a Python without the GIL');
    if ((options.platform ?? process.platform) === 'win32') throw new Refusal('there is no Mojo for Windows');
    const { module } = kernel;
    return {
      files: [{ name: `${module}.mojo`, text: mojoFile(kernel, options.workers) }],
      build: [
        {
          title: 'compiling the Mojo module',
          // No fused multiply-add: it would not have Python's bits. The places of items are looked at before they are used.
          command: ['mojo', 'build', `${module}.mojo`, '--emit', 'shared-lib', '--fp-mode', 'contract=off', '-D', 'ASSERT=none', '-o', `{target}/${module}.so`],
          cwd: '.',
          module,
        },
      ],
      // Its runtime libraries.
      dependencies: [{ name: 'mojo', range: `>=${MOJO}` }],
      notes: [`Build it with \`mojo build ${module}.mojo --emit shared-lib --fp-mode contract=off -D ASSERT=none -o ${module}.so\` wherever the program is to run.`],
    };
  },
});
