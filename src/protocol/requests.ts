/**
 * Requests that the language server answers beside the standard ones. Positions are the protocol's: zero-based lines and UTF-16 characters.
 * Long ones take a `workDoneToken`, report progress under it, and end when the request is cancelled.
 */
import type { BenchReport, ProfileReport, Program, SettleResult, VerifyResult } from '../measure/types';
import type { DoctorReport, Explanation } from './results';

export interface WirePosition {
  readonly line: number;
  readonly character: number;
}

export interface WireRange {
  readonly start: WirePosition;
  readonly end: WirePosition;
}

/** A loop of a document. `id` is only good for the version that it came with. */
export interface LoopRef {
  readonly uri: string;
  readonly loop: string;
}

/** A line that a person reads when choosing among loops. */
export interface LoopSummary extends LoopRef {
  readonly range: WireRange;
  readonly source: string;
  readonly verdict: string;
  /** Strategies that fit. */
  readonly strategies: readonly string[];
}

export interface RunParams {
  readonly program: Program;
  readonly workDoneToken?: string | number;
}

/** A change to the workspace in plain data. */
export interface FileChanges {
  /** `version` null: not open, taken as on disk. */
  readonly changes: readonly {
    readonly uri: string;
    readonly version: number | null;
    readonly edits: readonly { readonly range: WireRange; readonly text: string }[];
  }[];
  readonly newFiles: readonly { readonly uri: string; readonly text: string }[];
}

/** Whether more than one file is touched: then the person sees it all before it is applied. */
export function spansFiles({ changes, newFiles }: FileChanges): boolean {
  return newFiles.length > 0 || changes.length > 1;
}

export interface Rewritten extends FileChanges {
  readonly ok: true;
  readonly title: string;
  readonly notes: readonly string[];
}

/** The extension makes one edit of it, and shows it first where it spans files. */
export type RewriteReply = Rewritten | { readonly ok: false; readonly why: string };

/** Method name → parameters and result: both ends are typed by this table. */
export interface Requests {
  /** Every loop whose text holds the position, innermost first. */
  'fanout/explain': { params: { readonly uri: string; readonly position: WirePosition }; result: readonly Explanation[] };
  /** The loops under the position; without one, all of the document. */
  'fanout/loops': { params: { readonly uri: string; readonly position?: WirePosition }; result: readonly LoopSummary[] };
  'fanout/rewrite': { params: LoopRef & { readonly strategy: string; readonly assume: boolean }; result: RewriteReply };
  'fanout/profile': { params: RunParams & { readonly uri: string }; result: ProfileReport };
  'fanout/bench': {
    /** `strategies` are those named, else the first that fits, else (`compare`) all that fit. */
    params: RunParams & LoopRef & { readonly strategies?: readonly string[]; readonly compare?: boolean; readonly workers?: readonly number[]; readonly assume: boolean };
    result: BenchReport;
  };
  /** How often a benchmark would run the program, in words: `at most 23 times: 5 to verify, 18 to measure`. Starts nothing. */
  'fanout/plannedRuns': { params: LoopRef & { readonly program: Program; readonly compare?: boolean; readonly assume: boolean }; result: string };
  'fanout/verify': { params: RunParams & LoopRef & { readonly strategy: string; readonly assume: boolean }; result: VerifyResult };
  /** Runs the program with the loop's iterations alone and in other orders; the explanation says what came of it. */
  'fanout/settle': { params: RunParams & LoopRef; result: { readonly explanation: Explanation; readonly result: SettleResult } };
  /** How often that runs the program, in words. Starts nothing. */
  'fanout/runsToSettle': { params: LoopRef; result: string };
  'fanout/doctor': { params: { readonly uri: string | null; readonly workDoneToken?: string | number }; result: DoctorReport };
  /** Analyses every file of the folders and publishes what it finds. */
  'fanout/checkWorkspace': { params: { readonly workDoneToken?: string | number }; result: WorkspaceCheck };
  /** The self-contained page of a report. */
  'fanout/reportHtml': { params: { readonly report: BenchReport }; result: string };
}

export interface WorkspaceCheck {
  readonly files: number;
  readonly findings: number;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

export interface Notifications {
  /** The person trusts the workspace now, or the selected interpreter changed. */
  'fanout/environment': Environment;
}

/** What only the editor knows. Sent at the start as `initializationOptions`, and again when it changes. */
export interface Environment {
  readonly trusted: boolean;
  /** Interpreter by folder URI, as selected in the editor; `''` is for files outside of every folder. */
  readonly pythons: Readonly<Record<string, string>>;
  /** Where a rule's page is, with `{rule}` for its name. Absent: the page in the package. */
  readonly ruleLink?: string;
  /** Commands that code lenses and hovers may name: only clients that have them get them. */
  readonly commands: boolean;
}

/** The error that a request ends with when the workspace is not trusted: the editor offers to manage trust. */
export const UNTRUSTED = -32050;
/** The person can mend it: no loop there, an unknown strategy, a program that does not start. The message says it all. */
export const USAGE = -32051;
