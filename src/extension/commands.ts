/** The commands of the palette. Each is short: the server knows the answers. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { USAGE, UNTRUSTED, type LoopRef, type LoopSummary, type Rewritten } from '../protocol/requests';
import { applyRewrite } from './apply';
import { doctorMarkdown } from './doctor';
import type { Client } from './client';
import type { CommandId } from './contributions';
import type { Documents } from './documents';
import type { Messages } from './messages';
import type { ResultsPanel } from './panel';
import type { Programs } from './programs';

export interface Services {
  readonly client: Client;
  readonly log: vscode.LogOutputChannel;
  readonly messages: Messages;
  readonly programs: Programs;
  readonly panel: ResultsPanel;
  readonly documents: Documents;
}

export function registerCommands(context: vscode.ExtensionContext, services: Services): void {
  const { client, log, messages, panel } = services;
  const register = (id: CommandId, title: string, run: (argument?: unknown) => Promise<void> | void) => {
    context.subscriptions.push(
      vscode.commands.registerCommand(id, async (argument?: unknown) => {
        try {
          await run(argument);
        } catch (error) {
          await report(messages, title, error);
        }
      }),
    );
  };
  register('fanout.explainLoop', vscode.l10n.t('Explain This Loop'), (argument) => explainLoop(services, asLoop(argument)));
  register('fanout.verifyLoop', vscode.l10n.t('Verify This Loop'), (argument) => verifyLoop(services, asLoop(argument)));
  register('fanout.benchmarkLoop', vscode.l10n.t('Benchmark This Loop'), (argument) => benchmarkLoop(services, asLoop(argument), false));
  register('fanout.compareStrategies', vscode.l10n.t('Compare All Strategies'), (argument) => benchmarkLoop(services, asLoop(argument), true));
  register('fanout.profileProgram', vscode.l10n.t('Profile This Program'), () => profileProgram(services));
  register('fanout.showResults', vscode.l10n.t('Show Results'), () => panel.show());
  register('fanout.checkWorkspace', vscode.l10n.t('Check Workspace'), () => checkWorkspace(services));
  register('fanout.runDoctor', vscode.l10n.t('Run Doctor'), () => runDoctor(services));
  register('fanout.chooseProgram', vscode.l10n.t('Choose the Program to Run'), async () => {
    const editor = activeEditor();
    if (editor) await services.programs.choose(editor.document);
  });
  register('fanout.restartServer', vscode.l10n.t('Restart Server'), () => client.restart());
  register('fanout.showLog', vscode.l10n.t('Show Log'), () => log.show());
  register('fanout.applyRewrite', vscode.l10n.t('Apply a Rewrite'), async (rewrite) => {
    if (rewrite) await applyRewrite(rewrite as Rewritten, services.documents);
  });
  register('fanout.openRulePage', vscode.l10n.t('Open the Page of a Rule'), async (rule) => {
    if (typeof rule !== 'string' || !/^[a-z-]+$/.test(rule)) return;
    const page = vscode.Uri.joinPath(context.extensionUri, 'docs', 'rules', `${rule}.md`);
    await vscode.commands.executeCommand('markdown.showPreview', page);
  });
  panel.onBenchmark = (loop) => benchmarkLoop(services, loop, false);
}

/** Cancelled requests say nothing; what the person can mend says its message alone. */
async function report(messages: Messages, title: string, error: unknown): Promise<void> {
  const code = (error as { code?: unknown }).code;
  if (error instanceof vscode.CancellationError || code === -32800) return;
  if (code === UNTRUSTED) return messages.untrusted();
  if (code === USAGE) {
    await vscode.window.showWarningMessage((error as Error).message);
    return;
  }
  await messages.error(title, error);
}

function asLoop(argument: unknown): LoopRef | undefined {
  const loop = argument as Partial<LoopRef> | undefined;
  return typeof loop?.uri === 'string' && typeof loop.loop === 'string' ? { uri: loop.uri, loop: loop.loop } : undefined;
}

function activeEditor(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) void vscode.window.showWarningMessage(vscode.l10n.t('Open a Python, JavaScript or TypeScript file first.'));
  return editor;
}

async function explainLoop({ client, documents }: Services, loop: LoopRef | undefined): Promise<void> {
  const target = loop ? await client.request('fanout/loops', { uri: loop.uri }).then((all) => all.find((l) => l.loop === loop.loop)) : undefined;
  const editor = loop ? undefined : activeEditor();
  const uri = target?.uri ?? editor?.document.uri.toString();
  const position = target?.range.start ?? editor?.selection.active;
  if (uri === undefined || !position) return;
  const { line, character } = position;
  const all = await client.request('fanout/explain', { uri, position: { line, character } });
  // Asked for one loop: those around it are not meant.
  const explanations = loop ? all.filter((e) => e.loop.id === loop.loop) : all;
  if (explanations.length === 0) {
    await vscode.window.showInformationMessage(vscode.l10n.t('There is no loop under the cursor.'));
    return;
  }
  const name = path.posix.basename(vscode.Uri.parse(uri).path);
  const parts = explanations.map((e) => `## ${name}, line ${e.loop.line}\n\n${e.text}`);
  await documents.show(vscode.l10n.t('Explanation of {0}, line {1}', name, explanations[0]!.loop.line), parts.join('\n\n---\n\n'));
}

/** The loop under the cursor: the innermost; where several begin or nest there, the person picks. */
async function pickLoop(client: Client): Promise<LoopSummary | undefined> {
  const editor = activeEditor();
  if (!editor) return undefined;
  const { line, character } = editor.selection.active;
  const loops = await client.request('fanout/loops', { uri: editor.document.uri.toString(), position: { line, character } });
  if (loops.length === 0) await vscode.window.showInformationMessage(vscode.l10n.t('There is no loop under the cursor.'));
  if (loops.length <= 1) return loops[0];
  const items = loops.map((loop) => ({ label: loop.source, description: vscode.l10n.t('line {0}, {1}', loop.range.start.line + 1, loop.verdict), loop }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Fanout: which loop?') });
  return picked?.loop;
}

/** @param compare every strategy that fits, not only the one that is offered first */
async function benchmarkLoop({ client, messages, programs, panel }: Services, given: LoopRef | undefined, compare: boolean): Promise<void> {
  if (!vscode.workspace.isTrusted) return messages.untrusted();
  const loop = given ?? (await pickLoop(client));
  if (!loop) return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(loop.uri));
  const program = await programs.get(document);
  if (!program) return;
  const ref = { uri: loop.uri, loop: loop.loop };
  const howOften = () => client.request('fanout/plannedRuns', { ...ref, program, compare, assume: true });
  if (!(await programs.confirmRuns(program, howOften))) return;
  panel.show();
  try {
    const title = vscode.l10n.t('Benchmarking a loop of {0}', path.posix.basename(document.uri.path));
    const report = await client.withProgress('fanout/bench', title, { ...ref, program, compare, assume: true }, (message) => panel.progress(message));
    panel.addBench(loop.uri, report);
  } finally {
    panel.progress(null);
  }
}

/** Settles for one run whether the loop's iterations touch each other, and shows it with the explanation. */
async function verifyLoop({ client, messages, programs, documents }: Services, given: LoopRef | undefined): Promise<void> {
  if (!vscode.workspace.isTrusted) return messages.untrusted();
  const loop = given ?? (await pickLoop(client));
  if (!loop) return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(loop.uri));
  const program = await programs.get(document);
  if (!program) return;
  const ref = { uri: loop.uri, loop: loop.loop };
  if (!(await programs.confirmRuns(program, () => client.request('fanout/runsToSettle', ref)))) return;
  const name = path.posix.basename(document.uri.path);
  const { explanation } = await client.withProgress('fanout/settle', vscode.l10n.t('Verifying a loop of {0}', name), { ...ref, program });
  await documents.show(vscode.l10n.t('Explanation of {0}, line {1}', name, explanation.loop.line), `## ${name}, line ${explanation.loop.line}\n\n${explanation.text}`);
}

async function profileProgram({ client, messages, programs, panel }: Services): Promise<void> {
  if (!vscode.workspace.isTrusted) return messages.untrusted();
  const editor = activeEditor();
  const program = editor && (await programs.get(editor.document));
  if (!editor || !program) return;
  const uri = editor.document.uri.toString();
  const title = vscode.l10n.t('Profiling {0}', program.command.map((word) => path.basename(word)).join(' '));
  panel.show();
  try {
    const profile = await client.withProgress('fanout/profile', title, { uri, program }, (message) => panel.progress(message));
    panel.setProfile(uri, program.command, profile);
  } finally {
    panel.progress(null);
  }
}

async function checkWorkspace({ client, messages, log }: Services): Promise<void> {
  const result = await client.withProgress('fanout/checkWorkspace', vscode.l10n.t('Fanout checks the workspace'), {});
  for (const { path: file, message } of result.errors) log.warn(`${file}: ${message}`);
  await vscode.commands.executeCommand('workbench.actions.view.problems');
  const text = vscode.l10n.t('{0} findings in {1} files.', result.findings, result.files);
  const more = result.errors.length > 0 ? ` ${vscode.l10n.t('{0} files could not be read: see the log.', result.errors.length)}` : '';
  await messages.remark('checked', text + more);
}

async function runDoctor({ client, messages, documents }: Services): Promise<void> {
  if (!vscode.workspace.isTrusted) return messages.untrusted();
  const uri = vscode.window.activeTextEditor?.document.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const report = await client.withProgress('fanout/doctor', vscode.l10n.t('Fanout looks for interpreters and tools'), { uri: uri?.toString() ?? null });
  await documents.show(vscode.l10n.t('Fanout doctor'), doctorMarkdown(report));
}
