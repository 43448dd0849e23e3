/**
 * The tests that need a real VS Code: mocha inside its extension host, and a browser that drives it. One code-server serves both.
 * `node scripts/test-vscode.mjs [--host] [--e2e] [--grep PATTERN]`
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { startCodeServer } from './lib/code-server.mjs';
import { run } from './lib/npm.mjs';
import { step as say, timed } from './lib/progress.mjs';
import { buildHostTests, conclude, hostWorkspace, mocha, RESULTS, ROOT, sum } from './lib/suites.mjs';
import { ensureBrowser, ensureCodeServer } from './setup-vscode.mjs';

const HOST_LIMIT_MS = 240_000;

/** @returns {Promise<import('./lib/suites.mjs').Counts[]>} */
export async function vscodeSuites({ host, e2e, grep }) {
  await ensureBuilt(ROOT);
  const tools = await ensureCodeServer();
  const browser = await ensureBrowser();
  fs.mkdirSync(RESULTS, { recursive: true });
  const vsix = e2e ? await packageExtension() : undefined;
  const hostResults = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-results-')), 'host.jsonl');
  const server = await timed('starting VS Code', () => startCodeServer(tools, { ...(vsix ? { vsix } : {}), env: { FANOUT_HOST_RESULTS: hostResults } }));
  try {
    const counts = [];
    if (host) counts.push(await hostSuite(server, browser, hostResults));
    if (e2e) {
      const handle = JSON.stringify({ url: server.url, port: server.port, browser, settingsFile: server.settingsFile });
      const args = ['--config', path.join(ROOT, 'test', 'e2e', '.mocharc.json'), ...(grep ? ['--grep', grep] : [])];
      counts.push(await mocha('A browser on a real VS Code, with the packaged extension', args, { FANOUT_E2E: handle }));
      if (counts.at(-1).failed > 0) fs.writeFileSync(path.join(RESULTS, 'code-server.log'), server.log());
    }
    return counts;
  } finally {
    await server.stop();
    fs.rmSync(path.dirname(hostResults), { recursive: true, force: true });
  }
}

async function packageExtension() {
  const vsix = path.join(RESULTS, 'fanout.vsix');
  await timed('packaging the extension', () => run(process.execPath, [path.join(ROOT, 'scripts', 'package.mjs'), vsix], { cwd: ROOT }));
  return vsix;
}

/** Opens a window whose extension host runs the tests, and follows what they write. */
async function hostSuite(server, executablePath, resultsFile) {
  process.stdout.write('\nInside the extension host of a real VS Code\n');
  const { chromium } = await import('playwright-core');
  const { CHROMIUM_ARGS } = await import('./lib/browser.mjs');
  const entry = await buildHostTests();
  const workspace = hostWorkspace();
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-browser-'));
  const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: CHROMIUM_ARGS });
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  try {
    const page = browser.pages()[0] ?? (await browser.newPage());
    const consoleLines = [];
    page.on('console', (message) => consoleLines.push(`${message.type()} ${message.text()}`));
    await page.exposeBinding('codeAutomationExit', () => {});
    await page.exposeBinding('codeAutomationLog', () => {});
    const remote = (file) => `vscode-remote://127.0.0.1:${server.port}${file}`;
    const payload = [
      ['extensionDevelopmentPath', remote(ROOT)],
      ['extensionTestsPath', remote(entry)],
    ];
    await page.goto(`${server.url}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    const deadline = performance.now() + HOST_LIMIT_MS;
    let shown = 0;
    for (let ended = false; !ended; ) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      const lines = fs.existsSync(resultsFile) ? fs.readFileSync(resultsFile, 'utf8').split('\n').slice(0, -1) : [];
      for (const line of lines.slice(shown)) {
        const result = JSON.parse(line);
        if (result.state === 'end') ended = true;
        else {
          counts[result.state]++;
          if (result.state === 'failed') counts.failures.push(`${result.title}: ${result.error ?? ''}`);
          const mark = { passed: '✔', failed: '✘', skipped: '-' }[result.state];
          process.stdout.write(`  ${mark} ${result.title}${result.ms === undefined ? '' : ` (${result.ms} ms)`}\n${result.error ? `${result.error}\n` : ''}`);
        }
      }
      shown = lines.length;
      if (!ended && performance.now() > deadline) {
        counts.failed++;
        counts.failures.push('the tests in the extension host did not end');
        await page.screenshot({ path: path.join(RESULTS, 'host.png') }).catch(() => {});
        fs.writeFileSync(path.join(RESULTS, 'host-console.log'), consoleLines.join('\n'));
        process.stdout.write(`  ✘ the tests did not end in ${HOST_LIMIT_MS / 1000} s: see .results/host.png and .results/host-console.log\n`);
        break;
      }
    }
  } finally {
    await browser.close();
    for (const dir of [workspace, profile]) fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  return counts;
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const has = (flag) => process.argv.includes(flag);
  const grepAt = process.argv.indexOf('--grep');
  const both = !has('--host') && !has('--e2e');
  say('real VS Code');
  conclude(sum(await vscodeSuites({ host: both || has('--host'), e2e: both || has('--e2e'), grep: grepAt > 0 ? process.argv[grepAt + 1] : undefined })));
}
