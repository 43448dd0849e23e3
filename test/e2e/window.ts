/** A browser on the VS Code that the runner has started, and what a person does in it. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { chromium, type BrowserContext, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { CHROMIUM_ARGS } from '../../scripts/lib/browser.mjs';

interface Handle {
  readonly url: string;
  readonly port: number;
  /** Chromium's executable. */
  readonly browser: string;
  readonly settingsFile: string;
}

const ROOT = path.join(__dirname, '..', '..');
const RESULTS = path.join(ROOT, '.results');
/** The screenshots go into the README's pictures. */
export const PICTURES = process.env.FANOUT_UPDATE_SCREENSHOTS === '1';
/** A cold window on a machine under load. */
const WINDOW_MS = 60_000;

if (!process.env.FANOUT_E2E) throw new Error('These tests need a VS Code: start them with `npm run test:e2e`.');
export const handle = JSON.parse(process.env.FANOUT_E2E) as Handle;

let context: BrowserContext | undefined;
let profile: string | undefined;
const folders: string[] = [];
const settings = fs.readFileSync(handle.settingsFile, 'utf8');

export const mochaHooks = {
  async beforeAll(): Promise<void> {
    profile = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-browser-'));
    context = await chromium.launchPersistentContext(profile, {
      executablePath: handle.browser,
      headless: true,
      viewport: { width: 1400, height: 900 },
      args: CHROMIUM_ARGS,
    });
    context.setDefaultTimeout(20_000);
  },

  async afterEach(this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    const page = context?.pages().at(-1);
    if (test?.state === 'failed' && page) {
      await page.screenshot({ path: path.join(RESULTS, `failed-${test.fullTitle().replace(/\W+/g, '-').slice(0, 80)}.png`) }).catch(() => {});
    }
    fs.writeFileSync(handle.settingsFile, settings);
  },

  async afterAll(): Promise<void> {
    await context?.close();
    for (const folder of [profile, ...folders]) if (folder) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  },
};

/** A folder with files of its own; gone at the end. Files may be texts, or paths to copy from. */
export function project(files: Readonly<Record<string, { readonly text: string } | { readonly from: string }>>): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-e2e-')));
  folders.push(folder);
  for (const [name, file] of Object.entries(files)) {
    const target = path.join(folder, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    if ('text' in file) fs.writeFileSync(target, file.text);
    else fs.copyFileSync(path.join(ROOT, file.from), target);
  }
  return folder;
}

/** The packages of the checkout, for a project that runs with them. */
export function linkPackages(folder: string): void {
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
}

export function changeSettings(more: Readonly<Record<string, unknown>>): void {
  fs.writeFileSync(handle.settingsFile, JSON.stringify({ ...(JSON.parse(settings) as object), ...more }, null, 2));
}

/** A VS Code window on a folder with a file open. */
export class Window {
  private constructor(
    readonly page: Page,
    readonly folder: string,
  ) {}

  static async open(folder: string, file: string): Promise<Window> {
    const page = context!.pages()[0] ?? (await context!.newPage());
    page.removeAllListeners('dialog');
    // A dirty editor asks before the page goes.
    page.on('dialog', (dialog) => void dialog.accept().catch(() => {}));
    const payload = [['openFile', `vscode-remote://127.0.0.1:${handle.port}${path.join(folder, file)}`]];
    await page.goto('about:blank');
    await page.goto(`${handle.url}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    const window = new Window(page, folder);
    await page.locator('.monaco-workbench').waitFor({ timeout: WINDOW_MS });
    await window.tab(file).waitFor({ timeout: WINDOW_MS });
    return window;
  }

  /** The same folder again, with what was open in it. */
  async reopen(): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(`${handle.url}/?folder=${encodeURIComponent(this.folder)}`);
    await this.page.locator('.monaco-workbench').waitFor({ timeout: WINDOW_MS });
  }

  /** More room for the editors; it comes back with each window. */
  async hideSideBar(): Promise<void> {
    const bar = this.page.locator('.explorer-folders-view');
    for (let attempt = 0; (await bar.isVisible()) && attempt < 5; attempt++) {
      await this.command('View: Toggle Primary Side Bar Visibility');
      await bar.waitFor({ state: 'hidden', timeout: 5000 }).catch(() => {});
    }
  }

  /** Answers the input box that is open. */
  async type(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type=text]');
    await this.page.locator('.quick-input-widget', { hasText: 'As you would type it' }).waitFor();
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  tab(name: string): Locator {
    return this.page.locator(`.tab[data-resource-name="${name}"]`);
  }

  get editor(): Locator {
    return this.page.locator('.editor-group-container .monaco-editor').first();
  }

  /** The underline of a finding: `info`, `warning`, `error` or `hint`. */
  squiggle(severity: 'info' | 'warning' | 'error'): Locator {
    return this.editor.locator(`.squiggly-${severity}`).first();
  }

  /** Runs a command from the palette; what takes the focus meanwhile closes it, then it is opened again. */
  async command(title: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type=text]');
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    for (let attempt = 0; ; attempt++) {
      await this.page.keyboard.press('F1');
      try {
        await input.waitFor({ timeout: 5000 });
        await input.fill(`>${title}`, { timeout: 5000 });
        await row.waitFor({ timeout: 5000 });
        return await this.page.keyboard.press('Enter');
      } catch (error) {
        if (attempt === 4) throw error;
      }
    }
  }

  /** Picks from the list that is open. */
  async pick(label: string): Promise<void> {
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().click();
  }

  /** Puts the cursor at a place (1-based); what is typed while a window settles can be lost. */
  async goToLine(line: number, column = 1): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type=text]');
    const there = this.page.locator('.statusbar-item', { hasText: `Ln ${line}, Col ${column}` });
    await this.editor.locator('.view-lines').waitFor({ state: 'attached', timeout: WINDOW_MS });
    for (let attempt = 0; ; attempt++) {
      try {
        // Focuses the editor; where its text is scrolled away, there is nothing to click on.
        await this.page.keyboard.press('Control+1');
        await this.page.keyboard.press('Control+G');
        await input.waitFor({ timeout: 4000 });
        await input.fill(`:${line}:${column}`, { timeout: 4000 });
        await this.page.locator('.quick-input-list .monaco-list-row', { hasText: String(line) }).first().waitFor({ timeout: 4000 });
        await this.page.keyboard.press('Enter');
        return await there.waitFor({ timeout: 4000 });
      } catch (error) {
        if (attempt === 7) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Opens the lightbulb's menu at the cursor; the first key press can be lost while a window settles. */
  async lightbulb(text: string): Promise<Locator> {
    const item = this.page.locator('.action-widget .monaco-list-row.action', { hasText: text }).first();
    for (let attempt = 0; ; attempt++) {
      await this.page.keyboard.press('Control+.');
      try {
        await item.waitFor({ timeout: 4000 });
        return item;
      } catch (error) {
        if (attempt === 5) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Moves down the open menu to an item and takes it: a click is kept from the items by VS Code's own shield. */
  async take(item: Locator): Promise<void> {
    for (let i = 0; i < 20 && !(await item.getAttribute('class'))?.includes('focused'); i++) await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Enter');
  }

  /** A message to the person: it may have gone to the list of notifications already. */
  async message(text: string): Promise<Locator> {
    const message = this.page.locator('.notification-list-item-message', { hasText: text }).first();
    await message.waitFor({ timeout: 5000 }).catch(() => this.command('Notifications: Show Notifications'));
    await message.waitFor();
    return message;
  }

  async saveAll(): Promise<void> {
    await this.command('File: Save All');
    await this.page.locator('.tab.dirty').first().waitFor({ state: 'detached' });
  }

  read(name: string): string {
    return fs.readFileSync(path.join(this.folder, name), 'utf8');
  }

  /** The page inside the results panel. */
  get panel(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  /** For the README with FANOUT_UPDATE_SCREENSHOTS=1, else beside the other results. */
  async screenshot(name: string): Promise<void> {
    const folder = PICTURES ? path.join(ROOT, 'media', 'screenshots') : RESULTS;
    fs.mkdirSync(folder, { recursive: true });
    // Whatever points at nothing disturbs a picture.
    await this.page.mouse.move(700, 890);
    await this.page.screenshot({ path: path.join(folder, `${name}.png`) });
  }
}

/** Polls until true. */
export async function until(what: string, ask: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await ask())) {
    if (performance.now() > deadline) throw new Error(`waited ${ms / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
