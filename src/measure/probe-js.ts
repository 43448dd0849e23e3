/**
 * Puts the probes into JavaScript and TypeScript text: insertions on existing lines only, so that lines stay where they are.
 *
 * `const t = enter(); let out; try { out = []; for … } catch (e) { throw threw(t, e); } finally { leave(t, getters); }`
 *
 * Names that the statements declare for the rest of their block are declared before the `try` and assigned inside it.
 */
import type ts from 'typescript';
import { applyEdits, type TextEdit } from '../edit/edit';
import type { Range } from '../analysis/report';
import type { IterationOrder } from './overlay';

type TypeScript = typeof ts;

export interface JavaScriptProbe {
  readonly region: Range;
  /** The loop in this text, to count its iterations; null: do not count. */
  readonly loop: Range | null;
  /** Names to look at afterwards; null in time mode, where nothing is looked at. */
  readonly names: readonly string[] | null;
  /** Look at the module's data too. */
  readonly sweep: boolean;
  /** Names to look at before (sample mode). */
  readonly enter: readonly string[];
  /** Names that the loop leaves dead: never looked at. */
  readonly dead: readonly string[];
  /** Hand out the header's values in another order. */
  readonly order?: IterationOrder | null;
}

export interface ProbedText {
  readonly text: string;
  /** The iterations are counted. */
  readonly counted: boolean;
  /** Why the iterations cannot be put into another order; null when they are, or none was asked for. */
  readonly unordered: string | null;
  /** What the probe cannot see here, in words. */
  readonly limits: readonly string[];
}

const API = 'globalThis.__fanout';
const TOKEN = '__fanout_entry';

/**
 * @returns null when no statement lies in or around the region.
 */
export async function probeJavaScript(path: string, text: string, probe: JavaScriptProbe): Promise<ProbedText | null> {
  const loaded = await import('typescript');
  const typescript: TypeScript = (loaded as { default?: TypeScript }).default ?? (loaded as unknown as TypeScript);
  return new Prober(typescript, path, text, probe).run();
}

/** Text put around a stretch of source: nested ones keep their nesting where they share an end. */
interface Wrap {
  readonly start: number;
  readonly end: number;
  readonly open: string;
  readonly close: string;
}

class Prober {
  private readonly source: ts.SourceFile;
  private readonly wraps: Wrap[] = [];
  private readonly replacements: TextEdit[] = [];
  private readonly limits: string[] = [];
  private unordered: string | null = null;

  constructor(
    private readonly ts: TypeScript,
    path: string,
    private readonly text: string,
    private readonly probe: JavaScriptProbe,
  ) {
    const kind = /\.[cm]?ts$/i.test(path) ? ts.ScriptKind.TS : /\.tsx$/i.test(path) ? ts.ScriptKind.TSX : ts.ScriptKind.JSX;
    this.source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  }

  run(): ProbedText | null {
    const found = this.statements();
    if (!found) return null;
    const { statements, inBlock } = found;
    const start = statements[0]!.getStart(this.source);
    const end = statements.at(-1)!.getEnd();
    const enter = `${inBlock ? '' : '{ '}const ${TOKEN} = ${API}.enter(${this.probe.enter.length > 0 ? this.closures(this.probe.enter) : ''});`;
    const leave = `${API}.leave(${TOKEN}, ${this.getters(statements[0]!)});`;
    const close = inBlock ? '' : ' }';
    const hoisted = this.hoistable(statements);
    if (hoisted === null) {
      this.limits.push('an exception in the loop would not be seen: the loop declares a function or class for what follows');
      this.wrap(start, end, `${enter} `, ` ${leave}${close}`);
    } else {
      const names: string[] = [];
      const body = `} catch (__fanout_error) { throw ${API}.threw(${TOKEN}, __fanout_error); } finally { ${leave} }`;
      for (const list of hoisted) this.namesOf(list, names);
      this.wrap(start, end, `${enter}${names.length > 0 ? ` let ${names.join(', ')};` : ''} try { `, ` ${body}${close}`);
      for (const list of hoisted) this.hoist(list);
    }
    for (const statement of statements) this.visit(statement);
    const counted = this.probe.loop !== null && this.count(statements);
    return { text: applyEdits(this.text, this.edits()), counted, unordered: this.unordered, limits: this.limits };
  }

  private wrap(start: number, end: number, open: string, close: string): void {
    this.wraps.push({ start, end, open, close });
  }

  private edits(): readonly TextEdit[] {
    const order = new Map(this.wraps.map((wrap, index) => [wrap, index]));
    const at = (wrap: Wrap) => order.get(wrap)!;
    const opens = [...this.wraps].sort((a, b) => b.end - a.end || at(a) - at(b)).map((w) => ({ start: w.start, end: w.start, text: w.open }));
    const closes = [...this.wraps].sort((a, b) => b.start - a.start || at(b) - at(a)).map((w) => ({ start: w.end, end: w.end, text: w.close }));
    return [...closes, ...opens, ...this.replacements];
  }

  /** The whole statements, side by side in the innermost block where they do, that cover the region. */
  private statements(): { statements: readonly ts.Statement[]; inBlock: boolean } | null {
    const { ts, source } = this;
    const { start, end } = this.probe.region;
    let found: { statements: readonly ts.Statement[]; inBlock: boolean } | null = null;
    const consider = (list: readonly ts.Statement[], inBlock: boolean) => {
      const inside = list.filter((s) => s.getStart(source) < end && s.getEnd() > start);
      if (inside.length === 0) return;
      const first = inside[0]!;
      // White space and comments around the statements are part of no statement.
      if (first.getFullStart() <= start && this.isBlank(inside.at(-1)!.getEnd(), end)) found = { statements: inside, inBlock };
    };
    const visit = (node: ts.Node): void => {
      if (node.getFullStart() > end || node.getEnd() < start) return;
      if (this.hasStatements(node)) consider(node.statements, true);
      else if (this.isStatement(node) && !this.hasStatements(node.parent)) consider([node], false);
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  }

  private isBlank(start: number, end: number): boolean {
    return end <= start || /^(?:[\s;]|\/\/.*|\/\*[^]*?\*\/)*$/.test(this.text.slice(start, end));
  }

  private hasStatements(node: ts.Node): node is ts.Node & { readonly statements: ts.NodeArray<ts.Statement> } {
    const { ts } = this;
    return ts.isBlock(node) || ts.isSourceFile(node) || ts.isCaseOrDefaultClause(node) || ts.isModuleBlock(node);
  }

  private isStatement(node: ts.Node): node is ts.Statement {
    return node.kind >= this.ts.SyntaxKind.FirstStatement && node.kind <= this.ts.SyntaxKind.LastStatement && !this.ts.isBlock(node);
  }

  /** The declarations among the statements that have to be turned into assignments; null when one cannot be. */
  private hoistable(statements: readonly ts.Statement[]): readonly ts.VariableDeclarationList[] | null {
    const { ts } = this;
    const lists: ts.VariableDeclarationList[] = [];
    for (const statement of statements) {
      if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)) return null;
      if (!ts.isVariableStatement(statement)) continue;
      if (statement.modifiers?.length) return null;
      const scope = statement.declarationList.flags & ts.NodeFlags.BlockScoped;
      if (scope === ts.NodeFlags.Using || scope === ts.NodeFlags.AwaitUsing) return null;
      if (scope !== 0) lists.push(statement.declarationList);
    }
    return lists;
  }

  private namesOf(list: ts.VariableDeclarationList, into: string[]): void {
    for (const declaration of list.declarations) this.boundNames(declaration.name, into);
  }

  /** `const { a }: T = f(), b;` becomes `;({ a } = f(), b = undefined);` */
  private hoist(list: ts.VariableDeclarationList): void {
    const start = list.getStart(this.source);
    this.wrap(start, list.getEnd(), ';(', ')');
    this.replacements.push({ start, end: list.declarations[0]!.getStart(this.source), text: '' });
    for (const { name, type, exclamationToken, initializer } of list.declarations) {
      const typed = (type ?? exclamationToken)?.getEnd() ?? name.getEnd();
      const value = initializer === undefined ? ' = undefined' : '';
      if (typed !== name.getEnd() || value) this.replacements.push({ start: name.getEnd(), end: typed, text: value });
    }
  }

  private boundNames(name: ts.BindingName, into: string[]): void {
    if (this.ts.isIdentifier(name)) {
      into.push(name.text);
      return;
    }
    for (const element of name.elements) {
      if (!this.ts.isOmittedExpression(element)) this.boundNames(element.name, into);
    }
  }

  /** Wraps returned values, and marks where an entry waits: another entry that runs meanwhile is not nested in it. */
  private visit(node: ts.Node): void {
    const { ts, source } = this;
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) {
      this.wrap(node.expression.getStart(source), node.expression.getEnd(), `${API}.ret(${TOKEN}, (`, '))');
    }
    if ((ts.isAwaitExpression(node) || ts.isYieldExpression(node)) && node.expression) {
      this.wrap(node.getStart(source), node.getEnd(), `${API}.resume(${TOKEN}, `, ')');
      this.wrap(node.expression.getStart(source), node.expression.getEnd(), `${API}.suspend(${TOKEN}, (`, '))');
    }
    ts.forEachChild(node, (child) => this.visit(child));
  }

  /** Puts a counter into the outermost loop of the range. */
  private count(statements: readonly ts.Statement[]): boolean {
    const { ts, source, probe } = this;
    const tick = `${API}.tick(${TOKEN})`;
    const { start, end } = probe.loop!;
    // A `do … while` ends with a semicolon that may be left out.
    const endsBy = (node: ts.Node) => node.getEnd() <= end || this.text.slice(end, node.getEnd()).trim() === ';';
    // The loop of a method chain starts at the method's name.
    const inRange = (node: ts.Node) => endsBy(node) && (node.getStart(source) >= start || node.getEnd() === end);
    const visit = (node: ts.Node): boolean => {
      if (inRange(node) && this.countIn(node, tick)) return true;
      return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
    };
    return statements.some(visit);
  }

  private countIn(node: ts.Node, tick: string): boolean {
    const { ts, source } = this;
    if (this.probe.order) this.unordered = this.reorder(node, this.probe.order);
    if (ts.isIterationStatement(node, false)) {
      const body = node.statement;
      if (ts.isBlock(body)) this.wrap(body.getStart(source) + 1, body.getStart(source) + 1, ` ${tick};`, '');
      else this.wrap(body.getStart(source), body.getEnd(), `{ ${tick}; `, ' }');
      return true;
    }
    if (!ts.isCallExpression(node)) return false;
    const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : '';
    if (!/^(?:map|forEach|filter|reduce|reduceRight|some|every|find|findIndex|flatMap|from)$/.test(name)) return false;
    const callback = node.arguments[name === 'from' ? 1 : 0];
    if (!callback) return false;
    this.wrap(callback.getStart(source), callback.getEnd(), `${API}.counted(${TOKEN}, `, ')');
    return true;
  }

  /** Lets the harness hand out what the loop walks over. Returns why that cannot be, or null. */
  private reorder(node: ts.Node, { how, collects }: IterationOrder): string | null {
    const { ts, source } = this;
    const rest = `, ${JSON.stringify(how)}, [${collects.map((path) => `() => ${path.join('.')}`).join(', ')}])`;
    if (ts.isForOfStatement(node) && !node.awaitModifier) {
      this.wrap(node.expression.getStart(source), node.expression.getEnd(), `${API}.ordered(${TOKEN}, (`, `)${rest}`);
      return null;
    }
    if (ts.isForStatement(node)) {
      const counter = this.counter(node);
      if (counter === null) return 'the body of the loop moves its counter';
      this.wrap(node.initializer!.getStart(source), node.incrementor!.getEnd(), `let ${counter} of ${API}.ordered(${TOKEN}, (function* () { for (`, `) yield ${counter}; }).call(${this.hasThis(node) ? 'this' : ''})${rest}`);
      return null;
    }
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && /^(?:map|forEach|filter|flatMap)$/.test(node.expression.name.text)) {
      const { expression: object } = node.expression;
      this.wrap(object.getStart(source), object.getEnd(), `${API}.reordered(${TOKEN}, (`, `)${rest}`);
      return null;
    }
    return 'what the loop walks over is not known before it runs';
  }

  /** The one counter of `for (let i = …; …; …)` that only the header moves. */
  private counter(loop: ts.ForStatement): string | null {
    const { ts } = this;
    const { initializer, incrementor } = loop;
    if (!initializer || !incrementor || !ts.isVariableDeclarationList(initializer) || !(initializer.flags & ts.NodeFlags.Let)) return null;
    const [first] = initializer.declarations;
    if (!first || !ts.isIdentifier(first.name) || initializer.declarations.length > 2) return null;
    const name = first.name.text;
    // A second name, the bound, may be read in the body: it would not be bound there any more.
    const others = initializer.declarations.slice(1).map((declaration) => (ts.isIdentifier(declaration.name) ? declaration.name.text : ''));
    const moves = (node: ts.Node): boolean => {
      if (ts.isIdentifier(node) && others.includes(node.text)) return true;
      if (ts.isBinaryExpression(node) && node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && node.operatorToken.kind <= ts.SyntaxKind.LastAssignment && node.left.getText(this.source) === name) return true;
      if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && node.operand.getText(this.source) === name && (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)) return true;
      return ts.forEachChild(node, (child) => moves(child) || undefined) ?? false;
    };
    return moves(loop.statement) ? null : name;
  }

  private hasThis(node: ts.Node): boolean {
    const { ts } = this;
    return node.kind === ts.SyntaxKind.ThisKeyword || (ts.forEachChild(node, (child) => this.hasThis(child) || undefined) ?? false);
  }

  /** The closures that read names afterwards, each by itself: a name may not be bound yet, or not exist in this version. */
  private getters(first: ts.Statement): string {
    if (this.probe.names === null) return 'null';
    const names = new Set([...this.probe.names, ...(this.probe.sweep ? this.moduleNames() : [])].filter((name) => !this.probe.dead.includes(name)));
    const { escaping, caught } = this.escape(first);
    return `{ caught: ${caught}, escaping: ${JSON.stringify(escaping)}, names: ${this.closures([...names])} }`;
  }

  private closures(names: readonly string[]): string {
    const readable = names.filter((name) => name === 'this' || /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name));
    return `{ ${readable.map((name) => `${JSON.stringify(name)}: () => ${name}`).join(', ')} }`;
  }

  /** Data that the module declares at its top level: what a callee may have changed. */
  private moduleNames(): readonly string[] {
    const names: string[] = [];
    for (const statement of this.source.statements) {
      if (!this.ts.isVariableStatement(statement)) continue;
      for (const declaration of statement.declarationList.declarations) {
        const value = declaration.initializer;
        if (value && (this.ts.isFunctionLike(value) || this.ts.isClassLike(value) || this.isRequire(value))) continue;
        this.boundNames(declaration.name, names);
      }
    }
    return names;
  }

  private isRequire(value: ts.Expression): boolean {
    return this.ts.isCallExpression(value) && this.ts.isIdentifier(value.expression) && value.expression.text === 'require';
  }

  /** What can still be seen when an exception leaves the function; and whether the same function catches it, so that all can. */
  private escape(first: ts.Statement): { escaping: readonly string[]; caught: boolean } {
    const { ts } = this;
    const escaping = ['this', ...this.moduleNames()];
    for (let node: ts.Node = first; node.parent; node = node.parent) {
      const parent = node.parent;
      if (ts.isTryStatement(parent) && parent.tryBlock === node) return { escaping, caught: true };
      if (ts.isFunctionLike(parent)) {
        for (const parameter of parent.parameters) this.boundNames(parameter.name, escaping as string[]);
        return { escaping, caught: false };
      }
    }
    return { escaping: [], caught: false };
  }
}
