/** Strings and bytes, and the modules that work on them. */
import type { FunctionModel, NamespaceModel, TypeModel } from '../types';
import { all, constants, copyOf, does, each, fresh, LINEAR, type Models, namespace, OK, SHALLOW, value } from './make';

const TEXT_TESTS = 'endswith isalnum isalpha isascii isdigit islower isspace istitle isupper startswith';
const TEXT_CHANGES = 'capitalize center expandtabs ljust lower lstrip removeprefix removesuffix replace rjust rstrip strip swapcase title translate upper zfill';
const TEXT_SEARCH = 'count find index rfind rindex';

const textMethods = (type: string): Models => ({
  ...all(TEXT_TESTS, value('bool', LINEAR)),
  ...all(TEXT_CHANGES, value(type, LINEAR)),
  ...all(TEXT_SEARCH, value('int', LINEAR)),
  join: value(type, { cost: 'linear', consumes: [0] }),
  ...all('partition rpartition', value(`tuple[${type}, ${type}, ${type}]`, LINEAR)),
  ...all('split rsplit splitlines', fresh(`list[${type}]`, LINEAR)),
});

export const str: TypeModel = {
  name: 'str',
  immutable: true,
  indexable: true,
  element: 'str',
  ...OK,
  methods: {
    ...textMethods('str'),
    ...all('casefold format format_map', value('str', LINEAR)),
    encode: value('bytes', LINEAR),
    ...all('isdecimal isidentifier isnumeric isprintable', value('bool', LINEAR)),
    maketrans: fresh('dict'),
  },
};

export const bytes: TypeModel = {
  name: 'bytes',
  immutable: true,
  indexable: true,
  element: 'int',
  ...OK,
  methods: { ...textMethods('bytes'), decode: value('str', LINEAR), hex: value('str', LINEAR), maketrans: value('bytes') },
};

const changed = { reads: ['args'], writes: ['receiver'] } as const;

export const bytearray: TypeModel = {
  name: 'bytearray',
  indexable: true,
  element: 'int',
  ...OK,
  methods: {
    ...all(TEXT_TESTS, value('bool', LINEAR)),
    ...all(TEXT_CHANGES, fresh('bytearray', LINEAR)),
    ...all(TEXT_SEARCH, value('int', LINEAR)),
    join: fresh('bytearray', { cost: 'linear', consumes: [0] }),
    ...all('partition rpartition', fresh('tuple[bytearray, bytearray, bytearray]', LINEAR)),
    ...all('split rsplit splitlines', fresh('list[bytearray]', LINEAR)),
    decode: value('str', LINEAR),
    hex: value('str', LINEAR),
    copy: fresh('bytearray', LINEAR),
    ...all('append clear extend insert remove reverse', does(changed)),
    pop: value('int', { reads: ['args', 'receiver'], writes: ['receiver'] }),
  },
};

/** A replacement may be a function, which is called with each match. */
const replacing = (type: string | undefined, at: number): FunctionModel => ({
  ...value(type, { cost: 'linear', calls: each(at) }),
  variants: [{ argument: { at, name: 'repl' }, literal: true, model: value(type, LINEAR) }],
});

const matching: Models = {
  ...all('match search fullmatch', value('re.Match', LINEAR)),
  findall: fresh('list', LINEAR),
  finditer: fresh('iterator[re.Match]', LINEAR),
  split: fresh('list[str]', LINEAR),
};

export const pattern: TypeModel = {
  name: 're.Pattern',
  immutable: true,
  ...OK,
  attributes: { pattern: 'str', flags: 'int', groups: 'int' },
  methods: { ...matching, sub: replacing(undefined, 0), subn: replacing('tuple', 0) },
};

export const match: TypeModel = {
  name: 're.Match',
  immutable: true,
  transfer: 'not-serializable',
  transferReason: 'match objects cannot be pickled',
  attributes: { pos: 'int', endpos: 'int', lastindex: 'int', lastgroup: 'str', string: 'str' },
  methods: {
    ...all('start end', value('int', SHALLOW)),
    span: value('tuple[int, int]', SHALLOW),
    ...all('group expand', value(undefined, SHALLOW)),
    groups: value('tuple', SHALLOW),
    groupdict: fresh('dict', SHALLOW),
  },
};

export const re: NamespaceModel = namespace(
  {
    compile: value('re.Pattern', LINEAR),
    ...matching,
    sub: replacing(undefined, 1),
    subn: replacing('tuple', 1),
    escape: value(undefined, LINEAR),
  },
  constants('A ASCII I IGNORECASE M MULTILINE S DOTALL X VERBOSE U UNICODE L LOCALE', 're.RegexFlag'),
);

export const string: NamespaceModel = namespace(
  { capwords: value('str', LINEAR) },
  constants('ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits printable punctuation whitespace', 'str'),
);

export const textwrap: NamespaceModel = namespace({
  wrap: fresh('list[str]', LINEAR),
  ...all('fill shorten dedent', value('str', LINEAR)),
  indent: value('str', { cost: 'linear', calls: each(2) }),
});

export const unicodedata: NamespaceModel = namespace(
  {
    ...all('category bidirectional decomposition east_asian_width lookup normalize', value('str')),
    name: value(),
    ...all('combining mirrored', value('int')),
    ...all('decimal digit numeric', value()),
    is_normalized: value('bool'),
  },
  { unidata_version: 'str' },
);

export const difflib: NamespaceModel = namespace({ get_close_matches: copyOf('arg1', 'list', { cost: 'heavy' }) });

export const html: NamespaceModel = namespace(all('escape unescape', value('str', LINEAR)));

export const TEXT_TYPES: readonly TypeModel[] = [str, bytes, bytearray, pattern, match];
