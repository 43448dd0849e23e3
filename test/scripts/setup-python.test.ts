import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { cached, provide } from '../../scripts/lib/cache.mjs';
import { runLow, which } from '../../scripts/lib/children.mjs';
import { interpreterIn, placesOf } from '../../scripts/lib/pythons.mjs';

describe('the set-up of Pythons', () => {
  const list = (folders: Record<string, string[]>) => (folder: string) => folders[folder] ?? [];
  const cases: [name: string, minor: string, system: NonNullable<Parameters<typeof placesOf>[1]>, wanted: string[]][] = [
    [
      'Linux',
      '3.14',
      { platform: 'linux', env: { PATH: '/usr/bin:/opt/bin' }, home: '/home/ann', list: list({ '/home/ann/.pyenv/versions': ['3.14.0', '3.14.0t', '3.1.4', '3.13.2', '3.14-dev'] }) },
      ['/usr/bin/python3.14', '/opt/bin/python3.14', '/home/ann/.pyenv/versions/3.14.0/bin/python'],
    ],
    [
      'Linux, without the GIL',
      '3.13t',
      { platform: 'linux', env: { PATH: '/usr/bin', PYENV_ROOT: '/p' }, home: '/home/ann', list: list({ '/p/versions': ['3.13.0', '3.13.0t'] }) },
      ['/usr/bin/python3.13t', '/p/versions/3.13.0t/bin/python'],
    ],
    [
      'macOS, without the GIL',
      '3.13t',
      { platform: 'darwin', env: { PATH: '' }, home: '/Users/ann', list: list({}) },
      ['/Library/Frameworks/PythonT.framework/Versions/3.13/bin/python3.13t', '/opt/homebrew/bin/python3.13t', '/usr/local/bin/python3.13t'],
    ],
    [
      'Windows',
      '3.14',
      { platform: 'win32', env: { Path: 'C:\\tools', LOCALAPPDATA: 'C:\\L' }, home: 'C:\\Users\\ann', list: list({ 'C:\\Users\\ann\\.pyenv\\pyenv-win\\versions': ['3.14.1'] }) },
      [
        'C:\\tools\\python3.14.exe',
        'C:\\L\\Programs\\Python\\Python314\\python.exe',
        'C:\\Program Files\\Python314\\python.exe',
        'C:\\Users\\ann\\.pyenv\\pyenv-win\\versions\\3.14.1\\python.exe',
      ],
    ],
    ['Windows, without the GIL', '3.13t', { platform: 'win32', env: { LOCALAPPDATA: 'C:\\L' }, home: 'C:\\Users\\ann', list: list({}) }, ['C:\\L\\Programs\\Python\\Python313\\python3.13t.exe', 'C:\\Program Files\\Python313\\python3.13t.exe']],
  ];
  for (const [name, minor, system, wanted] of cases) it(`looks for an installed ${minor} first: ${name}`, () => assert.deepEqual(placesOf(minor, system), wanted));

  it('finds an interpreter in an environment of either kind', () => {
    assert.equal(interpreterIn('/v', 'linux'), '/v/bin/python');
    assert.equal(interpreterIn('C:\\v', 'win32'), 'C:\\v\\Scripts\\python.exe');
  });

  it('finds programs on the path as each platform names them', () => {
    const there = (...files: string[]) => (file: string) => files.includes(file);
    assert.equal(which('make', { platform: 'linux', env: { PATH: '/a:/b' }, isFile: there('/b/make') }), '/b/make');
    assert.equal(which('tar', { platform: 'win32', env: { Path: 'C:\\a;C:\\b' }, isFile: there('C:\\b\\tar.exe') }), 'C:\\b\\tar.exe');
    assert.equal(which('make', { platform: 'linux', env: {}, isFile: there() }), null);
  });

  describe('what cannot be moved', () => {
    let root: string;
    const before = process.env.FANOUT_CACHE;
    beforeEach(() => {
      root = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-cache-test-'));
      process.env.FANOUT_CACHE = root;
    });
    afterEach(() => {
      if (before === undefined) delete process.env.FANOUT_CACHE;
      else process.env.FANOUT_CACHE = before;
      fs.rmSync(root, { recursive: true, force: true });
    });

    it('is made where it stays, and whole only at the end', async () => {
      const dir = await provide('venv', '1', async (place: string) => {
        assert.equal(place, path.join(root, 'venv-1'));
        assert.equal(cached('venv', '1'), null, 'nobody takes it while it is made');
      }, () => {}, { inPlace: true });
      assert.equal(cached('venv', '1'), dir);
    });

    it('is gone when making it fails', async () => {
      const fail = provide('venv', '1', async (place: string) => {
        fs.writeFileSync(path.join(place, 'half'), '');
        throw new Error('no network');
      }, () => {}, { inPlace: true });
      await assert.rejects(fail, /no network/);
      assert.deepEqual(fs.readdirSync(root), []);
    });
  });

  it('tells the end of the output of a step that fails', async () => {
    assert.equal((await runLow(process.execPath, ['-e', 'console.log("made")'])).trim(), 'made');
    await assert.rejects(runLow(process.execPath, ['-e', 'console.error("configure: no acceptable C compiler"); process.exit(77)']), /ended with 77\nconfigure: no acceptable C compiler/);
    await assert.rejects(runLow('no-such-program', []), /ENOENT/);
  });
});
