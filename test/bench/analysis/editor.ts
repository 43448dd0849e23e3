/** The language server after an edit: a real process over stdio, from the change to the findings for its version. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { textOf, type Corpus } from './corpora';

const CLI = path.resolve(__dirname, '../../../dist/cli.js');
const EDITS = 40;

export interface Latency {
  readonly lines: number;
  /** ms */
  readonly initialized: number;
  readonly opened: number;
  readonly p50: number;
  readonly p95: number;
}

/** A file of so many lines out of whole files of the tree. */
function program(tree: Corpus, lines: number): string {
  const parts: string[] = [];
  let count = 0;
  for (const { path: file } of tree.files) {
    const text = textOf(file);
    if (!tree.python && !/\.[cm]?tsx?$/.test(file)) continue;
    if (/^from __future__/m.test(text)) continue;
    const own = text.split('\n');
    if (own.length < 150 || own.length > lines / 2) continue;
    parts.push(text);
    count += own.length;
    if (count >= lines) break;
  }
  return parts.join('\n').split('\n').slice(0, lines).join('\n');
}

/** @param limit seconds for one answer; @throws Error when it is not kept */
export async function latency(tree: Corpus, lines: number, limit: number): Promise<Latency> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-bench-')));
  const file = path.join(folder, tree.python ? 'edited.py' : 'edited.ts');
  const text = program(tree, lines);
  fs.writeFileSync(file, text);
  const uri = pathToFileURL(file).href;
  const started = performance.now();
  const server = spawn(process.execPath, [CLI, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  const waiting = new Map<number, () => void>();
  connection.onNotification('textDocument/publishDiagnostics', (params: { uri: string; version?: number }) => {
    if (params.uri === uri && params.version !== undefined) waiting.get(params.version)?.();
  });
  connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => ({})));
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/codeLens/refresh', () => null);
  connection.listen();
  const answered = (version: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no findings for version ${version} after ${limit} s`)), limit * 1000);
      waiting.set(version, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  try {
    const workspace = { uri: pathToFileURL(folder).href, name: 'bench' };
    await connection.sendRequest('initialize', { processId: null, rootUri: workspace.uri, workspaceFolders: [workspace], capabilities: { workspace: { configuration: true } } });
    await connection.sendNotification('initialized', {});
    const initialized = performance.now() - started;
    // A first file loads the parser: how long that takes is not the question.
    let at = performance.now();
    let done = answered(1);
    await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: tree.python ? 'python' : 'typescript', version: 1, text } });
    await done;
    const opened = performance.now() - at;
    const times: number[] = [];
    const line = middle(text, tree.python);
    const added = tree.python ? '# a remark\n' : '// a remark\n';
    for (let edit = 0; edit < EDITS; edit++) {
      const version = edit + 2;
      const range = edit % 2 === 0 ? { start: { line, character: 0 }, end: { line, character: 0 } } : { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
      at = performance.now();
      done = answered(version);
      await connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range, text: edit % 2 === 0 ? added : '' }] });
      await done;
      times.push(performance.now() - at);
    }
    times.sort((a, b) => a - b);
    const quantile = (q: number): number => times[Math.min(times.length - 1, Math.floor(q * times.length))]!;
    return { lines, initialized, opened, p50: quantile(0.5), p95: quantile(0.95) };
  } finally {
    connection.dispose();
    server.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The line after a loop's header near the middle: an edit there changes a loop's body. */
function middle(text: string, python: boolean): number {
  const lines = text.split('\n');
  const header = python ? /^\s+for .*:\s*$/ : /^\s+for \(.*\{\s*$/;
  for (let at = Math.floor(lines.length / 2); at < lines.length - 1; at++) if (header.test(lines[at]!)) return at + 1;
  return Math.floor(lines.length / 2);
}
