/** Paths as objects, open files, and files in memory. */
import type { NamespaceModel, TypeModel } from '../types';
import { type Effect, LOOKS_AT_FILES, WRITES_FILES, PROCESS } from './effects';
import { all, constants, does, fresh, type Models, namespace, OK, refused, returning, value } from './make';

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

/** An open file moves its position with every read and write. */
const ADVANCES: Effect = { reads: ['args', 'receiver', 'fs'], writes: ['receiver'], bound: 'io' };
/** Written to a buffer first: nobody waits for the disk. */
const EMITS: Effect = { reads: ['args', 'receiver'], writes: ['receiver', 'fs'] };
/** Files close themselves at the end of a `with`. */
export const managed: Models = { __enter__: returning('receiver', 'receiver', { reads: [] }), __exit__: does({ reads: ['receiver'], writes: ['receiver'] }) };

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

export const FILE_NAMESPACES: Readonly<Record<string, NamespaceModel>> = {
  pathlib,
  'pathlib.Path': pathClass,
  io: namespace({}, constants('SEEK_SET SEEK_CUR SEEK_END DEFAULT_BUFFER_SIZE', 'int')),
};

export const FILE_TYPES: readonly TypeModel[] = [...fileTypes, ...pathTypes];
