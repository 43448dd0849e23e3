/** The models of Python's library against the interpreter: names that exist, receivers that change or do not, types of results. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { pythonModels } from '../../src/models/python';
import type { FunctionModel } from '../../src/models/types';
import { ask, installed, missingOf, namesOf, PYTHON, third, typesOf } from './introspect';

/** Modules whose functions may be called with anything. */
const HARMLESS = 'math cmath operator statistics string textwrap unicodedata bisect heapq re fractions decimal struct base64 binascii datetime'.split(' ');

/** The models speak of Python 3.11; an older one lacks some names. */
const recent = spawnSync(PYTHON, ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;

describe('models of the Python library', () => {
  if (!recent) {
    it('agree with the interpreter (pending: there is no Python from 3.11 on)');
    return;
  }
  const standard = (name: string): boolean => third(name) === null;
  const calls = namesOf((name) => HARMLESS.includes(name.slice(0, name.lastIndexOf('.'))) && !/^(datetime\.)?(datetime|time|date)$/.test(name)).filter((name) => {
    const at = name.lastIndexOf('.');
    return Object.hasOwn(pythonModels.namespaces.get(name.slice(0, at))?.functions ?? {}, name.slice(at + 1));
  });
  const answer = ask({ names: namesOf(standard).filter((name) => name !== '__file__'), types: typesOf(standard), calls });

  it('every name exists', () => {
    assert.deepEqual(answer.missing, []);
  });

  const present = installed('requests');
  it(`every name of requests exists${present ? '' : ' (pending: it is not installed)'}`, present ? () => assert.deepEqual(missingOf('requests'), []) : undefined);

  const model = (name: string): FunctionModel => {
    const at = name.lastIndexOf('.');
    return pythonModels.types.get(name.slice(0, at))!.methods[name.slice(at + 1)]!;
  };
  const writesReceiver = (name: string): boolean => (model(name).writes ?? []).some((place) => place.startsWith('receiver'));

  it('every method of the sampled types was called', () => {
    assert.ok(Object.keys(answer.methods).length > 300);
    // They need an open file.
    const rest = Object.keys(answer.methods).filter((name) => !/^array\.array\.(from|to)file$/.test(name));
    assert.deepEqual(rest.filter((name) => answer.methods[name]!.error !== undefined).map((name) => `${name}: ${answer.methods[name]!.error}`), []);
  });

  it('methods said not to write their receiver leave it as it was', () => {
    assert.deepEqual(
      Object.keys(answer.methods).filter((name) => answer.methods[name]!.changed && !writesReceiver(name)),
      [],
    );
  });

  it('methods said to write their receiver change it', () => {
    // These change nothing that shows in the sample: flushing, reading at the end of what was written, and the like.
    const silent = /^io\.|\.(getstate|setstate|fromfile)$/;
    assert.deepEqual(
      Object.keys(answer.methods).filter((name) => writesReceiver(name) && !answer.methods[name]!.changed && !silent.test(name)),
      [],
    );
  });

  it('only methods said to give back their receiver do so', () => {
    assert.deepEqual(
      Object.keys(answer.methods).filter((name) => answer.methods[name]!.same && model(name).returns !== 'receiver' && !pythonModels.types.get(name.slice(0, name.lastIndexOf('.')))!.immutable),
      [],
    );
  });

  const plain = (type: string): string => type.replace(/\[.*/, '').replace(/^.*\./, '');
  it('methods give the type that is said', () => {
    const wrong = Object.entries(answer.methods).filter(([name, { type }]) => {
      const said = model(name).type;
      if (typeof said !== 'string' || type === undefined || type === 'NoneType') return said !== 'None' && type === undefined;
      const expected = said === 'receiver' ? plain(name.slice(0, name.lastIndexOf('.'))) : plain(said);
      if (said.startsWith('element:') || said === 'iterator' || said.startsWith('iterator')) return false;
      return expected !== type && !(expected === 'HASH' && type === 'HASH');
    });
    assert.deepEqual(wrong.map(([name, { type }]) => `${name} gives ${type}, not ${String(model(name).type)}`), []);
  });

  it('functions of the computing modules give the type that is said', () => {
    const wrong = Object.entries(answer.results).flatMap(([name, types]) => {
      const at = name.lastIndexOf('.');
      const said = pythonModels.namespaces.get(name.slice(0, at))!.functions[name.slice(at + 1)]!.type;
      if (typeof said !== 'string' || /^(element:|arg\d|receiver|iterator)/.test(said)) return [];
      const expected = plain(said);
      const others = types.filter((type) => type !== expected && type !== 'NoneType');
      return others.length ? [`${name} gives ${others.join(', ')}, not ${expected}`] : [];
    });
    assert.deepEqual(wrong, []);
  });

  it('every result type, element type and base is described, or is a name that needs no description', () => {
    const known = (type: string): boolean =>
      pythonModels.types.has(type) || pythonModels.globals.functions[type] !== undefined || /^(arg\d|receiver|element:(receiver|arg\d)|type|NotImplementedType)$/.test(type) || PLAIN.has(type);
    const PLAIN = new Set(
      'os.stat_result os.terminal_size sys.float_info sys.int_info time.struct_time datetime.IsoCalendarDate decimal.DecimalTuple re.RegexFlag numpy.dtype'.split(' '),
    );
    const said = new Set<string>();
    const add = (type: FunctionModel['type']): void => {
      if (typeof type === 'string') for (const name of type.match(/[\w.:]+/g) ?? []) said.add(name);
    };
    for (const space of [pythonModels.globals, ...pythonModels.namespaces.values()]) {
      Object.values(space.functions).forEach((fn) => add(fn.type));
      Object.values(space.constants ?? {}).forEach(add);
    }
    for (const type of pythonModels.types.values()) {
      Object.values(type.methods).forEach((fn) => add(fn.type));
      Object.values(type.attributes ?? {}).forEach(add);
      add(type.element);
      type.bases?.forEach(add);
    }
    assert.deepEqual([...said].filter((type) => !known(type)), []);
  });
});
