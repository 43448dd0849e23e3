/**
 * Statements that the parent runs instead of the worker, with the values that the worker records for them. The user's own statement is kept:
 * what it computes without the changed places is computed in the worker, the rest stays.
 */
import { AST_NODE_TYPES as T } from '@typescript-eslint/types';
import type { TextEdit } from '../../edit/edit';
import { freshName, plural } from '../../edit/javascript';
import type { CommitInput } from './commits';
import { Refusal } from '../refusal';
import { childrenOf, contains, isFunction, isLoopStatement, isStatement, walk, type Node, type Range, type Variable } from './syntax';
import { refuseUnknown } from './values';
import { headerVariables, type OuterWrite } from './writes';

export interface Field {
  readonly name: string;
  /** What the worker computes for it; null for a local variable of that name. */
  readonly value: Node | null;
}

export interface Deferred {
  /** Where the worker records instead of running it. Several when the same statement stands in several places. */
  readonly spots: readonly { readonly statements: readonly Node[]; readonly fields: readonly Field[] }[];
  /** The worker's array, or the number of times when nothing has to be recorded. */
  readonly list: string;
  readonly fields: readonly string[];
  /** The statements in the parent: those of the first spot with these edits. */
  readonly edits: readonly TextEdit[];
  /** The element is needed itself: recorded by its index. */
  readonly index: string | null;
  /** Statements of the body that the parent repeats to have a name: `const row = grid[y];`. */
  readonly prelude: readonly Node[];
  /** A name of what is changed. */
  readonly place: string | null;
  /** `count++`, of whole numbers: chunks are added up. */
  readonly counts: string | null;
}

interface Group {
  readonly label: string;
  readonly touches: Set<Node>;
  readonly writes: OuterWrite[];
}

export class Deferral {
  private readonly header: ReadonlySet<Variable>;
  /** The worker's name for an element's index, when one is needed. */
  private index: string | null = null;

  constructor(
    private readonly input: CommitInput,
    private readonly writes: readonly OuterWrite[],
    private readonly privates: ReadonlySet<Variable>,
  ) {
    this.header = headerVariables(input.source, input.syntax);
  }

  plan(): Deferred[] {
    return this.groups().map((group) => this.defer(group));
  }

  /** The same for an expression that is folded: `(sum, x) => sum + f(x)`. */
  fold(label: string, touches: readonly Node[], value: Node): { fields: Field[]; edits: TextEdit[]; index: string | null } {
    return this.record({ label, touches: new Set(touches), writes: [] }, [value]);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Which statements

  /** Writes that belong together: those of one place, and of places that one statement touches. */
  private groups(): { group: Group; spots: Node[][] }[] {
    const groups: Group[] = [];
    for (const write of this.writes) {
      const label = this.labelOf(write);
      const known = groups.find((g) => g.label === label);
      if (known) known.writes.push(write);
      else groups.push({ label, touches: new Set(), writes: [write] });
    }
    const planned = groups.map((group) => {
      this.touch(group);
      return { group, statements: this.cover(group) };
    });
    // Statements in common, or one inside the other, join two groups.
    for (let merged = true; merged; ) {
      merged = false;
      for (const [at, a] of planned.entries()) {
        const b = planned.slice(at + 1).find((other) => a.statements.some((s) => other.statements.some((t) => contains(s, t) || contains(t, s))));
        if (!b) continue;
        for (const touch of b.group.touches) a.group.touches.add(touch);
        a.group.writes.push(...b.group.writes);
        a.statements = this.cover(a.group);
        planned.splice(planned.indexOf(b), 1);
        merged = true;
        break;
      }
    }
    return this.joined(planned.map(({ group, statements }) => ({ group, spots: this.spots(group, statements) })));
  }

  /** Statements that stand one behind the other share a record: `total += x; squares += x * x;` */
  private joined(planned: { group: Group; spots: Node[][] }[]): { group: Group; spots: Node[][] }[] {
    const { source } = this.input;
    const kept: { group: Group; spots: Node[][] }[] = [];
    for (const next of [...planned].sort((a, b) => a.spots[0]![0]!.range[0] - b.spots[0]![0]!.range[0])) {
      const before = kept.at(-1);
      const [ours, theirs] = [next.spots[0]!, before?.spots[0]];
      const siblings = source.childrenOf(source.parent(ours[0]!)!);
      const adjacent = theirs !== undefined && next.spots.length === 1 && before!.spots.length === 1 && siblings.indexOf(theirs.at(-1)!) === siblings.indexOf(ours[0]!) - 1 && siblings.includes(theirs.at(-1)!);
      if (!adjacent) {
        kept.push({ group: { ...next.group, touches: new Set(next.group.touches), writes: [...next.group.writes] }, spots: next.spots });
        continue;
      }
      for (const touch of next.group.touches) before!.group.touches.add(touch);
      before!.group.writes.push(...next.group.writes);
      before!.spots = [[...theirs!, ...ours]];
    }
    return kept;
  }

  private labelOf(write: OuterWrite): string {
    if (write.root.kind === 'outer') return write.root.variable.name;
    const base = write.root.kind === 'this' ? 'this' : write.root.variable.name;
    return write.field === null ? base : `${base}.${write.field}`;
  }

  /** Everything in the body that reads or writes what the group changes, at or after its first change. */
  private touch(group: Group): void {
    const { source, syntax, loop } = this.input;
    const first = Math.min(...group.writes.map((w) => this.statementOf(w.node).range[0]));
    const accumulated = group.writes.some((w) => {
      const names = [this.labelOf(w), ...(w.alias ? [w.alias.name] : [])];
      return loop.places.some((p) => p.role === 'accumulator' && names.some((n) => p.label === n || p.label.startsWith(`${n}[`) || p.label.startsWith(`${n}.`)));
    });
    for (const write of group.writes) group.touches.add(write.node);
    const consider = (node: Node): void => {
      const position = this.statementOf(node).range[0];
      // Before the first change a value is what it was when the loop began, and the worker has that.
      if (!accumulated && position < first && !this.inLoopWith(node, group)) return;
      group.touches.add(node);
    };
    for (const write of group.writes) {
      const { root } = write;
      if (root.kind === 'outer') {
        for (const r of root.variable.references) if (contains(syntax.inside, r.identifier)) consider(r.identifier);
        continue;
      }
      walk(syntax.inside, (node) => {
        if (node.type !== T.MemberExpression) return;
        const isRoot = root.kind === 'this' ? node.object.type === T.ThisExpression : node.object.type === T.Identifier && source.variable(node.object) === root.variable;
        if (!isRoot) return;
        if (write.field === null || node.computed || (node.property.type === T.Identifier && node.property.name === write.field)) consider(node);
      });
      if (root.kind === 'item') {
        // The whole element handed on: what sees it may read the field.
        for (const r of root.variable.references) {
          if (!contains(syntax.inside, r.identifier) || source.parent(r.identifier)?.type === T.MemberExpression) continue;
          consider(r.identifier);
        }
      }
    }
    for (const write of group.writes) if (write.alias) for (const r of write.alias.references) if (!r.init) consider(r.identifier);
  }

  /** In an inner loop that also changes the place: what comes before in the text comes after in time. */
  private inLoopWith(node: Node, group: Group): boolean {
    const { source, syntax } = this.input;
    for (const at of source.outwards(node)) {
      if (at === syntax.inside) return false;
      if (isLoopStatement(at) || isFunction(at)) if (group.writes.some((w) => contains(at, w.node))) return true;
    }
    return false;
  }

  /** The innermost statement of the body around a node, seen from outside of functions made in it. */
  private statementOf(node: Node): Node {
    const { source, syntax } = this.input;
    let statement: Node | null = null;
    for (const at of source.outwards(node)) {
      if (at === syntax.inside) break;
      if (isFunction(at)) statement = null;
      else if (!statement && isStatement(at)) statement = at;
    }
    // A body that is one statement or one expression.
    return statement ?? syntax.inside;
  }

  /** The statements that hold all touches, with those that use locals made from what is touched. */
  private cover(group: Group): Node[] {
    const { source, syntax } = this.input;
    const touches = new Set(group.touches);
    const statements = new Set<Node>();
    const derived = new Set<Variable>();
    const queue = [...touches];
    const deriveFrom = (variable: Variable): void => {
      if (derived.has(variable)) return;
      derived.add(variable);
      for (const r of variable.references) if (contains(syntax.inside, r.identifier)) queue.push(r.identifier);
    };
    for (let touch = queue.pop(); touch; touch = queue.pop()) {
      const statement = this.statementOf(touch);
      if (statements.has(statement)) continue;
      statements.add(statement);
      if (statement.type === T.VariableDeclaration) {
        for (const declarator of statement.declarations) for (const variable of source.declared(declarator)) deriveFrom(variable);
      }
      walk(statement, (at) => {
        if (at.type !== T.AssignmentExpression || at.left.type !== T.Identifier) return;
        const variable = source.variable(at.left);
        if (variable && this.isLocal(variable) && !this.header.has(variable) && !contains(statement, variable.defs[0]!.name)) deriveFrom(variable);
      });
    }
    return [...statements].filter((s) => ![...statements].some((other) => other !== s && contains(other, s))).sort((a, b) => a.range[0] - b.range[0]);
  }

  /** Statements that stand together are one spot; several spots must say the same. */
  private spots(group: Group, statements: readonly Node[]): Node[][] {
    const { source, syntax } = this.input;
    if (statements.length === 1) return [[statements[0]!]];
    const parent = source.parent(statements[0]!)!;
    const siblings = childrenOf(parent);
    const positions = statements.map((s) => siblings.indexOf(s));
    if (positions.every((p) => p >= 0)) {
      const run = siblings.slice(positions[0]!, positions.at(-1)! + 1);
      if (run.length === statements.length || run.every((s) => statements.includes(s) || this.isLight(s))) return [run];
    }
    if (statements.every((s) => this.shapeOf(s, group) === this.shapeOf(statements[0]!, group))) return statements.map((s) => [s]);
    const around = this.commonStatement(statements);
    if (around && around !== syntax.inside && !isLoopStatement(around) && this.isLight(around)) return [[around]];
    const lines = statements.map((s) => source.line(s)).join(', ');
    throw new Refusal(`${group.label} is changed in several ways (lines ${lines})`, 'compute what to change it by, and change it in one statement at the end of the body');
  }

  private commonStatement(statements: readonly Node[]): Node | null {
    for (const at of this.input.source.outwards(statements[0]!)) {
      if (isStatement(at) && at.type !== T.BlockStatement && statements.every((s) => contains(at, s))) return at;
    }
    return null;
  }

  /** Nothing in it takes time or throws: it may run in the parent. */
  private isLight(node: Node): boolean {
    let light = true;
    walk(node, (at) => {
      if (at.type === T.CallExpression) light &&= this.isMath(at);
      if (/^(?:NewExpression|TaggedTemplateExpression|AwaitExpression|ImportExpression)$/.test(at.type) || isLoopStatement(at) || isFunction(at)) light = false;
      if (/^(?:Return|Break|Continue|Throw|Try)Statement$/.test(at.type)) light = false;
      return light;
    });
    return light;
  }

  private isMath(call: Node): boolean {
    if (call.type !== T.CallExpression || call.callee.type !== T.MemberExpression) return false;
    const { object } = call.callee;
    return object.type === T.Identifier && object.name === 'Math' && !this.input.source.variable(object);
  }

  /** The statement's text with every value that it takes from the iteration left out. */
  private shapeOf(statement: Node, group: Group): string {
    const { source } = this.input;
    const parts = this.freeParts(statement, group, new Set());
    let text = '';
    let at = statement.range[0];
    for (const { node } of parts) {
      text += `${source.text.slice(at, node.range[0])}\u0000`;
      at = node.range[1];
    }
    return text + source.text.slice(at, statement.range[1]);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Which values

  private isLocal(variable: Variable): boolean {
    const name = variable.defs[0]?.name;
    return this.header.has(variable) || this.privates.has(variable) || (name !== undefined && contains(this.input.syntax.inside, name));
  }

  /** The largest expressions that touch nothing of the group, in evaluation order, and whether they surely run. */
  private freeParts(root: Node, group: Group, inner: ReadonlySet<Variable>): { node: Node; sure: boolean }[] {
    const { source } = this.input;
    const parts: { node: Node; sure: boolean }[] = [];
    const touches = (node: Node): boolean => [...group.touches].some((t) => contains(node, t));
    const usesInner = (node: Node): boolean => source.referencesIn(node).some((r) => r.resolved && inner.has(r.resolved));
    const visit = (node: Node, sure: boolean): void => {
      if (this.isExpression(node) && !touches(node) && !usesInner(node)) {
        parts.push({ node, sure });
        return;
      }
      if (isFunction(node)) {
        if (node.body) visit(node.body, false);
        return;
      }
      for (const child of childrenOf(node)) {
        if (/^TS/.test(child.type) && !/^TS(?:As|NonNull|Satisfies|TypeAssertion)/.test(child.type)) continue;
        if (this.isName(node, child)) continue;
        visit(child, sure && !this.isConditional(node, child));
      }
    };
    visit(root, true);
    return parts;
  }

  private isExpression(node: Node): boolean {
    if (node.type === T.Identifier || node.type === T.ThisExpression || node.type === T.Literal || node.type === T.TemplateLiteral) return true;
    return /Expression$/.test(node.type) && node.type !== T.SpreadElement;
  }

  /** Property names and binding names are no values. */
  private isName(parent: Node, child: Node): boolean {
    if (parent.type === T.MemberExpression) return child === parent.property && !parent.computed;
    if (parent.type === T.Property) return child === parent.key && !parent.computed && !(parent.shorthand && child === parent.value);
    if (parent.type === T.VariableDeclarator) return child === parent.id;
    return parent.type === T.LabeledStatement || parent.type === T.BreakStatement || parent.type === T.ContinueStatement;
  }

  private isConditional(parent: Node, child: Node): boolean {
    switch (parent.type) {
      case T.IfStatement:
      case T.ConditionalExpression:
        return child !== parent.test;
      case T.LogicalExpression:
        return child === parent.right;
      case T.AssignmentExpression:
        return /^(?:\?\?|\|\||&&)=$/.test(parent.operator) && child === parent.right;
      default:
        return isLoopStatement(parent) || parent.type === T.TryStatement || parent.type === T.SwitchStatement || parent.type === T.SwitchCase;
    }
  }

  private defer({ group, spots }: { group: Group; spots: Node[][] }): Deferred {
    const recorded = spots.map((statements) => this.record(group, statements));
    const [first] = recorded;
    for (const other of recorded.slice(1)) {
      if (other.fields.length !== first!.fields.length || other.index || other.prelude.length > 0) {
        throw new Refusal(`${group.label} is changed in several ways`, 'change it in one statement at the end of the body');
      }
    }
    const { taken } = this.input;
    const names = first!.fields.map((f) => f.name);
    const list = freshName(
      names.length === 0 ? ['times', 'count', 'hits'] : names.length === 1 ? [plural(names[0]!), `${names[0]}List`] : ['updates', 'records', `${group.label.replace(/\W.*/, '')}Updates`],
      taken,
    );
    return {
      spots: spots.map((statements, at) => ({ statements, fields: recorded[at]!.fields.map((f, n) => ({ ...f, name: names[n]! })) })),
      list,
      fields: names,
      edits: first!.edits,
      index: first!.index,
      prelude: first!.prelude,
      place: group.writes.flatMap((w) => (w.root.kind === 'outer' ? [w.root.variable.name] : w.field === null ? [] : [w.field]))[0] ?? null,
      counts: names.length === 0 ? this.counted(group, spots) : null,
    };
  }

  /** The variable of `count++`, if adding up by chunks gives the same: whole numbers below 2^53. */
  private counted(group: Group, spots: readonly Node[][]): string | null {
    const { source } = this.input;
    const [write] = group.writes;
    if (!write || write.root.kind !== 'outer' || !write.direct) return null;
    const { name, defs, references } = write.root.variable;
    const whole = (node: Node | null | undefined): boolean => node?.type === T.Literal && Number.isInteger(node.value);
    const exact =
      defs[0]!.node.type === T.VariableDeclarator &&
      whole(defs[0]!.node.init) &&
      references.every((r) => {
        const parent = source.parent(r.identifier);
        if (!r.isWrite() || r.init || parent?.type === T.UpdateExpression) return true;
        return parent?.type === T.AssignmentExpression && /^[-+]?=$/.test(parent.operator) && whole(parent.right);
      });
    const byOne = spots.every((s) => s.length === 1 && /^(?:\w+\+\+|\+\+\w+|\w+ \+= 1);?$/.test(source.of(s[0]!)));
    return exact && byOne ? name : null;
  }

  /** What the worker has to record for a run of statements, and how the parent's copy reads it. */
  private record(group: Group, statements: readonly Node[]): { fields: Field[]; edits: TextEdit[]; index: string | null; prelude: Node[] } {
    const { source, taken, syntax } = this.input;
    const run: Range = { start: statements[0]!.range[0], end: statements.at(-1)!.range[1] };
    this.refuseJumps(statements);
    const inner = this.innerVariables(statements, run, group);
    const parts = statements.flatMap((s) => this.freeParts(s, group, inner));
    const fields = new Map<string, Field>();
    const edits: TextEdit[] = [];
    const prelude = new Set<Node>();
    let index: string | null = null;
    const bare = (variable: Variable): void => {
      fields.set(variable.name, { name: variable.name, value: null });
    };
    const whole: { node: Node; sure: boolean }[] = [];
    // Values that may not be copied stay with the parent; what they are reached by is recorded.
    const keep = (node: Node, sure: boolean): void => {
      if (node.type === T.Identifier) {
        const variable = source.variable(node);
        if (!variable || !this.isLocal(variable)) return;
        if (this.header.has(variable) && syntax.header.kind === 'items') {
          this.index ??= syntax.header.index ?? freshName(['index', 'position'], taken);
          index = this.index;
          fields.set(index, { name: index, value: null });
          return;
        }
        const declaration = this.repeatable(variable);
        if (declaration) {
          prelude.add(declaration.statement);
          keep(declaration.init, sure);
          return;
        }
        throw this.notCopied(node);
      }
      if (node.type === T.ThisExpression || node.type === T.Literal) return;
      if (this.isStructure(node)) {
        for (const child of childrenOf(node)) {
          if (this.isName(node, child)) continue;
          if (child.type === T.Property || child.type === T.SpreadElement) keep(child, sure);
          else take({ node: child, sure: sure && !this.isConditional(node, child) });
        }
        return;
      }
      throw this.notCopied(node);
    };
    const take = ({ node, sure }: { node: Node; sure: boolean }): void => {
      const locals = source.referencesIn(node).filter((r) => r.resolved && this.isLocal(r.resolved) && !inner.has(r.resolved));
      if (locals.length === 0 && (this.isLight(node) || !sure)) return;
      const kind = this.input.values.of(node);
      if (kind.kind === 'lost') throw new Refusal(`${kind.what} cannot come back from a worker: ${kind.why} (line ${source.line(node)})`, 'return plain data, and build the object from it');
      if (kind.kind === 'unknown') refuseUnknown(this.input, kind, source.line(node));
      if (kind.kind === 'shared') return keep(node, sure);
      if (node.type === T.Identifier) {
        const variable = source.variable(node)!;
        return bare(variable);
      }
      whole.push({ node, sure });
    };
    for (const part of parts) take(part);
    // Names that the statements are reached by: the element itself, or `row` of `const row = grid[y]`.
    for (const { root, alias, target } of group.writes) {
      if (!contains(run, target)) continue;
      if (alias && !inner.has(alias)) keep(this.anyRead(alias, target), true);
      else if (!alias && root.kind === 'item') keep(this.anyRead(root.variable, target), true);
    }
    for (const { node, sure } of whole) {
      const locals = new Set(source.referencesIn(node).flatMap((r) => (r.resolved && this.isLocal(r.resolved) && !inner.has(r.resolved) ? [r.resolved] : [])));
      const light = this.isLight(node);
      if (light && [...locals].every((v) => fields.has(v.name))) continue;
      if (!sure) {
        if (!light) throw new Refusal(`${source.of(node)} on line ${source.line(node)} is only computed when ${group.label} says so`, `compute it before ${group.label} is looked at`);
        for (const variable of locals) {
          if (this.input.values.of(this.anyRead(variable, node)).kind !== 'own') throw this.notCopied(node);
          bare(variable);
        }
        continue;
      }
      const same = [...fields.values()].find((f) => f.value && source.of(f.value) === source.of(node));
      const name = same?.name ?? freshName(this.nameFor(node), new Set([...taken, ...fields.keys()]));
      if (!same) fields.set(name, { name, value: node });
      edits.push({ start: node.range[0], end: node.range[1], text: this.inShorthand(node) ? `${source.of(node)}: ${name}` : name });
    }
    for (const statement of prelude) if (contains(run, statement)) prelude.delete(statement);
    return { fields: [...fields.values()], edits: edits.sort((a, b) => a.start - b.start), index, prelude: [...prelude].sort((a, b) => a.range[0] - b.range[0]) };
  }

  /** Variables that belong to the statements alone. */
  private innerVariables(statements: readonly Node[], run: Range, group: Group): Set<Variable> {
    const { source, syntax } = this.input;
    const inner = new Set<Variable>();
    for (const statement of statements) {
      walk(statement, (node) => {
        for (const variable of source.declared(node)) inner.add(variable);
        const target = node.type === T.AssignmentExpression ? node.left : node.type === T.UpdateExpression ? node.argument : null;
        const assigned = target?.type === T.Identifier ? source.variable(target) : null;
        if (assigned && this.isLocal(assigned) && !contains(run, assigned.defs[0]!.name)) {
          throw new Refusal(`${assigned.name} is set on line ${source.line(node)} by way of ${group.label}, which iterations share`, `keep what depends on ${group.label} in one statement`);
        }
      });
    }
    for (const variable of inner) {
      const outside = variable.references.find((r) => !contains(run, r.identifier) && contains(syntax.inside, r.identifier));
      if (outside) throw new Refusal(`${variable.name} depends on ${group.label} and is used on line ${source.line(outside.identifier)} too`, `keep what depends on ${group.label} in one statement at the end of the body`);
    }
    return inner;
  }

  private anyRead(variable: Variable, within: Node): Node {
    return variable.references.find((r) => contains(within, r.identifier))!.identifier;
  }

  private inShorthand(node: Node): boolean {
    const parent = this.input.source.parent(node);
    return parent?.type === T.Property && parent.shorthand;
  }

  private nameFor(node: Node): string[] {
    const parent = this.input.source.parent(node);
    if (parent?.type === T.MemberExpression && parent.property === node) return ['index', 'key', 'at'];
    if (parent?.type === T.CallExpression && parent.arguments[0] === node && parent.arguments.length > 1) return ['key', 'name'];
    if (parent?.type === T.Property && parent.key.type === T.Identifier) return [parent.key.name, 'value'];
    return ['value', 'result', 'part'];
  }

  /** Literals and reads without calls, which the parent can repeat. */
  private isStructure(node: Node): boolean {
    return /^(?:MemberExpression|ObjectExpression|ArrayExpression|ConditionalExpression|LogicalExpression|Property|SpreadElement|ChainExpression|TSNonNullExpression|TSAsExpression|TSSatisfiesExpression)$/.test(node.type);
  }

  /** `const row = grid[y];`: a name that the parent can have again. */
  private repeatable(variable: Variable): { statement: Node; init: Node } | null {
    const definition = variable.defs[0]?.node;
    if (definition?.type !== T.VariableDeclarator || !definition.init || definition.id.type !== T.Identifier) return null;
    if (variable.references.some((r) => r.isWrite() && !r.init)) return null;
    const statement = this.input.source.parent(definition);
    if (statement?.type !== T.VariableDeclaration || statement.declarations.length !== 1) return null;
    return this.isStructure(definition.init) ? { statement, init: definition.init } : null;
  }

  private notCopied(node: Node): Refusal {
    const { source } = this.input;
    return new Refusal(`${source.of(node)} on line ${source.line(node)} is held by something outside the loop too, and would come back as a copy`, 'use what makes it up: numbers, strings or a new object');
  }

  private refuseJumps(statements: readonly Node[]): void {
    const { source } = this.input;
    for (const statement of statements) {
      walk(statement, (node) => {
        if (isFunction(node)) return false;
        if (/^(?:Return|Continue|Break|Throw)Statement$/.test(node.type)) {
          throw new Refusal(`${source.of(node)} on line ${source.line(node)} stands in a statement that must run in order`, 'turn the condition around');
        }
        return undefined;
      });
    }
  }
}
