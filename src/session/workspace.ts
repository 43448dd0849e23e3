/** What a rewrite may ask about the rest of the workspace: other files' texts, who imports a module, who calls a function. */
import * as path from 'node:path';
import type { Expr, FunctionIR, ModuleIR, VarId } from '../ir/ir';
import { walkFunction } from '../ir/walk';
import type { CallSite, Workspace } from '../strategies/types';
import type { Documents } from './documents';
import { ImportIndex } from './import-index';
import { ImportResolver } from './resolve';

type Callers = ReturnType<Workspace['callers']>;

export class SessionWorkspace implements Workspace {
  constructor(
    private readonly documents: Documents,
    private readonly root: string,
    /** Every source file of the workspace of the same language as the one asked about. */
    private readonly sources: (file: string) => readonly string[],
    private readonly resolver: ImportResolver = new ImportResolver(root, documents),
  ) {}

  read(file: string): string | null {
    return this.documents.isFile(file) ? this.documents.text(file) : null;
  }

  module(file: string): ModuleIR | null {
    return this.documents.isFile(file) ? this.documents.module(file) : null;
  }

  private readonly known = new Map<string, readonly ModuleIR[]>();
  private knownAt = -1;
  private readonly index = new ImportIndex((file) => this.documents.text(file));

  importers(file: string): readonly ModuleIR[] {
    if (this.knownAt !== this.documents.epoch) this.known.clear();
    this.knownAt = this.documents.epoch;
    let found = this.known.get(file);
    if (!found) this.known.set(file, (found = this.importersNow(file)));
    return found;
  }

  /** Lets go of the modules that were found. */
  forget(): void {
    this.known.clear();
  }

  private importersNow(file: string): readonly ModuleIR[] {
    const found: ModuleIR[] = [];
    // A module that does not name the file cannot import it: most files need no parse.
    for (const other of this.index.naming(file, this.sources(file), this.documents.epoch)) {
      if (other === file) continue;
      const module = this.documents.module(other);
      if (module?.imports.some((source) => this.resolver.resolve(source, other, module.language) === file)) found.push(module);
    }
    return found;
  }

  private readonly callersKnown = new Map<string, Callers>();
  private callersKnownAt = -1;

  callers(file: string, functionId: string): Callers {
    if (this.callersKnownAt !== this.documents.epoch) this.callersKnown.clear();
    this.callersKnownAt = this.documents.epoch;
    const key = `${file}\0${functionId}`;
    let found = this.callersKnown.get(key);
    if (!found) this.callersKnown.set(key, (found = this.callersNow(file, functionId)));
    return found;
  }

  private callersNow(file: string, functionId: string): Callers {
    const module = this.module(file);
    const target = module?.functions.get(functionId);
    if (!module || !target) return { sites: [], complete: false, why: 'it is not in the workspace' };
    if (target.kind === 'lambda' && !variableOf(module, functionId)) return { sites: [], complete: false, why: 'it is an anonymous function' };
    return target.class === null ? this.functionCallers(module, target) : this.methodCallers(module, target);
  }

  private functionCallers(module: ModuleIR, target: FunctionIR): { sites: CallSite[]; complete: boolean; why?: string } {
    const variable = variableOf(module, target.id);
    if (!variable) return { sites: [], complete: false, why: `${target.name} has no name of its own` };
    const found = referencesTo(module, (e) => e.type === 'name' && e.variable === variable);
    const sites = [...found.calls];
    let why = found.escapes ? `${target.name} is also used as a value in ${path.basename(module.path)}` : undefined;
    const exported = module.exports.filter((e) => e.variable === variable);
    const reachable = module.language === 'python' ? target.parent === '' : exported.length > 0;
    if (reachable) {
      for (const importer of this.importers(module.path)) {
        const imported = this.importedAs(importer, module.path, module.language === 'python' ? [target.name] : exported.map((e) => e.name));
        const uses = referencesTo(importer, (e) => imported.names(e));
        sites.push(...uses.calls);
        if (uses.escapes) why ??= `${target.name} is also used as a value in ${path.basename(importer.path)}`;
        if (imported.reExported) why ??= `${path.basename(importer.path)} re-exports ${target.name}`;
      }
      const published = module.language === 'python' ? null : publishedBy(module.path, this.root, (f) => this.read(f));
      if (published) why ??= `${target.name} is exported by a package that others may import (${published})`;
    }
    return why ? { sites, complete: false, why } : { sites, complete: true };
  }

  /** By name: every `.name` in the workspace may be this method. Complete only when each of them is a call and no other class has it. */
  private methodCallers(module: ModuleIR, target: FunctionIR): { sites: CallSite[]; complete: boolean; why?: string } {
    const sites: CallSite[] = [];
    let why = target.kind === 'method' ? undefined : `${target.name} is a ${target.kind}`;
    for (const other of [module, ...this.importers(module.path)]) {
      const found = referencesTo(other, (e) => e.type === 'attribute' && e.name === target.name);
      sites.push(...found.calls);
      if (found.escapes) why ??= `.${target.name} is also used as a value in ${path.basename(other.path)}`;
      for (const cls of other.classes.values()) {
        if (cls.id !== target.class && cls.methods.has(target.name)) why ??= `class ${cls.name} has a ${target.name} too`;
      }
    }
    if (module.language !== 'python' && publishedBy(module.path, this.root, (f) => this.read(f))) why ??= `its class is exported by a package that others may import`;
    return why ? { sites, complete: false, why } : { sites, complete: true };
  }

  private importedAs(importer: ModuleIR, file: string, names: readonly string[]): { names(e: Expr): boolean; reExported: boolean } {
    const direct = new Set<VarId>();
    const whole = new Set<VarId>();
    for (const fn of importer.functions.values()) {
      for (const variable of fn.variables.values()) {
        if (!variable.import || this.resolver.resolve(variable.import, importer.path, importer.language) !== file) continue;
        if (variable.import.name !== null && names.includes(variable.import.name)) direct.add(variable.id);
        else if (variable.import.name === null || variable.import.name === 'default') whole.add(variable.id);
      }
    }
    const isFrom = (from: string | undefined) =>
      from !== undefined && this.resolver.resolve({ module: from, name: null }, importer.path, importer.language) === file;
    return {
      names: (e) =>
        (e.type === 'name' && direct.has(e.variable)) ||
        (e.type === 'attribute' && names.includes(e.name) && e.object.type === 'name' && whole.has(e.object.variable)),
      reExported: importer.exports.some((e) => (e.variable !== null && direct.has(e.variable)) || isFrom(e.from)),
    };
  }
}

/** The variable that a function is bound to, if it is bound to one only. */
function variableOf(module: ModuleIR, functionId: string): VarId | null {
  for (const fn of module.functions.values()) {
    for (const variable of fn.variables.values()) {
      if (variable.kind === 'function' && variable.target === functionId) return variable.id;
    }
  }
  return null;
}

function referencesTo(module: ModuleIR, is: (e: Expr) => boolean): { calls: CallSite[]; escapes: boolean } {
  const calls: CallSite[] = [];
  let escapes = false;
  for (const fn of module.functions.values()) {
    const callees = new Set<Expr>();
    walkFunction(fn, {
      expr(e) {
        if (e.type === 'call' && is(e.callee)) {
          callees.add(e.callee);
          calls.push({ path: module.path, function: fn.id, start: fn.start + e.span.start, end: fn.start + e.span.end });
        } else if (is(e) && !callees.has(e)) {
          escapes = true;
        }
      },
    });
  }
  return { calls, escapes };
}

/** The package.json entry under which others can import a file, or null. A private package without entries publishes nothing. */
function publishedBy(file: string, root: string, read: (file: string) => string | null): string | null {
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    const manifest = path.join(directory, 'package.json');
    const text = read(manifest);
    if (text !== null) {
      try {
        const json = JSON.parse(text) as Record<string, unknown>;
        const entries = ['main', 'module', 'exports', 'types', 'browser'].filter((k) => json[k] !== undefined);
        if (json.private === true || entries.length === 0) return null;
        return `${entries[0]} in package.json`;
      } catch {
        return 'package.json cannot be read';
      }
    }
    if (directory === root || path.dirname(directory) === directory) return null;
  }
}
