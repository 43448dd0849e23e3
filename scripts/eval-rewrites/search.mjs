/**
 * Finds calls of a function under which a loop in it goes round several times, with arguments that fit types, defaults and names.
 *
 * Reads a request as JSON from the first argument: url of the module, target (`f` or `C.m`), whether `m` is static, the parameters with
 * their types, whether the module counts the loop's iterations, seconds. Prints the calls as JSON. Runs without permission to write or
 * start anything.
 */
import { inspect } from 'node:util';
import * as vm from 'node:vm';

const ENOUGH = 3;
const PLENTY = 8;
const CALLS = 3;
const CALL_MS = 300;

const VALUES = {
  number: ['6', '9', '3', '12', '2', '5', '1', '0.5'],
  string: [`'the quick brown fox'`, `'101101'`, `'abcabcab'`, `'Hello World'`, `'a-b_c d'`, `'a=1;b=2;c=3'`, `'one\\ntwo\\nthree'`],
  boolean: ['true', 'false'],
  numbers: ['[3, 1, 4, 1, 5, 9, 2, 6]', '[5, 4, 3, 2, 1]', '[1, 2, 3, 4, 5, 6]', '[-2, 7, 0, -5, 8]'],
  strings: [`['pear', 'apple', 'fig', 'plum']`, `['a', 'b', 'c', 'd', 'e']`, `['--one', 'two', '-x', 'y']`],
  matrix: ['[[3, 1, 2], [6, 4, 5], [9, 7, 8]]', '[[1, 0], [0, 1], [1, 1]]', `[['a', 'b'], ['c', 'd'], ['e', 'f']]`],
  objects: [`[{ a: 1, name: 'x' }, { a: 2, name: 'y' }, { a: 3, name: 'z' }]`, `[{ value: 3, weight: 2 }, { value: 1, weight: 1 }, { value: 4, weight: 3 }]`],
  object: ['{ a: 1, b: 2, c: 3, d: 4 }', `{ x: 'one', y: 'two', z: 'three' }`, '{ a: [1, 2], b: [3], c: [4, 5] }'],
  map: [`new Map([['a', 1], ['b', 2], ['c', 3]])`],
  set: ['new Set([1, 2, 3, 5, 8])', `new Set(['a', 'b', 'c'])`],
  bytes: ['new Uint8Array([7, 1, 200, 31, 4, 250, 16, 9])', 'new Float64Array([0.5, 1.5, -2, 4, 8])', 'new Uint8Array(64).fill(3)'],
  function: ['(x) => x', '(x, y) => x - y', '(x) => String(x)', '(x) => [x, x]'],
  nothing: ['undefined', 'null'],
};
const NAMES = {
  number: 'n k num number size length width height count depth limit start stop end index i j x y radix max min low high amount level offset digits steps',
  string: 's str text string word msg message key name line pattern input source path value prefix suffix code char separator url',
  numbers: 'arr array nums numbers values data items list a b args set original originalarray sequence coefficients coins heights weights domain range bins ticks',
  strings: 'words names keys lines strings args argv parts segments paths tokens options lines',
  matrix: 'matrix grid board m table rows image points pairs polygon entries edges',
  objects: 'objects nodes elements entries records children rules messages suggestions',
  object: 'obj object options opts map dict config target record props attributes o',
  function: 'f fn func callback cb predicate iteratee comparator compare visitor',
  bytes: 'bytes buffer buf data array typed',
  set: 'set',
};

const request = JSON.parse(process.argv[2]);
let seed = 7;
const random = (n) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * n);
};

function candidates({ name, type, rest }) {
  const kinds = [];
  for (const part of (type ?? '').split('|')) {
    if (/^(Array|ReadonlyArray|Iterable|tuple)<(Array|tuple)/.test(part)) kinds.push('matrix');
    else if (/^(Array|ReadonlyArray|Iterable)<number/.test(part)) kinds.push('numbers');
    else if (/^(Array|ReadonlyArray|Iterable)<string/.test(part)) kinds.push('strings');
    else if (/^(Array|ReadonlyArray|Iterable)/.test(part)) kinds.push('numbers', 'strings', 'matrix', 'objects');
    else if (/(Array|Buffer)$/.test(part)) kinds.push('bytes');
    else if (/^(function|Function)/.test(part)) kinds.push('function');
    else if (/^(object|Object|Record)/.test(part)) kinds.push('object');
    else if (/^(Map|Set)/.test(part)) kinds.push(part.slice(0, 3).toLowerCase());
    else if (Object.hasOwn(VALUES, part)) kinds.push(part);
  }
  if (kinds.length === 0) {
    const plain = name.toLowerCase();
    for (const [kind, names] of Object.entries(NAMES)) if (names.split(' ').includes(plain)) kinds.push(kind);
    for (const kind of Object.keys(VALUES)) if (!kinds.includes(kind)) kinds.push(kind);
  }
  const values = kinds.flatMap((kind) => VALUES[kind]);
  return rest ? values.map((value) => `...[${value}, ${value}, ${value}]`) : values;
}

const draw = (params, attempt) =>
  params.flatMap((param) => {
    if (param.optional && random(2) === 0) return ['undefined'];
    const values = candidates(param);
    return [values[random(Math.min(values.length, 1 + (attempt >> 2)))]];
  });

const module = await import(request.url);
const [head, method] = request.target.split('.');
const owner = module[request.exported ?? head];
if (typeof owner !== 'function') {
  console.log(`\n${JSON.stringify({ error: `${head} is no function` })}`);
  process.exit(0);
}
const found = [];
const seen = new Set();
const until = performance.now() + request.seconds * 1000;
const log = console.log;
console.log = console.error = console.warn = () => {};
for (let attempt = 0; attempt < 400 && performance.now() < until; attempt++) {
  if (found.filter((each) => each.count >= PLENTY && each.ok).length >= CALLS) break;
  const making = method && !request.static ? draw(request.make, attempt) : [];
  const passing = draw(request.own, attempt);
  const key = JSON.stringify([making, passing]);
  if (seen.has(key)) continue;
  seen.add(key);
  let value = null;
  let ok = true;
  globalThis.candidate = () => {
    const plain = (text) => (text.startsWith('...') ? (0, eval)(`(${text.slice(3)})`) : [(0, eval)(`(${text})`)]);
    const args = passing.flatMap(plain);
    value = method ? (request.static ? owner[method](...args) : call(new owner(...making.flatMap(plain)), args)) : owner(...args);
    if (value && typeof value.next === 'function') value = [...value];
    if (value && typeof value.then === 'function') throw Object.assign(new Error(), { slow: true });
    value = inspect(value, { depth: 8, maxArrayLength: 500 });
  };
  try {
    globalThis.fanoutHits = 0;
    vm.runInThisContext('candidate()', { timeout: CALL_MS });
  } catch (error) {
    if (error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' || error?.code === 'ERR_ACCESS_DENIED' || error?.slow || error instanceof RangeError) continue;
    ok = false;
    value = String(error);
  }
  const count = request.counted ? globalThis.fanoutHits : ENOUGH;
  if (count >= ENOUGH) found.push({ count, ok, value, making, passing });
}
function call(object, args) {
  return request.constructs ? object : request.getter ? object[method] : object[method](...args);
}
found.sort((a, b) => Number(b.ok) - Number(a.ok) || Math.min(b.count, 30) - Math.min(a.count, 30));
const results = new Set();
const calls = [];
for (const each of found) {
  if (results.has(each.value) || calls.length === CALLS) continue;
  results.add(each.value);
  calls.push({ making: each.making, passing: each.passing });
}
log(`\n${JSON.stringify(calls.length > 0 ? { calls, hits: found[0].count } : { error: 'no call was found under which the loop goes round several times' })}`);
process.exit(0);
