/**
 * The front end of JavaScript and TypeScript: text → syntax tree → functions and classes → scopes → IR.
 * Loading it loads TypeScript (about a second), so it is imported only dynamically, through `frontendFor`.
 */
import type { TSESTree } from '@typescript-eslint/types';
import type { FunctionIR, ModuleIR } from '../../ir/ir';
import { languageOf, type Frontend } from '../frontend';
import type { Annotations } from './annotations';
import { markBroken } from './broken';
import { commonJsExports } from './commonjs';
import { FunctionContext, type ModuleContext } from './context';
import { DocComments } from './doc-comments';
import { lowerFunction } from './functions';
import { outline } from './outline';
import { parse, TOO_DEEP } from './parse';
import { resolveScopes } from './scopes';
import { moduleSystem } from './system';
import { VariableTypes } from './variable-types';

export async function createJavaScriptFrontend(): Promise<Frontend> {
  return { lower };
}

function lower(path: string, text: string): ModuleIR {
  const { program, problems } = parse(path, text);
  if (!program) return unreadable(path, text, problems);
  try {
    return lowerProgram(path, text, program, problems);
  } catch (error) {
    if (error instanceof RangeError) return unreadable(path, text, [...problems, { message: TOO_DEEP, start: 0, end: text.length }]);
    // A tree that was repaired after a syntax error may be one that can't be made sense of.
    if (problems.length) return unreadable(path, text, problems);
    throw error;
  }
}

function lowerProgram(path: string, text: string, program: TSESTree.Program, problems: ModuleIR['problems']): ModuleIR {
  const language = languageOf(path) ?? 'javascript';
  const outlined = outline(program, text.length);
  markBroken(outlined, problems, text);
  const scopes = resolveScopes(program, outlined);
  const annotations: Annotations = {
    types: outlined.types,
    classOf: outlined.classOf,
    isTypeParameter: (name) => scopes.isTypeParameter(name),
  };
  const docs = new DocComments(program.comments ?? [], text, outlined);
  const types = new VariableTypes(scopes, outlined, annotations, docs, language);
  const module: ModuleContext = {
    text,
    language,
    outline: outlined,
    scopes,
    annotations,
    types,
    classes: new Map(),
    imports: [],
    exports: [],
  };
  const functions = new Map<string, FunctionIR>();
  for (const info of outlined.functions) functions.set(info.id, lowerFunction(new FunctionContext(module, info), docs));
  const system = moduleSystem(path, program, text);
  if (system === 'commonjs') module.exports.push(...commonJsExports(program, new FunctionContext(module, outlined.module)));
  return {
    path,
    language,
    system,
    functions,
    classes: module.classes,
    imports: module.imports,
    exports: module.exports,
    problems: [...problems, ...outlined.problems],
    comments: (program.comments ?? []).map(({ range: [start, end] }) => ({ start, end, text: text.slice(start, end) })),
    mainGuard: false,
  };
}

/** A module of which nothing is known but that it is there. */
function unreadable(path: string, text: string, problems: ModuleIR['problems']): ModuleIR {
  const top: FunctionIR = {
    id: '',
    name: '',
    kind: 'module',
    parent: null,
    class: null,
    params: [],
    body: [{ type: 'error', span: { start: 0, end: text.length } }],
    async: false,
    generator: false,
    arrow: false,
    decorators: [],
    variables: new Map(),
    free: new Set(),
    start: 0,
    length: text.length,
    broken: true,
  };
  return {
    path,
    language: languageOf(path) ?? 'javascript',
    system: /\.c[jt]s$/i.test(path) ? 'commonjs' : 'esm',
    functions: new Map([['', top]]),
    classes: new Map(),
    imports: [],
    exports: [],
    problems,
    comments: [],
    mainGuard: false,
  };
}
