/** The operating system, files, time, processes, threads and the network. */
import type { FunctionModel, NamespaceModel, TypeModel } from '../types';
import { all, constants, does, fresh, later, type Models, namespace, OK, refused, returning, unknown, value } from './make';

type Effect = Omit<FunctionModel, 'returns' | 'type'>;

const LOOKS_AT_FILES: Effect = { reads: ['args', 'receiver', 'fs'], bound: 'io' };
const READS_FILE: Effect = { reads: ['args', 'receiver', 'fs:arg0'], bound: 'io' };
const WRITES_FILE: Effect = { reads: ['args', 'receiver'], writes: ['fs:arg0'], bound: 'io' };
const WRITES_FILES: Effect = { reads: ['args', 'receiver'], writes: ['fs'], bound: 'io' };
/** Whatever another program does. */
const RUNS: Effect = { reads: ['args', 'fs', 'environment'], writes: ['process', 'fs', 'stdout', 'stderr', 'network'], bound: 'io' };
const ENTROPY: Effect = { reads: ['args', 'clock'] };
const PROCESS: Effect = { reads: ['args', 'process'] };

// ---------------------------------------------------------------------------------------------------------------------
// os, shutil, glob, tempfile, pathlib

const os = namespace(
  {
    ...all('fspath fsencode fsdecode strerror', value()),
    ...all('getpid getppid getpgid getuid geteuid getgid umask', value('int', PROCESS)),
    ...all('getcwd getlogin', value('str', PROCESS)),
    cpu_count: value('int', { reads: [] }),
    urandom: value('bytes', ENTROPY),
    getenv: value(undefined, { reads: ['args', 'environment'] }),
    ...all('putenv unsetenv', does({ writes: ['environment'] })),
    chdir: does({ writes: ['process'] }),
    ...all('listdir', fresh('list[str]', LOOKS_AT_FILES)),
    ...all('walk scandir', fresh('iterator', LOOKS_AT_FILES)),
    ...all('stat lstat', value('os.stat_result', READS_FILE)),
    access: value('bool', READS_FILE),
    readlink: value('str', READS_FILE),
    ...all('remove unlink mkdir rmdir makedirs removedirs chmod utime truncate', does(WRITES_FILE)),
    ...all('rename renames replace link symlink', does(WRITES_FILES)),
    system: value('int', RUNS),
    _exit: { ...does({}), exits: true },
    abort: { ...does({}), exits: true },
    get_terminal_size: value('os.terminal_size', PROCESS),
    getloadavg: value('tuple[float, float, float]', PROCESS),
  },
  constants('sep altsep extsep pathsep linesep curdir pardir devnull name', 'str'),
);

const path = namespace(
  {
    ...all('join basename dirname normpath normcase commonpath commonprefix expandvars expanduser', value('str')),
    isabs: value('bool'),
    ...all('split splitext splitdrive', value('tuple[str, str]')),
    // A relative path is relative to the working directory.
    ...all('abspath relpath', value('str', PROCESS)),
    realpath: value('str', { reads: ['args', 'process', 'fs'], bound: 'io' }),
    ...all('exists lexists isfile isdir islink ismount', value('bool', READS_FILE)),
    ...all('getatime getctime getmtime', value('float', READS_FILE)),
    getsize: value('int', READS_FILE),
    samefile: value('bool', LOOKS_AT_FILES),
  },
  constants('sep altsep extsep pathsep curdir pardir', 'str'),
);
/** They look into the environment. */
const pathFunctions: Models = { ...path.functions, ...all('expandvars expanduser', value('str', { reads: ['args', 'environment'] })) };

const shutil = namespace({
  ...all('copyfile copymode copystat copy copy2 copytree rmtree move', unknown(undefined, WRITES_FILES)),
  copyfileobj: does({ writes: ['arg0', 'arg1', 'fs'], bound: 'io' }),
  which: value(undefined, { reads: ['args', 'fs', 'environment'], bound: 'io' }),
  disk_usage: value('tuple', LOOKS_AT_FILES),
});

const glob = namespace({ glob: fresh('list[str]', LOOKS_AT_FILES), iglob: fresh('iterator[str]', LOOKS_AT_FILES), escape: value('str') });
const fnmatch = namespace({ ...all('fnmatch fnmatchcase', value('bool')), filter: fresh('list[str]', { consumes: [0] }), translate: value('str') });

const tempfile = namespace({
  gettempdir: value('str', { reads: ['environment', 'fs'] }),
  mkdtemp: value('str', { ...WRITES_FILES, reads: ['args', 'clock', 'fs'] }),
});

const purePath: Models = {
  ...all('as_posix as_uri', value('str')),
  ...all('is_absolute is_relative_to is_reserved match', value('bool')),
  ...all('joinpath relative_to with_name with_stem with_suffix', value(undefined)),
};
const pathMethods: Models = {
  ...purePath,
  ...all('joinpath relative_to with_name with_stem with_suffix', value('pathlib.Path')),
  ...all('absolute', value('pathlib.Path', { reads: ['receiver', 'process'] })),
  ...all('resolve expanduser readlink', value('pathlib.Path', { reads: ['args', 'receiver', 'process', 'fs', 'environment'], bound: 'io' })),
  ...all('exists is_file is_dir is_symlink is_mount samefile', value('bool', LOOKS_AT_FILES)),
  ...all('stat lstat', value('os.stat_result', LOOKS_AT_FILES)),
  ...all('iterdir glob rglob', fresh('iterator[pathlib.Path]', LOOKS_AT_FILES)),
  read_text: value('str', { reads: ['args', 'receiver', 'fs:receiver'], bound: 'io' }),
  read_bytes: value('bytes', { reads: ['args', 'receiver', 'fs:receiver'], bound: 'io' }),
  ...all('write_text write_bytes', value('int', { reads: ['args', 'receiver'], writes: ['fs:receiver'], bound: 'io' })),
  ...all('touch mkdir rmdir unlink chmod', does({ reads: ['args', 'receiver'], writes: ['fs:receiver'], bound: 'io' })),
  ...all('rename replace', value('pathlib.Path', WRITES_FILES)),
  ...all('symlink_to hardlink_to', does(WRITES_FILES)),
  open: {
    ...fresh('file', { reads: ['args', 'receiver'], writes: ['fs:receiver'], bound: 'io' }),
    variants: [
      {
        argument: { at: 0, name: 'mode' },
        absent: true,
        matches: 'r|rt|tr',
        model: fresh('io.TextIOWrapper', { reads: ['args', 'receiver', 'fs:receiver'], bound: 'io' }),
      },
      { argument: { at: 0, name: 'mode' }, matches: 'rb|br', model: fresh('io.BufferedReader', { reads: ['args', 'receiver', 'fs:receiver'], bound: 'io' }) },
    ],
  },
};
const PATH_CLASSES = ['Path', 'PurePath', 'PosixPath', 'WindowsPath', 'PurePosixPath', 'PureWindowsPath'];
const pathTypes = PATH_CLASSES.map(
  (name): TypeModel => ({
    name: `pathlib.${name}`,
    immutable: true,
    ...OK,
    attributes: { ...constants('name stem suffix anchor drive root', 'str'), parts: 'tuple[str]', suffixes: 'list[str]', parent: `pathlib.${name}` },
    methods: name.startsWith('Pure') ? purePath : pathMethods,
  }),
);

// ---------------------------------------------------------------------------------------------------------------------
// Files

/** An open file moves its position with every read and write. */
const ADVANCES: Effect = { reads: ['args', 'receiver', 'fs'], writes: ['receiver'], bound: 'io' };
/** Written to a buffer first: nobody waits for the disk. */
const EMITS: Effect = { reads: ['args', 'receiver'], writes: ['receiver', 'fs'] };
const managed: Models = { __enter__: returning('receiver', 'receiver', { reads: [] }), __exit__: does({ reads: ['receiver'], writes: ['receiver'] }) };

const fileMethods = (text: string | undefined, advance: Effect, emit: Effect): Models => ({
  ...all('read readline', value(text, advance)),
  readlines: fresh(text ? `list[${text}]` : 'list', advance),
  write: value('int', emit),
  writelines: does({ ...emit, consumes: [0] }),
  ...all('seek truncate', value('int', emit)),
  tell: value('int', { reads: ['receiver'] }),
  ...all('flush close', does(emit)),
  ...all('readable writable seekable isatty', value('bool', { reads: ['receiver'] })),
  ...managed,
});

const file = (name: string, text: string | undefined, more: Models = {}): TypeModel => ({
  name,
  iterator: true,
  ...(text && { element: text }),
  ...refused('open files cannot be pickled'),
  attributes: { closed: 'bool', name: 'str' },
  methods: { ...fileMethods(text, ADVANCES, EMITS), fileno: value('int', { reads: ['receiver'] }), ...more },
});

/** In memory: nothing but the object itself is touched. */
const memory = (name: string, text: string): TypeModel => ({
  name,
  iterator: true,
  element: text,
  ...OK,
  attributes: { closed: 'bool' },
  methods: {
    ...fileMethods(text, { reads: ['args', 'receiver'], writes: ['receiver'] }, { reads: ['args', 'receiver'], writes: ['receiver'] }),
    getvalue: value(text, { reads: ['receiver'], cost: 'linear' }),
  },
});

const readinto: Models = all('readinto', value('int', { ...ADVANCES, writes: ['receiver', 'arg0'] }));
const fileTypes: readonly TypeModel[] = [
  file('file', undefined),
  file('io.TextIOWrapper', 'str'),
  file('io.BufferedReader', 'bytes', { ...readinto, peek: value('bytes', ADVANCES), read1: value('bytes', ADVANCES) }),
  file('io.BufferedWriter', 'bytes'),
  file('io.BufferedRandom', 'bytes', readinto),
  file('io.FileIO', 'bytes', readinto),
  memory('io.StringIO', 'str'),
  memory('io.BytesIO', 'bytes'),
];

export const FILE_CONSTRUCTORS: Models = {
  'io.StringIO': fresh('io.StringIO'),
  'io.BytesIO': fresh('io.BytesIO'),
  ...Object.fromEntries(PATH_CLASSES.map((name) => [`pathlib.${name}`, value(`pathlib.${name}`)])),
};

const pathlib = namespace({});
const pathClass = namespace({ cwd: value('pathlib.Path', PROCESS), home: value('pathlib.Path', { reads: ['environment'] }) });

// ---------------------------------------------------------------------------------------------------------------------
// sys, time, platform

const stream = (place: 'stdout' | 'stderr'): NamespaceModel =>
  namespace({
    write: value('int', { writes: [place] }),
    writelines: does({ writes: [place], consumes: [0] }),
    flush: does({ reads: [], writes: [place] }),
    isatty: value('bool', { reads: ['process'] }),
  });

const sys = namespace(
  {
    exit: { ...does({}), exits: true },
    ...all('getsizeof getrefcount', value('int')),
    ...all('getrecursionlimit', value('int', PROCESS)),
    intern: value('str'),
    ...all('getdefaultencoding getfilesystemencoding', value('str', { reads: [] })),
    ...all('setrecursionlimit setswitchinterval settrace setprofile', does({ writes: ['process'] })),
    exc_info: unknown('tuple', { reads: ['process'] }),
  },
  {
    ...constants('maxsize maxunicode hexversion', 'int'),
    ...constants('platform byteorder version executable prefix base_prefix', 'str'),
    version_info: 'tuple',
    float_info: 'sys.float_info',
    int_info: 'sys.int_info',
    implementation: 'object',
  },
);
const stdin = namespace({
  ...all('read readline', value('str', { reads: ['args', 'stdin'], writes: ['stdin'], bound: 'io' })),
  readlines: fresh('list[str]', { reads: ['args', 'stdin'], writes: ['stdin'], bound: 'io' }),
  isatty: value('bool', { reads: ['process'] }),
});

const time = namespace(
  {
    ...all('time perf_counter monotonic process_time thread_time', value('float', { reads: ['clock'] })),
    ...all('time_ns perf_counter_ns monotonic_ns process_time_ns thread_time_ns', value('int', { reads: ['clock'] })),
    sleep: does({ reads: ['args', 'clock'], bound: 'io', releasesGil: true }),
    ...all('localtime gmtime', value('time.struct_time', { reads: ['args', 'clock', 'locale'] })),
    strptime: value('time.struct_time', { reads: ['args', 'locale'] }),
    ...all('strftime ctime asctime', value('str', { reads: ['args', 'clock', 'locale'] })),
    mktime: value('float', { reads: ['args', 'locale'] }),
  },
  { timezone: 'int', altzone: 'int', daylight: 'int' },
);

const platform = namespace({
  ...all('system machine node release version platform processor python_version python_implementation architecture', value(undefined, { reads: ['process'] })),
});

const gc = namespace({ collect: value('int', { reads: [], writes: ['process'] }), ...all('disable enable freeze', does({ reads: [], writes: ['process'] })) });

// ---------------------------------------------------------------------------------------------------------------------
// Messages

const LOGS: Effect = { reads: ['args'], writes: ['stderr'] };
const LEVELS = 'debug info warning error critical exception log';
const logging = namespace(
  {
    ...all(LEVELS, does(LOGS)),
    ...all('basicConfig disable', does({ writes: ['process'] })),
    getLogger: unknown('logging.Logger', { reads: ['process'] }),
    getLevelName: value(),
  },
  constants('DEBUG INFO WARNING ERROR CRITICAL NOTSET', 'int'),
);
const logger: TypeModel = {
  name: 'logging.Logger',
  ...OK,
  methods: {
    ...all(LEVELS, does(LOGS)),
    isEnabledFor: value('bool', { reads: ['process'] }),
    getEffectiveLevel: value('int', { reads: ['process'] }),
    setLevel: does({ writes: ['process', 'receiver'] }),
  },
};

const warnings = namespace({
  warn: does({ writes: ['warnings', 'stderr'] }),
  ...all('simplefilter filterwarnings resetwarnings', does({ writes: ['warnings'] })),
  // Puts the filters aside and back.
  catch_warnings: unknown(undefined, { writes: ['warnings'] }),
});
const traceback = namespace({
  ...all('print_exc print_stack print_exception', does({ reads: ['args', 'process'], writes: ['stderr', 'kw:file'] })),
  format_exc: value('str', { reads: ['process'] }),
});

// ---------------------------------------------------------------------------------------------------------------------
// Processes, threads, network

const subprocess = namespace(
  {
    run: fresh('subprocess.CompletedProcess', RUNS),
    ...all('call check_call', value('int', RUNS)),
    ...all('check_output getoutput', value(undefined, RUNS)),
    getstatusoutput: value('tuple', RUNS),
    Popen: fresh('subprocess.Popen', RUNS),
  },
  constants('PIPE STDOUT DEVNULL', 'int'),
);
const popen: TypeModel = {
  name: 'subprocess.Popen',
  ...refused('a running process belongs to the process that started it'),
  attributes: { pid: 'int', returncode: 'int' },
  methods: {
    ...all('wait poll', value(undefined, { ...RUNS, reads: ['receiver'] })),
    communicate: value('tuple', { ...RUNS, reads: ['args', 'receiver'] }),
    ...all('kill terminate send_signal', does({ ...RUNS, reads: ['args', 'receiver'] })),
  },
};
const completed: TypeModel = {
  name: 'subprocess.CompletedProcess',
  ...OK,
  attributes: { returncode: 'int' },
  methods: { check_returncode: does({ reads: ['receiver'] }) },
};

/** Waiting for another thread, or letting it go on. */
const SYNCHRONIZES: Effect = { reads: ['args', 'receiver'], writes: ['receiver', 'process'], bound: 'io' };
const synchronizer = (name: string, methods: string): TypeModel => ({
  name: `threading.${name}`,
  ...refused(`a ${name} cannot be pickled`),
  methods: {
    ...all(methods, value(undefined, SYNCHRONIZES)),
    ...(/\bacquire\b/.test(methods) ? { __enter__: value('bool', SYNCHRONIZES), __exit__: does(SYNCHRONIZES) } : {}),
  },
});
const threadTypes: readonly TypeModel[] = [
  synchronizer('Lock', 'acquire release'),
  synchronizer('RLock', 'acquire release'),
  synchronizer('Condition', 'acquire release notify notify_all wait'),
  synchronizer('Semaphore', 'acquire release'),
  synchronizer('BoundedSemaphore', 'acquire release'),
  synchronizer('Event', 'clear is_set set wait'),
  synchronizer('Barrier', 'abort reset wait'),
  {
    name: 'threading.Thread',
    ...refused('a thread cannot be pickled'),
    methods: { ...all('start join', does(SYNCHRONIZES)), is_alive: value('bool', { reads: ['receiver', 'process'] }) },
  },
];
const threading = namespace({
  ...all('get_ident active_count', value('int', { reads: ['process'] })),
  Thread: fresh('threading.Thread', { calls: [...later('target'), ...later(1)], stores: [{ into: 'result', what: 'args' }] }),
  ...Object.fromEntries(
    threadTypes.filter((type) => !type.name.endsWith('Thread')).map((type) => [type.name.replace('threading.', ''), fresh(type.name, { reads: ['args'] })]),
  ),
});

/** Each request is a place of its own; asking changes nothing here. */
const ASKS: Effect = { reads: ['args', 'receiver', 'network'], bound: 'io' };
const TELLS: Effect = { reads: ['args', 'receiver', 'network'], writes: ['network'], bound: 'io' };

const socketMethods: Models = {
  ...all('send sendall sendto recv recvfrom connect connect_ex accept bind listen close shutdown', unknown(undefined, { ...TELLS, writes: ['network', 'receiver'] })),
  ...all('settimeout setblocking setsockopt', does({ reads: ['args'], writes: ['receiver'] })),
  fileno: value('int', { reads: ['receiver'] }),
  ...managed,
};
const socketType: TypeModel = { name: 'socket.socket', ...refused('sockets cannot be pickled by plain pickle'), methods: socketMethods };
const socket = namespace(
  {
    socket: fresh('socket.socket', { reads: ['args'], writes: ['process'] }),
    create_connection: fresh('socket.socket', TELLS),
    ...all('gethostname', value('str', { reads: ['process'] })),
    ...all('gethostbyname getfqdn', value('str', ASKS)),
    getaddrinfo: fresh('list[tuple]', ASKS),
    ...all('inet_aton htons htonl ntohs ntohl inet_ntoa', value()),
  },
  constants('AF_INET AF_INET6 SOCK_STREAM SOCK_DGRAM SOL_SOCKET SO_REUSEADDR', 'int'),
);

const response: TypeModel = {
  name: 'http.client.HTTPResponse',
  iterator: true,
  element: 'bytes',
  ...refused('a response holds a socket'),
  attributes: { status: 'int', reason: 'str', closed: 'bool' },
  methods: {
    ...all('read readline', value('bytes', { ...ASKS, writes: ['receiver'] })),
    getheader: value(undefined, { reads: ['args', 'receiver'] }),
    getheaders: fresh('list[tuple]', { reads: ['receiver'] }),
    close: does({ reads: [], writes: ['receiver'] }),
    ...managed,
  },
};
const urllibRequest = namespace({
  urlopen: {
    ...fresh('http.client.HTTPResponse', TELLS),
    variants: [{ count: 1, argument: { at: 1, name: 'data' }, absent: true, model: fresh('http.client.HTTPResponse', ASKS) }],
  },
  urlretrieve: value('tuple', { ...ASKS, writes: ['fs'] }),
});
const urllibParse = namespace({
  ...all('quote quote_plus unquote unquote_plus urlencode urljoin urlunparse urlunsplit', value()),
  ...all('urlparse urlsplit', value()),
  parse_qs: fresh('dict'),
  parse_qsl: fresh('list[tuple]'),
});

/** The commonest of the libraries that speak HTTP. */
const requests = namespace({
  ...all('get head options', fresh('requests.Response', ASKS)),
  ...all('post put patch delete request', fresh('requests.Response', TELLS)),
});
/** Its body is there when the call returns, unless it was asked to stream. */
const requestsResponse: TypeModel = {
  name: 'requests.Response',
  ...OK,
  attributes: { status_code: 'int', ok: 'bool', text: 'str', content: 'bytes', url: 'str', reason: 'str' },
  methods: {
    json: fresh(undefined, { reads: ['receiver'], cost: 'linear' }),
    raise_for_status: does({ reads: ['receiver'] }),
  },
};

export const WORLD_NAMESPACES: Readonly<Record<string, NamespaceModel>> = {
  os,
  'os.path': { ...path, functions: pathFunctions },
  shutil,
  glob,
  fnmatch,
  tempfile,
  pathlib,
  'pathlib.Path': pathClass,
  io: namespace({}, constants('SEEK_SET SEEK_CUR SEEK_END DEFAULT_BUFFER_SIZE', 'int')),
  sys,
  'sys.stdout': stream('stdout'),
  'sys.stderr': stream('stderr'),
  'sys.stdin': stdin,
  time,
  platform,
  gc,
  logging,
  warnings,
  traceback,
  subprocess,
  threading,
  socket,
  'urllib.request': urllibRequest,
  'urllib.parse': urllibParse,
  requests,
};

export const WORLD_TYPES: readonly TypeModel[] = [...fileTypes, ...pathTypes, logger, popen, completed, ...threadTypes, socketType, response, requestsResponse];
