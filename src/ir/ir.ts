/**
 * The intermediate representation that both languages are lowered to.
 *
 * A structured tree, close enough to the source to generate code from it, small enough that the analysis
 * passes need one case for each construct. Expressions keep the language's own operators; statements keep
 * evaluation order. Every node links to its source by a span that is relative to the start of its function,
 * so that an edit above a function leaves its lowered form valid.
 */

export type Language = 'python' | 'javascript' | 'typescript';

/** Half-open range in UTF-16 units, relative to `FunctionIR.start` of the function that holds the node. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Names a variable within a module: `<qualified name of the owning function>/<name>`, with `#n` behind it for the n-th
 * block, comprehension or catch scope of that function that declares the name again (n from 1). The module's own is `/name`; a builtin
 * or global of the language that the module does not declare is `builtin/name`.
 */
export type VarId = string;

export type VariableKind = 'param' | 'local' | 'function' | 'class' | 'import' | 'builtin';

/** Where an imported name comes from. `name` is null for a whole module, `default` for a default export. */
export interface ImportSource {
  readonly module: string;
  readonly name: string | null;
  /** Python: number of leading dots of a relative import. */
  readonly level?: number;
}

export interface Variable {
  readonly id: VarId;
  readonly name: string;
  kind: VariableKind;
  /** Id of the function that owns it; `''` is the module. */
  readonly owner: string;
  /** Bound exactly once in the source, by its declaration (JS `const`, a parameter never assigned, a name assigned once). */
  constant: boolean;
  /** Read or written by a function nested in its owner. */
  captured: boolean;
  /** Set for `kind: 'import'`. */
  import?: ImportSource;
  /** Set for `kind: 'function'`: the id of the function it names. For `kind: 'class'`: of the class. */
  target?: string;
  /** From an annotation or, for a name bound once to a literal or constructor, from that. */
  type?: TypeIR;
}

/** A type as far as it is known: `int`, `list`, `Float64Array`, a class's id, … with arguments (`list[int]`). Unions are `{name:'union', args}`. */
export interface TypeIR {
  readonly name: string;
  readonly args?: readonly TypeIR[];
}

// ---------------------------------------------------------------------------------------------------------------------
// Expressions

interface Node {
  readonly span: Span;
}

export type Expr =
  | Const
  | NameExpr
  | Attribute
  | Index
  | Slice
  | Call
  | Unary
  | Binary
  | Compare
  | Logical
  | Conditional
  | Sequence
  | Template
  | Collection
  | Mapping
  | Spread
  | FunctionExpr
  | ClassExpr
  | Comprehension
  | AssignExpr
  | UpdateExpr
  | Await
  | Yield
  | This
  | Opaque;

/** A literal. Integers beyond 2^53 and BigInts carry their digits in `value` as a string. */
export interface Const extends Node {
  readonly type: 'const';
  readonly kind: 'int' | 'float' | 'complex' | 'bigint' | 'string' | 'bytes' | 'bool' | 'none' | 'undefined' | 'regexp' | 'ellipsis';
  readonly value: string | number | boolean | null;
}

export interface NameExpr extends Node {
  readonly type: 'name';
  readonly name: string;
  readonly variable: VarId;
}

export interface Attribute extends Node {
  readonly type: 'attribute';
  readonly object: Expr;
  readonly name: string;
  readonly optional?: boolean;
}

/** `object[index]`. A Python tuple subscript `a[i, j]` has `index.type === 'collection'` with kind `tuple`. */
export interface Index extends Node {
  readonly type: 'index';
  readonly object: Expr;
  readonly index: Expr;
  readonly optional?: boolean;
}

/** Python's `lower:upper:step`, only as an index or within an index tuple. */
export interface Slice extends Node {
  readonly type: 'slice';
  readonly lower: Expr | null;
  readonly upper: Expr | null;
  readonly step: Expr | null;
}

export interface Argument {
  readonly value: Expr;
  /** Python keyword. */
  readonly name?: string;
  /** `*x` / `...x` is `list`, `**x` is `dict`. */
  readonly spread?: 'list' | 'dict';
}

export interface Call extends Node {
  readonly type: 'call';
  readonly callee: Expr;
  readonly args: readonly Argument[];
  /** JS `new`. */
  readonly construct?: boolean;
  readonly optional?: boolean;
}

export interface Unary extends Node {
  readonly type: 'unary';
  /** `-`, `+`, `~`, `not`, `!`, `typeof`, `void`, `delete` */
  readonly operator: string;
  readonly operand: Expr;
}

export interface Binary extends Node {
  readonly type: 'binary';
  /** Arithmetic, bitwise, `**`, `//`, `@`, `<<`, `>>>`, … in the language's own spelling. */
  readonly operator: string;
  readonly left: Expr;
  readonly right: Expr;
}

/** A comparison; Python's chains have several operators. Includes `in`, `not in`, `is`, `is not`, `instanceof`, `===`. */
export interface Compare extends Node {
  readonly type: 'compare';
  readonly operators: readonly string[];
  /** One more than operators. */
  readonly operands: readonly Expr[];
}

/** Short-circuit `and`/`or` (JS `&&`/`||` too) and `??`. */
export interface Logical extends Node {
  readonly type: 'logical';
  readonly operator: 'and' | 'or' | '??';
  readonly left: Expr;
  readonly right: Expr;
}

export interface Conditional extends Node {
  readonly type: 'conditional';
  readonly test: Expr;
  readonly then: Expr;
  readonly else: Expr;
}

/** JS comma expression. */
export interface Sequence extends Node {
  readonly type: 'sequence';
  readonly items: readonly Expr[];
}

/** f-string or template literal: its embedded expressions. A tagged template is a call with a template argument. */
export interface Template extends Node {
  readonly type: 'template';
  readonly parts: readonly Expr[];
}

/** A list (JS array), tuple or set display. Holes are `Const` undefined. */
export interface Collection extends Node {
  readonly type: 'collection';
  readonly kind: 'list' | 'tuple' | 'set';
  readonly items: readonly Expr[];
}

export interface Property {
  /** null for a spread. A plain JS key `a:` is a `Const` string. */
  readonly key: Expr | null;
  readonly value: Expr;
  /** JS getter or setter: `value` is the function. */
  readonly accessor?: 'get' | 'set';
}

/** A dict display or object literal. */
export interface Mapping extends Node {
  readonly type: 'mapping';
  readonly properties: readonly Property[];
}

/** `*x` in a display, `...x` in an array. In arguments, see `Argument.spread`. */
export interface Spread extends Node {
  readonly type: 'spread';
  readonly value: Expr;
}

/** A lambda, arrow or function expression, or an object literal's method. */
export interface FunctionExpr extends Node {
  readonly type: 'function';
  readonly function: string;
  /** Defaults of a Python lambda's parameters, evaluated here. */
  readonly defaults?: readonly Expr[];
}

export interface ClassExpr extends Node {
  readonly type: 'class';
  readonly class: string;
}

export interface ComprehensionClause {
  readonly target: Target;
  readonly iterable: Expr;
  readonly conditions: readonly Expr[];
  readonly async: boolean;
}

export interface Comprehension extends Node {
  readonly type: 'comprehension';
  readonly kind: 'list' | 'set' | 'dict' | 'generator';
  readonly clauses: readonly ComprehensionClause[];
  /** For a dict, the value; `key` is its key. */
  readonly element: Expr;
  readonly key: Expr | null;
}

/** An assignment used as a value: JS `a = b`, `a += b`, Python's walrus. */
export interface AssignExpr extends Node {
  readonly type: 'assign';
  readonly target: Target;
  /** null for `=`; else the binary operator (`+` for `+=`), or `and`, `or`, `??` for the logical ones. */
  readonly operator: string | null;
  readonly value: Expr;
}

/** JS `++` and `--`. */
export interface UpdateExpr extends Node {
  readonly type: 'update';
  readonly operator: '++' | '--';
  readonly prefix: boolean;
  readonly target: Target;
}

export interface Await extends Node {
  readonly type: 'await';
  readonly value: Expr;
}

export interface Yield extends Node {
  readonly type: 'yield';
  readonly value: Expr | null;
  readonly delegate: boolean;
}

/** JS `this`, `super`, `new.target`, `import.meta`. Python's `self` is an ordinary parameter. */
export interface This extends Node {
  readonly type: 'this';
  readonly kind: 'this' | 'super' | 'new.target' | 'import.meta';
}

/** What the IR has no form for. Its children are evaluated in order; its other effects are unknown. */
export interface Opaque extends Node {
  readonly type: 'opaque';
  readonly what: string;
  readonly children: readonly Expr[];
}

// ---------------------------------------------------------------------------------------------------------------------
// Assignment targets

export type Target = NameExpr | Attribute | Index | TupleTarget | ObjectTarget | StarTarget | DefaultTarget;

/** Python tuple or list target, JS array pattern. A hole is null. */
export interface TupleTarget extends Node {
  readonly type: 'tuple-target';
  readonly items: readonly (Target | null)[];
}

/** JS object pattern. `key` null with a `star` target is the rest element. */
export interface ObjectTarget extends Node {
  readonly type: 'object-target';
  readonly properties: readonly { readonly key: Expr | null; readonly value: Target }[];
}

export interface StarTarget extends Node {
  readonly type: 'star';
  readonly value: Target;
}

/** A pattern element with a default value (JS). */
export interface DefaultTarget extends Node {
  readonly type: 'default';
  readonly target: Target;
  readonly value: Expr;
}

// ---------------------------------------------------------------------------------------------------------------------
// Statements

export type Stmt =
  | ExprStmt
  | Assign
  | Declare
  | If
  | ForEach
  | For
  | While
  | Return
  | Raise
  | Break
  | Continue
  | Try
  | With
  | Switch
  | Block
  | Delete
  | Assert
  | FunctionDef
  | ClassDef
  | Import
  | Pass
  | ErrorStmt;

/** Statement forms that are loops; comprehensions and calls are expressions. */
export type LoopStmt = ForEach | For | While;

export interface ExprStmt extends Node {
  readonly type: 'expr';
  readonly value: Expr;
}

/**
 * Assignment as a statement (also JS `const x = …`, with `declares`). Several targets are Python's `a = b = value`.
 * `operator` as in `AssignExpr`.
 */
export interface Assign extends Node {
  readonly type: 'assign-stmt';
  readonly targets: readonly Target[];
  readonly operator: string | null;
  readonly value: Expr;
  readonly declares?: 'var' | 'let' | 'const' | 'using';
  readonly annotation?: TypeIR;
}

/** A declaration without a value: JS `let x;` (which sets it to undefined), Python `x: int` (which sets nothing). */
export interface Declare extends Node {
  readonly type: 'declare';
  readonly target: Target;
  readonly declares: 'var' | 'let' | 'annotation';
  readonly annotation?: TypeIR;
}

export interface If extends Node {
  readonly type: 'if';
  readonly test: Expr;
  readonly then: readonly Stmt[];
  readonly else: readonly Stmt[];
}

/** Python `for`, JS `for…of` and `for…in`. */
export interface ForEach extends Node {
  readonly type: 'for-each';
  readonly over: 'values' | 'keys';
  readonly target: Target;
  readonly iterable: Expr;
  readonly body: readonly Stmt[];
  /** Python's `else`. */
  readonly orelse: readonly Stmt[];
  readonly async: boolean;
  /** JS: how the target is declared, null when it assigns an existing one. */
  readonly declares: 'var' | 'let' | 'const' | 'using' | null;
  readonly label?: string;
}

/** JS `for (init; test; update)`. */
export interface For extends Node {
  readonly type: 'for';
  readonly init: readonly Stmt[];
  readonly test: Expr | null;
  readonly update: Expr | null;
  readonly body: readonly Stmt[];
  readonly label?: string;
}

export interface While extends Node {
  readonly type: 'while';
  readonly test: Expr;
  /** True for JS `do … while`. */
  readonly testLast: boolean;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
  readonly label?: string;
}

export interface Return extends Node {
  readonly type: 'return';
  readonly value: Expr | null;
}

/** `raise` / `throw`. `value` null re-raises. */
export interface Raise extends Node {
  readonly type: 'raise';
  readonly value: Expr | null;
  readonly cause: Expr | null;
}

export interface Break extends Node {
  readonly type: 'break';
  readonly label?: string;
}

export interface Continue extends Node {
  readonly type: 'continue';
  readonly label?: string;
}

export interface Handler extends Node {
  /** Exception types (Python); null catches everything. */
  readonly test: Expr | null;
  readonly target: Target | null;
  readonly body: readonly Stmt[];
}

export interface Try extends Node {
  readonly type: 'try';
  readonly body: readonly Stmt[];
  readonly handlers: readonly Handler[];
  readonly orelse: readonly Stmt[];
  readonly finally: readonly Stmt[];
}

export interface With extends Node {
  readonly type: 'with';
  readonly items: readonly { readonly context: Expr; readonly target: Target | null }[];
  readonly body: readonly Stmt[];
  readonly async: boolean;
}

/** JS `switch` (falls through) and Python `match` (does not). A test of null is the default case. */
export interface Switch extends Node {
  readonly type: 'switch';
  readonly subject: Expr;
  readonly fallsThrough: boolean;
  readonly cases: readonly {
    readonly tests: readonly Expr[] | null;
    /** Python: names bound by the pattern. */
    readonly binds: readonly NameExpr[];
    readonly guard: Expr | null;
    readonly body: readonly Stmt[];
  }[];
}

/** JS block (scopes are already in the variable ids) or a labelled statement that is not a loop. */
export interface Block extends Node {
  readonly type: 'block';
  readonly body: readonly Stmt[];
  readonly label?: string;
}

export interface Delete extends Node {
  readonly type: 'delete';
  readonly targets: readonly Target[];
}

export interface Assert extends Node {
  readonly type: 'assert';
  readonly test: Expr;
  readonly message: Expr | null;
}

/** Binds a name to a function. JS function declarations are hoisted: the analysis treats them as bound at the start of their scope. */
export interface FunctionDef extends Node {
  readonly type: 'function-def';
  readonly target: NameExpr;
  readonly function: string;
  readonly decorators: readonly Expr[];
  /** Defaults of parameters, evaluated here in Python. */
  readonly defaults: readonly Expr[];
}

export interface ClassDef extends Node {
  readonly type: 'class-def';
  readonly target: NameExpr;
  readonly class: string;
  readonly decorators: readonly Expr[];
  readonly bases: readonly Expr[];
  /** Python: `metaclass=…` and the like. */
  readonly keywords?: readonly Argument[];
  /** Statements of the class body that run at its definition (Python), static initializers (JS). */
  readonly body: readonly Stmt[];
}

export interface Import extends Node {
  readonly type: 'import';
  readonly bindings: readonly { readonly target: NameExpr; readonly source: ImportSource }[];
  /** The module's specifier as written; an import for effect only has no bindings. */
  readonly module: string;
  /** `from m import *`. */
  readonly star?: boolean;
  /** `import type`. */
  readonly typeOnly?: boolean;
}

export interface Pass extends Node {
  readonly type: 'pass';
}

/** A stretch that the parser could not make sense of. */
export interface ErrorStmt extends Node {
  readonly type: 'error';
}

// ---------------------------------------------------------------------------------------------------------------------
// Functions, classes, modules

export interface Param {
  readonly variable: VarId;
  readonly name: string;
  readonly kind: 'plain' | 'positional-only' | 'keyword-only' | 'rest' | 'keywords';
  /** A destructured JS parameter: `variable` is a synthetic name and this target takes it apart. */
  readonly pattern?: Target;
  readonly default: Expr | null;
  /** Python: the default is evaluated once, where the function is defined; its names are those of the enclosing scope. */
  readonly defaultAtDefinition?: boolean;
  readonly type?: TypeIR;
}

export type FunctionKind = 'module' | 'function' | 'method' | 'lambda' | 'getter' | 'setter' | 'constructor';

/** The unit of lowering, caching and summary. A module's top level is one, with id `''`. */
export interface FunctionIR {
  /** Qualified name, unique in its module: `f`, `C.m`, `f.<locals>.g`, `f.<locals>.<lambda>#2`. */
  readonly id: string;
  readonly name: string;
  readonly kind: FunctionKind;
  /** Id of the enclosing function; null for the module. */
  readonly parent: string | null;
  /** Id of the class for methods, accessors and constructors. */
  readonly class: string | null;
  readonly params: readonly Param[];
  readonly body: readonly Stmt[];
  /** A JS arrow with an expression body has one return statement. */
  readonly async: boolean;
  readonly generator: boolean;
  /** JS arrow: `this` is the enclosing function's. */
  readonly arrow: boolean;
  /** Python: decorated by staticmethod, classmethod, property, … (names as written); JS: `static`. */
  readonly decorators: readonly string[];
  readonly returnType?: TypeIR;
  /** The variables that this function owns. */
  readonly variables: ReadonlyMap<VarId, Variable>;
  /** Variables of enclosing functions or the module, and builtins, that it or a function in it reads or writes. */
  readonly free: ReadonlySet<VarId>;
  /** Offset of its first character in the file, decorators included: spans of its nodes count from here. Changes with edits above it. */
  start: number;
  /** Length of its source text. */
  readonly length: number;
  /** True when a syntax error lies inside it: nothing is claimed about it. */
  readonly broken: boolean;
  readonly text?: string;
}

export interface ClassIR {
  readonly id: string;
  readonly name: string;
  /** Id of the function whose body defines it. */
  readonly parent: string;
  readonly bases: readonly Expr[];
  readonly decorators: readonly string[];
  /** Name → function id, of methods, accessors (`get x`, `set x`) and the constructor (`__init__`, `constructor`). */
  readonly methods: ReadonlyMap<string, string>;
  readonly staticMethods: ReadonlySet<string>;
  /** Fields known from annotations, class-level assignments, JS field declarations and assignments to `self`/`this` in the constructor. */
  readonly fields: ReadonlyMap<string, FieldIR>;
}

export interface FieldIR {
  readonly name: string;
  readonly type?: TypeIR;
  readonly value?: Expr;
  readonly static: boolean;
  /** JS `#name`. */
  readonly private: boolean;
}

export interface SyntaxProblem {
  readonly message: string;
  /** Absolute offsets in the file. */
  readonly start: number;
  readonly end: number;
}

export interface ExportIR {
  /**
   * Name under which it is exported; `default` for the default export, `*` for a re-export of everything, `=` for the value of the module
   * itself (CommonJS `module.exports = x`, TypeScript `export = x`), which is what `require` and a default import of it give.
   */
  readonly name: string;
  /** The module variable behind it, if it is one. */
  readonly variable: VarId | null;
  /** CommonJS: the id of the function or class that is exported without a variable (`exports.f = function () {}`). */
  readonly target?: string;
  /** For re-exports: the module, and the name there (`*` is the whole module). */
  readonly from?: string;
  readonly imported?: string;
}

export interface ModuleIR {
  readonly path: string;
  readonly language: Language;
  /** JS: `esm`, `commonjs`; Python: `python`. */
  readonly system: 'esm' | 'commonjs' | 'python';
  /** By id; `''` is the top level. */
  readonly functions: ReadonlyMap<string, FunctionIR>;
  readonly classes: ReadonlyMap<string, ClassIR>;
  readonly imports: readonly ImportSource[];
  readonly exports: readonly ExportIR[];
  readonly problems: readonly SyntaxProblem[];
  /** Comments, for ignore directives and for keeping them in rewrites. Absolute offsets. */
  readonly comments: readonly { readonly start: number; readonly end: number; readonly text: string }[];
  /** Python: has `if __name__ == "__main__":`. */
  readonly mainGuard: boolean;
}
