/** Finds the file of the workspace that an import names. Libraries resolve to null: their calls are known by models. */
import * as path from 'node:path';
import type { ImportSource, Language } from '../ir/ir';

export interface FileProbe {
  isFile(path: string): boolean;
  /** Another number whenever `isFile` may have other answers. */
  readonly epoch?: number;
}

/** `resolveImport` for one workspace, each question answered once as long as no file comes or goes. */
export class ImportResolver {
  private readonly known = new Map<string, string | null>();
  private epoch: number | undefined;

  constructor(
    private readonly root: string,
    private readonly probe: FileProbe,
  ) {}

  resolve(source: ImportSource, from: string, language: Language): string | null {
    const { epoch } = this.probe;
    if (epoch === undefined || epoch !== this.epoch) this.known.clear();
    this.epoch = epoch;
    const key = `${from}\n${source.module}\n${source.name ?? '\n'}\n${source.level ?? 0}`;
    let target = this.known.get(key);
    if (target === undefined) this.known.set(key, (target = resolveImport(source, from, language, this.root, this.probe)));
    return target;
  }
}

const JS_ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx'];

/** TypeScript sources are imported under the name that their output will have. */
const OUTPUT_TO_SOURCE: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

export function resolveImport(source: ImportSource, from: string, language: Language, root: string, probe: FileProbe): string | null {
  return language === 'python' ? resolvePython(source, from, root, probe) : resolveJavaScript(source.module, from, probe);
}

/** Relative specifiers only: what a bare one names lies in node_modules. `node:` and absolute URLs are libraries too. */
function resolveJavaScript(specifier: string, from: string, probe: FileProbe): string | null {
  if (!/^\.{1,2}(\/|$)/.test(specifier)) return null;
  const base = path.resolve(path.dirname(from), specifier);
  const ending = path.extname(base);
  const candidates = [
    ...(JS_ENDINGS.includes(ending) ? [base] : []),
    ...(OUTPUT_TO_SOURCE[ending] ?? []).map((e) => base.slice(0, -ending.length) + e),
    ...JS_ENDINGS.map((e) => base + e),
    ...JS_ENDINGS.map((e) => path.join(base, 'index' + e)),
  ];
  return candidates.find((c) => probe.isFile(c)) ?? null;
}

/**
 * Python's rules, with the places where a project keeps its packages standing in for `sys.path`: the directory above the
 * file's own package, the file's own directory (a script's), the workspace's root and its `src`.
 */
function resolvePython(source: ImportSource, from: string, root: string, probe: FileProbe): string | null {
  const directory = path.dirname(from);
  const parts = source.module === '' ? [] : source.module.split('.');
  const bases: string[] = [];
  if (source.level) {
    bases.push(path.resolve(directory, ...Array<string>(source.level - 1).fill('..')));
  } else {
    let top = directory;
    while (probe.isFile(path.join(top, '__init__.py')) && path.dirname(top) !== top) top = path.dirname(top);
    bases.push(...new Set([directory, top, root, path.join(root, 'src')]));
  }
  for (const base of bases) {
    const target = path.join(base, ...parts);
    // `from package import module` names a file too; a name of the package itself resolves to its __init__.
    const inner = source.name !== null && source.name !== '*' ? path.join(target, source.name) : null;
    for (const candidate of [
      ...(inner ? [inner + '.py', path.join(inner, '__init__.py')] : []),
      ...(parts.length ? [target + '.py'] : []),
      path.join(target, '__init__.py'),
    ]) {
      if (candidate !== from && probe.isFile(candidate)) return candidate;
    }
  }
  return null;
}
