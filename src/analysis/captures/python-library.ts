/**
 * What pickle makes of the objects of Python's library and of numpy. Every entry was tried on Python 3.11 and 3.13 with the pickler
 * that process pools use; `()` in a name stands for a call, so that `re.compile().match` is the result of a method.
 */

const LOCK = 'a lock belongs to its process';
const SYNC = 'it holds a lock, which belongs to its process';
const INHERIT = 'it can only be inherited by a process that is started with it, not sent';
const FILE = 'an open file cannot be pickled';
const GENERATOR = 'a generator cannot be pickled';
const HASH = 'the state of a running hash or compressor cannot be pickled';
const FRAME = 'code and frames cannot be pickled';
const WEAK = 'weak references cannot be pickled';
const DATABASE = 'a database connection belongs to its process';
const POOL = 'a pool of workers belongs to its process';

/** Results of calls that pickle refuses, with the reason. */
export const UNPICKLABLE: Readonly<Record<string, string>> = entries(
  [LOCK, 'threading.Lock threading.RLock'],
  [SYNC, 'threading.Condition threading.Event threading.Semaphore threading.BoundedSemaphore threading.Barrier queue.Queue queue.LifoQueue queue.PriorityQueue sched.scheduler http.cookiejar.CookieJar'],
  ['a queue of threads belongs to its process', 'queue.SimpleQueue'],
  ["a thread's own data cannot be pickled", 'threading.local'],
  ['a thread belongs to its process', 'threading.Thread threading.Timer threading.current_thread threading.main_thread'],
  [
    INHERIT,
    'multiprocessing.Lock multiprocessing.RLock multiprocessing.Event multiprocessing.Condition multiprocessing.Semaphore multiprocessing.BoundedSemaphore multiprocessing.Barrier ' +
      'multiprocessing.Queue multiprocessing.SimpleQueue multiprocessing.JoinableQueue multiprocessing.Value multiprocessing.Array multiprocessing.RawValue multiprocessing.RawArray',
  ],
  ['a process object cannot be sent to another', 'multiprocessing.Process multiprocessing.current_process multiprocessing.parent_process subprocess.Popen'],
  [POOL, 'multiprocessing.Pool multiprocessing.pool.ThreadPool concurrent.futures.ProcessPoolExecutor concurrent.futures.ThreadPoolExecutor concurrent.futures.InterpreterPoolExecutor joblib.Parallel'],
  ['its manager ends with this expression: keep it in a variable', 'multiprocessing.Manager-gone'],
  ['a manager holds the process that it started', 'multiprocessing.Manager multiprocessing.managers.SyncManager multiprocessing.managers.BaseManager'],
  [
    'a pending result holds locks',
    'concurrent.futures.Future concurrent.futures.ProcessPoolExecutor().submit concurrent.futures.ThreadPoolExecutor().submit ' +
      'multiprocessing.Pool().apply_async multiprocessing.Pool().map_async multiprocessing.Pool().starmap_async multiprocessing.Pool().imap multiprocessing.Pool().imap_unordered',
  ],
  ['an event loop and its tasks belong to their process', 'asyncio.new_event_loop asyncio.get_event_loop asyncio.get_running_loop asyncio.Future asyncio.create_task asyncio.ensure_future asyncio.gather'],
  ['a coroutine cannot be pickled', 'coroutine'],
  [
    FILE,
    'builtins.open os.fdopen os.popen io.FileIO io.TextIOWrapper io.BufferedReader io.BufferedWriter io.BufferedRandom io.BufferedRWPair gzip.open gzip.GzipFile bz2.open bz2.BZ2File lzma.open lzma.LZMAFile ' +
      'zipfile.ZipFile zipfile.ZipFile().open tarfile.open tarfile.TarFile tarfile.TarFile.open tempfile.TemporaryFile tempfile.NamedTemporaryFile pathlib.Path().open pathlib.PosixPath().open ' +
      'numpy.load socket.socket().makefile fileinput.input wave.open logging.FileHandler',
  ],
  ['a memory map cannot be pickled', 'mmap.mmap'],
  ['a directory iterator cannot be pickled', 'os.scandir'],
  [GENERATOR, 'generator os.walk os.fwalk glob.iglob pathlib.Path().glob pathlib.Path().rglob heapq.merge tokenize.generate_tokens numpy.printoptions csv.Sniffer().generator'],
  ['an async generator cannot be pickled', 'async-generator'],
  ['a dictionary view cannot be pickled: make a list of it', 'dict-view'],
  ['a memory view cannot be pickled: send its bytes', 'builtins.memoryview numpy.ndarray().data'],
  ['a mapping proxy cannot be pickled: make a dict of it', 'types.MappingProxyType'],
  ['a module cannot be pickled: import it in the worker', 'importlib.import_module types.ModuleType builtins.__import__'],
  [FRAME, 'builtins.compile inspect.currentframe sys._getframe dis.Bytecode'],
  [WEAK, 'weakref.ref weakref.proxy weakref.WeakKeyDictionary weakref.WeakValueDictionary weakref.WeakSet weakref.WeakMethod'],
  ['a context variable belongs to its process', 'contextvars.ContextVar contextvars.copy_context contextvars.Context decimal.localcontext'],
  [DATABASE, 'sqlite3.connect sqlite3.Connection sqlite3.connect().cursor sqlite3.connect().execute sqlite3.connect().cursor().execute'],
  ['a CSV reader or writer cannot be pickled', 'csv.reader csv.writer csv.DictReader csv.DictWriter'],
  ['its scanner cannot be pickled', 'json.JSONDecoder'],
  [
    HASH,
    'hashlib.md5 hashlib.sha1 hashlib.sha224 hashlib.sha256 hashlib.sha384 hashlib.sha512 hashlib.sha3_224 hashlib.sha3_256 hashlib.sha3_384 hashlib.sha3_512 hashlib.shake_128 hashlib.shake_256 ' +
      'hashlib.blake2b hashlib.blake2s hashlib.new hmac.new zlib.compressobj zlib.decompressobj bz2.BZ2Compressor bz2.BZ2Decompressor lzma.LZMACompressor lzma.LZMADecompressor',
  ],
  ["the system's random source has no state to send", 'random.SystemRandom secrets.SystemRandom'],
  ['a compiled struct cannot be pickled: send its format', 'struct.Struct'],
  ['a match object cannot be pickled: send its groups', 're.match re.search re.fullmatch re.finditer re.compile().match re.compile().search re.compile().fullmatch re.compile().finditer re.compile().scanner'],
  ['a logging handler holds a lock', 'logging.StreamHandler logging.FileHandler logging.handlers.RotatingFileHandler logging.handlers.TimedRotatingFileHandler logging.handlers.SocketHandler logging.handlers.QueueHandler logging.handlers.MemoryHandler'],
  ['a TLS context cannot be pickled', 'ssl.SSLContext ssl.create_default_context'],
  ['a selector belongs to its process', 'selectors.DefaultSelector selectors.EpollSelector selectors.PollSelector select.poll select.epoll select.kqueue'],
  ['an argument parser holds functions that were defined in it', 'argparse.ArgumentParser'],
  ['a profiler cannot be pickled', 'cProfile.Profile timeit.Timer'],
  ['a mock cannot be pickled', 'unittest.mock.Mock unittest.mock.MagicMock unittest.mock.AsyncMock'],
  ['the key object cannot be pickled: send the comparison', 'functools.cmp_to_key'],
  ['it refers to memory of its process', 'ctypes.pointer ctypes.byref ctypes.c_char_p ctypes.c_void_p ctypes.c_wchar_p ctypes.POINTER() ctypes.CDLL ctypes.create_string_buffer ctypes.cdll.LoadLibrary'],
  ['this iterator cannot be pickled: make a list of it', 'itertools.pairwise itertools.batched numpy.nditer numpy.ndenumerate numpy.broadcast numpy.ndarray().flat numpy.ndarray().ctypes'],
  ['numpy cannot name a function made of another', 'numpy.frompyfunc'],
  ['a property and the like cannot be pickled', 'builtins.property builtins.staticmethod builtins.classmethod builtins.super'],
  ['a window belongs to its process', 'tkinter.Tk tkinter.StringVar'],
);

/** Things of a library, taken by name and not called, that pickle refuses. */
export const UNPICKLABLE_NAMES: Readonly<Record<string, string>> = entries(
  [FILE, 'sys.stdout sys.stdin sys.stderr sys.__stdout__ sys.__stderr__ sys.__stdin__ sys.stdout.buffer sys.stdin.buffer sys.stderr.buffer sys.stdout.write sys.stderr.write sys.stdin.readline sys.stdout.flush'],
  ['it holds functions that were defined in another', 'os.environ'],
  ['it holds modules', 'sys.modules'],
);

/** Objects that pickle sends when it can send what they were made of. */
const HOLDERS = new Set(
  (
    'functools.partial functools.partialmethod itertools.chain itertools.chain.from_iterable itertools.cycle itertools.repeat itertools.islice itertools.product itertools.permutations itertools.combinations ' +
    'itertools.combinations_with_replacement itertools.accumulate itertools.groupby itertools.starmap itertools.takewhile itertools.dropwhile itertools.filterfalse itertools.compress itertools.zip_longest itertools.tee ' +
    'builtins.map builtins.filter builtins.zip builtins.enumerate builtins.reversed builtins.iter builtins.slice collections.deque collections.Counter collections.defaultdict collections.ChainMap collections.UserDict ' +
    'collections.UserList types.SimpleNamespace argparse.Namespace numpy.vectorize numpy.ndarray contextlib.closing contextlib.nullcontext logging.LoggerAdapter'
  ).split(' '),
);

/** Made of plain data, whatever they were given: pickle sends them. */
const DATA =
  /^(builtins\.(int|float|complex|str|bytes|bytearray|bool|object|range|len|abs|sum|round|divmod|pow|repr|hash|id|ord|chr|hex|oct|bin|format|input|sorted|any|all|isinstance|issubclass|callable|hasattr|print|ascii|dir)$|math\.|cmath\.|statistics\.|time\.|datetime\.|zoneinfo\.|calendar\.|decimal\.(Decimal|Context|getcontext)|fractions\.|uuid\.|ipaddress\.|random\.(?!SystemRandom)|secrets\.token|os\.path\.|os\.(getcwd|listdir|getpid|stat|cpu_count|urandom|getenv|uname|times)|pathlib\.|shutil\.|glob\.glob|fnmatch\.|string\.|textwrap\.|base64\.|binascii\.|struct\.(pack|unpack|calcsize)|zlib\.(compress|decompress|crc32|adler32)|gzip\.(compress|decompress)|json\.(loads|dumps|load|JSONEncoder)|re\.(compile|sub|subn|split|findall|escape)|platform\.|socket\.(socket|socketpair|gethostname|create_connection)|urllib\.(parse|request\.Request)|http\.client\.|smtplib\.|ftplib\.|email\.|html\.|xml\.|configparser\.|collections\.OrderedDict|array\.array|io\.(StringIO|BytesIO)|tempfile\.(mkdtemp|mkstemp|gettempdir|mktemp|SpooledTemporaryFile|TemporaryDirectory)|subprocess\.(run|check_output|check_call|call|CompletedProcess)|operator\.|bisect\.|colorsys\.|unicodedata\.|difflib\.|graphlib\.|logging\.(getLogger|Formatter|NullHandler|LogRecord|Logger)|asyncio\.(Lock|Event|Semaphore|Condition|Queue|BoundedSemaphore)|multiprocessing\.(get_logger|connection\.|shared_memory\.|cpu_count|get_context)|locale\.|signal\.|getpass\.|copy\.|ast\.|inspect\.signature|traceback\.|contextlib\.(suppress$|ExitStack$)|sys\.(getsizeof|exc_info|getrecursionlimit)|pandas\.(DataFrame|Series|Index|read_\w+|Timestamp|concat|merge|date_range|to_datetime|Categorical|MultiIndex)|dis\.|weakref\.finalize|enum\.|ctypes\.c_(?!char_p|void_p|wchar_p)\w+|joblib\.(Memory|cpu_count|hash))/;
/** Exceptions hold what they were given. */
const EXCEPTION = /^builtins\.\w*(Error|Exception|Warning|Interrupt|Iteration|Exit|Group)$/;
/** Types whose methods give plain data or more of the type. */
const DATA_METHODS =
  /^(math|datetime\.\w+|decimal\.Decimal|fractions\.Fraction|uuid\.\w+|pathlib\.\w+|ipaddress\.\w+|random\.Random|string\.\w+|hashlib\.\w+|collections\.(Counter|OrderedDict)|io\.(StringIO|BytesIO)|array\.array|zoneinfo\.\w+|re\.compile|configparser\.\w+|time\.\w+|numpy(\.\w+)*|pandas\.\w+|os\.environ|builtins\.open|socket\.socket|statistics\.\w+|multiprocessing\.Manager|multiprocessing\.managers\.SyncManager)\(\)\.\w+$/;

/** Their results are plain: a call of a method of what they make needs no following. */
const PLAIN_RESULT =
  /^(builtins\.(int|float|complex|str|bytes|bytearray|bool|len|abs|sum|round|divmod|pow|repr|hash|id|ord|chr|hex|oct|bin|format|input|any|all|isinstance|issubclass|callable|hasattr|ascii)$|math\.|cmath\.|time\.(?!struct_time)|os\.path\.|os\.(getcwd|getpid|cpu_count|urandom|getenv)$|string\.capwords|base64\.|binascii\.|struct\.(pack|calcsize)$|zlib\.(compress|decompress|crc32|adler32)$|json\.dumps|platform\.\w+$|random\.(random|randint|uniform|gauss|randrange|getrandbits|randbytes|betavariate|expovariate|normalvariate)$|tempfile\.(mkdtemp|gettempdir|mktemp)$|hashlib\.\w+\(\)\.(hexdigest|digest)|builtins\.open\(\)\.(read|readline|write|tell|seek)$|re\.(sub|escape)$|re\.compile\(\)\.sub$|textwrap\.|uuid\.\w+\(\)\.|pathlib\.\w+\(\)\.(read_text|read_bytes|exists|is_file|is_dir|as_posix|stat)$)/;

/** Names of numpy that are not functions giving arrays. */
export const NUMPY_OBJECTS: ReadonlySet<string> = new Set(
  Object.keys(UNPICKLABLE)
    .filter((name) => name.startsWith('numpy.'))
    .concat('numpy.vectorize', 'numpy.errstate', 'numpy.finfo'),
);

export function isPlainResult(name: string): boolean {
  return PLAIN_RESULT.test(name);
}

export type LibraryVerdict = { readonly verdict: 'sent' } | { readonly verdict: 'refused'; readonly reason: string } | { readonly verdict: 'holds' } | { readonly verdict: 'unknown' };

/** What pickle does with the result of calling something of a library. */
export function pickledResult(by: string): LibraryVerdict {
  if (Object.hasOwn(UNPICKLABLE, by)) return { verdict: 'refused', reason: UNPICKLABLE[by]! };
  if (HOLDERS.has(by) || EXCEPTION.test(by)) return { verdict: 'holds' };
  if (by.includes('()')) return DATA_METHODS.test(by) ? { verdict: 'sent' } : { verdict: 'unknown' };
  if (DATA.test(by) || by.startsWith('numpy.')) return { verdict: 'sent' };
  return { verdict: 'unknown' };
}

/** What cloudpickle, which joblib uses, sends beyond pickle. */
const CLOUDPICKLED =
  /^(dict-view|types\.(MappingProxyType|ModuleType)|importlib\.import_module|builtins\.(__import__|compile|memoryview)|weakref\.WeakSet|dis\.Bytecode|argparse\.ArgumentParser|timeit\.Timer|unittest\.mock\.\w+|numpy\.ndarray\(\)\.data|collections\.namedtuple|functools\.(lru_cache|cache|singledispatch))/;

export function cloudpickles(by: string): boolean {
  return CLOUDPICKLED.test(by);
}

/** Modules of the library that are reached as attributes of another module. */
const SUBMODULES =
  /^(os\.path|concurrent\.futures|xml\.etree(\.ElementTree)?|xml\.(dom|sax)|importlib\.(util|metadata|resources)|collections\.abc|urllib\.(parse|request|error)|http\.(client|server|cookies)|email\.\w+|logging\.(handlers|config)|multiprocessing\.(pool|managers|shared_memory|connection)|numpy\.(random|linalg|fft|ma|testing|polynomial|lib|core|char|rec)|scipy\.\w+|unittest\.mock)$/;

export function isSubmodule(name: string): boolean {
  return SUBMODULES.test(name);
}

function entries(...groups: readonly (readonly [reason: string, names: string])[]): Record<string, string> {
  return Object.fromEntries(groups.flatMap(([reason, names]) => names.split(' ').map((name) => [name, reason])));
}

/** One name for what goes by several. */
export function normalize(name: string): string {
  return name
    .replace(/^multiprocessing\.get_context\(\)\./, 'multiprocessing.')
    .replace(/^multiprocessing\.(pool\.Pool|context\.\w+Context\(\)\.Pool)$/, 'multiprocessing.Pool')
    .replace(/^multiprocessing\.(process|context)\.(\w*)Process$/, 'multiprocessing.Process')
    .replace(/^multiprocessing\.(queues|synchronize|managers|sharedctypes)\.(\w+)$/, (whole, part: string, cls: string) => (part === 'managers' ? whole : `multiprocessing.${cls}`))
    .replace(/^multiprocessing\.dummy\.Pool$|^multiprocessing\.pool\.ThreadPool$/, 'multiprocessing.pool.ThreadPool')
    .replace(/^concurrent\.futures\.(process|thread|interpreter)\.(\w+Executor)$/, 'concurrent.futures.$2')
    .replace(/^(io|_io|codecs)\.open$/, 'builtins.open')
    .replace(/^_thread\.(allocate_lock|LockType)$/, 'threading.Lock')
    .replace(/^typing\.IO$/, 'builtins.open');
}
