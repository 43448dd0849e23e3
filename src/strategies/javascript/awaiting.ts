/**
 * The answer of a pool is awaited, so what holds the loop becomes async, and what calls that, up to where nothing waits for a value.
 * It is done for the whole chain or not at all.
 */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { TextEdit } from '../../edit/edit';
import type { Workspace } from '../types';
import type { Project } from './project';
import { Refusal } from '../refusal';
import { baseName, contains, functionName, isFunction, sourceOf, type FunctionNode, type Node, type Source } from './syntax';

export interface AwaitPlan {
  /** By file. */
  readonly edits: ReadonlyMap<string, readonly TextEdit[]>;
  /** Functions that wait for the loop from now on, the innermost first. */
  readonly chain: readonly { readonly source: Source; readonly fn: FunctionNode }[];
  /** Calls in the chain that stand in loops, or in the functions of the chain: each starts a pool. */
  readonly repeated: readonly string[];
}

interface Place {
  readonly source: Source;
  /** Null for the top level of the file. */
  readonly fn: FunctionNode | null;
  /** What will be awaited there. */
  readonly node: Node;
}

/** @throws Refusal when someone on the way cannot wait. */
export function planAwait(source: Source, loop: Node, project: Project, workspace: Workspace): AwaitPlan {
  return new AwaitPlanner(project, workspace).plan({ source, fn: source.functionAround(loop), node: loop });
}

class AwaitPlanner {
  private readonly edits = new Map<string, TextEdit[]>();
  private readonly chain: { source: Source; fn: FunctionNode }[] = [];
  private readonly repeated: string[] = [];
  /** From the function of the loop to the one whose callers are looked at. */
  private readonly path: FunctionNode[] = [];

  constructor(
    private readonly project: Project,
    private readonly workspace: Workspace,
  ) {}

  plan(place: Place): AwaitPlan {
    this.wait(place, true);
    return { edits: this.edits, chain: this.chain, repeated: this.repeated };
  }

  private edit(source: Source, edit: TextEdit): void {
    const known = this.edits.get(source.path);
    if (known) known.push(edit);
    else this.edits.set(source.path, [edit]);
  }

  private wait({ source, fn, node }: Place, isLoop: boolean): void {
    this.refusePosition(source, node, fn);
    if (!fn) return this.topLevel(source, node, isLoop);
    if (this.chain.some((c) => c.fn === fn)) return;
    this.chain.push({ source, fn });
    this.path.push(fn);
    this.waitIn(source, fn);
    this.path.pop();
  }

  private waitIn(source: Source, fn: FunctionNode): void {
    const name = functionName(source, fn);
    if (fn.async) {
      for (const { source: other, call } of this.sites(source, fn)) this.noteLoops(other, call, name);
      return;
    }
    const line = source.line(fn);
    const parent = source.parent(fn)!;
    if (fn.generator) throw new Refusal(`${name} on line ${line} is a generator, which cannot wait for a pool`);
    if (parent.type === T.MethodDefinition && parent.kind !== 'method') {
      throw new Refusal(`${parent.kind === 'constructor' ? 'a constructor' : `the ${parent.kind}ter ${name}`} cannot wait for a pool (line ${line})`, 'move the loop to an async method');
    }
    if (parent.type === T.Property && parent.kind !== 'init') throw new Refusal(`the ${parent.kind}ter ${name} cannot wait for a pool (line ${line})`, 'move the loop to an async method');
    this.makeAsync(source, fn, name);
    this.callers(source, fn, name);
  }

  /** Code that is in no function, or runs while something is being made. */
  private refusePosition(source: Source, node: Node, fn: FunctionNode | null): void {
    for (const at of source.outwards(node)) {
      if (at === fn) return;
      if (at.type === T.PropertyDefinition || at.type === T.StaticBlock || at.type === T.AccessorProperty) {
        throw new Refusal(`${source.of(node).split('\n')[0]} on line ${source.line(node)} runs while a class or object is made, and cannot wait for a pool`);
      }
      const parent = source.parent(at);
      if (parent && isFunction(parent) && parent === fn && (parent.params as Node[]).includes(at)) {
        throw new Refusal(`a default value on line ${source.line(node)} cannot wait for a pool`);
      }
    }
  }

  private topLevel(source: Source, node: Node, isLoop: boolean): void {
    const line = source.line(node);
    const file = baseName(source.path);
    if (this.system(source) === 'commonjs') {
      if (!isLoop && this.isLast(source, node)) return;
      throw new Refusal(
        isLoop ? `the loop is at the top level of ${file}, a CommonJS module, where await is not legal` : `${source.of(node).split('\n')[0]} on line ${line} of ${file} is at the top level of a CommonJS module, where await is not legal`,
        'put the top level into a function: async function main() { … } main();',
      );
    }
    const importers = this.workspace.importers(source.path);
    if (importers.length > 0) {
      throw new Refusal(
        `${file} is imported by ${baseName(importers[0]!.path)}: while it waits at its top level (line ${line}), other modules would be loaded out of turn`,
        'put the loop into an async function that the importer calls',
      );
    }
    if (!isLoop) this.awaitCall(source, node);
  }

  private system(source: Source): 'esm' | 'commonjs' {
    if (/\.[mc][jt]s$/i.test(source.path)) return /\.m[jt]s$/i.test(source.path) ? 'esm' : 'commonjs';
    return this.project.system;
  }

  /** Nothing of the module runs after the statement, so nothing needs its end: an unhandled rejection still ends the program with an error. */
  private isLast(source: Source, node: Node): boolean {
    const statement = source.parent(node);
    if (statement?.type !== T.ExpressionStatement || statement.expression !== node) return false;
    let at: Node = statement;
    for (let parent = source.parent(at); parent; parent = source.parent(at)) {
      if (parent.type === T.Program || parent.type === T.BlockStatement) {
        const rest = parent.body.slice(parent.body.indexOf(at as TSESTree.ProgramStatement & TSESTree.Statement) + 1) as Node[];
        if (!rest.every((s) => this.isInert(source, s))) return false;
      } else if (parent.type !== T.IfStatement) return false;
      at = parent;
    }
    return true;
  }

  private isInert(source: Source, statement: Node): boolean {
    if (/^(?:FunctionDeclaration|ClassDeclaration|EmptyStatement|TS\w+Declaration)$/.test(statement.type)) return true;
    return statement.type === T.ExpressionStatement && /^(?:module\.exports\b|exports\.)[\w.]*\s*=\s*(?:\{[\w\s,]*\}|\w+);?$/.test(source.of(statement));
  }

  private makeAsync(source: Source, fn: FunctionNode, name: string): void {
    const parent = source.parent(fn)!;
    if (parent.type === T.MethodDefinition || (parent.type === T.Property && parent.method)) {
      const overloads = parent.type === T.MethodDefinition && source.parent(parent)!.type === T.ClassBody ? (source.parent(parent) as TSESTree.ClassBody).body : [];
      if (overloads.some((m) => m !== parent && 'key' in m && source.of(m.key as Node) === source.of(parent.key))) {
        throw new Refusal(`${name} on line ${source.line(fn)} has overloads`, 'make it async by hand');
      }
      const keyStart = parent.computed ? source.text.lastIndexOf('[', parent.key.range[0]) : parent.key.range[0];
      this.edit(source, { start: keyStart, end: keyStart, text: 'async ' });
    } else {
      if (fn.id && source.declared(fn).some((v) => v.name === fn.id!.name && v.defs.length > 1)) throw new Refusal(`${name} on line ${source.line(fn)} has overloads`, 'make it async by hand');
      this.edit(source, { start: fn.range[0], end: fn.range[0], text: 'async ' });
    }
    const annotation = fn.returnType?.typeAnnotation;
    if (annotation) {
      if (annotation.type === T.TSTypePredicate) throw new Refusal(`${name} on line ${source.line(fn)} is a type guard, which cannot be async`);
      this.edit(source, { start: annotation.range[0], end: annotation.range[0], text: 'Promise<' });
      this.edit(source, { start: annotation.range[1], end: annotation.range[1], text: '>' });
    }
    if (parent.type === T.VariableDeclarator && parent.id.typeAnnotation) {
      throw new Refusal(`${name} on line ${source.line(fn)} has a type of its own that says it returns at once`, 'make it async by hand');
    }
  }

  private callers(source: Source, fn: FunctionNode, name: string): void {
    const id = this.idOf(source, fn);
    const known = id === null ? null : this.workspace.callers(source.path, id);
    if (!known || !known.complete) {
      const parent = source.parent(fn);
      const callback = parent?.type === T.CallExpression && parent.callee !== fn ? `it is handed to ${source.of(parent.callee)}` : undefined;
      throw new Refusal(
        `${name} (line ${source.line(fn)}) would have to become async, and not all of its callers can be seen: ${callback ?? known?.why ?? 'it cannot be followed'}`,
        `make ${name} async and await it where it is called`,
      );
    }
    const sites = this.sites(source, fn);
    if (sites.length < known.sites.length) throw new Refusal(`a call of ${name} cannot be found`);
    for (const { source: other, call } of sites) {
      const around = other.functionAround(call);
      if (other.parent(call)?.type !== T.AwaitExpression && around) this.awaitCall(other, call);
      this.noteLoops(other, call, name);
      this.wait({ source: other, fn: around, node: call }, false);
    }
  }

  private sites(source: Source, fn: FunctionNode): { source: Source; call: Node }[] {
    const id = this.idOf(source, fn);
    const sites = id === null ? [] : this.workspace.callers(source.path, id).sites;
    return sites.flatMap((site) => {
      const text = this.workspace.read(site.path);
      const other = text === null ? null : sourceOf(site.path, text);
      const call = other && findCall(other, site);
      return call ? [{ source: other, call }] : [];
    });
  }

  private noteLoops(source: Source, call: Node, name: string): void {
    const around = source.functionAround(call);
    if (around && this.path.includes(around)) this.repeated.push(`${name} is called by itself (line ${source.line(call)} of ${baseName(source.path)})`);
    for (const at of source.outwards(call)) {
      if (at === around) break;
      if (/^(?:For|ForOf|ForIn|While|DoWhile)Statement$/.test(at.type)) this.repeated.push(`${name} is called in a loop (line ${source.line(at)} of ${baseName(source.path)})`);
    }
  }

  private idOf(source: Source, fn: FunctionNode): string | null {
    const parent = source.parent(fn)!;
    const starts = new Set([fn.range[0], parent.type === T.MethodDefinition || parent.type === T.Property ? parent.range[0] : fn.range[0]]);
    const candidates = [...(this.workspace.module(source.path)?.functions.values() ?? [])].filter((f) => f.kind !== 'module' && starts.has(f.start));
    const own = functionName(source, fn);
    return (candidates.find((f) => f.name === own) ?? candidates[0])?.id ?? null;
  }

  private awaitCall(source: Source, call: Node): void {
    const parent = source.parent(call)!;
    if (parent.type === T.AwaitExpression) return;
    const bound =
      (parent.type === T.MemberExpression && parent.object === call) ||
      (parent.type === T.CallExpression && parent.callee === call) ||
      (parent.type === T.TaggedTemplateExpression && parent.tag === call) ||
      (parent.type === T.BinaryExpression && parent.operator === '**' && parent.left === call) ||
      parent.type === T.TSNonNullExpression ||
      parent.type === T.ChainExpression;
    if (!bound) {
      this.edit(source, { start: call.range[0], end: call.range[0], text: 'await ' });
      return;
    }
    if (parent.type === T.ChainExpression) throw new Refusal(`${source.of(call)} on line ${source.line(call)} cannot be awaited where it stands`, 'give its result a name first');
    // A line that begins with a parenthesis would go on with the one before where no semicolon stands.
    const first = source.statementAround(call)?.range[0] === call.range[0] && !/[;{}]\s*$/.test(source.text.slice(0, call.range[0]));
    this.edit(source, { start: call.range[0], end: call.range[0], text: first ? ';(await ' : '(await ' });
    this.edit(source, { start: call.range[1], end: call.range[1], text: ')' });
  }
}

function findCall(source: Source, site: { readonly start: number; readonly end: number }): Node | null {
  let found: Node | null = null;
  const visit = (node: Node): void => {
    if (found || !contains(node, site)) return;
    if (node.type === T.CallExpression && node.range[0] === site.start && node.range[1] === site.end) {
      found = node;
      return;
    }
    for (const child of source.childrenOf(node)) visit(child);
  };
  visit(source.program);
  return found;
}
