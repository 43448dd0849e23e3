/** Formats, digests, compression, dates: modules that turn values into others. */
import type { FunctionModel, NamespaceModel, TypeModel } from '../types';
import { all, constants, does, each, fresh, LINEAR, type Models, namespace, OK, refused, unknown, value } from './make';

/** Long inputs are worked on without the GIL. */
const DIGESTING = { cost: 'linear', releasesGil: true } as const;
const hash = fresh('hashlib.HASH', DIGESTING);
const derived = (heavy: FunctionModel['cost']): FunctionModel => value('bytes', { cost: heavy, releasesGil: true });

export const hashlib: NamespaceModel = namespace(
  {
    ...all('md5 sha1 sha224 sha256 sha384 sha512 sha3_224 sha3_256 sha3_384 sha3_512 blake2b blake2s shake_128 shake_256 new', hash),
    pbkdf2_hmac: derived('heavy'),
    scrypt: derived('heavy'),
  },
);

export const hashType: TypeModel = {
  name: 'hashlib.HASH',
  ...refused('hash objects cannot be pickled'),
  attributes: { digest_size: 'int', block_size: 'int', name: 'str' },
  methods: {
    update: does({ reads: ['args', 'receiver'], writes: ['receiver'], ...DIGESTING }),
    digest: value('bytes', { reads: ['args', 'receiver'] }),
    hexdigest: value('str', { reads: ['args', 'receiver'] }),
    copy: fresh('hashlib.HASH', { reads: ['receiver'] }),
  },
};

export const hmac: NamespaceModel = namespace({ digest: value('bytes', LINEAR), compare_digest: value('bool', LINEAR) });

export const zlib: NamespaceModel = namespace({
  compress: value('bytes', { ...DIGESTING, cost: 'heavy' }),
  decompress: value('bytes', DIGESTING),
  ...all('crc32 adler32', value('int', DIGESTING)),
  compressobj: fresh('zlib.Compress', { reads: ['args'] }),
  decompressobj: fresh('zlib.Decompress', { reads: ['args'] }),
});

const streaming: Models = {
  ...all('compress decompress flush', value('bytes', { reads: ['args', 'receiver'], writes: ['receiver'], ...DIGESTING })),
};
const compressor: TypeModel = {
  name: 'zlib.Compress',
  ...refused('compression objects cannot be pickled'),
  methods: { compress: streaming['compress']!, flush: streaming['flush']! },
};
const decompressor: TypeModel = {
  name: 'zlib.Decompress',
  ...refused('decompression objects cannot be pickled'),
  methods: { decompress: streaming['decompress']!, flush: streaming['flush']! },
};

const packing = value('bytes', DIGESTING);
/** The header of what gzip makes holds the time. */
export const gzip: NamespaceModel = namespace({
  compress: { ...packing, reads: ['args', 'clock'], cost: 'heavy' },
  decompress: packing,
});
export const bz2: NamespaceModel = namespace({ ...all('compress decompress', { ...packing, cost: 'heavy' }) });
export const lzma: NamespaceModel = namespace({ ...all('compress decompress', { ...packing, cost: 'heavy' }) });

export const binascii: NamespaceModel = namespace({
  ...all('hexlify unhexlify a2b_hex b2a_hex a2b_base64 b2a_base64', value('bytes', LINEAR)),
  ...all('crc32 crc_hqx', value('int', LINEAR)),
});
export const base64: NamespaceModel = namespace(
  all(
    'b64encode b64decode urlsafe_b64encode urlsafe_b64decode standard_b64encode standard_b64decode b32encode b32decode b16encode b16decode ' +
      'b85encode b85decode a85encode a85decode',
    value('bytes', LINEAR),
  ),
);

/** Callbacks given by keyword see the values on their way. */
const ENCODING = { cost: 'linear', calls: each('default') } as const;
const HOOKS = ['object_hook', 'object_pairs_hook', 'parse_float', 'parse_int', 'parse_constant'].flatMap((name) => each(name));
export const json: NamespaceModel = namespace({
  dumps: value('str', ENCODING),
  dump: does({ ...ENCODING, writes: ['arg1', 'fs'] }),
  loads: {
    ...unknown(undefined, { cost: 'linear', calls: HOOKS }),
    // Without callbacks what is read is new through and through.
    variants: [{ count: 1, plain: true, model: fresh(undefined, LINEAR) }],
  },
  load: unknown(undefined, { cost: 'linear', reads: ['args', 'fs'], writes: ['arg0'], calls: HOOKS }),
});

export const struct: NamespaceModel = namespace({
  pack: value('bytes'),
  ...all('unpack unpack_from', value('tuple')),
  calcsize: value('int'),
  pack_into: does({ writes: ['arg1'] }),
  iter_unpack: fresh('iterator[tuple]'),
});

export const uuid: NamespaceModel = namespace({
  ...all('uuid1 uuid4', value('uuid.UUID', { reads: ['clock'] })),
  ...all('uuid3 uuid5 UUID', value('uuid.UUID')),
});
const uuidType: TypeModel = {
  name: 'uuid.UUID',
  immutable: true,
  ...OK,
  attributes: { hex: 'str', int: 'int', bytes: 'bytes', version: 'int', urn: 'str' },
  methods: {},
};

/** Reading a row reads the file that it stands on. */
export const csv: NamespaceModel = namespace({
  reader: fresh('csv.reader', { reads: ['args'], consumes: [0], writes: ['arg0'], stores: [{ into: 'result', what: 'arg0' }] }),
  writer: fresh('csv.writer', { reads: ['args'], stores: [{ into: 'result', what: 'arg0' }] }),
  DictReader: fresh('csv.DictReader', { reads: ['args'], consumes: [0], writes: ['arg0'], stores: [{ into: 'result', what: 'args' }] }),
  DictWriter: fresh('csv.DictWriter', { reads: ['args'], stores: [{ into: 'result', what: 'args' }] }),
});
const rows: Models = all('writerow writerows', unknown(undefined, { reads: ['args', 'receiver'], writes: ['receiver', 'fs'], consumes: [0], bound: 'io' }));
const csvTypes: readonly TypeModel[] = [
  { name: 'csv.reader', iterator: true, element: 'list[str]', ...refused('csv readers cannot be pickled'), methods: {} },
  { name: 'csv.writer', ...refused('csv writers cannot be pickled'), methods: rows },
  { name: 'csv.DictReader', iterator: true, element: 'dict', ...refused('csv readers cannot be pickled'), methods: {} },
  { name: 'csv.DictWriter', ...refused('csv writers cannot be pickled'), methods: { ...rows, writeheader: rows['writerow']! } },
];

const CLOCK = { reads: ['args', 'clock'] } as const;
/** The locale has a say in names of months and days. */
const formatting = value('str', { reads: ['args', 'receiver', 'locale'] });
const dateMethods: Models = {
  ...all('weekday isoweekday toordinal', value('int')),
  ...all('isoformat ctime', value('str')),
  strftime: formatting,
  isocalendar: value('datetime.IsoCalendarDate'),
  timetuple: value('time.struct_time'),
  replace: value('datetime.date'),
};
const dateFields = constants('year month day', 'int');
const timeFields = constants('hour minute second microsecond fold', 'int');
const date: TypeModel = { name: 'datetime.date', immutable: true, ...OK, attributes: dateFields, methods: dateMethods };
const datetime: TypeModel = {
  name: 'datetime.datetime',
  immutable: true,
  ...OK,
  attributes: { ...dateFields, ...timeFields },
  methods: {
    ...dateMethods,
    replace: value('datetime.datetime'),
    date: value('datetime.date'),
    ...all('time timetz', value('datetime.time')),
    // A naive time is taken for local.
    timestamp: value('float', { reads: ['receiver', 'locale'] }),
    astimezone: value('datetime.datetime', { reads: ['args', 'receiver', 'locale'] }),
    utctimetuple: value('time.struct_time'),
    ...all('utcoffset dst', value('datetime.timedelta')),
    tzname: value('str'),
  },
};
const time: TypeModel = {
  name: 'datetime.time',
  immutable: true,
  ...OK,
  attributes: timeFields,
  methods: { isoformat: value('str'), strftime: formatting, replace: value('datetime.time') },
};
const timedelta: TypeModel = {
  name: 'datetime.timedelta',
  immutable: true,
  ...OK,
  attributes: constants('days seconds microseconds', 'int'),
  methods: { total_seconds: value('float') },
};
const timezone: TypeModel = {
  name: 'datetime.timezone',
  immutable: true,
  ...OK,
  methods: { ...all('utcoffset dst', value('datetime.timedelta')), tzname: value('str'), fromutc: value('datetime.datetime') },
};

export const DATE_CONSTRUCTORS: Models = Object.fromEntries(
  ['date', 'datetime', 'time', 'timedelta', 'timezone'].map((name) => [`datetime.${name}`, value(`datetime.${name}`)]),
);

const ofDate = (type: string): Models => ({
  today: value(type, CLOCK),
  fromtimestamp: value(type, { reads: ['args', 'locale'] }),
  ...all('fromordinal fromisoformat fromisocalendar', value(type)),
});
export const DATA_NAMESPACES: Readonly<Record<string, NamespaceModel>> = {
  datetime: namespace({}, { MINYEAR: 'int', MAXYEAR: 'int' }),
  'datetime.date': namespace(ofDate('datetime.date'), constants('min max', 'datetime.date')),
  'datetime.datetime': namespace(
    {
      ...ofDate('datetime.datetime'),
      ...all('now utcnow', value('datetime.datetime', CLOCK)),
      utcfromtimestamp: value('datetime.datetime'),
      strptime: value('datetime.datetime', { reads: ['args', 'locale'] }),
      combine: value('datetime.datetime'),
    },
    constants('min max', 'datetime.datetime'),
  ),
  'datetime.time': namespace({ fromisoformat: value('datetime.time') }, constants('min max', 'datetime.time')),
  'datetime.timedelta': namespace({}, constants('min max resolution', 'datetime.timedelta')),
  'datetime.timezone': namespace({}, constants('utc min max', 'datetime.timezone')),
  hashlib,
  hmac,
  zlib,
  gzip,
  bz2,
  lzma,
  binascii,
  base64,
  json,
  struct,
  uuid,
  csv,
};

export const DATA_TYPES: readonly TypeModel[] = [
  hashType,
  compressor,
  decompressor,
  uuidType,
  ...csvTypes,
  date,
  datetime,
  time,
  timedelta,
  timezone,
];

