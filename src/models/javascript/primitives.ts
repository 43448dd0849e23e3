/** Methods of strings, numbers, booleans, BigInts, symbols, regular expressions, dates, functions and errors. */
import type { FunctionModel, TypeModel } from '../types';
import { all, constants, fresh, lossy, OK, refused, returning, unknown, value } from './make';

const string: TypeModel = {
  name: 'string',
  immutable: true,
  indexable: true,
  element: 'string',
  ...OK,
  attributes: { length: 'number' },
  methods: {
    ...all(
      `at charAt concat normalize padEnd padStart repeat replace replaceAll slice substr substring toLocaleLowerCase toLocaleUpperCase toLowerCase
       toString toUpperCase toWellFormed trim trimEnd trimStart trimLeft trimRight valueOf`,
      value('string'),
    ),
    // A replacement may be a function. Those calls set a global expression's lastIndex to 0 and leave it there: nothing is carried over.
    ...all('replace replaceAll', value('string', { calls: [{ arg: 1, when: 'each' }], cost: 'linear' })),
    ...all('charCodeAt codePointAt indexOf lastIndexOf localeCompare search', value('number')),
    ...all('endsWith includes isWellFormed startsWith', value('boolean')),
    split: fresh('Array[string]', { cost: 'linear' }),
    match: fresh('Array[string]', { cost: 'linear' }),
    matchAll: fresh('Iterator[Array]'),
    ...all('anchor big blink bold fixed fontcolor fontsize italics link small strike sub sup', value('string')),
  },
};

const number: TypeModel = {
  name: 'number',
  immutable: true,
  ...OK,
  methods: { ...all('toExponential toFixed toLocaleString toPrecision toString', value('string')), valueOf: value('number') },
};

const boolean: TypeModel = { name: 'boolean', immutable: true, ...OK, methods: { toString: value('string'), valueOf: value('boolean') } };

const bigint: TypeModel = {
  name: 'bigint',
  immutable: true,
  ...OK,
  methods: { ...all('toLocaleString toString', value('string')), valueOf: value('bigint') },
};

const symbol: TypeModel = {
  name: 'symbol',
  immutable: true,
  ...refused('a symbol cannot be cloned'),
  attributes: { description: 'string' },
  methods: { toString: value('string'), valueOf: value('symbol') },
};

const nothing = (name: string): TypeModel => ({ name, immutable: true, ...OK, methods: {} });

const matched: FunctionModel = fresh('Array[string]');

/** A regular expression of which nothing is known: with the flags g or y, `exec` and `test` go on from `lastIndex` and set it. */
const regExp: TypeModel = {
  name: 'RegExp',
  ...OK,
  attributes: {
    ...constants('dotAll global hasIndices ignoreCase multiline sticky unicode unicodeSets', 'boolean'),
    ...constants('flags source', 'string'),
    lastIndex: 'number',
  },
  methods: {
    exec: { ...matched, writes: ['receiver.shallow'] },
    test: value('boolean', { writes: ['receiver.shallow'] }),
    compile: returning('receiver', { writes: ['receiver.shallow'] }),
    toString: value('string'),
  },
};

/** One without the flags g and y: matching leaves it as it was. */
const statelessRegExp: TypeModel = {
  ...regExp,
  name: 'StatelessRegExp',
  bases: ['RegExp'],
  methods: { exec: matched, test: value('boolean') },
};

const date: TypeModel = {
  name: 'Date',
  ...OK,
  methods: {
    ...all(
      `getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getTimezoneOffset getUTCDate getUTCDay
       getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds getYear valueOf`,
      value('number'),
    ),
    ...all(
      'toDateString toISOString toJSON toLocaleDateString toLocaleString toLocaleTimeString toString toTimeString toUTCString toGMTString',
      value('string'),
    ),
    ...all(
      `setDate setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setTime setUTCDate setUTCFullYear setUTCHours
       setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds setYear`,
      value('number', { writes: ['receiver'] }),
    ),
  },
};

const fn: TypeModel = {
  name: 'function',
  ...refused('a function cannot be cloned'),
  attributes: { length: 'number', name: 'string' },
  methods: { toString: value('string', { reads: [] }) },
};

const object: TypeModel = { name: 'object', methods: {} };

const error = (name: string): TypeModel => ({
  name,
  ...(name === 'Error' ? {} : { bases: ['Error'] }),
  ...OK,
  attributes: constants('message name stack', 'string'),
  methods: { toString: value('string') },
});

export const ERRORS = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'] as const;

/** What iterates: it is used up by it. */
const iterator = (name: string): TypeModel => ({
  name,
  iterator: true,
  element: 'arg0',
  ...refused(`${name === 'Iterator' ? 'an iterator' : 'a generator'} cannot be cloned`),
  methods: {
    next: unknown('object', { writes: ['receiver'] }),
    return: unknown('object', { writes: ['receiver'] }),
    throw: unknown('object', { writes: ['receiver'] }),
  },
});

const promise: TypeModel = {
  name: 'Promise',
  ...refused('a promise cannot be cloned'),
  methods: {
    then: unknown('Promise', {
      reads: ['receiver'],
      calls: [
        { arg: 0, when: 'later' },
        { arg: 1, when: 'later' },
      ],
    }),
    ...all('catch finally', unknown('Promise', { reads: ['receiver'], calls: [{ arg: 0, when: 'later' }] })),
  },
};

export const primitiveTypes: readonly TypeModel[] = [
  string,
  number,
  boolean,
  bigint,
  symbol,
  nothing('undefined'),
  nothing('null'),
  regExp,
  statelessRegExp,
  date,
  fn,
  object,
  ...ERRORS.map(error),
  { ...error('AggregateError'), ...lossy('it arrives as a plain Error, without its `errors`') },
  { ...error('DOMException'), ...lossy('it arrives as an empty object') },
  iterator('Iterator'),
  iterator('Generator'),
  iterator('AsyncGenerator'),
  promise,
];
