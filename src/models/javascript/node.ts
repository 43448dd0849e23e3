/** Node's other modules. */
import type { NamespaceModel } from '../types';
import { all, constants, fresh, later, once, returning, unknown, value } from './make';
import { fs, promises } from './node-fs';

const io = { bound: 'io' } as const;

const path: NamespaceModel = {
  functions: {
    ...all('basename dirname extname format join normalize', value('string')),
    // A relative path is completed with the working directory.
    ...all('resolve relative', value('string', { reads: ['args', 'process'] })),
    isAbsolute: value('boolean'),
    parse: fresh('object'),
  },
  constants: constants('sep delimiter', 'string'),
  importPure: true,
};

const os: NamespaceModel = {
  functions: {
    ...all('arch endianness homedir hostname machine platform release tmpdir type version', value('string', { reads: ['environment'] })),
    ...all('availableParallelism freemem totalmem uptime getPriority', value('number', { reads: ['process', 'clock'] })),
    ...all('cpus loadavg', fresh('Array', { reads: ['process'] })),
    ...all('networkInterfaces userInfo', fresh('object', { reads: ['environment'] })),
    setPriority: value('undefined', { writes: ['process'] }),
  },
  constants: constants('EOL devNull', 'string'),
  importPure: true,
};

const heavy = { cost: 'heavy' } as const;
const draw = { reads: ['args'], writes: ['random:crypto'] };

const crypto: NamespaceModel = {
  functions: {
    createHash: fresh('Hash'),
    createHmac: fresh('Hmac'),
    ...all('createSecretKey createPublicKey createPrivateKey', fresh('KeyObject')),
    ...all('pbkdf2Sync scryptSync', fresh('Buffer', heavy)),
    hkdfSync: fresh('ArrayBuffer', { cost: 'linear' }),
    ...all('pbkdf2 scrypt hkdf', value('undefined', { calls: later(3, 4, 5), bound: 'io' })),
    // With a callback they go on elsewhere and give nothing.
    randomBytes: value('undefined', { ...draw, calls: later(1), bound: 'io', variants: [{ count: 1, model: fresh('Buffer', draw) }] }),
    randomInt: value('number', { ...draw, calls: later(1, 2) }),
    randomUUID: value('string', draw),
    ...all('randomFillSync getRandomValues', returning('arg0', { reads: [], writes: ['arg0', 'random:crypto'], type: 'arg0' })),
    generateKeySync: fresh('KeyObject', draw),
    generateKeyPairSync: fresh('object', { ...draw, cost: 'heavy' }),
    ...all('generatePrimeSync', fresh('ArrayBuffer', { ...draw, cost: 'heavy' })),
    checkPrimeSync: value('boolean', heavy),
    // Some of these padding and signature forms use random numbers.
    sign: fresh('Buffer', { writes: ['random:crypto'], calls: later(3), cost: 'heavy' }),
    verify: value('boolean', { calls: later(4), cost: 'heavy' }),
    ...all('publicEncrypt privateDecrypt privateEncrypt publicDecrypt', fresh('Buffer', { writes: ['random:crypto'], cost: 'heavy' })),
    timingSafeEqual: value('boolean', { cost: 'linear' }),
    ...all('getHashes getCiphers getCurves', fresh('Array[string]')),
  },
  importPure: true,
};

const util: NamespaceModel = {
  functions: {
    ...all('format formatWithOptions inspect', value('string', { cost: 'linear' })),
    isDeepStrictEqual: value('boolean', { cost: 'linear' }),
    ...all('stripVTControlCharacters toUSVString', value('string', { cost: 'linear' })),
    inherits: value('undefined', { reads: [], writes: ['arg0'] }),
    deprecate: unknown('function', { reads: [] }),
    ...all('promisify callbackify', unknown('function', { reads: [] })),
  },
  importPure: true,
};

const utilTypes: NamespaceModel = {
  functions: all(
    `isAnyArrayBuffer isArrayBuffer isArrayBufferView isAsyncFunction isBigInt64Array isBigUint64Array isBoxedPrimitive isDataView isDate isFloat32Array
     isFloat64Array isGeneratorFunction isGeneratorObject isInt16Array isInt32Array isInt8Array isMap isMapIterator isNativeError isPromise isProxy isRegExp
     isSet isSetIterator isSharedArrayBuffer isSymbolObject isTypedArray isUint16Array isUint32Array isUint8Array isUint8ClampedArray isWeakMap isWeakSet`,
    value('boolean', { reads: [] }),
  ),
};

const url: NamespaceModel = {
  functions: {
    ...all('fileURLToPath format resolve domainToASCII domainToUnicode', value('string')),
    pathToFileURL: fresh('URL', { reads: ['args', 'process'] }),
    parse: fresh('object'),
    urlToHttpOptions: fresh('object'),
  },
  importPure: true,
};

const SYNC = 'deflateSync inflateSync gzipSync gunzipSync deflateRawSync inflateRawSync unzipSync brotliCompressSync brotliDecompressSync';
const zlib: NamespaceModel = {
  functions: {
    ...all(SYNC, fresh('Buffer', heavy)),
    ...all(SYNC.replace(/Sync/g, ''), value('undefined', { calls: later(1, 2), bound: 'io' })),
    createGzip: fresh('Gzip', { writes: ['process'] }),
    createGunzip: fresh('Gunzip', { writes: ['process'] }),
  },
  importPure: true,
};

const bufferStatics: NamespaceModel = {
  functions: {
    ...all('alloc allocUnsafe allocUnsafeSlow', fresh('Buffer', { cost: 'linear' })),
    from: fresh('Buffer', { cost: 'linear', viewOf: 'arg0' }),
    concat: fresh('Buffer', { cost: 'linear' }),
    copyBytesFrom: fresh('Buffer', { cost: 'linear' }),
    ...all('byteLength compare', value('number', { cost: 'linear' })),
    ...all('isBuffer isEncoding', value('boolean', { reads: [] })),
  },
};

const childProcess: NamespaceModel = {
  functions: {
    ...all('spawn exec execFile fork', fresh('ChildProcess', { writes: ['process', 'fs'], calls: later(1, 2, 3), ...io })),
    spawnSync: fresh('object', { writes: ['process', 'fs'], ...io }),
    ...all('execSync execFileSync', fresh(undefined, { writes: ['process', 'fs'], ...io })),
  },
  importPure: true,
};

const request = { writes: ['network', 'process'], calls: later(1, 2), ...io };
const http: NamespaceModel = {
  functions: {
    ...all('get request', fresh('ClientRequest', request)),
    createServer: unknown('HttpServer', { writes: ['process'], calls: later(0, 1), ...io }),
  },
  importPure: true,
};

const processModel: NamespaceModel = {
  functions: {
    cwd: value('string', { reads: ['process'] }),
    chdir: value('undefined', { writes: ['process'] }),
    ...all('exit abort reallyExit', value('undefined', { writes: ['process'], exits: true })),
    nextTick: value('undefined', { reads: [], writes: ['process'], calls: later(0) }),
    hrtime: fresh('Array[number]', { reads: ['clock'] }),
    uptime: value('number', { reads: ['clock'] }),
    ...all('memoryUsage cpuUsage resourceUsage', fresh('object', { reads: ['process', 'clock'] })),
    ...all('on once off addListener removeListener', unknown(undefined, { writes: ['process'], calls: later(1) })),
    emitWarning: value('undefined', { writes: ['stderr', 'process'] }),
    kill: value('boolean', { writes: ['process'], ...io }),
    umask: value('number', { writes: ['process'] }),
  },
  constants: { ...constants('arch execPath platform version', 'string'), ...constants('pid ppid', 'number') },
  importPure: true,
};

const standard = (name: 'stdout' | 'stderr'): NamespaceModel => ({
  functions: all('write end', value('boolean', { writes: [name], bound: 'cpu' })),
});

const ASSERTIONS =
  'ok equal notEqual deepEqual notDeepEqual strictEqual notStrictEqual deepStrictEqual notDeepStrictEqual match doesNotMatch ifError fail';
const assert: NamespaceModel = {
  functions: { ...all(ASSERTIONS, value('undefined')), ...all('throws doesNotThrow', value('undefined', { calls: once(0) })) },
  importPure: true,
};

const timers: NamespaceModel = {
  functions: {
    ...all('setTimeout setInterval', fresh('Timeout', { reads: ['clock'], writes: ['process'], calls: later(0), ...io })),
    setImmediate: fresh('Immediate', { reads: [], writes: ['process'], calls: later(0), ...io }),
    ...all('clearTimeout clearInterval clearImmediate', value('undefined', { reads: [], writes: ['arg0', 'process'] })),
  },
  importPure: true,
};

const timersPromises: NamespaceModel = {
  functions: all('setTimeout setImmediate', unknown('Promise', { reads: ['clock'], ...io })),
  importPure: true,
};

const readline: NamespaceModel = {
  functions: {
    createInterface: unknown('Interface', { writes: ['process', 'stdin'], ...io }),
    ...all('clearLine clearScreenDown cursorTo moveCursor', value('boolean', { writes: ['stdout'] })),
  },
  importPure: true,
};

const workerThreads: NamespaceModel = {
  functions: {
    receiveMessageOnPort: fresh('object', { writes: ['arg0'], ...io }),
    markAsUntransferable: value('undefined', { writes: ['arg0'] }),
    ...all('getEnvironmentData', unknown(undefined, { reads: ['environment'] })),
    setEnvironmentData: value('undefined', { writes: ['environment'] }),
  },
  constants: { isMainThread: 'boolean', threadId: 'number' },
  importPure: true,
};

const perfHooks: NamespaceModel = { functions: { createHistogram: fresh('Histogram') }, importPure: true };

const events: NamespaceModel = {
  functions: { once: unknown('Promise', { writes: ['arg0'] }), on: unknown(undefined, { writes: ['arg0'] }) },
  importPure: true,
};

const stream: NamespaceModel = {
  functions: {
    pipeline: unknown(undefined, { writes: ['args', 'process'], ...io }),
    finished: unknown(undefined, { writes: ['arg0'], calls: later(1, 2) }),
  },
  importPure: true,
};

const streamPromises: NamespaceModel = {
  functions: {
    pipeline: fresh('Promise', { writes: ['args', 'process'], ...io }),
    finished: fresh('Promise', { writes: ['arg0'], ...io }),
  },
  importPure: true,
};

const querystring: NamespaceModel = {
  functions: { ...all('parse decode', fresh('object')), ...all('stringify encode escape unescape', value('string')) },
  importPure: true,
};

const importOnly: NamespaceModel = { functions: {}, importPure: true };

/** By module name, without `node:`; the globals that Node adds under their own names. */
export const nodeNamespaces: readonly (readonly [string, NamespaceModel])[] = [
  ['fs', fs],
  ['fs.promises', promises],
  ['fs/promises', promises],
  ['path', path],
  ['path.posix', path],
  ['path.win32', path],
  ['path/posix', path],
  ['path/win32', path],
  ['os', os],
  ['crypto', crypto],
  ['util', util],
  ['util.types', utilTypes],
  ['util/types', utilTypes],
  ['url', url],
  ['zlib', zlib],
  ['Buffer', bufferStatics],
  [
    'buffer',
    { functions: { isUtf8: value('boolean', { cost: 'linear' }), isAscii: value('boolean', { cost: 'linear' }) }, importPure: true },
  ],
  ['buffer.Buffer', bufferStatics],
  ['child_process', childProcess],
  ['http', http],
  ['https', http],
  ['process', processModel],
  ['process.hrtime', { functions: { bigint: value('bigint', { reads: ['clock'] }) } }],
  ['process.memoryUsage', { functions: { rss: value('number', { reads: ['process'] }) } }],
  ['process.stdout', standard('stdout')],
  ['process.stderr', standard('stderr')],
  ['assert', assert],
  ['assert.strict', assert],
  ['assert/strict', assert],
  ['timers', timers],
  ['timers/promises', timersPromises],
  ['timers.promises', timersPromises],
  ['readline', readline],
  ['readline/promises', importOnly],
  ['worker_threads', workerThreads],
  ['perf_hooks', perfHooks],
  ['events', events],
  ['stream', stream],
  ['stream/promises', streamPromises],
  ['stream.promises', streamPromises],
  ['querystring', querystring],
  ['string_decoder', importOnly],
  ['async_hooks', importOnly],
  ['net', importOnly],
  ['vm', importOnly],
  ['module', importOnly],
  ['v8', importOnly],
  ['tty', importOnly],
];
