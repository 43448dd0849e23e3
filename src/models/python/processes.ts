/** Other processes, threads and the network. */
import type { NamespaceModel, TypeModel } from '../types';
import { type Effect, RUNS } from './effects';
import { managed } from './files';
import { all, constants, does, fresh, later, type Models, namespace, OK, refused, unknown, value } from './make';

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

export const PROCESS_NAMESPACES: Readonly<Record<string, NamespaceModel>> = {
  subprocess,
  threading,
  socket,
  // `import urllib.request` binds `urllib`.
  urllib: namespace({}),
  'urllib.request': urllibRequest,
  'urllib.parse': urllibParse,
  requests,
};

export const PROCESS_TYPES: readonly TypeModel[] = [popen, completed, ...threadTypes, socketType, response, requestsResponse];
