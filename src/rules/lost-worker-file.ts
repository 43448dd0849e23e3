import type { Expr, FunctionIR } from '../ir/ir';
import { byModuleUrl } from './fixes/module-url';
import { defineMeta } from './ids';
import { firstLineOf } from './lines';
import type { Finding, Rule, RuleContext } from './types';
import { absolute, textOf } from './workers';

const meta = defineMeta({
  id: 'lost-worker-file',
  severity: 'warning',
  summary: 'The file of a worker is named by a relative path that is not relative to the file that names it.',
  description: `\`new Worker('./worker.js')\` of Node looks in the working directory: the program runs where it was tried and nowhere else. A browser looks beside the
page. Piscina and Tinypool import the name from their own folder, then from the working directory. And a bundler, which sees an ordinary string,
neither puts the worker into its output nor gives it the new name; after \`tsc\`, a \`.ts\` file is no longer there.

\`new URL('./worker.js', import.meta.url)\` is relative to the file itself, and Vite, webpack, Rollup, Parcel and esbuild's plugins follow it. For Piscina
write \`.href\` behind it. In a CommonJS module \`require.resolve('./worker.js')\` does the same.

The rule speaks about string literals that begin with \`./\` or \`../\`. The quick fix names the file as it lies from here where it finds it, beside this
file or in the project's folder.`,
  examples: [
    {
      language: 'javascript',
      title: 'Relative to the working directory',
      code: `import { Worker } from 'node:worker_threads';

export const worker = new Worker('./worker.mjs', { workerData: { limit: 10 } });
`,
      findings: [{ line: 3, message: "'./worker.mjs' is looked for in the working directory, not beside this file, and a bundler does not see it. Write new URL('./worker.mjs', import.meta.url)." }],
      fixed: `import { Worker } from 'node:worker_threads';

export const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: { limit: 10 } });
`,
    },
    {
      language: 'typescript',
      title: "A pool's file",
      code: `import Piscina from 'piscina';

export const pool = new Piscina({ filename: './resize.js', maxThreads: 4 });
`,
      findings: [{ line: 3, message: "'./resize.js' is looked for in the pool's own folder and the working directory, not beside this file, and a bundler does not see it. Write new URL('./resize.js', import.meta.url).href." }],
      fixed: `import Piscina from 'piscina';

export const pool = new Piscina({ filename: new URL('./resize.js', import.meta.url).href, maxThreads: 4 });
`,
    },
    {
      language: 'javascript',
      title: 'Beside the page',
      code: `import { render } from './render.js';

const worker = new Worker('./worker.js', { type: 'module' });
worker.onmessage = (event) => render(event.data);
`,
      findings: [{ line: 3, message: "'./worker.js' is looked for beside the page, not beside this file, and a bundler does not see it. Write new URL('./worker.js', import.meta.url)." }],
      fixed: `import { render } from './render.js';

const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
worker.onmessage = (event) => render(event.data);
`,
    },
    {
      language: 'javascript',
      title: 'Relative to this file',
      code: `import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import workerpool from 'workerpool';

export const worker = new Worker(new URL('./worker.mjs', import.meta.url));
export const inline = new Worker('console.log(1)', { eval: true });
export const pool = workerpool.pool(fileURLToPath(new URL('./tasks.mjs', import.meta.url)));
`,
      findings: [],
    },
  ],
});

export const lostWorkerFile = {
  meta,
  check(context): readonly Finding[] {
    const { workers } = context;
    if (!workers) return [];
    const { module } = context.report;
    const found: Finding[] = [];
    for (const { site, call, node } of workers.workers) {
      const named = call.args[0]?.value;
      const script = !node && module.imports.length === 0 && module.exports.length === 0;
      if (named && isRelative(named) && !script) found.push(finding(site.fn, named, node ? 'in the working directory' : 'beside the page', '', context));
    }
    for (const { site, library } of workers.pools) {
      const [first] = site.call.args;
      const named = library === 'workerpool' ? first?.value : first?.value.type === 'mapping' ? first.value.properties.find((p) => p.key?.type === 'const' && p.key.value === 'filename')?.value : undefined;
      if (!named || !isRelative(named)) continue;
      if (library === 'workerpool') found.push(finding(site.fn, named, 'in the working directory', null, context));
      else found.push(finding(site.fn, named, "in the pool's own folder and the working directory", '.href', context));
    }
    return found;
  },
} satisfies Rule;

type Literal = Expr & { type: 'const'; value: string };

function isRelative(expr: Expr): expr is Literal {
  return expr.type === 'const' && expr.kind === 'string' && typeof expr.value === 'string' && /^\.\.?\//.test(expr.value) && !expr.value.includes('\n');
}

/** @param suffix what turns the URL into what the call takes; null where it takes a path */
function finding(fn: FunctionIR, named: Literal, where: string, suffix: string | null, context: RuleContext): Finding {
  const written = textOf(fn, named);
  const commonjs = context.report.module.system === 'commonjs';
  const url = `new URL(${written}, import.meta.url)`;
  const advice = commonjs ? `require.resolve(${written})` : suffix === null ? `fileURLToPath(${url})` : url + suffix;
  const range = absolute(fn, named);
  const fix = byModuleUrl(range, named.value, suffix, context);
  return {
    rule: meta.id,
    severity: meta.severity,
    range: firstLineOf(context.text, range),
    message: `${written} is looked for ${where}, not beside this file, and a bundler does not see it. Write ${advice}.`,
    fixes: fix ? [fix] : [],
  };
}
