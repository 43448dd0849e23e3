/** The operating system and the interpreter: paths, folders, standard streams, time, messages. */
import type { NamespaceModel, TypeModel } from '../types';
import { type Effect, LOOKS_AT_FILES, READS_FILE, WRITES_FILE, WRITES_FILES, RUNS, ENTROPY, PROCESS } from './effects';
import { all, constants, does, fresh, type Models, namespace, OK, unknown, value } from './make';

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

export const SYSTEM_NAMESPACES: Readonly<Record<string, NamespaceModel>> = {
  os,
  'os.path': { ...path, functions: pathFunctions },
  shutil,
  glob,
  fnmatch,
  tempfile,
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
};

export const SYSTEM_TYPES: readonly TypeModel[] = [logger];
