import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ConfigError, loadConfig, type ConfigOverrides } from '../../src/session/config';

describe('configuration', () => {
  let root: string;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-config-'));
  });

  afterEach(() => {
    fs.rmSync(root, { recursive: true, force: true });
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(root, name), text);
  }

  it('has defaults for a folder without any', () => {
    assert.deepEqual(loadConfig(root), {
      root,
      rules: {},
      exclude: [],
      respectGitignore: true,
      workers: null,
      startMethod: null,
      targetPython: '3.9',
      targetNode: '20',
    });
  });

  it('takes pyproject.toml, package.json over it, and settings over both', () => {
    write({
      'pyproject.toml': '[tool.fanout]\nworkers = 2\nstart-method = "fork"\ntarget-python = "3.11"\nexclude = ["a/"]\n[tool.fanout.rules]\nlossy-capture = "off"\ncarried-dependence = "hint"\n',
      'package.json': JSON.stringify({ fanout: { workers: 3, startMethod: 'spawn', exclude: ['b/'], rules: { 'lossy-capture': 'error' } } }),
    });
    const config = loadConfig(root, { workers: 4, exclude: ['c/'], respectGitignore: false });
    assert.equal(config.workers, 4);
    assert.equal(config.startMethod, 'spawn');
    assert.equal(config.targetPython, '3.11');
    assert.deepEqual(config.exclude, ['a/', 'b/', 'c/']);
    assert.deepEqual(config.rules, { 'lossy-capture': 'error', 'carried-dependence': 'hint' });
    assert.equal(config.respectGitignore, false);
  });

  const targets: [name: string, files: Record<string, string>, python: string, node: string][] = [
    ['requires-python', { 'pyproject.toml': '[project]\nname = "x"\nrequires-python = ">=3.12,<4"\n' }, '3.12', '20'],
    ['a version older than what is supported', { 'pyproject.toml': '[project]\nname = "x"\nrequires-python = ">=3.7"\n' }, '3.9', '20'],
    ['engines', { 'package.json': '{"engines": {"node": "^22.3 || >=24"}}' }, '3.9', '22.3'],
    ['old engines', { 'package.json': '{"engines": {"node": ">=16"}}' }, '3.9', '20'],
    ['what is set for Fanout first', { 'pyproject.toml': '[project]\nname = "x"\nrequires-python = ">=3.12"\n[tool.fanout]\ntarget-python = "3.13"\n' }, '3.13', '20'],
  ];
  for (const [name, files, python, node] of targets) {
    it(`takes the target versions from ${name}`, () => {
      write(files);
      const config = loadConfig(root);
      assert.deepEqual([config.targetPython, config.targetNode], [python, node]);
    });
  }

  const mistakes: [name: string, files: Record<string, string>, overrides: unknown, message: RegExp][] = [
    ['TOML', { 'pyproject.toml': '[tool.fanout]\nworkers = = 2\n' }, {}, /^pyproject\.toml:2:\d+: /],
    ['JSON', { 'package.json': '{"fanout": {' }, {}, /^package\.json: is not JSON: /],
    ['a table that is none', { 'package.json': '{"fanout": 3}' }, {}, /^package\.json: fanout: is a table of settings$/],
    ['an unknown setting', { 'pyproject.toml': '[tool.fanout]\nworker = 2\n' }, {}, /^pyproject\.toml: tool\.fanout\.worker: there is no such setting; did you mean 'workers'\?$/],
    ['an unknown rule', { 'pyproject.toml': '[tool.fanout.rules]\nlossy-captures = "off"\n' }, {}, /^pyproject\.toml: tool\.fanout\.rules\.lossy-captures: there is no such rule; did you mean 'lossy-capture'\?$/],
    ['a rule far from any', { 'package.json': '{"fanout": {"rules": {"xyz": "off"}}}' }, {}, /^package\.json: fanout\.rules\.xyz: there is no such rule; there are: carried-dependence, /],
    ['an unknown severity', { 'package.json': '{"fanout": {"rules": {"lossy-capture": "warn"}}}' }, {}, /^package\.json: fanout\.rules\.lossy-capture: "warn" is not one of error, warning, information, hint, off$/],
    ['rules that are no table', { 'package.json': '{"fanout": {"rules": ["lossy-capture"]}}' }, {}, /fanout\.rules: is a table of rule = "severity"$/],
    ['workers', { 'package.json': '{"fanout": {"workers": 0}}' }, {}, /fanout\.workers: 0 is not a number of workers/],
    ['workers as text', {}, { workers: 'many' }, /^settings: fanout\.workers: "many" is not a number of workers/],
    ['a start method', { 'pyproject.toml': '[tool.fanout]\nstart-method = "forks"\n' }, {}, /start-method: "forks" is not one of fork, spawn, forkserver$/],
    ['an old Python', { 'pyproject.toml': '[tool.fanout]\ntarget-python = "3.6"\n' }, {}, /target-python: "3\.6" is not a version of Python from 3\.9 on/],
    ['Python as a number', { 'pyproject.toml': '[tool.fanout]\ntarget-python = 3.10\n' }, {}, /target-python: 3\.1 is not a version of Python/],
    ['an old Node', { 'package.json': '{"fanout": {"targetNode": "18"}}' }, {}, /targetNode: "18" is not a version of Node from 20 on/],
    ['excludes that are no list', { 'package.json': '{"fanout": {"exclude": "gen/"}}' }, {}, /exclude: is a list of patterns/],
    ['an exclude that is no pattern', { 'package.json': '{"fanout": {"exclude": ["gen/", 3]}}' }, {}, /exclude: entry 2 \(3\) is not a pattern$/],
  ];
  for (const [name, files, overrides, message] of mistakes) {
    it(`names file and key of a mistake: ${name}`, () => {
      write(files);
      assert.throws(
        () => loadConfig(root, overrides as ConfigOverrides),
        (error: unknown) => error instanceof ConfigError && message.test(error.message) ? true : assert.fail(String(error)),
      );
    });
  }

  it('does not hold files to anything that do not speak of it', () => {
    write({ 'pyproject.toml': '[tool.other]\nx = = 1\n', 'package.json': '{"name": ' });
    assert.deepEqual(loadConfig(root).rules, {});
  });

  it('reads a package.json with a byte order mark', () => {
    write({ 'package.json': '\uFEFF{"fanout": {"workers": 5}}' });
    assert.equal(loadConfig(root).workers, 5);
  });
});
