import assert from 'node:assert/strict';
import { node, python, type Pair, type Snapshot } from './snapshots';

function table(title: string, take: (expressions: readonly string[]) => Promise<readonly Snapshot[]>, same: readonly Pair[], different: readonly Pair[], opaque: readonly (readonly [string, string, RegExp])[]) {
  describe(title, () => {
    let taken: readonly Snapshot[];
    before(async () => {
      taken = await take([...same, ...different].flatMap(([, left, right]) => [left, right]).concat(opaque.map(([, expression]) => expression)));
    });
    [...same, ...different].forEach(([what, left, right], i) => {
      const isSame = i < same.length;
      it(`${what}: ${left} ${isSame ? '=' : '≠'} ${right}`, () => {
        const [a, b] = [taken[2 * i]!, taken[2 * i + 1]!];
        if (isSame) assert.deepEqual(a.lines, b.lines);
        assert.equal(a.hash === b.hash, isSame, `${a.lines.join(' | ')}   ${b.lines.join(' | ')}`);
      });
    });
    opaque.forEach(([what, expression, why], i) => {
      it(`${what}: ${expression} is not compared`, () => assert.match(JSON.stringify(taken[2 * (same.length + different.length) + i]!.skipped), why));
    });
  });
}

table(
  'snapshots: Python',
  (expressions) =>
    python(
      `import collections, dataclasses, datetime, decimal, enum, fractions, functools, pathlib, random, re, threading
class P:
    def __init__(self, x): self.x = x
    def __eq__(self, other): raise RuntimeError("never called")
    def __repr__(self): raise RuntimeError("never called")
    def __reduce__(self): raise RuntimeError("never called")
class Q(P): pass
class S:
    __slots__ = ("a", "__b")
    def __init__(self, a, b): self.a = a; self.__b = b
class L(list): pass
class I(int): pass
class F(float): pass
class T(str): pass
class D(dict):
    def __iter__(self): raise RuntimeError("never called")
@dataclasses.dataclass
class DC:
    x: int
    ys: list = dataclasses.field(default_factory=list)
class Color(enum.Enum):
    RED = 1
    BLUE = 2
NT = collections.namedtuple("NT", "a b")
def closure(n):
    def f(): return n
    return f
def chain(n, end):
    head = end
    for i in range(n): head = [head]
    return head
`,
      expressions,
    ),
  [
    ['sets have no order', 'set(range(50))', 'set(reversed(range(50)))'],
    ['sets of tuples', '{(1, "a"), (2, "b")}', '{(2, "b"), (1, "a")}'],
    ['NaNs are alike', 'float("nan")', '-float("nan")'],
    ['fields of an instance have no order', 'a = P(1);; a.y = 2;; a', 'a = P(1);; del a.x;; a.y = 2;; a.x = 1;; a'],
    ['tuples have no identity', 't = (1, 2);; [t, t]', '[(1, 2), (1, 2)]'],
    ['equal strings', '"a" * 3', '"aaa"'],
    ['cycles', 'a = [];; a.append(a);; a', 'a = [];; a.append(a);; a'],
  ],
  [
    ['int, float', '1', '1.0'],
    ['int, bool', '1', 'True'],
    ['minus zero', '0.0', '-0.0'],
    ['minus zero in a list', '[1.0, 0.0]', '[1.0, -0.0]'],
    ['NaN', 'float("nan")', '1.0'],
    ['the last bit', '0.1 + 0.2', '0.3'],
    ['complex', '1j', 'complex(-0.0, 1)'],
    ['large ints', '10 ** 30', '10 ** 30 + 1'],
    ['huge ints', '2 ** 5000', '2 ** 5000 + 1'],
    ['str, bytes', '"a"', 'b"a"'],
    ['lone surrogates', '"\\ud800"', '"\\ud801"'],
    ['list, tuple', '[1]', '(1,)'],
    ['order', '[1, 2]', '[2, 1]'],
    ['types within a list', '[1, 2, 3]', '[1, 2.0, 3]'],
    ['nesting', '[[1], 2]', '[[1, 2]]'],
    ['order of keys', '{"a": 1, "b": 2}', '{"b": 2, "a": 1}'],
    ['types of keys', '{1: 0}', '{1.0: 0}'],
    ['keys that are tuples', '{(1, 2): 0}', '{(1, 3): 0}'],
    ['set, frozenset', '{1}', 'frozenset({1})'],
    ['elements of sets', '{1, 2}', '{1, 3}'],
    ['classes', 'P(1)', 'Q(1)'],
    ['fields', 'P([1])', 'P([2])'],
    ['slots', 'S(1, 2)', 'S(1, 3)'],
    ['dataclasses', 'DC(1)', 'DC(1, [None])'],
    ['subclasses of list', 'L([1])', '[1]'],
    ['items of subclasses', 'L([1])', 'L([2])'],
    ['fields of subclasses', 'L([1])', 'a = L([1]);; a.extra = 1;; a'],
    ['subclasses of int', 'I(1)', 'I(2)'],
    ['subclasses of float', 'F(0.0)', 'F(-0.0)'],
    ['subclasses of str', 'T("a")', 'T("b")'],
    ['subclasses of dict', 'D(a=1)', 'D(a=2)'],
    ['sharing', 'a = [1];; [a, a]', '[[1], [1]]'],
    ['what a cycle goes to', 'a = [];; b = [a];; a.append(a);; b', 'a = [];; b = [a];; a.append(b);; b'],
    ['deque', 'collections.deque([1, 2])', 'collections.deque([1, 3])'],
    ['deque length', 'collections.deque([1], 3)', 'collections.deque([1], 4)'],
    ['defaultdict', 'collections.defaultdict(int, a=1)', 'collections.defaultdict(float, a=1)'],
    ['defaultdict items', 'collections.defaultdict(int, a=1)', 'collections.defaultdict(int, a=2)'],
    ['OrderedDict', 'collections.OrderedDict(a=1, b=2)', 'collections.OrderedDict(b=2, a=1)'],
    ['Counter', 'collections.Counter("aab")', 'collections.Counter("abb")'],
    ['namedtuple', 'NT(1, 2)', '(1, 2)'],
    ['enum', 'Color.RED', 'Color.BLUE'],
    ['Decimal', 'decimal.Decimal("1.0")', 'decimal.Decimal("1.00")'],
    ['Fraction', 'fractions.Fraction(1, 3)', 'fractions.Fraction(2, 3)'],
    ['datetime', 'datetime.datetime(2020, 1, 1)', 'datetime.datetime(2020, 1, 2)'],
    ['path', 'pathlib.PurePosixPath("/a")', 'pathlib.PurePosixPath("/b")'],
    ['pattern', 're.compile("a")', 're.compile("a", re.I)'],
    ['random generator', 'random.Random(1)', 'r = random.Random(1);; r.random();; r'],
    ['bytearray', 'bytearray(b"a")', 'bytearray(b"b")'],
    ['range', 'range(3)', 'range(4)'],
    ['partial', 'functools.partial(print, 1)', 'functools.partial(print, 2)'],
    ['closures', 'closure([1])', 'closure([2])'],
    ['list iterators', 'iter([1, 2])', 'i = iter([1, 2]);; next(i);; i'],
    ['exceptions', 'ValueError(1)', 'ValueError(2)'],
    ['types of exceptions', 'ValueError(1)', 'TypeError(1)'],
    ['a chain deeper than the recursion limit', 'chain(5000, 1)', 'chain(5000, 2)'],
    ['the last of many', '[0] * 100000 + [1]', '[0] * 100000 + [2]'],
    ['the last of many instances', '[P(i) for i in range(30000)]', '[P(i) for i in range(29999)] + [P(-1)]'],
    ['long strings', '"a" * 1000 + "b"', '"a" * 1000 + "c"'],
  ],
  [
    ['locks', '[threading.Lock()]', /v\[0\].*_thread\.lock cannot be compared/],
    ['generators', '{"k": (i for i in [])}', /v\['k'\].*generator cannot be compared/],
    ['open files', 'open("script.py")', /TextIOWrapper cannot be compared/],
    ['modules', 'P(re)', /v\.x.*module/],
  ],
);

table(
  'snapshots: JavaScript',
  (expressions) =>
    node(
      `class P { constructor(x) { this.x = x; } get y() { throw new Error('never called'); } toJSON() { throw new Error('never called'); } }
class Q extends P {}
class H { #h = 1; }
const chain = (n, end) => { let head = end; for (let i = 0; i < n; i++) head = [head]; return head; };
`,
      expressions,
    ),
  [
    ['NaN', 'NaN', '0 / 0'],
    ['cycles', 'const a = [];; a.push(a);; a', 'const a = [];; a.push(a);; a'],
    ['strings', '"a" + "b"', '"ab"'],
    ['errors, wherever made', 'new Error("x")', 'const f = () => new Error("x");; f()'],
  ],
  [
    ['minus zero', '0', '-0'],
    ['undefined, null', 'undefined', 'null'],
    ['number, string', '1', '"1"'],
    ['number, bigint', '1', '1n'],
    ['the last bit', '0.1 + 0.2', '0.3'],
    ['holes', '[, 1]', '[undefined, 1]'],
    ['length', 'const a = [1];; a.length = 3;; a', '[1]'],
    ['properties of arrays', 'Object.assign([1], { k: 1 })', '[1]'],
    ['order of keys', '({ a: 1, b: 2 })', '({ b: 2, a: 1 })'],
    ['missing, undefined', '({ a: undefined })', '({})'],
    ['symbols', '({ [Symbol.for("k")]: 1 })', '({})'],
    ['classes', 'new P(1)', 'new Q(1)'],
    ['instance, object', 'new P(1)', '({ x: 1 })'],
    ['no prototype', 'Object.create(null)', '({})'],
    ['fields', 'new P([1])', 'new P([2])'],
    ['maps', 'new Map([[1, 2]])', 'new Map([[1, 3]])'],
    ['order of maps', 'new Map([[1, 0], [2, 0]])', 'new Map([[2, 0], [1, 0]])'],
    ['keys of maps', 'new Map([[{ a: 1 }, 0]])', 'new Map([[{ a: 2 }, 0]])'],
    ['order of sets', 'new Set([1, 2])', 'new Set([2, 1])'],
    ['dates', 'new Date(1)', 'new Date(2)'],
    ['regular expressions', '/a/', '/a/g'],
    ['where a regular expression stands', 'const r = /a/g;; r.test("a");; r', '/a/g'],
    ['typed arrays', 'new Float64Array([0])', 'new Float64Array([-0])'],
    ['kinds of typed arrays', 'new Uint8Array([1])', 'new Int8Array([1])'],
    ['buffers', 'Buffer.from("a")', 'new Uint8Array([97])'],
    ['long typed arrays', 'new Uint8Array(200000)', 'const a = new Uint8Array(200000);; a[199999] = 1;; a'],
    ['array buffers', 'new ArrayBuffer(2)', 'new ArrayBuffer(3)'],
    ['errors', 'new Error("a")', 'new Error("b")'],
    ['kinds of errors', 'new Error("a")', 'new TypeError("a")'],
    ['causes', 'new Error("a", { cause: 1 })', 'new Error("a")'],
    ['boxes', 'new Number(1)', '1'],
    ['sharing', 'const a = [1];; [a, a]', '[[1], [1]]'],
    ['deep chains', 'chain(20000, 1)', 'chain(20000, 2)'],
    ['the last of many', 'Array(100000).fill(0)', 'const a = Array(100000).fill(0);; a[99999] = -0;; a'],
  ],
  [
    ['getters', '({ get a() { throw 1 } })', /v\.a.*getter is not run/],
    ['functions', '({ f: () => 1 })', /v\.f.*only the name/],
    ['private fields', '[new H()]', /v\[0\].*private fields of H/],
    ['promises', 'Promise.resolve(1)', /Promise cannot be compared/],
    ['proxies', '[new Proxy({}, {})]', /v\[0\].*proxy/],
    ['weak maps', 'new WeakMap()', /WeakMap/],
  ],
);
