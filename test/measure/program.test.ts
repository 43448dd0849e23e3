import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { cacheDir } from '../../src/measure/cache';
import { atLeast, plainEnv, programName, startMethods } from '../../src/measure/interpreter';
import { harnessEnv, quoteNodeOption } from '../../src/measure/overlay';
import { onPath, parseProgram, ProgramError, resolveProgram } from '../../src/measure/program';
import { run } from '../../src/measure/run';
import { neverCancelled } from '../../src/analysis/cancellation';
import { splitCommand } from '../../src/measure/words';
import { folderOf, options } from './helpers';

describe('what one types', () => {
  const table: readonly [string, readonly string[], NodeJS.Platform?][] = [
    ['python app.py --n 3', ['python', 'app.py', '--n', '3']],
    ['  pytest   -q\ttests ', ['pytest', '-q', 'tests']],
    [`python "my app.py" 'a b' c\\ d`, ['python', 'my app.py', 'a b', 'c d']],
    [`node x --name="a \\"b\\"" ''`, ['node', 'x', '--name=a "b"', '']],
    ['python C:\\work\\app.py "C:\\a b\\c"', ['python', 'C:\\work\\app.py', 'C:\\a b\\c'], 'win32'],
    ['', []],
  ];
  for (const [line, words, platform] of table) {
    it(`${line} → ${JSON.stringify(words)}`, () => assert.deepEqual(splitCommand(line, platform ?? 'linux'), words));
  }

  it('any words come back from their quoted form', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 12 }).filter((s) => !s.includes("'"))), (words) => {
        assert.deepEqual(splitCommand(words.map((word) => `'${word}'`).join(' '), 'linux'), words);
      }),
    );
  });

  it('refuses what needs a shell, an open quote, and nothing', () => {
    assert.throws(() => parseProgram('python a.py | sort', '/'), /`\|` needs a shell/);
    assert.throws(() => parseProgram('make && python a.py', '/'), ProgramError);
    assert.throws(() => parseProgram('python "a.py', '/'), SyntaxError);
    assert.throws(() => parseProgram([], '/'), /no program was given/);
    assert.deepEqual(parseProgram(['python', 'a.py', '|'], '/x').command, ['python', 'a.py', '|'], 'taken apart by the terminal already');
  });
});

describe('what is started for it', () => {
  const files = { 'app.py': '', 'main.mjs': '', 'main.ts': '', 'a b.js': '' };
  const folder = folderOf(files);
  after(() => folder.remove());
  const resolve = (...command: string[]) => resolveProgram({ command, cwd: folder.path }, options);

  it('a Python file runs by the selected interpreter, a shim resolved', async () => {
    const { command, runtime, entry } = await resolve('app.py', '-v');
    assert.ok(path.isAbsolute(command[0]!) && !command[0]!.includes('shims'));
    assert.deepEqual([command.slice(1), runtime, entry], [[folder.file('app.py'), '-v'], 'python', folder.file('app.py')]);
    for (const name of ['python', 'python3', 'py']) assert.deepEqual((await resolve(name, 'app.py', '-v')).command, [command[0], 'app.py', '-v']);
    assert.equal((await resolve('python', '-u', 'app.py')).entry, folder.file('app.py'));
    assert.equal((await resolve('python', '-m', 'json.tool')).entry, null);
  });

  it('a JavaScript file runs by node', async () => {
    assert.deepEqual((await resolve('main.mjs')).command, [options.node, folder.file('main.mjs')]);
    assert.deepEqual((await resolve('a b.js', 'x')).command, [options.node, folder.file('a b.js'), 'x']);
  });

  it('npm is its own script run by node, never a shell script', async () => {
    const { command, runtime } = await resolve('npm', 'test');
    assert.equal(command[0], options.node);
    assert.match(command[1]!, /npm[\\/]bin[\\/]npm-cli\.js$/);
    assert.deepEqual([command.slice(2), runtime], [['test'], 'node']);
    assert.match((await resolve('npx', 'x')).command[1]!, /npx-cli\.js$/);
  });

  it('TypeScript without tsx and on an old Node is refused with what to do', async () => {
    const { version } = process.versions.node.startsWith('20') ? { version: 'old' } : { version: 'new' };
    if (version === 'old') await assert.rejects(resolve('main.ts'), /npm install --save-dev tsx/);
    else assert.equal((await resolve('main.ts')).runtime, 'node');
  });

  it('a tool of the project is the JavaScript file behind its shim', async () => {
    const project = folderOf({
      'node_modules/tool/cli.js': '#!/usr/bin/env node\n',
      'node_modules/.bin/shell': '#!/bin/sh\nbasedir=$(dirname "$0")\nexec node  "$basedir/../tool/cli.js" "$@"\n',
    });
    try {
      fs.symlinkSync('../tool/cli.js', project.file('node_modules/.bin/tool'));
      for (const name of ['tool', 'shell']) {
        const { command } = await resolveProgram({ command: [name, 'x'], cwd: project.path }, options);
        assert.deepEqual(command, [options.node, project.file('node_modules/tool/cli.js'), 'x']);
      }
    } finally {
      project.remove();
    }
  });

  it('pytest runs in the selected interpreter even when it has no script of its own', async () => {
    const { command, runtime } = await resolve('pytest', '-q');
    assert.equal(runtime, 'python');
    assert.equal(command.at(-1), '-q');
  });

  it('what is not there is named', async () => {
    await assert.rejects(resolve('missing.py'), /missing\.py: there is no such file/);
    await assert.rejects(resolve('no-such-tool-anywhere'), /no-such-tool-anywhere: there is no such program on the path/);
    await assert.rejects(resolve('./nothing'), /nothing: there is no such program/);
  });

  it('on Windows: endings are tried, batch files are refused', async () => {
    const bin = folderOf({ 'tool.cmd': '', 'real.exe': '' });
    try {
      assert.equal(onPath('real', bin.path, 'win32'), bin.file('real.exe'));
      assert.equal(onPath('tool', bin.path, 'win32'), bin.file('tool.cmd'));
      await assert.rejects(resolveProgram({ command: ['tool'], cwd: folder.path, env: { PATH: bin.path } }, options, 'win32'), /is a script of a shell, and none is used/);
    } finally {
      bin.remove();
    }
  });
});

describe('platforms', () => {
  it('names of programs', () => {
    for (const [given, name] of [
      ['C:\\Python\\Python.EXE', 'python'],
      ['/usr/bin/python3.12', 'python3.12'],
      ['npm.cmd', 'npm'],
    ])
      assert.equal(programName(given!), name);
  });

  it('start methods, the default first', () => {
    assert.deepEqual(startMethods('linux', '3.13.0'), ['fork', 'forkserver', 'spawn']);
    assert.deepEqual(startMethods('linux', '3.14.0'), ['forkserver', 'fork', 'spawn']);
    assert.deepEqual(startMethods('darwin', '3.11.0')[0], 'spawn');
    assert.deepEqual(startMethods('win32', '3.14.0'), ['spawn']);
  });

  it('versions', () => {
    for (const [version, wanted, expected] of [
      ['20.20.1', '22.15', false],
      ['22.15.0', '22.15', true],
      ['24.0.0', '22.15', true],
      ['3.9.18', '3.10', false],
    ] as const)
      assert.equal(atLeast(version, wanted), expected, `${version} ${wanted}`);
  });

  it('cache folders', () => {
    assert.equal(cacheDir('linux', {}, '/home/ada'), '/home/ada/.cache/fanout');
    assert.equal(cacheDir('linux', { XDG_CACHE_HOME: '/x' }, '/home/ada'), '/x/fanout');
    assert.equal(cacheDir('darwin', {}, '/Users/ada'), '/Users/ada/Library/Caches/fanout');
    assert.equal(cacheDir('win32', { LOCALAPPDATA: 'C:\\L' }, 'C:\\Users\\ada'), 'C:\\L\\fanout\\Cache');
    assert.equal(cacheDir('win32', {}, 'C:\\Users\\ada'), 'C:\\Users\\ada\\AppData\\Local\\fanout\\Cache');
  });

  it("the person's own PYTHONPATH, NODE_OPTIONS and hash seed stay", () => {
    const env = harnessEnv({ PYTHONPATH: '/mine', NODE_OPTIONS: '--max-old-space-size=99', PYTHONHASHSEED: '7' }, '/run.json', true);
    assert.ok(env.PYTHONPATH!.endsWith(`${path.delimiter}/mine`));
    assert.match(env.NODE_OPTIONS!, /^--require \S+register\.cjs --max-old-space-size=99$/);
    assert.equal(env.PYTHONHASHSEED, '7');
    assert.equal(harnessEnv({}, '/run.json', false).PYTHONHASHSEED, undefined);
  });

  it('what an editor adds for its own processes is left out', () => {
    const env = plainEnv({ PATH: '/bin', VSCODE_PID: '1', ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require x/ms-vscode.js-debug/bootloader.js', FANOUT_INSIDE: '1' });
    assert.deepEqual(env, { PATH: '/bin' });
  });

  it('a path in NODE_OPTIONS arrives as it is', async () => {
    const folder = folderOf({ 'a "b" c/hook.cjs': 'console.log("hooked");\n' });
    try {
      const env = { ...process.env, NODE_OPTIONS: `--require ${quoteNodeOption(folder.file('a "b" c/hook.cjs'))}` };
      const result = await run({ command: [options.node, '-e', '0'], cwd: folder.path, env, timeoutMs: 30_000, token: neverCancelled });
      assert.equal(result.stdout.text, 'hooked\n');
    } finally {
      folder.remove();
    }
    assert.equal(quoteNodeOption('/plain/path'), '/plain/path');
    assert.equal(quoteNodeOption('C:\\Program Files\\x'), '"C:\\\\Program Files\\\\x"');
  });
});
