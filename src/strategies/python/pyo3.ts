/** `python/pyo3`: a crate with PyO3 that runs the iterations on rayon's threads, without the GIL and without `unsafe`. */
import { nativeStrategy } from './kernel/native';
import { library, manifest, project, PYO3, RUST } from './pyo3/crate';
import { Refusal } from '../refusal';

export const pythonPyO3 = nativeStrategy({
  meta: {
    id: 'python/pyo3',
    language: 'python',
    title: 'Run in Rust on all cores (PyO3 and rayon, without the GIL)',
    summary: 'Writes the loop as a crate of safe Rust that runs its iterations on all cores with the GIL released; what Rust cannot do exactly stays in Python.',
    memory: 'copied',
    needs: [
      { kind: 'interpreter', name: 'Python', version: '>=3.9', install: 'python.org, or the package manager of your system' },
      { kind: 'tool', name: 'cargo', version: `>=${RUST}`, install: 'rustup toolchain install stable (rustup.rs)' },
    ],
  },
  emit(kernel, { options }) {
    if (options.freeThreaded && Number(options.target.split('.')[1]) < 14) throw new Refusal(`PyO3 ${PYO3} supports Pythons without the GIL from 3.14 on, and this is ${options.target}`);
    const { module } = kernel;
    const crate = `${module}-rs`;
    const platform = options.platform ?? process.platform;
    // Symbols of Python are found when it loads the module.
    const linking = platform === 'darwin' ? ['-C', 'link-arg=-undefined', '-C', 'link-arg=dynamic_lookup'] : [];
    return {
      files: [
        { name: `${crate}/Cargo.toml`, text: manifest(kernel) },
        { name: `${crate}/pyproject.toml`, text: project(kernel) },
        { name: `${crate}/src/lib.rs`, text: library(kernel, options.workers) },
      ],
      build: [
        {
          title: 'compiling the Rust crate',
          command: [
            'cargo', 'rustc', '--release', '--lib', '--config', `env.PYO3_PYTHON='{python}'`,
            '--', `--emit=link={target}/${module}.${platform === 'win32' ? 'pyd' : 'so'}`, ...linking,
          ], // prettier-ignore
          cwd: crate,
          module,
        },
      ],
      dependencies: [],
      installed: true,
      notes: [`Build it with \`maturin develop --release\` in ${crate}/ (or \`python -m pip install ./${crate}\`) wherever the program is to run.`],
    };
  },
});
