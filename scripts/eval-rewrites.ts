/**
 * Rewrites loops that the analyzer calls parallel or a reduction with the default strategy, runs the original and the rewritten program,
 * and compares what they give.
 *
 *   npm run eval:rewrites -- [--cases DIR] [--part A,B,C] [--samples] [--python-library N] [--packages N] [--in NAMES] [--only REGEXP] [--python PYTHON]
 *                            [--start fork,spawn] [--out FILE] [--keep]
 *
 * `--cases`: labelled cases (DIR holds `files/` and the labels). `--samples`: the programs of samples/. `--python-library` and `--packages`
 * add loops of Python's standard library and of the packages in node_modules (all, or those that `--in` names) until N of them ran. A loop that its program does not reach by
 * itself is driven by a program written for it, with the examples of its documentation or with arguments that fit. All is done on copies.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { compare, type Interpreters } from './eval-rewrites/compare';
import { aloneJavaScript, wholeJavaScript } from './eval-rewrites/javascript';
import { libraryFiles, packageFiles } from './eval-rewrites/libraries';
import { alonePython, copyFolder, wholePython } from './eval-rewrites/python';
import { caseLoops, libraryLoops, sampleLoops } from './eval-rewrites/sets';
import { NotRun, type CaseResult, type FoundLoop, type Outcome, type Prepared } from './eval-rewrites/types';

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    part: { type: 'string', default: 'A,B,C' },
    samples: { type: 'boolean', default: false },
    'python-library': { type: 'string', default: '0' },
    packages: { type: 'string', default: '0' },
    in: { type: 'string' },
    only: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    start: { type: 'string', default: 'fork,spawn' },
    out: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

class Refused extends NotRun {}

type Line = CaseResult & { readonly language: string; readonly set: string; readonly file: string; readonly line: number; readonly verdict: string };

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-rewrites-'));
const interpreters: Interpreters = { python: values.python, starts: values.start.split(',') };
const results: Line[] = [];

async function main(): Promise<number> {
  if (values.samples) for await (const found of sampleLoops()) await judge(found);
  if (values.cases) for await (const found of caseLoops(path.resolve(values.cases), values.part.split(','))) await judge(found);
  await until(Number(values['python-library']), await libraryFiles(values.python));
  await until(Number(values.packages), packageFiles(values.in?.split(',') ?? null));
  report();
  if (!values.keep) fs.rmSync(scratch, { recursive: true, force: true });
  return results.some(({ outcome }) => outcome === 'different') ? 1 : 0;
}

/** Goes on to the next file until enough of the loops have run. */
async function until(wanted: number, files: Iterable<{ readonly file: string; readonly root: string; readonly set: string }>): Promise<void> {
  if (wanted === 0) return;
  let ran = 0;
  for (const { file, root, set } of files) {
    for await (const found of libraryLoops([file], root, set)) {
      if (await judge(found) === 'equal') ran++;
      if (ran >= wanted) return;
    }
  }
}

async function judge(found: FoundLoop): Promise<Outcome | null> {
  const { loop } = found;
  const file = path.relative(found.root, loop.module.path);
  if (values.only && !new RegExp(values.only).test(`${file}:${found.line}`)) return null;
  const folder = path.join(scratch, `${results.length}-${path.basename(file).replace(/\W+/g, '-')}-${found.line}`);
  const python = loop.module.language === 'python';
  const result = await firstThatRuns(waysOf(found, folder, python));
  if (!values.keep) fs.rmSync(folder, { recursive: true, force: true });
  const line: Line = { ...result, language: python ? 'python' : 'javascript', set: found.set, file, line: found.line, verdict: loop.verdict };
  results.push(line);
  const handed = line.handed === undefined ? '' : `; ${line.handed} ${python ? 'iterations' : 'tasks'} through a pool`;
  process.stdout.write(`${line.outcome.padEnd(9)}  ${line.set}  ${file}:${found.line}  ${line.why.replace(/\s+/g, ' ')}${handed}\n`);
  return line.outcome;
}

function waysOf(found: FoundLoop, folder: string, python: boolean): (() => Promise<Prepared>)[] {
  if (found.program) return [() => program(found, folder)];
  const whole = (): Promise<Prepared> => {
    const refused = found.refused();
    if (refused) throw new Refused(refused);
    return python ? wholePython(found, folder, interpreters.python) : wholeJavaScript(found, folder);
  };
  const alone = (): Promise<Prepared> => (python ? alonePython(found, `${folder}-alone`, interpreters.python) : aloneJavaScript(found, `${folder}-alone`));
  return found.aloneOnly ? [alone] : [whole, alone];
}

/** A program that prints its results by itself. */
async function program(found: FoundLoop, folder: string): Promise<Prepared> {
  copyFolder(found.root, folder);
  const file = path.join(folder, path.basename(found.loop.module.path));
  if (found.loop.module.language !== 'python') fs.symlinkSync(path.join(__dirname, '..', 'node_modules'), path.join(folder, 'node_modules'));
  const offset = found.loop.range.start;
  const args = found.program ?? [];
  return { folder, file, offset, drive: () => Promise.resolve({ entry: file, offset, args, how: `the program ${path.basename(file)} ${args.join(' ')}`.trim() }) };
}

/** The first way that runs it; else what the first one says of it. */
async function firstThatRuns(ways: readonly (() => Promise<Prepared>)[]): Promise<CaseResult> {
  let told: CaseResult | null = null;
  for (const way of ways) {
    let result: CaseResult;
    try {
      result = await compare(await way(), interpreters);
    } catch (error) {
      if (!(error instanceof NotRun)) throw error;
      result = { outcome: error instanceof Refused ? 'refused' : 'not run', why: error.message };
    }
    if (result.outcome === 'equal' || result.outcome === 'different') return result;
    if (!told || (told.outcome === 'not run' && result.outcome === 'refused')) told = result;
  }
  return told!;
}

function report(): void {
  const outcomes: readonly Outcome[] = ['equal', 'different', 'refused', 'not run'];
  process.stdout.write(`\n${['language', 'loops', ...outcomes].map((each) => each.padEnd(11)).join('')}\n`);
  for (const language of ['python', 'javascript']) {
    const own = results.filter((each) => each.language === language);
    const counts = outcomes.map((outcome) => own.filter((each) => each.outcome === outcome).length);
    process.stdout.write(`${[language, own.length, ...counts].map((each) => String(each).padEnd(11)).join('')}\n`);
  }
  if (values.out) fs.writeFileSync(values.out, results.map((each) => JSON.stringify(each)).join('\n') + '\n');
}

void main().then((code) => (process.exitCode = code));
