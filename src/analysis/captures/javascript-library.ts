/**
 * What the structured clone algorithm makes of the objects of JavaScript and Node. Every entry was tried on Node 20 by posting the
 * value to a message port and comparing what arrives.
 */

const FUNCTION = 'it holds functions, which cannot be cloned';
const STREAM = 'a stream holds functions, which cannot be cloned';
const TRANSFER = 'it can only be transferred: name it in the transfer list';
const NATIVE = 'it stands for something of this thread and cannot be cloned';
const PLAIN = 'it arrives as a plain object, without its methods';

/** Results of calls and constructors that cannot be cloned, with the reason. */
export const UNCLONABLE: Readonly<Record<string, string>> = entries(
  ['a weak collection cannot be cloned', 'WeakMap WeakSet WeakRef FinalizationRegistry'],
  ['a symbol cannot be cloned', 'Symbol Symbol.for'],
  ['a promise cannot be cloned: await it first', 'Promise'],
  ['a proxy cannot be cloned', 'Proxy Proxy.revocable'],
  ['a generator cannot be cloned', 'generator async-generator'],
  ['an iterator cannot be cloned: make an array of it', 'iterator'],
  ['the arguments object cannot be cloned: make an array of it', 'arguments'],
  ['a function cannot be cloned', 'function Function bound-function util.promisify util.callbackify util.deprecate'],
  [NATIVE, 'Intl.NumberFormat Intl.DateTimeFormat Intl.Collator Intl.Locale Intl.Segmenter Intl.PluralRules Intl.RelativeTimeFormat Intl.ListFormat Intl.DisplayNames'],
  [NATIVE, 'WebAssembly.Instance WebAssembly.Memory WebAssembly.Table WebAssembly.Global WebAssembly.Tag WebAssembly.Exception fs.watch fs.watchFile child_process.spawn child_process.fork child_process.exec child_process.execFile tls.createSecureContext vm.Script async_hooks.AsyncLocalStorage async_hooks.createHook'],
  [STREAM, 'fs.createWriteStream fs.WriteStream net.Socket net.connect net.createConnection tls.connect tls.TLSSocket stream.Writable stream.Transform stream.PassThrough stream.Duplex stream.Readable.from zlib.createGzip zlib.createGunzip zlib.createDeflate zlib.createInflate zlib.createBrotliCompress zlib.createBrotliDecompress zlib.Gzip readline.createInterface readline.Interface http.request https.request http.get https.get'],
  [FUNCTION, 'Timeout http.createServer http.Server https.createServer http.Agent https.Agent Worker cluster.fork WebSocket'],
  ['a DOM node cannot be cloned', 'DOM'],
);

/** What can only change hands. */
export const TRANSFER_ONLY: Readonly<Record<string, string>> = entries([TRANSFER, 'MessagePort MessageChannel ReadableStream WritableStream TransformStream fs.promises.open FileHandle Blob().stream OffscreenCanvas ImageBitmap RTCDataChannel']);

/** Results that arrive as something else. */
export const LOSSY: Readonly<Record<string, string>> = entries(
  ['a Buffer arrives as a Uint8Array', 'Buffer'],
  ['a File arrives as a Blob', 'buffer.File File'],
  ['an AggregateError arrives as an Error without its errors', 'AggregateError'],
  ['it arrives as a plain object', 'DOMException'],
  ['an AssertionError arrives as an Error without its details', 'assert.AssertionError'],
  ['an error of the system arrives without its code, errno, syscall and path', 'system-error'],
  ['it arrives as a plain object without its data', 'URL URLSearchParams Headers Request Response FormData TextEncoder TextDecoder AbortController AbortSignal AbortSignal.timeout AbortSignal.abort Event CustomEvent BroadcastChannel CompressionStream DecompressionStream TextEncoderStream TextDecoderStream CountQueuingStrategy ByteLengthQueuingStrategy crypto.createHash crypto.createHmac crypto.createCipheriv crypto.createDecipheriv crypto.createSign crypto.createVerify string_decoder.StringDecoder util.MIMEType perf_hooks.PerformanceObserver performance.mark performance.measure performance.now().x crypto.createECDH crypto.createDiffieHellman'],
  [PLAIN, 'EventTarget events.EventEmitter fs.statSync fs.lstatSync fs.fstatSync fs.Stats fs.Dirent fs.opendirSync fs.createReadStream fs.ReadStream stream.Readable stream.Stream net.createServer net.Server dgram.createSocket dgram.Socket url.parse async_hooks.AsyncResource perf_hooks.monitorEventLoopDelay constructed'],
  ['its prototype is null, and it arrives as an ordinary object', 'querystring.parse os.userInfo null-prototype'],
);

/** Results that arrive as they are. */
const CLONED =
  /^(Date|RegExp|ArrayBuffer|SharedArrayBuffer|DataView|(Big)?(Int|Uint|Float)\d+(Clamped)?Array|Blob|Number|String|Boolean|BigInt|Object|(Type|Range|Syntax|URI|Eval|Reference)?Error|WebAssembly\.Module|crypto\.(createSecretKey|createPublicKey|createPrivateKey|generateKeyPairSync|generateKeySync|randomUUID|randomInt|webcrypto\.subtle\.generateKey|subtle\.generateKey)|net\.(BlockList|SocketAddress)|perf_hooks\.createHistogram|performance\.now|JSON\.|Math\.|Date\.|Number\.|String\.|parseInt|parseFloat|structuredClone|isNaN|isFinite|os\.|path\.|process\.(cwd|hrtime|memoryUsage|uptime|cpuUsage)|piscina\.move|piscina\.Piscina\.move|fs\.(existsSync|openSync|readlinkSync|realpathSync|mkdtempSync)|util\.(inspect|format)|atob|btoa|encodeURI(Component)?|decodeURI(Component)?|crypto\.timingSafeEqual|Intl\.\w+\(\)\.|url\.(fileURLToPath|format)|import\.meta\.resolve)/;

export type CloneVerdict = { readonly verdict: 'cloned' } | { readonly verdict: 'refused' | 'transfer' | 'lossy'; readonly reason: string } | { readonly verdict: 'unknown' };

export function clonedResult(by: string): CloneVerdict {
  if (Object.hasOwn(UNCLONABLE, by)) return { verdict: 'refused', reason: UNCLONABLE[by]! };
  if (Object.hasOwn(TRANSFER_ONLY, by)) return { verdict: 'transfer', reason: TRANSFER_ONLY[by]! };
  if (Object.hasOwn(LOSSY, by)) return { verdict: 'lossy', reason: LOSSY[by]! };
  return CLONED.test(by) ? { verdict: 'cloned' } : { verdict: 'unknown' };
}

/** Things with a name of their own that are not functions. */
const OBJECTS: Readonly<Record<string, { readonly verdict: 'refused' | 'lossy' | 'cloned'; readonly reason: string }>> = {
  ...named('refused', FUNCTION, 'console process globalThis global window self document WebAssembly process.stdout process.stderr process.stdin http.globalAgent https.globalAgent import.meta module exports require util.types localStorage sessionStorage'),
  ...named('lossy', 'its functions are left behind', 'Math JSON Reflect Atomics Intl'),
  ...named('lossy', 'it arrives as an ordinary object', 'process.env process.versions fs.constants os.constants crypto.webcrypto crypto.subtle performance perf_hooks.performance navigator'),
  ...named('cloned', '', 'process.argv process.execArgv process.pid process.platform process.version process.arch process.execPath process.title process.release process.config worker_threads.workerData worker_threads.threadId worker_threads.isMainThread worker_threads.resourceLimits os.EOL path.sep path.delimiter import.meta.url import.meta.filename import.meta.dirname undefined NaN Infinity __filename __dirname buffer.kMaxLength'),
  ...named('refused', 'a symbol cannot be cloned', 'worker_threads.SHARE_ENV util.inspect.custom util.promisify.custom events.captureRejectionSymbol events.errorMonitor'),
  ...named('refused', TRANSFER, 'worker_threads.parentPort parentPort'),
};

const CONSTANTS = /^(Math\.[A-Z][A-Z0-9_]*|Number\.[A-Z_]+|Math\.PI)$/;
/** Modules of Node whose exported names are functions and classes. */
const NODE_MODULES = /^(assert|async_hooks|buffer|child_process|cluster|crypto|dgram|dns|domain|events|fs|http|http2|https|inspector|module|net|os|path|perf_hooks|process|punycode|querystring|readline|repl|stream|string_decoder|timers|tls|trace_events|tty|url|util|v8|vm|wasi|worker_threads|zlib)(\/|\.|$)/;
const GLOBALS = /^(Object|Array|Function|String|Number|Boolean|BigInt|Symbol|Map|Set|WeakMap|WeakSet|WeakRef|Promise|Proxy|Reflect|Date|RegExp|\w*Error|ArrayBuffer|SharedArrayBuffer|DataView|\w+Array|Math|JSON|Intl|Atomics|console|process|parseInt|parseFloat|isNaN|isFinite|eval|fetch|setTimeout|setInterval|setImmediate|clearTimeout|clearInterval|queueMicrotask|structuredClone|require|URL|URLSearchParams|TextEncoder|TextDecoder|Buffer|encodeURI|encodeURIComponent|decodeURI|decodeURIComponent|atob|btoa|WebAssembly|performance|EventTarget|Event|AbortController|Blob|Worker|MessageChannel|alert)(\.|$)/;

/** What cloning does with something that a name of the language or of a library stands for. `whole` names a module. */
export function clonedName(name: string): CloneVerdict {
  const known = OBJECTS[name];
  if (known) return known.verdict === 'cloned' ? { verdict: 'cloned' } : { verdict: known.verdict, reason: known.reason };
  if (name.startsWith('process.env.') || CONSTANTS.test(name)) return { verdict: 'cloned' };
  if (name.startsWith('Symbol.')) return { verdict: 'refused', reason: 'a symbol cannot be cloned' };
  if (name.startsWith('fs.constants.') || name.startsWith('os.constants.')) return { verdict: 'cloned' };
  if (name.startsWith('document.') || name.startsWith('window.')) return { verdict: 'unknown' };
  if (GLOBALS.test(name) || NODE_MODULES.test(name)) return { verdict: 'refused', reason: NODE_MODULES.test(name) && !name.includes('.') ? 'a module cannot be cloned' : 'a function cannot be cloned' };
  return { verdict: 'unknown' };
}

/** One name for what goes by several. */
export function normalizeJs(name: string): string {
  return name
    .replace(/^node:/, '')
    .replace(/^(globalThis|global|window|self)\.(?=[A-Za-z])/, '')
    .replace(/^fs\/promises/, 'fs.promises')
    .replace(/^timers\/promises/, 'timers.promises')
    .replace(/^stream\/web\./, '')
    .replace(/^worker_threads\.(Worker|MessageChannel|MessagePort|BroadcastChannel)\b/, '$1')
    .replace(/^(url|util|buffer|perf_hooks|worker_threads)\.(URL|URLSearchParams|TextEncoder|TextDecoder|Blob|Buffer|performance|structuredClone)\b/, '$2')
    .replace(/^Buffer\.(from|alloc|allocUnsafe|concat|of)$/, 'Buffer')
    .replace(/^events(\.default)?$/, 'events.EventEmitter')
    .replace(/^timers\.(?=set)/, '')
    .replace(/^(setTimeout|setInterval|setImmediate)$/, 'Timeout')
    .replace(/^crypto\.randomBytes$/, 'Buffer')
    .replace(/^v8\.serialize$/, 'Buffer')
    .replace(/^structuredClone\(\)$/, 'structuredClone')
    .replace(/^MessageChannel\(\)\.port[12]$/, 'MessagePort')
    .replace(/^http2?\.createServer$|^https\.createServer$/, 'http.createServer')
    .replace(/^(crypto\.create(Hash|Hmac))\(\)\.(update|copy)$/, '$1');
}

function entries(...groups: readonly (readonly [reason: string, names: string])[]): Record<string, string> {
  return Object.fromEntries(groups.flatMap(([reason, names]) => names.split(' ').map((name) => [name, reason])));
}

function named<V extends string>(verdict: V, reason: string, names: string): Record<string, { readonly verdict: V; readonly reason: string }> {
  return Object.fromEntries(names.split(' ').map((name) => [name, { verdict, reason }]));
}
