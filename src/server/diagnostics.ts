/** Findings as diagnostics: pushed a moment after typing stops, for the version that they were made for, gone when the file closes. */
import { DiagnosticSeverity, DiagnosticTag, type Diagnostic } from 'vscode-languageserver';
import { CancelledError } from '../analysis/cancellation';
import { UsageError, type FileAnalysis } from '../session/session';
import type { Finding, Severity } from '../rules/types';
import type { ServerContext } from './context';
import { wireRange } from './positions';

const SEVERITY: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export const SOURCE = 'fanout';
/** The longest pause that is waited for: a file that is analysed faster than that waits as long as its analysis takes. */
const TYPING_MS = 150;
/** An analysis that is over before the next key is pressed need not wait for a pause. */
const QUICK_MS = 120;
/** Other open files may rest on the changed one: they follow when typing has paused. */
const OTHERS_MS = 1000;

/** Where a rule's page is. */
export type RuleLink = (rule: string) => string | null;

export function diagnosticOf(uri: string, analysis: Pick<FileAnalysis, 'document'>, finding: Finding, link: RuleLink): Diagnostic {
  const href = link(finding.rule);
  return {
    source: SOURCE,
    code: finding.rule,
    ...(href === null ? {} : { codeDescription: { href } }),
    severity: SEVERITY[finding.severity],
    range: wireRange(analysis.document, finding.range),
    message: finding.message,
    ...(finding.rule === 'unused-ignore' ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(finding.related
      ? { relatedInformation: finding.related.map((r) => ({ location: { uri, range: wireRange(analysis.document, r.range) }, message: r.message })) }
      : {}),
  };
}

export class Diagnostics {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  /** How long the last analysis of a document took, in ms. */
  private readonly took = new Map<string, number>();

  constructor(
    private readonly context: ServerContext,
    private readonly link: RuleLink,
    /** Told when a document has new findings. */
    private readonly onPublished: () => void,
  ) {}

  /** Analyses a document soon, and what is open beside it a little later. */
  changed(uri: string): void {
    const took = this.took.get(uri) ?? TYPING_MS;
    this.schedule(uri, took < QUICK_MS ? 0 : Math.min(TYPING_MS, took));
    const session = this.context.openDocument(uri)?.session;
    for (const other of this.context.documents.all()) {
      if (other.uri !== uri && this.context.openDocument(other.uri)?.session === session) this.schedule(other.uri, OTHERS_MS);
    }
  }

  all(): void {
    for (const document of this.context.documents.all()) this.schedule(document.uri, TYPING_MS);
  }

  closed(uri: string): void {
    clearTimeout(this.timers.get(uri));
    this.timers.delete(uri);
    this.took.delete(uri);
    void this.context.connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private schedule(uri: string, ms: number): void {
    clearTimeout(this.timers.get(uri));
    this.timers.set(
      uri,
      setTimeout(() => {
        this.timers.delete(uri);
        void this.publish(uri);
      }, ms),
    );
  }

  private async publish(uri: string): Promise<void> {
    const open = this.context.openDocument(uri);
    // An open file that is excluded stays silent; asked for by hand, it is answered.
    if (!open || this.context.isExcluded(open)) return;
    try {
      const started = performance.now();
      const analysis = await this.context.findings(open);
      this.took.set(uri, performance.now() - started);
      const diagnostics = analysis.findings.map((finding) => diagnosticOf(uri, analysis, finding, this.link));
      await this.context.connection.sendDiagnostics({ uri, version: open.version, diagnostics });
      this.onPublished();
    } catch (error) {
      if (error instanceof CancelledError) return;
      if (this.context.documents.get(uri)?.version !== open.version) return;
      await this.context.connection.sendDiagnostics({ uri, version: open.version, diagnostics: [] });
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof UsageError) this.context.connection.console.warn(message);
      else this.context.connection.console.error(`${open.path}: ${error instanceof Error ? (error.stack ?? message) : message}`);
    }
  }
}
