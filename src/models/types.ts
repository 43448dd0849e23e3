/**
 * How library functions are described: which places a call touches, what it returns, what it costs.
 * The data in this folder is the only place that knows the name of a library function.
 */
import type { TypeIR } from '../ir/ir';

/**
 * A place that a call touches, as seen from the call:
 * `receiver`, `arg0`, `arg1`, … `args` (all), `kw:NAME`, each meaning everything reachable from that value,
 * with `.shallow` behind it when only the container itself is touched (its length and slots, not what they hold);
 * or a part of the outside world: `stdout`, `stderr`, `stdin`, `fs` (any file), `fs:arg0` (the file that the argument names),
 * `random:python`, `random:numpy`, `random:js`, `environment`, `clock`, `network`, `process`, `locale`, `warnings`, `id-counter`.
 */
export type PlaceRef = string;

export interface CallbackModel {
  /** Index of the argument that is a function; or its keyword. */
  readonly arg: number | string;
  /** `each`: once for each element of a sequence, in order; `once`; `later`: stored or run concurrently; `compare`: a comparator or key. */
  readonly when: 'each' | 'once' | 'later' | 'compare';
}

export interface FunctionModel {
  /** Places read besides the arguments' own identity. `pure` functions read their arguments deeply by default: `['args']`. */
  readonly reads?: readonly PlaceRef[];
  /** Places written. Absent or empty: writes nothing. */
  readonly writes?: readonly PlaceRef[];
  readonly calls?: readonly CallbackModel[];
  /**
   * What comes back: a `fresh` value that nothing else holds; a new container whose elements are those of an argument (`fresh-of:arg0`);
   * an alias of (part of) an argument or of the receiver (`part:arg0`, `part:receiver`, `arg0`, `receiver`); an immutable `value`; or `unknown`.
   */
  readonly returns?: 'fresh' | 'value' | 'unknown' | `fresh-of:${string}` | `part:${string}` | 'receiver' | `arg${number}`;
  /**
   * `Array[string]` in text form; `receiver`, `arg0`: the type of that value; `element:receiver`, `element:arg0`: of its elements.
   */
  readonly type?: TypeIR | string;
  /**
   * The result shares this argument's memory unless the argument is a number or a plain array (`new Float64Array(x)`): if it may be a
   * buffer, writing to the result writes to it, at indices that are not those of the result.
   */
  readonly viewOf?: `arg${number}`;
  /**
   * What the call puts into something that outlives it: after `target = Object.assign(target, a)` the fields of `a` are reachable from
   * `target`. `what` is a place (the value itself) or `part:` and a place (its elements or fields); `result` is what the call returns.
   */
  readonly stores?: readonly { readonly into: 'result' | 'receiver' | `arg${number}`; readonly what: string }[];
  /** What holds instead for some calls, told by how they are written. The first that fits replaces the places, result and callbacks. */
  readonly variants?: readonly Variant[];
  /** Work relative to a plain operation: `constant` (default), `linear` in its input, `heavy` (worth a core by itself). */
  readonly cost?: 'constant' | 'linear' | 'heavy';
  /** What it waits for. `cpu` when it computes (default). `io` waits on disk, network, a device or the clock. */
  readonly bound?: 'cpu' | 'io';
  /** Releases Python's GIL while it computes. */
  readonly releasesGil?: boolean;
  /** Never returns (`sys.exit`). */
  readonly exits?: boolean;
  /** Consumes its (iterator) argument: `next`, `list(it)`. Implied write to the argument when that is an iterator or generator. */
  readonly consumes?: readonly number[];
  /** The same element of an argument may come more than once out of the result: `itertools.combinations`, `chain`, `random.choices`. */
  readonly repeats?: boolean;
  /** May stop before the end of its iterable argument: `any`, `some`, `next`. */
  readonly shortCircuits?: boolean;
}

/** A model for calls of a certain form. `variantOf` in variants.ts picks it. */
export interface Variant {
  /** Number of positional arguments, when there is no spread among them. */
  readonly count?: number;
  /** No keyword arguments. */
  readonly plain?: boolean;
  /** An argument, by its index or keyword (both, when it may be given either way), … */
  readonly argument?: { readonly at: number; readonly name?: string };
  /** … is a string literal that this pattern matches whole, … */
  readonly matches?: string;
  /** … or any literal, … */
  readonly literal?: boolean;
  /** … or is left out, when that fits too. */
  readonly absent?: boolean;
  readonly model: FunctionModel;
}

/** Models of a module or global object: member name → model. Nested namespaces (`numpy.random`) are keys with dots in the index. */
export interface NamespaceModel {
  readonly functions: Readonly<Record<string, FunctionModel>>;
  /** Constants and other members: name → type. Reading one touches nothing. */
  readonly constants?: Readonly<Record<string, string>>;
  /** Importing it has no effects that matter to a worker. */
  readonly importPure?: boolean;
}

/** Methods of a builtin or library type, by type name. */
export interface TypeModel {
  readonly name: string;
  readonly bases?: readonly string[];
  readonly methods: Readonly<Record<string, FunctionModel>>;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Attributes that share memory with the object, at other indices than its own: `T`, `flat`. */
  readonly views?: readonly string[];
  /** Values of it cannot change. */
  readonly immutable?: boolean;
  /** Indexing it has no effects and distinct keys are distinct places. */
  readonly indexable?: boolean;
  /** Iterating consumes it (files, generators, iterators). */
  readonly iterator?: boolean;
  /** Element type when indexed or iterated; `arg0` is the first type argument. */
  readonly element?: string;
  /** Whether a value of it reaches a worker process/thread: as in design.md's capture verdicts. */
  readonly transfer?: 'serializable' | 'not-serializable' | 'lossy';
  readonly transferReason?: string;
}

export interface LanguageModels {
  /** Builtin functions and global functions: `len`, `print`, `parseInt`. */
  readonly globals: NamespaceModel;
  /** By module (Python: dotted name; JS: `fs`, `node:fs` normalised to `fs`) or global object (`Math`, `JSON`, `Object`, `console`). */
  readonly namespaces: ReadonlyMap<string, NamespaceModel>;
  readonly types: ReadonlyMap<string, TypeModel>;
  /** Result types of constructors and of literals are type names in `types`. */
  readonly constructors: ReadonlyMap<string, FunctionModel>;
}
