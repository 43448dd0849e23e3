import { neverCancelled } from '../../../src/analysis/cancellation';
import { analyzeCaptures } from '../../../src/analysis/pipeline';
import type { CaptureReport } from '../../../src/analysis/captures';
import { frontendFor } from '../../../src/languages/frontend';
import { modelsFor } from '../../../src/models';

/** What is said of the values that some code hands to workers. Other modules are given by name: `helpers` for `helpers.py`. */
export async function judge(language: 'python' | 'javascript' | 'typescript', code: string, others: Readonly<Record<string, string>> = {}): Promise<readonly CaptureReport[]> {
  const frontend = await frontendFor(language);
  const ending = { python: 'py', javascript: 'mjs', typescript: 'ts' }[language];
  const modules = new Map(Object.entries(others).map(([name, text]) => [name, frontend.lower(`/project/${name}.${ending}`, text)]));
  return analyzeCaptures(frontend.lower(`/project/main.${ending}`, code), {
    models: modelsFor(language),
    resolve: (source) => modules.get(source.module.replace(/^\.\//, '').replace(/\.\w+$/, '')) ?? null,
    token: neverCancelled,
  });
}

/** One line for each value: verdict and path, `ok` for what travels. */
export async function summary(language: 'python' | 'javascript' | 'typescript', code: string, others?: Readonly<Record<string, string>>): Promise<string[]> {
  return (await judge(language, code, others)).map((c) => (c.verdict === 'serializable' ? 'ok' : `${c.verdict} ${c.path}`));
}
