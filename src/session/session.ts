/**
 * One workspace folder: its documents, its configuration, and every answer that Fanout gives about them.
 * The CLI and the language server are thin clients of this class.
 */
import * as path from 'node:path';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { neverCancelled, Pacer, type CancellationToken } from '../analysis/cancellation';
import type { CaptureReport } from '../analysis/captures';
import { analyzeCaptures, analyzeLoops, analyzeWorkers, forgetFunctions, functionsAround, promisingFunctions, type AnalysisContext } from '../analysis/pipeline';
import type { LoopReport, ModuleReport } from '../analysis/report';
import type { ModuleIR } from '../ir/ir';
import { languageOf } from '../languages/frontend';
import { modelsFor } from '../models';
import type { DoctorReport, Explanation, FileResult, FixOutcome } from '../protocol/results';
import { asksForReasons, checkRules, isWanted } from '../rules';
import type { Finding, StrategyFit } from '../rules/types';
import { strategiesFor, strategyById } from '../strategies';
import type { BenchReport, MeasureOptions, ProfileReport, Program, SettleResult, VerifyResult } from '../measure/types';
import type { Applicability, RewriteOptions, StrategyContext, StrategyId } from '../strategies/types';
import { loadConfig, type Config, type ConfigOverrides } from './config';
import { Documents } from './documents';
import { explainText } from './explain';
import { isExcluded, sourceFiles } from './files';
import { applicabilityOf, refusal, rewriteLoop } from './fix';
import { findNode, findPython } from './interpreters';
import { ImportResolver } from './resolve';
import { SourceIndex } from './source-index';
import { captureResult, findingResult, loopResult } from './results';
import { SessionWorkspace } from './workspace';

export interface SessionOptions {
  /** The workspace folder; imports are followed within it. */
  readonly root: string;
  /** Editor settings, over those of pyproject.toml and package.json. */
  readonly overrides?: ConfigOverrides;
}

/** What is known about one text of a file. */
export interface FileAnalysis {
  readonly document: TextDocument;
  readonly report: ModuleReport;
  readonly captures: readonly CaptureReport[];
  readonly findings: readonly Finding[];
}

/** What was found for one text of a file, in one state of the other files. */
interface Kept<T> {
  readonly document: TextDocument;
  readonly version: number;
  readonly generation: number;
  readonly result: Promise<T>;
}

/** A problem that the person can mend: an unknown file, a line without a loop, several loops on one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Functions kept lowered while many files are checked: it bounds the memory, and few modules are read twice for it. */
const MAX_LOWERED = 16_000;

export class Session {
  readonly root: string;
  readonly documents = new Documents();
  private readonly resolver: ImportResolver;
  readonly workspace: SessionWorkspace;
  /** Shares of samples by loop id, for each file, from the last profile. */
  hot: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map();
  private configuration: Config | null = null;
  private sourceList: readonly string[] | null = null;
  private overrides: ConfigOverrides;
  private readonly analyses = new Map<string, Kept<FileAnalysis>>();
  /** With the loops that rules may speak about only. */
  private readonly judged = new Map<string, Kept<FileAnalysis>>();
  /** The loops of single functions. */
  private readonly functions = new Map<string, Kept<readonly LoopReport[]>>();
  /** Counts changes to any file: an analysis may rest on what other files say. */
  private generation = 0;

  constructor(options: SessionOptions) {
    this.root = path.resolve(options.root);
    this.overrides = options.overrides ?? {};
    this.resolver = new ImportResolver(this.root, this.documents);
    this.workspace = new SessionWorkspace(this.documents, this.root, (file) => this.sources(file), this.resolver);
  }

  /** @throws ConfigError that names the file and the key. */
  get config(): Config {
    return (this.configuration ??= loadConfig(this.root, this.overrides));
  }

  configure(overrides: ConfigOverrides): void {
    this.overrides = overrides;
    this.configuration = null;
    this.eras.clear();
    this.changed();
  }

  open(file: string, text: string, version: number): void {
    this.documents.set(file, text, version);
    this.changed();
  }

  close(file: string): void {
    this.documents.close(file);
    this.changed();
  }

  /** A file was made, changed or deleted outside the editor. */
  changedOnDisk(file: string): void {
    this.documents.changedOnDisk(file);
    this.sourceList = null;
    if (/(^|[\\/])(pyproject\.toml|package\.json|\.gitignore)$/.test(file)) this.configuration = null;
    this.changed();
  }

  setHot(shares: ReadonlyMap<string, ReadonlyMap<string, number>>): void {
    this.hot = shares;
    this.changed();
  }

  /** Whether the file belongs to this folder and is one that Fanout reads. */
  covers(file: string): boolean {
    return languageOf(file) !== null && (file === this.root || file.startsWith(this.root + path.sep)) && !/[\\/](node_modules|site-packages)[\\/]/.test(file);
  }

  private changed(): void {
    this.generation++;
  }

  // -------------------------------------------------------------------------------------------------------------------

  /** Everything known about a file. @throws UsageError when it cannot be read or is no source file. */
  analyze(file: string, token: CancellationToken = neverCancelled): Promise<FileAnalysis> {
    return this.analysis(this.analyses, file, token, true);
  }

  /** The same with reports of only those loops that the rules may speak about: much sooner there. */
  findings(file: string, token: CancellationToken = neverCancelled): Promise<FileAnalysis> {
    return this.analysis(this.judged, file, token, false);
  }

  private analysis(kept: Map<string, Kept<FileAnalysis>>, file: string, token: CancellationToken, every: boolean): Promise<FileAnalysis> {
    const document = this.look(file);
    if (document instanceof UsageError) return Promise.reject(document);
    const whole = this.analyses.get(file);
    if (whole && this.isCurrent(whole, document)) return whole.result;
    return this.keep(kept, file, document, () => this.analyzeNow(file, document, token, every));
  }

  /** The text of a file as it is now, or why it cannot be read. */
  private look(file: string): TextDocument | UsageError {
    this.documents.look();
    const { document, error } = this.documents.get(file);
    return error === null ? document : new UsageError(error);
  }

  private isCurrent(kept: Kept<unknown>, document: TextDocument): boolean {
    return kept.document === document && kept.version === document.version && kept.generation === this.generation;
  }

  /** What was found for this text, as long as no file changes. */
  private keep<T>(kept: Map<string, Kept<T>>, name: string, document: TextDocument, find: () => Promise<T>): Promise<T> {
    const known = kept.get(name);
    if (known && this.isCurrent(known, document)) return known.result;
    const result = find();
    const entry = { document, version: document.version, generation: this.generation, result };
    kept.set(name, entry);
    result.catch(() => kept.get(name) === entry && kept.delete(name));
    return result;
  }

  /** @throws UsageError when it is no source file */
  private async lower(file: string): Promise<ModuleIR> {
    if (!languageOf(file)) throw new UsageError(`${file}: not a Python, JavaScript or TypeScript file`);
    await this.documents.prepare(file);
    const module = this.documents.module(file);
    if (!module) throw new UsageError(`${file}: cannot be read`);
    return module;
  }

  private async analyzeNow(file: string, document: TextDocument, token: CancellationToken, every: boolean): Promise<FileAnalysis> {
    const module = await this.lower(file);
    const hot = this.hot.get(file) ?? null;
    // What stops a loop is only told of hot ones, unless the project asks.
    const provable = !every && hot === null && !asksForReasons(this.config.rules);
    const context = this.context(module, token, provable);
    const promising = promisingFunctions(module, context, (loop, work) => isWanted(loop, work, { module, hot }, this.config.rules));
    const report = await analyzeLoops(module, context, every ? undefined : promising);
    const captures = await analyzeCaptures(module, context);
    const findings = checkRules(
      {
        text: document.getText(),
        // The same loops for the rules, however many are judged.
        report: every ? { ...report, loops: report.loops.filter(({ fn }) => promising.has(fn)) } : report,
        captures,
        workers: analyzeWorkers(module, context),
        target: module.language === 'python' ? this.config.targetPython : this.config.targetNode,
        files: { root: this.root, has: (path) => this.documents.isFile(path) },
        hot,
        strategies: (loop) => this.fits(loop),
      },
      this.config.rules,
    );
    return { document, report, captures, findings };
  }

  private context(module: ModuleIR, token: CancellationToken, provable = false): AnalysisContext {
    this.followEdits();
    return {
      models: modelsFor(module.language),
      resolve: (source, from) => {
        const target = this.resolver.resolve(source, from, module.language);
        return target ? this.documents.module(target) : null;
      },
      unchanged: this.unchangedSince(module.language, provable),
      provable,
      classesNamed: (name) => this.sourceIndex(module.path).defining(this.sources(module.path), name, this.generation).flatMap((file) => this.documents.module(file) ?? []),
      token,
    };
  }

  private readonly indices = { python: new SourceIndex((file) => this.documents.text(file)), javascript: new SourceIndex((file) => this.documents.text(file)) };

  /** For each language, and each question that is asked of it, the key of what is known of functions. */
  private readonly eras = new Map<string, object>();

  private unchangedSince(language: string, provable: boolean): object {
    const name = `${language === 'python' ? 'python' : 'javascript'} ${provable}`;
    let era = this.eras.get(name);
    if (!era) this.eras.set(name, (era = {}));
    return era;
  }

  /** Lets go of what is known of functions that have changed; of all, where it cannot be told which are concerned. */
  private followEdits(): void {
    const changed = this.documents.changes();
    if (changed === null) this.eras.clear();
    else if (changed.length > 0) for (const era of this.eras.values()) forgetFunctions(era, changed);
  }

  private sourceIndex(file: string): SourceIndex {
    return languageOf(file) === 'python' ? this.indices.python : this.indices.javascript;
  }

  private ofLanguage: { readonly files: readonly string[]; readonly python: readonly string[]; readonly javascript: readonly string[] } | null = null;

  /** Source files of the workspace in the same language family, for questions about importers. */
  private sources(file: string): readonly string[] {
    const files = this.files();
    if (this.ofLanguage?.files !== files) {
      const isPython = (f: string): boolean => languageOf(f) === 'python';
      this.ofLanguage = { files, python: files.filter(isPython), javascript: files.filter((f) => !isPython(f)) };
    }
    return languageOf(file) === 'python' ? this.ofLanguage!.python : this.ofLanguage!.javascript;
  }

  // -------------------------------------------------------------------------------------------------------------------

  /** What `fanout check --format json` says of one file; errors are told in it, never thrown (a cancelled run is). */
  async check(file: string, shownAs: string, options: { readonly loops: 'findings' | 'all' }, token: CancellationToken = neverCancelled): Promise<FileResult> {
    const language = languageOf(file);
    const empty = { path: shownAs, language, loops: [], captures: [], findings: [] };
    let analysis: FileAnalysis;
    try {
      analysis = await (options.loops === 'all' ? this.analyze(file, token) : this.findings(file, token));
    } catch (error) {
      if (error instanceof UsageError) return { ...empty, error: error.message };
      throw error;
    }
    const { document, report, captures, findings } = analysis;
    const pacer = new Pacer(token);
    const loops = [];
    for (const loop of report.loops) {
      await pacer.pause();
      const wanted = options.loops === 'all' || findings.some((f) => f.fixes.some((x) => x.kind === 'strategy' && x.loop === loop.id));
      if (wanted) loops.push(loopResult(document, loop, this.strategyVerdicts(loop)));
    }
    const problem = report.module.problems[0];
    return {
      ...empty,
      error: problem ? `${shownAs}:${document.positionAt(problem.start).line + 1}: ${problem.message}; the functions around it are not judged` : null,
      loops,
      captures: captures.map((c) => captureResult(document, c)),
      findings: findings.map((f) => findingResult(document, f)),
    };
  }

  /** Source files of the workspace, as the configuration has them. */
  files(): readonly string[] {
    return (this.sourceList ??= sourceFiles(this.root, this.config));
  }

  /** Left out by the configuration, unless a person names it. */
  isExcluded(file: string): boolean {
    return isExcluded(file, this.config);
  }

  /** Runs over many files with progress, a few at a time. */
  async *checkAll(
    files: readonly { readonly path: string; readonly shownAs: string }[],
    options: { readonly loops: 'findings' | 'all' },
    token: CancellationToken = neverCancelled,
  ): AsyncGenerator<FileResult> {
    this.documents.hold();
    try {
      for (const { path: file, shownAs } of files) {
        const result = await this.check(file, shownAs, options, token);
        this.done(file);
        yield result;
      }
    } finally {
      this.documents.release();
    }
  }

  /**
   * Says that nothing more is asked about a file that no editor has open: its report, which holds the whole module, goes. When much is
   * kept of other files, their lowered forms and summaries go too; they are made again when something asks for them.
   */
  done(file: string): void {
    if (this.documents.isOpen(file)) return;
    this.analyses.delete(file);
    this.judged.delete(file);
    for (const name of this.functions.keys()) if (name.startsWith(`${file}\n`)) this.functions.delete(name);
    if (this.documents.lowered > MAX_LOWERED) this.rest();
  }

  /** Lets go of lowered forms and summaries: they are made again when something asks for them. */
  rest(): void {
    this.documents.forgetLowered();
    this.eras.clear();
    this.workspace.forget();
  }

  /** Each strategy in turn: who stops at the first that fits does not pay for the others. */
  private *fits(loop: LoopReport): Generator<StrategyFit> {
    for (const { meta } of strategiesFor(loop.module.language)) {
      const fits = this.applicability(loop, meta.id);
      yield { id: meta.id, title: meta.title, ok: fits.ok, why: fits.ok ? '' : fits.why };
    }
  }

  /** The strategy that is offered first for a loop; null when none fits. */
  firstFitting(loop: LoopReport): StrategyId | null {
    for (const { id, ok } of this.fits(loop)) if (ok) return id;
    return null;
  }

  strategyVerdicts(loop: LoopReport): Record<string, { ok: boolean; why: string }> {
    const out: Record<string, { ok: boolean; why: string }> = {};
    for (const { meta } of strategiesFor(loop.module.language)) {
      const fits = this.applicability(loop, meta.id);
      out[meta.id] = { ok: fits.ok, why: fits.ok ? fits.notes.join('; ') : fits.why };
    }
    return out;
  }

  /** Whether a strategy fits a loop; its verdict counts first. */
  applicability(loop: LoopReport, id: StrategyId): Applicability {
    const strategy = strategyById(id);
    if (!strategy) return { ok: false, why: `there is no strategy ${id}` };
    const refused = refusal(loop, strategy);
    if (refused) return { ok: false, why: refused };
    return applicabilityOf(strategy, this.strategyContext(loop));
  }

  /** @param over what is known of the interpreter that will run the code; the configuration's where nothing is */
  strategyContext(loop: LoopReport, over: Partial<RewriteOptions> = {}): StrategyContext {
    const file = loop.module.path;
    const config = this.config;
    const { document } = this.documents.get(file);
    return {
      loop,
      text: document.getText(),
      path: file,
      language: loop.module.language,
      workspace: this.workspace,
      options: {
        workers: config.workers,
        indent: loop.module.language === 'python' ? '    ' : '  ',
        target: loop.module.language === 'python' ? config.targetPython.replace(/t$/, '') : config.targetNode,
        ...(loop.module.language === 'python' && config.targetPython.endsWith('t') ? { freeThreaded: true } : {}),
        ...(loop.module.language === 'python' && config.startMethod !== null ? { startMethod: config.startMethod } : {}),
        ...over,
      },
    };
  }

  // -------------------------------------------------------------------------------------------------------------------

  /** Loops whose whole statement or expression holds the offset, innermost first. Only the functions around it are judged. */
  async loopsAt(file: string, offset: number): Promise<readonly LoopReport[]> {
    const loops = await this.loopsAround(file, offset);
    return loops
      .filter((loop) => loop.extent.start <= offset && offset <= loop.extent.end)
      .sort((a, b) => a.extent.end - a.extent.start - (b.extent.end - b.extent.start));
  }

  private async loopsAround(file: string, offset: number): Promise<readonly LoopReport[]> {
    const document = this.look(file);
    if (document instanceof UsageError) throw document;
    const whole = this.analyses.get(file);
    if (whole && this.isCurrent(whole, document)) return (await whole.result).report.loops;
    const module = await this.lower(file);
    const around = functionsAround(module, offset);
    const innermost = [...around].at(-1)?.id ?? '';
    return this.keep(this.functions, `${file}\n${innermost}`, document, async () => {
      const { loops } = await analyzeLoops(module, this.context(module, neverCancelled), around);
      return loops;
    });
  }

  /**
   * The loop that begins on a line (1-based); with several on it the column picks one.
   * @throws UsageError when none begins there, or several do and no column was given.
   */
  async loopOnLine(file: string, line: number, column?: number): Promise<LoopReport> {
    const { document, report } = await this.analyze(file);
    const begins = (loop: LoopReport) => document.positionAt(loop.range.start);
    const onLine = report.loops.filter((loop) => begins(loop).line === line - 1);
    const name = path.relative(process.cwd(), file) || file;
    if (onLine.length === 0) {
      const near = report.loops.map((l) => begins(l).line + 1).sort((a, b) => Math.abs(a - line) - Math.abs(b - line))[0];
      throw new UsageError(`${name}:${line}: no loop begins on this line${near === undefined ? '; the file has none' : `; the nearest begins on line ${near}`}`);
    }
    if (column !== undefined) {
      const at = onLine.find((loop) => begins(loop).character === column - 1);
      if (at) return at;
      throw new UsageError(`${name}:${line}:${column}: no loop begins at this column; on this line loops begin at columns ${onLine.map((l) => begins(l).character + 1).join(', ')}`);
    }
    if (onLine.length > 1) {
      const list = onLine.map((l) => `  ${name}:${line}:${begins(l).character + 1}  ${l.kind} (${l.verdict})`).join('\n');
      throw new UsageError(`${name}:${line}: ${onLine.length} loops begin on this line; name one by its column:\n${list}`);
    }
    return onLine[0]!;
  }

  async loopById(file: string, id: string): Promise<LoopReport> {
    const fn = (await this.lower(file)).functions.get(id.slice(0, id.lastIndexOf('@')));
    const loop = fn && (await this.loopsAround(file, fn.start + Number(id.slice(id.lastIndexOf('@') + 1)))).find((l) => l.id === id);
    if (!loop) throw new UsageError(`${file}: the loop is no longer there; the file has changed`);
    return loop;
  }

  explain(loop: LoopReport): Explanation {
    const { document } = this.documents.get(loop.module.path);
    const result = loopResult(document, loop, this.strategyVerdicts(loop));
    const text = document.getText();
    const lineEnd = text.indexOf('\n', loop.range.start);
    const lineStart = text.lastIndexOf('\n', loop.range.start) + 1;
    const source = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd).trim();
    return { path: loop.module.path, loop: result, source, text: explainText(result, source) };
  }

  /** The rewrite of a loop by a strategy, or why there is none. Nothing is written. */
  async fix(loop: LoopReport, id: StrategyId, options: { readonly assume: boolean; readonly over?: Partial<RewriteOptions> }): Promise<FixOutcome> {
    const strategy = strategyById(id);
    if (!strategy) {
      const known = strategiesFor(loop.module.language).map((s) => s.meta.id);
      throw new UsageError(`there is no strategy ${id}; for this file there are: ${known.join(', ')}`);
    }
    return rewriteLoop(strategy, this.strategyContext(loop, options.over), options, (file, text) => this.lowerText(file, text));
  }

  private async lowerText(file: string, text: string): Promise<ModuleIR | null> {
    await this.documents.prepare(file);
    const scratch = new Documents();
    await scratch.prepare(file);
    scratch.set(file, text, 0);
    return scratch.module(file);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // What runs programs. Loaded when first asked for.

  async profile(program: Program, options: MeasureOptions): Promise<ProfileReport> {
    return (await import('./measure')).profileProgram(this, program, options);
  }

  /** The same from a profile made before: py-spy raw or speedscope, or a .cpuprofile. */
  async profileFrom(file: string, options: MeasureOptions): Promise<ProfileReport> {
    return (await import('./measure')).profileFromFile(this, file, options);
  }

  /** How often a bench runs the program, in words, to be told before the first run. */
  async runsOf(request: BenchLoopRequest): Promise<string> {
    return (await import('./measure')).plannedRuns(this, request);
  }

  async verify(request: VerifyLoopRequest, options: MeasureOptions): Promise<VerifyResult> {
    return (await import('./measure')).verifyLoop(this, request, options);
  }

  /** Settles for one run of a program whether the loop's iterations touch each other: what the analysis cannot see. */
  async settle(loop: LoopReport, program: Program, options: MeasureOptions): Promise<SettleResult> {
    return (await import('./measure')).settleLoop(this, loop, program, options);
  }

  /** How often settling a loop runs the program, to be told before the first run. */
  async runsToSettle(loop: LoopReport): Promise<number> {
    return (await import('./measure')).settlingRuns(loop);
  }

  async bench(request: BenchLoopRequest, options: MeasureOptions): Promise<BenchReport> {
    return (await import('./sizes')).benchSizes(this, request, options);
  }

  defaultPython(): string {
    return findPython(this.root);
  }

  defaultNode(): string {
    return findNode();
  }

  async doctor(options: MeasureOptions): Promise<DoctorReport> {
    return (await import('./doctor')).examine(this, options);
  }
}

export interface VerifyLoopRequest {
  readonly loop: LoopReport;
  readonly program: Program;
  readonly strategy: StrategyId;
  /** Allow what rests on assumptions: the run shows whether they hold. */
  readonly assume: boolean;
}

export interface BenchLoopRequest {
  readonly loop: LoopReport;
  readonly program: Program;
  readonly assume: boolean;
  /** Absent: all that fit. */
  readonly strategies?: readonly StrategyId[];
  /** Absent: all usable cores. */
  readonly workers?: readonly number[];
  /** Pairs of runs at the most. */
  readonly pairs?: number;
  /** Sizes of the input, for the `{}` in the program's command; they may stand there too, as `{60,120,240}`. */
  readonly sizes?: readonly string[];
}
