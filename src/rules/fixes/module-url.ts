/** Names a file relative to the module that names it. */
import * as path from 'node:path';
import type { Fix, RuleContext } from '../types';

/** The endings of the source that a file with this ending is compiled from. */
const SOURCES: Readonly<Record<string, readonly string[]>> = { '.js': ['.ts', '.tsx'], '.mjs': ['.mts'], '.cjs': ['.cts'] };

/**
 * The fix, as the file lies from the module: beside it, or in the project's folder when it is only there. Where it is not found it is
 * taken to lie beside the module.
 * @param suffix what turns a URL into what the call takes; null where it takes a path
 */
export function byModuleUrl(range: { readonly start: number; readonly end: number }, named: string, suffix: string | null, context: RuleContext): Fix | null {
  const { module } = context.report;
  const commonjs = module.system === 'commonjs';
  // A path of a URL needs an import of its own.
  if (suffix === null && !commonjs) return null;
  const home = path.dirname(module.path);
  const beside = isThere(path.resolve(home, named), context);
  const atRoot = !beside && isThere(path.resolve(context.files.root, named), context);
  const literal = context.text.slice(range.start, range.end);
  const quote = literal[0]!;
  const relative = atRoot ? toRelative(path.relative(home, path.resolve(context.files.root, named))) : null;
  const written = relative === null ? literal : `${quote}${relative}${quote}`;
  const text = commonjs ? `require.resolve(${written})` : `new URL(${written}, import.meta.url)${suffix}`;
  const conditions = [...(beside || atRoot ? [] : ['it lies beside this file']), ...(module.language === 'typescript' && !commonjs ? ['this compiles to an ES module'] : [])];
  return {
    id: 'module-url',
    kind: 'edit',
    title: `Name the file relative to this one${conditions.length > 0 ? `, if ${conditions.join(' and ')}` : ''}`,
    applicability: conditions.length > 0 ? 'assumes' : 'safe',
    edits: [{ path: module.path, edits: [{ ...range, text }] }],
  };
}

function isThere(file: string, context: RuleContext): boolean {
  const ending = path.extname(file);
  return context.files.has(file) || (SOURCES[ending] ?? []).some((source) => context.files.has(file.slice(0, -ending.length) + source));
}

function toRelative(file: string): string {
  const unix = file.split(path.sep).join('/');
  return unix.startsWith('.') ? unix : `./${unix}`;
}
