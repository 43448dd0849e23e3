/**
 * The configuration of a project, one for editor and command line: `[tool.fanout]` in pyproject.toml, then `fanout` in package.json,
 * then the editor's settings, each over the one before.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse as parseToml, TomlError } from 'smol-toml';
import { isRuleId, ruleIds, type RuleSettings } from '../rules';
import type { Severity } from '../rules/types';
import { START_METHODS, type StartMethod } from '../strategies/types';
import { didYouMean } from './spelling';

export interface Config {
  /** Absolute. Excludes are relative to it. */
  readonly root: string;
  /** Severity, or off, of the rules that the project sets; the others keep their own. */
  readonly rules: RuleSettings;
  /** Patterns in the syntax of .gitignore, over the default ones: `!build/` takes one of those back. */
  readonly exclude: readonly string[];
  /** Leave out what git ignores. */
  readonly respectGitignore: boolean;
  /** Workers to write into rewritten code; null lets the pool choose. */
  readonly workers: number | null;
  /** How workers of `python/multiprocessing` are started; null takes what is safe on the system. */
  readonly startMethod: StartMethod | null;
  /** The oldest versions that rewritten code must run on: `3.9`, `20`; `3.14t` is a Python without the GIL. */
  readonly targetPython: string;
  readonly targetNode: string;
}

/** Settings as a person writes them; what is absent is inherited. */
export interface ConfigOverrides {
  readonly rules?: Readonly<Record<string, Severity | 'off'>>;
  readonly exclude?: readonly string[];
  readonly respectGitignore?: boolean;
  readonly workers?: number | null;
  readonly startMethod?: StartMethod | null;
  readonly targetPython?: string;
  readonly targetNode?: string;
}

/** A mistake in the configuration. The message names file and key, and what is allowed there. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    readonly file: string,
    /** Dotted, as one would look for it: `tool.fanout.rules.lossy-capture`; empty for the file as a whole. */
    readonly key: string,
    problem: string,
  ) {
    super(key ? `${file}: ${key}: ${problem}` : `${file}: ${problem}`);
  }
}

const SEVERITIES: readonly (Severity | 'off')[] = ['error', 'warning', 'information', 'hint', 'off'];
const OLDEST = { python: '3.9', node: '20' } as const;
const SETTINGS_SOURCE = 'settings';

/**
 * Reads the configuration of the project in `root`.
 * @throws ConfigError at the first mistake. A file that does not speak of Fanout is not held to anything.
 */
export function loadConfig(root: string, overrides: ConfigOverrides = {}): Config {
  const pyproject = readIfThere(path.join(root, 'pyproject.toml'));
  const manifest = readIfThere(path.join(root, 'package.json'));
  const toml = pyproject === null ? null : tomlTable('pyproject.toml', pyproject);
  const json = manifest === null ? null : jsonObject('package.json', manifest);

  const layers = [
    section('pyproject.toml', 'tool.fanout', child(toml, 'tool', 'fanout')),
    section('package.json', 'fanout', child(json, 'fanout')),
    section(SETTINGS_SOURCE, 'fanout', overrides),
  ];
  const merged: ConfigOverrides = Object.assign({}, ...layers);
  return {
    root,
    rules: Object.assign({}, ...layers.map((layer) => layer.rules)),
    exclude: layers.flatMap((layer) => layer.exclude ?? []),
    respectGitignore: merged.respectGitignore ?? true,
    workers: merged.workers ?? null,
    startMethod: merged.startMethod ?? null,
    targetPython: merged.targetPython ?? lowestVersion(child(toml, 'project', 'requires-python'), /^3\.\d+$/) ?? OLDEST.python,
    targetNode: merged.targetNode ?? lowestVersion(child(json, 'engines', 'node'), /^\d+(\.\d+)?$/) ?? OLDEST.node,
  };
}

// ---------------------------------------------------------------------------------------------------------------------

type Check<K extends keyof ConfigOverrides> = (value: unknown, fail: (problem: string, inner?: string) => never) => ConfigOverrides[K];

/** One entry a setting: what is accepted under its name. */
const SETTINGS: { readonly [K in keyof Required<ConfigOverrides>]: Check<K> } = {
  rules(value, fail) {
    if (!isTable(value)) return fail('is a table of rule = "severity"');
    for (const [id, severity] of Object.entries(value)) {
      if (!isRuleId(id)) return fail(`there is no such rule${didYouMean(id, ruleIds)}`, id);
      if (!SEVERITIES.includes(severity as Severity)) return fail(`${show(severity)} is not one of ${SEVERITIES.join(', ')}`, id);
    }
    return value as Record<string, Severity | 'off'>;
  },
  exclude(value, fail) {
    if (!Array.isArray(value)) return fail('is a list of patterns, as in .gitignore');
    value.forEach((pattern, i) => {
      if (typeof pattern !== 'string' || pattern.trim() === '') fail(`entry ${i + 1} (${show(pattern)}) is not a pattern`);
    });
    return value as string[];
  },
  respectGitignore: (value, fail) => (typeof value === 'boolean' ? value : fail(`${show(value)} is not true or false`)),
  workers(value, fail) {
    if (value === null || (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 512)) return value as number | null;
    return fail(`${show(value)} is not a number of workers (1 to 512)`);
  },
  startMethod(value, fail) {
    if (value === null || START_METHODS.includes(value as StartMethod)) return value as StartMethod | null;
    return fail(`${show(value)} is not one of ${START_METHODS.join(', ')}`);
  },
  targetPython(value, fail) {
    const match = typeof value === 'string' ? /^3\.(\d+)(t?)$/.exec(value) : null;
    if (match && Number(match[1]) >= (match[2] ? 13 : 9)) return value as string;
    return fail(`${show(value)} is not a version of Python from 3.9 on, written as "3.9" (or "3.14t")`);
  },
  targetNode(value, fail) {
    const match = typeof value === 'string' ? /^(\d+)(\.\d+){0,2}$/.exec(value) : null;
    if (match && Number(match[1]) >= 20) return value as string;
    return fail(`${show(value)} is not a version of Node from 20 on, written as "20"`);
  },
};

/** Holds a table to the settings that there are. Keys may be written with hyphens, as is usual in TOML, or in camel case. */
function section(file: string, prefix: string, value: unknown): ConfigOverrides {
  if (value === undefined) return {};
  if (!isTable(value)) throw new ConfigError(file, prefix, 'is a table of settings');
  const out: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(value)) {
    if (given === undefined) continue;
    const name = key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (!Object.hasOwn(SETTINGS, name)) {
      throw new ConfigError(file, `${prefix}.${key}`, `there is no such setting${didYouMean(name, Object.keys(SETTINGS))}`);
    }
    out[name] = SETTINGS[name as keyof ConfigOverrides](given, (problem, inner) => {
      throw new ConfigError(file, [prefix, key, ...(inner ? [inner] : [])].join('.'), problem);
    });
  }
  return out;
}

function tomlTable(file: string, text: string): unknown {
  try {
    return parseToml(text);
  } catch (error) {
    // A broken file that is not ours to read is somebody else's to report.
    if (!(error instanceof TomlError) || !/\bfanout\b/.test(text)) return null;
    throw new ConfigError(`${file}:${error.line}:${error.column}`, '', firstLine(error.message));
  }
}

function jsonObject(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!/"fanout"\s*:\s*\{/.test(text)) return null;
    throw new ConfigError(file, '', `is not JSON: ${firstLine((error as Error).message)}`);
  }
}

/** The lowest version that a requirement such as `>=3.10,<4` or `^20.9 || >=22` allows, when it is written in a plain way. */
function lowestVersion(requirement: unknown, shape: RegExp): string | null {
  if (typeof requirement !== 'string') return null;
  const lows = [...requirement.matchAll(/(?:>=|~=|==|\^|~|(?<![<>=!~^.\d\s])\s*)\s*v?(\d+(?:\.\d+)?)/g)].map((m) => m[1]!);
  const usable = lows.filter((version) => shape.test(version));
  const compare = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
  const lowest = usable.sort(compare)[0];
  if (!lowest) return null;
  const oldest = lowest.startsWith('3.') ? OLDEST.python : OLDEST.node;
  return compare(lowest, oldest) < 0 ? oldest : lowest;
}

function child(value: unknown, ...keys: string[]): unknown {
  for (const key of keys) {
    if (!isTable(value)) return undefined;
    value = Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readIfThere(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null;
    throw new ConfigError(path.basename(file), '', `cannot be read (${code})`);
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}
