/** Rewrites several programs for `python/mojo` and builds what it made as one library: Mojo takes seconds for each build. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { neverCancelled } from '../../../src/analysis/cancellation';
import { applyEdits } from '../../../src/edit/edit';
import { buildCandidate } from '../../../src/measure/build';
import { pythonMojo } from '../../../src/strategies/python/mojo';
import type { BuildStep } from '../../../src/strategies/types';
import type { Program } from '../python-kernel/native';
import { contextsOf } from '../python-kernel/support';
import type { Built } from '../python-pyo3/support';

/** The library is kept in the cache by its contents. */
export async function build(programs: readonly Program[], python: string): Promise<Built> {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-mojo-')));
  const refused = new Map<string, string>();
  const after = new Map<string, { text: string; library: string; function: string }>();
  const sources = new Map<string, string>();
  let step: BuildStep | null = null;
  for (const { name, source, loop } of programs) {
    const file = path.join(directory, `after_${name}.py`);
    fs.writeFileSync(file, source);
    fs.writeFileSync(path.join(directory, `before_${name}.py`), source);
    const context = (await contextsOf(file)).find((c) => c.text.startsWith(loop, c.loop.range.start));
    if (!context) throw new Error(`no loop of ${name} begins with ${loop}`);
    const fits = pythonMojo.applicability(context);
    if (!fits.ok) {
      refused.set(name, fits.why);
      continue;
    }
    const rewrite = pythonMojo.rewrite(context);
    const [own] = rewrite.build!;
    // Several programs have functions of one name, and their modules stand side by side here.
    const module = `${name}_mojo`;
    const text = applyEdits(source, rewrite.edits[0]!.edits).replaceAll(own!.module, module);
    const library = rewrite.newFiles[0]!.text;
    fs.writeFileSync(file, text);
    sources.set(module, library.replaceAll(own!.module, module).replace('@export\n', ''));
    after.set(name, { text, library, function: /def_py_function\[(\w+)\]/.exec(library)![1]! });
    step = { ...own!, command: own!.command.map((w) => w.replaceAll(own!.module, 'all_kernels')), module: 'all_kernels' };
  }
  if (step) {
    const modules = [...sources.keys()];
    const all = [
      'from std.python import PythonObject',
      ...modules.map((m) => `from ${m} import PyInit_${m} as init_${m}`),
      ...modules.map((m) => `\n\n@export\ndef PyInit_${m}() abi("C") -> PythonObject:\n    return init_${m}()`),
    ];
    const newFiles = [
      { path: path.join('/kernels', 'all_kernels.mojo'), text: `${all.join('\n')}\n` },
      ...[...sources].map(([module, text]) => ({ path: path.join('/kernels', `${module}.mojo`), text })),
    ];
    const candidate = { id: 'python/mojo', texts: new Map<string, string>(), newFiles, build: [step], path: path.join('/kernels', 'main.py'), region: { start: 0, end: 0 } };
    const built = await buildCandidate(candidate, { python, token: neverCancelled, onProgress: () => {} });
    for (const module of modules) fs.symlinkSync(path.join(built!.target, 'all_kernels.so'), path.join(directory, `${module}.so`));
  }
  return { directory, refused, after };
}
