/**
 * Runs the analysis of loops and of captures over labelled cases and prints the score.
 *
 *   npm run eval -- --cases DIR [--score score.py] [--show N] [--part A,B,C,D] [--out findings.jsonl]
 *
 * DIR holds `files/` and the labels (`public_A.jsonl`, …); D has the captures. The scoring program is given by `--score`, or found beside the labels.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { neverCancelled } from '../src/analysis/cancellation';
import { analyzeCaptures, analyzeLoops, type AnalysisContext } from '../src/analysis/pipeline';
import type { Language, ModuleIR } from '../src/ir/ir';
import { frontendFor, languageOf, type Frontend } from '../src/languages/frontend';
import { modelsFor } from '../src/models';
import { resolveImport } from '../src/session/resolve';
import { SourceIndex } from '../src/session/source-index';

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    score: { type: 'string' },
    show: { type: 'string', default: '0' },
    part: { type: 'string' },
    out: { type: 'string' },
  },
});

interface Case {
  readonly file: string;
  readonly kind: string;
}

async function main(): Promise<number> {
  if (!values.cases) {
    process.stderr.write('usage: npm run eval -- --cases DIR [--score score.py] [--show N] [--part A,B,C,D] [--out FILE]\n');
    return 2;
  }
  const cases = path.resolve(values.cases);
  const parts = (values.part ?? 'A,B,C,D').split(',');
  /** By file, what its cases are about. */
  const files = new Map<string, Set<string>>();
  for (const part of parts) {
    const labels = [`public_${part}.jsonl`, `${part}.jsonl`].map((name) => path.join(cases, name)).find((name) => fs.existsSync(name));
    if (!labels) continue;
    for (const line of fs.readFileSync(labels, 'utf8').split('\n')) {
      if (!line.trim()) continue;
      const each = JSON.parse(line) as Case;
      files.set(each.file, (files.get(each.file) ?? new Set()).add(each.kind));
    }
  }
  const loader = await Loader.create();
  const findings: string[] = [];
  let milliseconds = 0;
  for (const [file, kinds] of files) {
    const absolute = path.join(cases, 'files', file);
    const module = loader.module(absolute);
    if (!module) continue;
    const text = fs.readFileSync(absolute, 'utf8');
    const started = performance.now();
    try {
      const context: AnalysisContext = {
        models: modelsFor(module.language),
        token: neverCancelled,
        resolve: (source, from) => {
          const target = resolveImport(source, from, module.language, path.join(cases, 'files', ...file.split('/').slice(0, 3)), { isFile });
          return target ? loader.module(target) : null;
        },
        classesNamed: (name) => loader.classesNamed(path.join(cases, 'files', ...file.split('/').slice(0, 3)), module.language, name),
      };
      const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
      const report = kinds.has('loop') ? await analyzeLoops(module, context) : { loops: [] };
      for (const loop of report.loops) {
        findings.push(JSON.stringify({ file, line: lineOf(loop.range.start), verdict: loop.verdict, reasons: loop.reasons.map((reason) => reason.message), assumptions: loop.assumptions.map((assumption) => assumption.message) }));
      }
      for (const capture of kinds.has('capture') ? await analyzeCaptures(module, context) : []) {
        findings.push(JSON.stringify({ file, line: lineOf(capture.call.start), verdict: capture.verdict, value: capture.value, path: capture.path, reason: capture.reason }));
      }
    } catch (error) {
      process.stderr.write(`${file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    }
    milliseconds += performance.now() - started;
  }
  const out = values.out ?? path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-eval-')), 'findings.jsonl');
  fs.writeFileSync(out, findings.join('\n') + '\n');
  process.stdout.write(`${files.size} files, ${findings.length} findings, ${Math.round(milliseconds)} ms of analysis\n`);
  const score = values.score ?? [path.join(cases, 'score.py'), path.join(cases, '..', 'score.py')].find((name) => fs.existsSync(name));
  if (!score) {
    process.stderr.write(`no score.py beside the labels: give it by --score (findings are in ${out})\n`);
    return 1;
  }
  const run = spawnSync('python3', [path.resolve(score), out, '--binary', '--root', cases, '--show', values.show], { stdio: 'inherit' });
  return run.status ?? 1;
}

const isFile = (file: string): boolean => {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
};

class Loader {
  private readonly modules = new Map<string, ModuleIR | null>();
  private readonly files = new Map<string, readonly string[]>();
  private readonly index = new SourceIndex((file) => fs.readFileSync(file, 'utf8'));

  private constructor(
    private readonly python: Frontend,
    private readonly javascript: Frontend,
  ) {}

  static async create(): Promise<Loader> {
    return new Loader(await frontendFor('python'), await frontendFor('javascript'));
  }

  classesNamed(root: string, language: Language, name: string): readonly ModuleIR[] {
    let files = this.files.get(root);
    if (!files) {
      files = fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).map((each) => path.join(root, each)).filter((each) => languageOf(each) !== null && isFile(each));
      this.files.set(root, files);
    }
    const python = language === 'python';
    return this.index.defining(files, name, root).filter((each) => (languageOf(each) === 'python') === python).flatMap((each) => this.module(each) ?? []);
  }

  module(file: string): ModuleIR | null {
    let module = this.modules.get(file);
    if (module === undefined) {
      const language = languageOf(file);
      module = language && isFile(file) ? (language === 'python' ? this.python : this.javascript).lower(file, fs.readFileSync(file, 'utf8')) : null;
      this.modules.set(file, module);
    }
    return module;
  }
}

void main().then((code) => (process.exitCode = code));
