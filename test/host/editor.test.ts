import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/contributions';
import { actions, at, finding, findings, folder, offered, open, openUntitled, restore, ruleOf, until } from './support';

const EXTENSION = 'fanout.fanout';

describe('Fanout in VS Code', () => {
  before(async () => {
    await open('rows.py');
    await until('the extension to be active', () => vscode.extensions.getExtension(EXTENSION)?.isActive);
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('registers every command that it contributes', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(Object.keys(COMMANDS).filter((command) => !known.has(command)), []);
  });

  describe('findings while typing', () => {
    it('marks a Python loop whose iterations are independent, with the rule and a link', async () => {
      const { document } = await open('rows.py');
      const found = await finding(document.uri, 'parallelizable-loop');
      assert.equal(found.range.start.line, at(document, 'for j in').line);
      assert.equal(found.severity, vscode.DiagnosticSeverity.Information);
      assert.ok(typeof found.code === 'object' && found.code.target.toString().includes('parallelizable-loop'));
    });

    it('marks a TypeScript loop', async () => {
      const { document } = await open('primes.ts');
      const found = await finding(document.uri, 'parallelizable-loop');
      assert.equal(found.range.start.line, at(document, 'for (let block').line);
    });

    it('follows the text: a dependence typed in takes the finding away, one undo brings it back', async () => {
      const editor = await open('rows.py');
      const { document } = editor;
      await finding(document.uri, 'parallelizable-loop');
      const line = at(document, 'for j in').line;
      await editor.edit((edit) => edit.insert(new vscode.Position(line + 1, 0), '        if rows and rows[-1][0] > limit:\n            limit = rows[-1][0]\n'));
      await until('no finding on the loop', () => !findings(document.uri).some((d) => ruleOf(d) === 'parallelizable-loop' && d.range.start.line === line));
      await vscode.commands.executeCommand('undo');
      await finding(document.uri, 'parallelizable-loop');
    });

    it('analyses text that was never saved', async () => {
      const { document } = await openUntitled('python', 'def squares(n):\n    out = []\n    for i in range(n):\n        out.append(i * i)\n    return out\n');
      const hovers = await until('a hover', async () => hover(document, at(document, 'for i')));
      assert.match(hovers, /parallel/);
    });

    it('takes its findings back when the file closes', async () => {
      // A document that an extension has opened stays open for minutes: this one the person opens.
      const uri = vscode.Uri.joinPath(folder(), 'closed.py');
      await vscode.workspace.fs.copy(vscode.Uri.joinPath(folder(), 'rows.py'), uri);
      await vscode.commands.executeCommand('vscode.open', uri);
      await finding(uri, 'parallelizable-loop');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await until('no findings', () => findings(uri).length === 0);
    });
  });

  describe('rewrites', () => {
    it('rewrites a Python loop by its quick fix, and one undo takes it back', async () => {
      const { document } = await open('rows.py');
      const before = document.getText();
      const found = await finding(document.uri, 'parallelizable-loop');
      const fix = await offered(document, found.range.start, (action) => action.edit && !action.title.startsWith('Ignore'));
      assert.ok(await vscode.workspace.applyEdit(fix.edit!));
      assert.match(document.getText(), /ProcessPoolExecutor/);
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), before);
    });

    it('offers a rewrite of the loop around the cursor, wherever in its body that is', async () => {
      const { document } = await open('rows.py');
      await finding(document.uri, 'parallelizable-loop');
      const rewrites = await actions(document, at(document, 'row.append'), vscode.CodeActionKind.RefactorRewrite);
      assert.ok(rewrites.some((action) => action.title.includes(`line ${at(document, 'for j in').line + 1},`)));
    });

    it('offers none of a loop that must run in order', async () => {
      const { document } = await open('recurrence.py');
      await until('an answer of the server', () => hover(document, at(document, 'for _ in')));
      assert.deepEqual(await actions(document, at(document, 'x = 3.9'), vscode.CodeActionKind.RefactorRewrite), []);
    });

    it('shows a rewrite of TypeScript with its new files', async () => {
      const { document } = await open('primes.ts');
      const found = await finding(document.uri, 'parallelizable-loop');
      const fix = await offered(document, found.range.start, (action) => action.command && !action.title.startsWith('Ignore'));
      const done = vscode.commands.executeCommand(fix.command!.command, ...fix.command!.arguments!);
      const shown = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs).some((tab) => /^Rewrite: /.test(tab.label));
      await until('the preview', shown);
      const before = document.getText();
      await until('the answer to be taken', async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return document.getText() !== before;
      });
      await done;
      assert.match(document.getText(), /piscina/);
      const names = (await vscode.workspace.fs.readDirectory(folder())).map(([name]) => name);
      assert.ok(names.some((name) => /worker/.test(name)), names.join());
      await until('the preview to be closed', () => !shown());
    });

    it('writes an ignore comment that silences the finding', async () => {
      const { document } = await open('rows.py');
      const found = await finding(document.uri, 'parallelizable-loop');
      const fix = await offered(document, found.range.start, (action) => action.edit && action.title.startsWith('Ignore parallelizable-loop'));
      await vscode.workspace.applyEdit(fix.edit!);
      assert.match(document.lineAt(found.range.start.line).text, /# fanout: ignore\[parallelizable-loop\]$/);
      await until('no finding on that line', () => !findings(document.uri).some((d) => d.range.start.line === found.range.start.line));
    });
  });

  describe('what is known of a loop', () => {
    it('tells verdict and reason in the hover, flagged or not', async () => {
      const parallel = (await open('rows.py')).document;
      assert.match(await until('a hover', () => hover(parallel, at(parallel, 'for j in'))), /parallel/);
      const ordered = (await open('recurrence.py')).document;
      assert.match(await until('a hover', () => hover(ordered, at(ordered, 'for _ in'))), /sequential/);
    });

    it('puts a line above loops that can run in parallel', async () => {
      const { document } = await open('rows.py');
      const lenses = await until('lenses', async () => {
        const all = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 100);
        const ours = all.filter((lens) => lens.command?.command.startsWith('fanout.'));
        return ours.length > 0 && ours;
      });
      assert.ok(lenses.some((lens) => lens.range.start.line === at(document, 'for j in').line && lens.command!.command === 'fanout.benchmarkLoop'));
    });

    it('explains the loop under the cursor in a page of its own', async () => {
      const editor = await open('recurrence.py');
      const position = at(editor.document, 'x = 3.9');
      editor.selection = new vscode.Selection(position, position);
      await vscode.commands.executeCommand('fanout.explainLoop');
      await until('the page', () => vscode.window.tabGroups.all.some((group) => group.tabs.some((tab) => /Explanation of recurrence/.test(tab.label))));
    });

    it('opens the results panel', async () => {
      await vscode.commands.executeCommand('fanout.showResults');
      await until('the panel', () =>
        vscode.window.tabGroups.all.some((group) => group.tabs.some((tab) => tab.input instanceof vscode.TabInputWebview && tab.label === 'Fanout Results')),
      );
    });
  });

  describe('settings', () => {
    const section = () => vscode.workspace.getConfiguration('fanout', folder());

    afterEach(() => section().update('rules', undefined, vscode.ConfigurationTarget.Workspace));

    it('turns a rule off and gives another a severity', async () => {
      const { document } = await open('rows.py');
      await finding(document.uri, 'parallelizable-loop');
      await section().update('rules', { 'parallelizable-loop': 'off' }, vscode.ConfigurationTarget.Workspace);
      await until('the rule to be silent', () => !findings(document.uri).some((d) => ruleOf(d) === 'parallelizable-loop'));
      await section().update('rules', { 'parallelizable-loop': 'warning' }, vscode.ConfigurationTarget.Workspace);
      const found = await finding(document.uri, 'parallelizable-loop');
      assert.equal(found.severity, vscode.DiagnosticSeverity.Warning);
    });
  });

  it('goes on after its server was restarted', async () => {
    const { document } = await open('rows.py');
    await finding(document.uri, 'parallelizable-loop');
    await vscode.commands.executeCommand('fanout.restartServer');
    await finding(document.uri, 'parallelizable-loop');
  });

  it('analyses again what rests on a file that changed on disk', async () => {
    const helper = vscode.Uri.joinPath(folder(), 'helper.py');
    const user = vscode.Uri.joinPath(folder(), 'user.py');
    const write = (uri: vscode.Uri, text: string) => vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    await write(helper, 'seen = []\n\n\ndef work(x):\n    seen.append(x)\n    return x * len(seen)\n');
    await write(user, 'from helper import work\n\n\ndef run(n):\n    out = []\n    for i in range(n):\n        out.append(work(i))\n    return out\n');
    const { document } = await open('user.py');
    assert.match(await until('a hover', () => hover(document, at(document, 'for i'))), /sequential/);
    await write(helper, 'def work(x):\n    return x * x\n');
    await until('the verdict to change', async () => /\*\*parallel\*\*/.test((await hover(document, at(document, 'for i'))) ?? ''));
    assert.equal(document.isDirty, false);
    await restore(document, document.getText());
  });
});

async function hover(document: vscode.TextDocument, position: vscode.Position): Promise<string | undefined> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
  const text = hovers.flatMap((h) => h.contents.map((content) => (typeof content === 'string' ? content : content.value))).join('\n');
  return /parallel|reduction|sequential|unknown/.test(text) ? text : undefined;
}
