/** Node's `fs` and `fs/promises`. A file is a place by its path; what lists, makes, moves or removes may touch any. */
import type { FunctionModel, NamespaceModel } from '../types';
import { all, fresh, later, value } from './make';

const io = { bound: 'io' } as const;
const reading = { reads: ['args', 'fs:arg0'], ...io };
const writing = { reads: ['args'], writes: ['fs:arg0'], ...io };
const anywhere = { reads: ['args', 'fs'], writes: ['fs'], ...io };
const listing = { reads: ['args', 'fs'], ...io };
/** The file behind a descriptor is not known by its number. */
const descriptor = { reads: ['args', 'fs'], writes: ['fs'], ...io };

/** Operation → what it gives and touches, whichever of the three forms it is called in. */
const OPERATIONS: Readonly<Record<string, FunctionModel>> = {
  readFile: fresh(undefined, { ...reading, variants: [{ argument: { at: 1 }, literal: true, model: value('string', reading) }] }),
  ...all('writeFile truncate utimes chmod', value('undefined', writing)),
  appendFile: value('undefined', { reads: ['args', 'fs:arg0'], writes: ['fs:arg0'], ...io }),
  ...all('stat lstat', fresh('Stats', reading)),
  access: value('undefined', reading),
  ...all('readlink realpath', value('string', listing)),
  readdir: fresh('Array', listing),
  opendir: fresh(undefined, listing),
  ...all('mkdir rm rmdir unlink rename copyFile cp link symlink', value(undefined, anywhere)),
  mkdtemp: value('string', { ...anywhere, writes: ['fs', 'random:crypto'] }),
};

const FORMS = Object.entries(OPERATIONS);
const sync = Object.fromEntries(FORMS.map(([name, model]) => [`${name}Sync`, model]));
const callbacks = Object.fromEntries(
  FORMS.map(([name, { variants: _, ...model }]): [string, FunctionModel] => [
    name,
    { ...model, returns: 'value', type: 'undefined', calls: later(1, 2, 3) },
  ]),
);
const promised = Object.fromEntries(FORMS.map(([name, model]): [string, FunctionModel] => [name, promise(model)]));

/** The form that gives a promise of what the other gives. */
function promise(model: FunctionModel): FunctionModel {
  const { variants, type, ...rest } = model;
  return {
    ...rest,
    returns: 'fresh',
    type: typeof type === 'string' ? `Promise[${type}]` : 'Promise',
    ...(variants && { variants: variants.map((variant) => ({ ...variant, model: promise(variant.model) })) }),
  };
}

export const promises: NamespaceModel = {
  functions: { ...promised, open: fresh('Promise[FileHandle]', anywhere) },
  importPure: true,
};

export const fs: NamespaceModel = {
  functions: {
    ...sync,
    ...callbacks,
    existsSync: value('boolean', reading),
    openSync: value('number', anywhere),
    ...all('closeSync fsyncSync ftruncateSync writeSync writevSync', value('number', descriptor)),
    readSync: value('number', { ...descriptor, writes: ['fs', 'arg1'] }),
    fstatSync: fresh('Stats', listing),
    createReadStream: fresh('ReadStream', { ...reading, writes: ['process'] }),
    createWriteStream: fresh('WriteStream', { ...writing, writes: ['fs:arg0', 'process'] }),
  },
  importPure: true,
};
