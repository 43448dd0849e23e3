/** Requests that start programs: refused in a workspace that is not trusted, cancellable, with progress. */
import * as os from 'node:os';
import { ResponseError, type CancellationToken as LspToken, type ProgressToken } from 'vscode-languageserver';
import type { LoopReport } from '../analysis/report';
import type { BenchReport, MeasureOptions } from '../measure/types';
import { bestRow } from '../protocol/best';
import { UNTRUSTED, USAGE, type Requests } from '../protocol/requests';
import { settledText } from '../session/explain';
import type { Session } from '../session/session';
import type { StrategyId } from '../strategies/types';
import { measuredKey, type OpenDocument, type ServerContext } from './context';
import type { Folder } from './folders';
import { anyCancelled, reporter } from './progress';
import type { ServerSettings } from './settings';
import { sourceLine } from './positions';

/** All cores, half and a quarter of them: enough to see how the gain grows, and no more runs than that takes. */
export function workersToCompare(cores = os.availableParallelism()): readonly number[] {
  return [...new Set([Math.ceil(cores / 4), Math.ceil(cores / 2), cores])];
}

export class Measurements {
  private stopped = false;

  constructor(
    private readonly context: ServerContext,
    private readonly settings: (folder: Folder) => ServerSettings,
    /** Told when lenses and hovers have something new to say. */
    private readonly onMeasured: () => void,
  ) {}

  /** Ends every run: the server closes. */
  stop(): void {
    this.stopped = true;
  }

  async profile(params: Requests['fanout/profile']['params'], token: LspToken): Promise<Requests['fanout/profile']['result']> {
    const folder = this.context.folder(params.uri);
    const report = await this.run(folder, params.workDoneToken, 'Profiling', token, (options) => folder.session.profile(params.program, options));
    this.onMeasured();
    return report;
  }

  async bench(params: Requests['fanout/bench']['params'], token: LspToken): Promise<BenchReport> {
    const open = this.opened(params.uri);
    const loop = await open.session.loopById(open.path, params.loop);
    const text = open.document.getText();
    const report = await this.run(this.context.folder(params.uri), params.workDoneToken, 'Benchmarking', token, (options) =>
      open.session.bench(
        {
          loop,
          program: params.program,
          assume: params.assume,
          ...strategiesOf(open.session, loop, params),
          workers: params.workers ?? workersToCompare(),
        },
        options,
      ),
    );
    const best = bestRow(report);
    if (best) this.context.measured.set(measuredKey(open.path, sourceLine(text, loop.range.start)), { text, best });
    this.onMeasured();
    return report;
  }

  /** Starts nothing, so it is answered in any workspace. */
  async plannedRuns(params: Requests['fanout/plannedRuns']['params']): Promise<string> {
    const open = this.opened(params.uri);
    const loop = await open.session.loopById(open.path, params.loop);
    return open.session.runsOf({ loop, program: params.program, assume: params.assume, ...strategiesOf(open.session, loop, params), workers: workersToCompare() });
  }

  async verify(params: Requests['fanout/verify']['params'], token: LspToken): Promise<Requests['fanout/verify']['result']> {
    const open = this.opened(params.uri);
    const loop = await open.session.loopById(open.path, params.loop);
    const request = { loop, program: params.program, strategy: params.strategy as StrategyId, assume: params.assume };
    return this.run(this.context.folder(params.uri), params.workDoneToken, 'Verifying', token, (options) => open.session.verify(request, options));
  }

  async settle(params: Requests['fanout/settle']['params'], token: LspToken): Promise<Requests['fanout/settle']['result']> {
    const open = this.opened(params.uri);
    const loop = await open.session.loopById(open.path, params.loop);
    const result = await this.run(this.context.folder(params.uri), params.workDoneToken, 'Verifying', token, (options) => open.session.settle(loop, params.program, options));
    const explanation = open.session.explain(loop);
    return { explanation: { ...explanation, text: `${explanation.text}\n\n${settledText(result)}` }, result };
  }

  /** Starts nothing, so it is answered in any workspace. */
  async runsToSettle(params: Requests['fanout/runsToSettle']['params']): Promise<string> {
    const open = this.opened(params.uri);
    const loop = await open.session.loopById(open.path, params.loop);
    return `${await open.session.runsToSettle(loop)} times, some of them with the iterations of the loop in another order`;
  }

  async doctor(params: Requests['fanout/doctor']['params'], token: LspToken): Promise<Requests['fanout/doctor']['result']> {
    const folder = params.uri === null ? this.context.folders.all()[0] : this.context.folder(params.uri);
    if (!folder) throw new ResponseError(USAGE, 'Open a folder or a file first: the doctor looks at its interpreters.');
    return this.run(folder, params.workDoneToken, 'Looking for interpreters and tools', token, (options) => folder.session.doctor(options));
  }

  private opened(uri: string): OpenDocument {
    const open = this.context.openDocument(uri);
    if (!open) throw new ResponseError(USAGE, 'Open the file first: what is measured is its text in the editor.');
    return open;
  }

  private async run<T>(
    folder: Folder,
    progress: ProgressToken | undefined,
    title: string,
    token: LspToken,
    work: (options: MeasureOptions) => Promise<T>,
  ): Promise<T> {
    if (!this.context.environment.trusted) {
      throw new ResponseError(UNTRUSTED, 'This workspace is not trusted: Fanout analyses it, and starts nothing in it.');
    }
    const settings = this.settings(folder);
    const { report, end } = reporter(this.context.connection, progress, title);
    const self = this;
    const closing = {
      get isCancellationRequested() {
        return self.stopped;
      },
    };
    try {
      return await work({
        python: settings.pythonPath || this.context.python(folder) || folder.session.defaultPython(),
        node: settings.nodePath || folder.session.defaultNode(),
        timeoutMs: settings.timeout * 1000,
        token: anyCancelled(token, closing),
        onProgress: report,
      });
    } finally {
      end();
    }
  }
}

/** Those that a benchmark measures: comparing all takes many more runs, so it has a command of its own. */
function strategiesOf(session: Session, loop: LoopReport, params: { readonly strategies?: readonly string[]; readonly compare?: boolean }): { readonly strategies?: readonly StrategyId[] } {
  if (params.strategies) return { strategies: params.strategies as readonly StrategyId[] };
  const first = params.compare ? null : session.firstFitting(loop);
  return first ? { strategies: [first] } : {};
}
