/** A whole module: text → IR. */
import type { ExportIR, Expr, FunctionIR, ImportSource, ModuleIR, Stmt, Variable, VarId } from '../../ir/ir';
import type { LanguageModels } from '../../models/types';
import { settleTypes } from './annotations';
import { FunctionBuilder } from './builders';
import { expressions } from './expressions';
import { TypeInference } from './infer';
import { LibraryTypes } from './library';
import { Lowering } from './lowering';
import type { PythonParser } from './parser';
import { noteErrors } from './problems';
import { resolveNames, singleBindings, variableOf } from './scopes';
import { starImportOf } from './stars';
import { errorStatement, statements } from './statements';
import type { SyntaxTree } from './tree';

export function lowerModule(parser: PythonParser, models: LanguageModels, path: string, text: string, edited = false): ModuleIR {
  const tree = parser.parse(text, edited ? path : undefined);
  const l = new Lowering(tree, { expressions, statements });
  const top = new FunctionBuilder('', '<module>', 'module', null, null, false, [], tree.root, 0, text.length);
  l.functions.push(top);
  l.fn = top;
  l.scope = l.newScope('module', '', top, null);
  top.body = tree.kind(tree.root) === 'ERROR' ? errorStatement(l, tree.root) : l.statementsOf(tree.root);
  noteErrors(l);
  resolveNames(l.scopes, (name) => starImportOf(name, l.starImports, models));
  const inference = finishTypes(l, models);
  const functions = new Map<string, FunctionIR>(l.functions.map((fn) => [fn.id, fn.finish(text)]));
  return {
    path,
    language: 'python',
    system: 'python',
    functions,
    classes: new Map(l.classes.map((builder) => [builder.id, builder.finish(inference.typeOf)])),
    imports: l.imports,
    exports: exportsOf(top.body, top.variables),
    problems: l.problems.sort((a, b) => a.start - b.start),
    comments: commentsOf(tree),
    mainGuard: top.body.some(isMainGuard),
  };
}

function finishTypes(l: Lowering, models: LanguageModels): TypeInference {
  const module = l.scopes[0]!;
  settleTypes(l.pendingTypes, (name, scope) => {
    const variable = variableOf(name, scope, module);
    if (!variable) return name;
    if (variable.kind === 'class') return variable.target!;
    // A type variable or an alias.
    return variable.kind === 'import' ? importedName(variable.import!) : 'Any';
  });
  const variables = new Map<VarId, Variable>();
  const builders = new Map<string, FunctionBuilder>();
  for (const fn of l.functions) {
    builders.set(fn.id, fn);
    for (const [id, variable] of fn.variables) {
      variables.set(id, variable);
      // `Any` says nothing.
      if (variable.type?.name === 'Any') delete variable.type;
    }
  }
  const names = { variable: (id: VarId) => variables.get(id), fn: (id: string) => builders.get(id), single: singleBindings(l.scopes) };
  const inference = new TypeInference(names, new LibraryTypes(models));
  inference.inferAll();
  return inference;
}

function importedName({ module, name, level }: ImportSource): string {
  const from = '.'.repeat(level ?? 0) + module;
  return name === null ? from : from === '' || from.endsWith('.') ? from + name : `${from}.${name}`;
}

function commentsOf(tree: SyntaxTree): ModuleIR['comments'] {
  return tree.comments;
}

/** What `from m import *` would bring: `__all__` where it is written out, else the names without an underscore. */
function exportsOf(body: readonly Stmt[], variables: ReadonlyMap<VarId, Variable>): ExportIR[] {
  const listed = body.flatMap((stmt) => (stmt.type === 'assign-stmt' && stmt.targets.some(isAll) ? strings(stmt.value) : []));
  const own = [...variables.values()].filter((variable) => variable.id === `/${variable.name}`);
  const names = listed.length ? listed : own.map((variable) => variable.name).filter((name) => !name.startsWith('_'));
  return names.map((name) => ({ name, variable: variables.has(`/${name}`) ? `/${name}` : null }));
}

function isAll(target: { readonly type: string; readonly name?: string }): boolean {
  return target.type === 'name' && target.name === '__all__';
}

function strings(value: Expr): string[] {
  if (value.type !== 'collection') return [];
  return value.items.flatMap((item) => (item.type === 'const' && item.kind === 'string' ? [String(item.value)] : []));
}

/** `if __name__ == "__main__":`, alone or with further conditions. */
function isMainGuard(stmt: Stmt): boolean {
  const guard = (test: Expr): boolean => {
    if (test.type === 'logical' && test.operator === 'and') return guard(test.left) || guard(test.right);
    if (test.type !== 'compare' || test.operators.length !== 1 || test.operators[0] !== '==') return false;
    const isName = (side: Expr): boolean => side.type === 'name' && side.name === '__name__';
    const isMain = (side: Expr): boolean => side.type === 'const' && side.value === '__main__';
    const [left, right] = test.operands;
    return (isName(left!) && isMain(right!)) || (isMain(left!) && isName(right!));
  };
  return stmt.type === 'if' && guard(stmt.test);
}
