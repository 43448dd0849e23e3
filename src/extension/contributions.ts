/**
 * The one source of what the extension contributes: `package.json` and `package.nls.json` are made from it
 * (`npx tsx scripts/contributions.ts`), and a test holds them to it. Does not import `vscode`.
 */
import { ruleIds } from '../rules/ids';
import { START_METHODS } from '../strategies/types';

/** Languages that Fanout reads, by VS Code's ids. */
export const LANGUAGES = ['python', 'javascript', 'typescript', 'javascriptreact', 'typescriptreact'] as const;

export const CATEGORY = 'Fanout';

interface CommandContribution {
  readonly title: string;
  /** When the palette shows it; `false`: it needs an argument. */
  readonly palette?: string;
}

const IN_SOURCE = 'editorLangId =~ /^(python|(java|type)script(react)?)$/';

export const COMMANDS = {
  'fanout.explainLoop': { title: 'Explain This Loop', palette: IN_SOURCE },
  'fanout.verifyLoop': { title: 'Verify This Loop', palette: IN_SOURCE },
  'fanout.profileProgram': { title: 'Profile This Program' },
  'fanout.benchmarkLoop': { title: 'Benchmark This Loop', palette: IN_SOURCE },
  'fanout.compareStrategies': { title: 'Compare All Strategies', palette: IN_SOURCE },
  'fanout.showResults': { title: 'Show Results' },
  'fanout.checkWorkspace': { title: 'Check Workspace', palette: 'workspaceFolderCount > 0' },
  'fanout.runDoctor': { title: 'Run Doctor' },
  'fanout.chooseProgram': { title: 'Choose the Program to Run' },
  'fanout.restartServer': { title: 'Restart Server' },
  'fanout.showLog': { title: 'Show Log' },
  'fanout.applyRewrite': { title: 'Apply a Rewrite', palette: 'false' },
  'fanout.openRulePage': { title: 'Open the Page of a Rule', palette: 'false' },
} as const satisfies Record<string, CommandContribution>;

export type CommandId = keyof typeof COMMANDS;

interface SettingContribution {
  readonly type: string | readonly string[];
  readonly default: unknown;
  readonly scope: 'machine' | 'resource' | 'window';
  readonly description: string;
  /** Taken from the person only, never from a workspace that is not trusted. */
  readonly restricted?: true;
  readonly schema?: Readonly<Record<string, unknown>>;
}

export const SETTINGS = {
  'fanout.pythonPath': {
    type: 'string',
    default: '',
    scope: 'machine',
    restricted: true,
    description: 'Python interpreter that runs programs. Empty: the one that the Python extension has selected, else the first on the path.',
  },
  'fanout.nodePath': {
    type: 'string',
    default: '',
    scope: 'machine',
    restricted: true,
    description: 'Node.js that runs programs. Empty: the first on the path.',
  },
  'fanout.rules': {
    type: 'object',
    default: {},
    scope: 'resource',
    description: 'Severity of a rule by its name, or off.',
    schema: { propertyNames: { enum: [...ruleIds] }, additionalProperties: { type: 'string', enum: ['error', 'warning', 'information', 'hint', 'off'] } },
  },
  'fanout.exclude': {
    type: 'array',
    default: [],
    scope: 'resource',
    description: 'Globs of files that are not analysed, besides what git ignores, dependencies, build output and generated files.',
    schema: { items: { type: 'string' } },
  },
  'fanout.workers': {
    type: ['integer', 'null'],
    default: null,
    scope: 'resource',
    description: 'Number of workers that a rewrite writes into the code. Empty: the pool chooses by the number of cores.',
    schema: { minimum: 1 },
  },
  'fanout.startMethod': {
    type: 'string',
    default: '',
    scope: 'resource',
    description: 'How workers of python/multiprocessing are started. Empty: forkserver on Linux, spawn elsewhere.',
    schema: { enum: ['', ...START_METHODS] },
  },
  'fanout.targetPython': {
    type: 'string',
    default: '',
    scope: 'resource',
    description: 'Oldest Python that rewritten code must run on, such as 3.9. Empty: what the project says.',
  },
  'fanout.targetNode': {
    type: 'string',
    default: '',
    scope: 'resource',
    description: 'Oldest Node.js that rewritten code must run on, such as 20. Empty: what the project says.',
  },
  'fanout.codeLens': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description: 'Show a line above loops that can run in parallel, that a profile found hot, or that were measured.',
  },
  'fanout.timeout': {
    type: 'number',
    default: 300,
    scope: 'resource',
    description: 'Time limit for one run of a program, in seconds.',
    schema: { exclusiveMinimum: 0 },
  },
} as const satisfies Record<string, SettingContribution>;

export type SettingId = keyof typeof SETTINGS;

const WALKTHROUGH = [
  {
    id: 'findings',
    title: 'See which loops can run in parallel',
    description:
      'Open a Python, JavaScript or TypeScript file. Fanout marks the loops whose iterations are independent, and the values that cannot reach a worker.\n[Check the workspace](command:fanout.checkWorkspace)',
  },
  {
    id: 'explain',
    title: 'Ask why',
    description: 'On any loop, marked or not: the verdict, what stops it, what is taken for granted, and which ways of running it fit.\n[Explain this loop](command:fanout.explainLoop)',
  },
  {
    id: 'rewrite',
    title: 'Rewrite it',
    description: 'The lightbulb offers the rewrite. Where files are added you see the change first; one undo takes it back.',
  },
  {
    id: 'measure',
    title: 'Prove it equal, and measure it',
    description: 'Fanout runs your program with the loop as it is and rewritten, compares every result, and shows what it is worth.\n[Benchmark this loop](command:fanout.benchmarkLoop)',
  },
] as const;

const key = (id: string) => id.replace(/^fanout\./, '');

/** The `contributes` section of package.json, with `%keys%` for every text. */
export function contributes(): Record<string, unknown> {
  const commands = Object.entries(COMMANDS) as [string, CommandContribution][];
  const settings = Object.entries(SETTINGS) as [string, SettingContribution][];
  return {
    commands: commands.map(([command]) => ({ command, title: `%command.${key(command)}%`, category: '%category%' })),
    menus: {
      commandPalette: commands.flatMap(([command, { palette }]) => (palette ? [{ command, when: palette }] : [])),
    },
    configuration: {
      title: '%category%',
      properties: Object.fromEntries(
        settings.map(([id, { type, default: value, scope, schema }]) => [
          id,
          { type, default: value, scope, description: `%setting.${key(id)}%`, ...schema },
        ]),
      ),
    },
    walkthroughs: [
      {
        id: 'start',
        title: '%walkthrough.title%',
        description: '%walkthrough.description%',
        steps: WALKTHROUGH.map(({ id }) => ({
          id,
          title: `%walkthrough.${id}.title%`,
          description: `%walkthrough.${id}.description%`,
          media: { markdown: `media/walkthrough/${id}.md` },
        })),
      },
    ],
  };
}

/** What package.json says of trust: analysis always, paths of interpreters from the person only. */
export function capabilities(): Record<string, unknown> {
  const settings = Object.entries(SETTINGS) as [string, SettingContribution][];
  return {
    untrustedWorkspaces: {
      supported: 'limited',
      description: '%capabilities.untrusted%',
      restrictedConfigurations: settings.filter(([, s]) => s.restricted).map(([id]) => id),
    },
    virtualWorkspaces: { supported: 'limited', description: '%capabilities.virtual%' },
  };
}

export function activationEvents(): string[] {
  return LANGUAGES.map((language) => `onLanguage:${language}`).concat('onWebviewPanel:fanout.results');
}

/** package.nls.json. */
export function nls(): Record<string, string> {
  const texts: Record<string, string> = { category: CATEGORY };
  for (const [id, { title }] of Object.entries(COMMANDS)) texts[`command.${key(id)}`] = title;
  for (const [id, { description }] of Object.entries(SETTINGS)) texts[`setting.${key(id)}`] = description;
  texts['walkthrough.title'] = 'Get started with Fanout';
  texts['walkthrough.description'] = 'From a loop that keeps one core busy to a rewrite that is proven equal and measured.';
  for (const { id, title, description } of WALKTHROUGH) {
    texts[`walkthrough.${id}.title`] = title;
    texts[`walkthrough.${id}.description`] = description;
  }
  texts['capabilities.untrusted'] = 'Files are analysed; no program of the workspace is started.';
  texts['capabilities.virtual'] = 'Open files are analysed one by one; programs can only be run from a folder on disk.';
  return texts;
}
