import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { CodeAction, Diagnostic, MarkupContent, TextDocumentEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { UNTRUSTED, USAGE, type Rewritten } from '../../src/protocol/requests';
import { Client } from './client';

const SQUARES = `def squares(n):
    out = []
    for i in range(n):
        out.append(sum(j * j % 7 for j in range(5000)))
    return out


if __name__ == "__main__":
    print(squares(100))
`;
const RECURRENCE = `def logistic(x, n):
    for i in range(n):
        x = 3.9 * x * (1.0 - x)
    return x
`;
const TYPESCRIPT = `function cost(n: number): number {
  let total = 0;
  for (let i = 1; i <= 5000; i++) total += Math.sqrt(i * n);
  return total;
}

async function main(): Promise<void> {
  const costs: number[] = [];
  for (let n = 0; n < 1000; n++) {
    costs.push(cost(n));
  }
  console.log(costs.length);
}

void main();
`;

const rules = (diagnostics: readonly Diagnostic[]) => diagnostics.map((d) => `${d.range.start.line + 1} ${String(d.code)}`);

describe('the language server', () => {
  let client: Client;
  afterEach(() => client.stop());

  describe('findings', () => {
    it('are pushed for the version that they were made for', async () => {
      client = await Client.start({ 'a.py': SQUARES, 'b.ts': TYPESCRIPT });
      await client.open('a.py', 'python');
      assert.ok(rules(await client.diagnostics('a.py', 1)).includes('3 parallelizable-loop'));
      await client.open('b.ts', 'typescript');
      assert.ok(rules(await client.diagnostics('b.ts', 1)).includes('9 parallelizable-loop'));
      const version = await client.change('a.py', `# moved\n${SQUARES}`);
      assert.ok(rules(await client.diagnostics('a.py', version)).includes('4 parallelizable-loop'));
    });

    it('say where they come from and where their page is', async () => {
      client = await Client.start({ 'a.py': SQUARES }, { trusted: true, ruleLink: 'command:open?{rule}' });
      await client.open('a.py', 'python');
      const found = (await client.diagnostics('a.py')).find((d) => d.code === 'parallelizable-loop')!;
      assert.equal(found.source, 'fanout');
      assert.equal(found.codeDescription?.href, 'command:open?parallelizable-loop');
    });

    it('of a text that changes at once are not published', async () => {
      client = await Client.start({ 'a.py': SQUARES });
      await client.open('a.py', 'python');
      for (let i = 0; i < 20; i++) await client.change('a.py', `${'#\n'.repeat(i)}${SQUARES}`);
      await client.diagnostics('a.py', 21);
      assert.deepEqual(client.published.map((p) => p.version), [21]);
    });

    it('go when the document closes', async () => {
      client = await Client.start({ 'a.py': SQUARES });
      const uri = await client.open('a.py', 'python');
      await client.diagnostics('a.py');
      await client.close('a.py');
      await client.until('an empty list', () => client.published.at(-1)?.uri === uri && client.published.at(-1)?.diagnostics.length === 0);
    });

    it('of the sound functions stay in a file with a syntax error', async () => {
      client = await Client.start({ 'a.py': `${SQUARES}\ndef broken(:\n    pass\n` });
      await client.open('a.py', 'python');
      assert.ok(rules(await client.diagnostics('a.py')).includes('3 parallelizable-loop'));
    });

    it('follow the settings', async () => {
      client = await Client.start({ 'a.py': SQUARES });
      await client.open('a.py', 'python');
      await client.diagnostics('a.py');
      client.published.length = 0;
      await client.configure({ rules: { 'parallelizable-loop': 'off' } });
      assert.deepEqual(rules(await client.diagnostics('a.py')), []);
    });

    it('are not made for excluded files, which are answered all the same', async () => {
      client = await Client.start({ 'vendor/a.py': SQUARES, 'b.py': SQUARES });
      client.settings = { exclude: ['vendor/'] };
      await client.configure(client.settings);
      await client.open('vendor/a.py', 'python');
      await client.open('b.py', 'python');
      await client.diagnostics('b.py');
      assert.ok(!client.published.some((p) => p.uri.includes('vendor')));
      assert.ok(await client.hover('vendor/a.py', 'for i in'));
    });

    it('are made anew when a file that they rest on changes on disk', async () => {
      client = await Client.start({ 'lib.py': 'def work(x):\n    return x * x\n', 'a.py': 'from lib import work\n\n\ndef run(n):\n    out = []\n    for i in range(n):\n        out.append(work(i))\n    return out\n' });
      await client.open('a.py', 'python');
      assert.match(text(await client.hover('a.py', 'for i in')), /\*\*parallel\*\*/);
      fs.writeFileSync(path.join(client.root, 'lib.py'), 'seen = []\n\n\ndef work(x):\n    seen.append(x)\n    return len(seen)\n');
      await client.changedOnDisk('lib.py');
      assert.match(text(await client.hover('a.py', 'for i in')), /\*\*sequential\*\*/);
    });

    it('are made for text that was never saved', async () => {
      client = await Client.start({});
      await client.open('untitled:Untitled-1', 'python', SQUARES);
      assert.ok(rules(await client.diagnostics('untitled:Untitled-1')).includes('3 parallelizable-loop'));
    });
  });

  describe('actions', () => {
    it('offer the rewrite bound to its finding, made when it is chosen, for this version', async () => {
      client = await Client.start({ 'a.py': SQUARES });
      const uri = await client.open('a.py', 'python');
      const offered = await client.actions('a.py', 'for i in', 'quickfix');
      const fix = offered.find((action) => action.data)!;
      assert.ok(fix.diagnostics?.some((d) => d.code === 'parallelizable-loop'));
      assert.equal(fix.edit, undefined);
      const edits = (await client.resolve(fix)).edit!.documentChanges as TextDocumentEdit[];
      assert.deepEqual(edits.map((e) => e.textDocument), [{ uri, version: 1 }]);
      const after = TextDocument.applyEdits(TextDocument.create(uri, 'python', 1, SQUARES), edits[0]!.edits.map((e) => ({ range: e.range, newText: 'newText' in e ? e.newText : '' })));
      assert.match(after, /ProcessPoolExecutor/);
    });

    it('are refused for an old version', async () => {
      client = await Client.start({ 'a.py': SQUARES });
      await client.open('a.py', 'python');
      const fix = (await client.actions('a.py', 'for i in', 'quickfix')).find((action) => action.data)!;
      await client.change('a.py', `\n${SQUARES}`);
      await assert.rejects(client.resolve(fix), /has changed/);
    });

    const withPackage = { 'b.ts': TYPESCRIPT, 'package.json': '{\n  "name": "b",\n  "private": true,\n  "type": "module"\n}\n' };

    it('hand a rewrite that adds files to the command that shows it first', async () => {
      client = await Client.start(withPackage);
      await client.open('b.ts', 'typescript');
      const fix = (await client.actions('b.ts', 'for (let n', 'quickfix')).find((action) => action.data)!;
      const { edit, command } = await client.resolve(fix);
      assert.equal(edit, undefined);
      assert.equal(command?.command, 'fanout.applyRewrite');
      const [rewritten] = command.arguments as [Rewritten];
      assert.deepEqual(rewritten.newFiles.map((file) => path.basename(file.uri)), ['b.worker.ts']);
      assert.deepEqual(rewritten.changes.map((change) => path.basename(change.uri)).sort(), ['b.ts', 'package.json']);
    });

    it('ask a client without that command to have it confirmed', async () => {
      client = await Client.start(withPackage, { trusted: true, commands: false });
      await client.open('b.ts', 'typescript');
      const fix = (await client.actions('b.ts', 'for (let n', 'quickfix')).find((action) => action.data)!;
      const { edit } = await client.resolve(fix);
      assert.ok(edit!.documentChanges!.some((change) => 'kind' in change && change.kind === 'create'));
      assert.ok(Object.values(edit!.changeAnnotations!).every((annotation) => annotation.needsConfirmation));
    });

    it('offer every loop under the cursor, innermost first, and give the reason where one is refused', async () => {
      client = await Client.start({ 'a.py': RECURRENCE, 'b.py': SQUARES });
      await client.open('a.py', 'python');
      const refused = await client.actions('a.py', 'x = 3.9', 'refactor');
      assert.ok(refused.length > 0 && refused.every((action: CodeAction) => action.disabled && !action.data));
      assert.match(refused[0]!.disabled!.reason, /sequential/);
      await client.open('b.py', 'python');
      const lines = (await client.actions('b.py', 'for j in', 'refactor')).map((action) => Number(/line (\d+)/.exec(action.title)![1]));
      assert.deepEqual([...new Set(lines)], [4, 3]);
    });

    it('write the comment that silences a finding', async () => {
      client = await Client.start({ 'a.py': SQUARES });
      await client.open('a.py', 'python');
      const ignore = (await client.actions('a.py', 'for i in', 'quickfix')).find((action) => action.title.startsWith('Ignore'))!;
      const [change] = ignore.edit!.documentChanges as TextDocumentEdit[];
      assert.deepEqual(change!.edits.map((e) => 'newText' in e && e.newText.trim()), ['# fanout: ignore[parallelizable-loop]']);
      await client.change('a.py', SQUARES.replace('range(n):', 'range(n):  # fanout: ignore[parallelizable-loop]'));
      assert.ok(!rules(await client.diagnostics('a.py')).some((rule) => rule.startsWith('3 ')));
    });
  });

  describe('answers', () => {
    it('tell verdict and reasons over the header of a loop, and nothing inside its body', async () => {
      client = await Client.start({ 'a.py': RECURRENCE });
      await client.open('a.py', 'python');
      assert.match(text(await client.hover('a.py', 'for i in')), /\*\*sequential\*\*[^]*line 3/);
      assert.equal(await client.hover('a.py', '3.9'), null);
    });

    it('name commands only to a client that has them', async () => {
      client = await Client.start({ 'a.py': SQUARES }, { trusted: true, commands: false });
      await client.open('a.py', 'python');
      assert.doesNotMatch(text(await client.hover('a.py', 'for i in')), /command:/);
      assert.deepEqual(await client.lenses('a.py'), []);
    });

    it('put lenses over loops that can run in parallel, unless they are switched off', async () => {
      client = await Client.start({ 'a.py': SQUARES });
      await client.open('a.py', 'python');
      const lenses = await client.lenses('a.py');
      assert.deepEqual(lenses.filter((lens) => lens.range.start.line === 2).map((lens) => lens.command?.command), ['fanout.explainLoop', 'fanout.benchmarkLoop']);
      await client.configure({ codeLens: false });
      await client.until('no lenses', async () => (await client.lenses('a.py')).length === 0);
    });

    it('explain every loop that holds the position', async () => {
      client = await Client.start({ 'a.py': SQUARES });
      const uri = await client.open('a.py', 'python');
      const explanations = await client.request('fanout/explain', { uri, position: client.at('a.py', 'for j in') });
      assert.deepEqual(explanations.map((e) => e.loop.line), [4, 3]);
    });

    it('give a rewrite as plain changes, or why there is none', async () => {
      client = await Client.start({ 'a.py': SQUARES, 'b.py': RECURRENCE });
      const uri = await client.open('a.py', 'python');
      const loop = (await client.request('fanout/loops', { uri })).find((l) => l.range.start.line === 2)!;
      const reply = await client.request('fanout/rewrite', { uri, loop: loop.loop, strategy: 'python/process-pool', assume: true });
      assert.ok(reply.ok && reply.changes[0]!.version === 1);
      const other = await client.open('b.py', 'python');
      const [ordered] = await client.request('fanout/loops', { uri: other });
      const refused = await client.request('fanout/rewrite', { uri: other, loop: ordered!.loop, strategy: 'python/process-pool', assume: true });
      assert.ok(!refused.ok && /sequential/.test(refused.why));
    });

    it('check the whole workspace with progress', async () => {
      client = await Client.start({ 'a.py': SQUARES, 'pkg/b.py': RECURRENCE, 'c.ts': TYPESCRIPT, 'node_modules/d/index.js': 'for (const x of xs) f(x);\n' });
      const result = await client.request('fanout/checkWorkspace', { workDoneToken: 'check' });
      assert.equal(result.files, 3);
      assert.deepEqual(result.errors, []);
      assert.ok(client.published.some((p) => p.uri.endsWith('/a.py') && p.diagnostics.length > 0));
      assert.equal(client.progress[0]?.kind, 'begin');
      assert.equal(client.progress.at(-1)?.kind, 'end');
    });
  });

  describe('trust', () => {
    it('starts nothing in a workspace that is not trusted, and analyses it', async () => {
      client = await Client.start({ 'a.py': SQUARES }, { trusted: false });
      const uri = await client.open('a.py', 'python');
      assert.ok((await client.diagnostics('a.py')).length > 0);
      const program = { command: [path.join(client.root, 'a.py')], cwd: client.root };
      const [loop] = await client.request('fanout/loops', { uri });
      await assert.rejects(client.request('fanout/profile', { uri, program }), { code: UNTRUSTED });
      await assert.rejects(client.request('fanout/bench', { uri, loop: loop!.loop, program, assume: true }), { code: UNTRUSTED });
      await assert.rejects(client.request('fanout/settle', { uri, loop: loop!.loop, program }), { code: UNTRUSTED });
      await assert.rejects(client.request('fanout/doctor', { uri }), { code: UNTRUSTED });
    });
  });

  describe('verifying a loop in a run', () => {
    it('answers with the explanation, and tells how often the program runs', async () => {
      const code = 'import plug\n\nout = []\nfor x in range(6):\n    out.append(plug.load("pure")(x))\nprint(out)\n';
      client = await Client.start({ 'a.py': code, 'plug.py': 'def pure(x):\n    return x * x\n\n\ndef load(name):\n    return globals()[name]\n' }, { trusted: true });
      const uri = await client.open('a.py', 'python');
      const [loop] = await client.request('fanout/loops', { uri });
      assert.match(await client.request('fanout/runsToSettle', { uri, loop: loop!.loop }), /^5 times/);
      const { explanation, result } = await client.request('fanout/settle', { uri, loop: loop!.loop, program: { command: ['python3', 'a.py'], cwd: client.root } });
      assert.equal(result.status, 'independent', result.message);
      assert.match(explanation.text, /\*\*unknown\*\*[^]*In one run[^]*independent[^]*It holds for this run/);
    });
  });

  describe('errors', () => {
    it('that a person can mend come as their message', async () => {
      client = await Client.start({ 'a.py': SQUARES });
      const uri = await client.open('a.py', 'python');
      await assert.rejects(client.request('fanout/rewrite', { uri, loop: 'nowhere@0', strategy: 'python/process-pool', assume: false }), { code: USAGE });
      await assert.rejects(client.request('fanout/explain', { uri: client.uri('absent.py'), position: { line: 0, character: 0 } }), { code: USAGE });
    });
  });
});

function text(hover: { contents: unknown } | null): string {
  return hover ? (hover.contents as MarkupContent).value : '';
}
