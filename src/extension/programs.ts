/** Which program a command runs: asked once for each folder, and remembered. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { parseProgram } from '../measure/program';
import { sizedProgram } from '../measure/sizes';
import type { Program } from '../measure/types';
import { programOf } from './launch';

interface Choice extends vscode.QuickPickItem {
  /** null: the person types it. */
  readonly program: Program | null;
}

export class Programs {
  constructor(private readonly memory: vscode.Memento) {}

  /** The remembered program of the folder, else what the person picks; undefined when they pick nothing. */
  async get(document: vscode.TextDocument): Promise<Program | undefined> {
    return this.memory.get<Program>(keyOf(document.uri)) ?? (await this.choose(document));
  }

  /** Says once for each program that it is going to run, and how often (`at most 23 times: …`). */
  async confirmRuns(program: Program, howOften: () => Promise<string>): Promise<boolean> {
    const key = `confirmed:${program.cwd}:${program.command.join(' ')}`;
    if (this.memory.get<boolean>(key)) return true;
    const run = vscode.l10n.t('Run');
    const question = vscode.l10n.t('Run “{0}” {1}?', program.command.map((word) => path.basename(word)).join(' '), await howOften());
    const detail = vscode.l10n.t('Your files are not changed. What the program itself does, it does each time. You can cancel at any moment.');
    if ((await vscode.window.showInformationMessage(question, { modal: true, detail }, run)) !== run) return false;
    await this.memory.update(key, true);
    return true;
  }

  /** Asks, and remembers. */
  async choose(document: vscode.TextDocument): Promise<Program | undefined> {
    const last = this.memory.get<Program>(keyOf(document.uri));
    const file = document.uri.scheme === 'file' ? document.uri.fsPath : document.uri.path;
    const choices: Choice[] = [
      ...(last ? [{ label: vscode.l10n.t('The last one'), description: last.command.join(' '), program: last }] : []),
      { label: vscode.l10n.t('This file'), description: path.basename(file), program: { command: [file], cwd: folderOf(document.uri) ?? path.dirname(file) } },
      ...launchConfigurations(document).map(({ name, program }) => ({ label: name, description: program.command.join(' '), detail: vscode.l10n.t('Launch configuration'), program })),
      { label: vscode.l10n.t('Another command…'), description: vscode.l10n.t('such as python app.py, pytest -q, npm test'), program: null },
    ];
    const picked = await vscode.window.showQuickPick(choices, {
      title: vscode.l10n.t('Fanout: which program runs this loop?'),
      placeHolder: vscode.l10n.t('It is remembered for this folder'),
    });
    if (!picked) return undefined;
    const program = picked.program ?? (await typed(document.uri));
    if (program) await this.memory.update(keyOf(document.uri), program);
    return program;
  }
}

function folderOf(uri: vscode.Uri): string | undefined {
  return vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath;
}

function keyOf(uri: vscode.Uri): string {
  return `program:${vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() ?? uri.toString()}`;
}

function launchConfigurations(document: vscode.TextDocument): { name: string; program: Program }[] {
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  if (!folder) return [];
  const configurations = vscode.workspace.getConfiguration('launch', folder.uri).get<unknown[]>('configurations') ?? [];
  const variables = { workspaceFolder: folder.uri.fsPath, file: document.uri.fsPath, env: process.env };
  return configurations.flatMap((configuration) => programOf(configuration, variables) ?? []);
}

async function typed(uri: vscode.Uri): Promise<Program | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Fanout: the command to run'),
    prompt: vscode.l10n.t('As you would type it; no shell is used, so no pipes or variables. A list in braces, {60,120,240}, benchmarks over sizes'),
    placeHolder: 'python app.py --size 100',
    validateInput: (value) => problemOf(value),
  });
  if (text === undefined) return undefined;
  return parseProgram(text, folderOf(uri) ?? path.dirname(uri.fsPath));
}

function problemOf(command: string): string | undefined {
  try {
    sizedProgram(parseProgram(command, ''));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
