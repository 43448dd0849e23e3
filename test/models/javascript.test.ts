import assert from 'node:assert/strict';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { javascriptModels as models } from '../../src/models/javascript';
import type { FunctionModel, TypeModel } from '../../src/models/types';
import { moduleOrNull, namespaceValue, PROBE, PROBED, release, SAMPLES } from './javascript-samples';

const member = (object: unknown, name: string): unknown => (object as Record<string, unknown> | null | undefined)?.[name];

/** Type names in `text`: `Promise[Array[string]]` has three. */
const typeNames = (text: string): string[] => text.match(/[A-Za-z][\w.]*(?::\w+)?/g) ?? [];
const RELATIVE = /^(element:)?(receiver|arg\d)$/;

function everyModel(): [string, FunctionModel][] {
  const own = (prefix: string, functions: Readonly<Record<string, FunctionModel>>): [string, FunctionModel][] =>
    Object.entries(functions).map(([name, model]) => [`${prefix}${name}`, model]);
  return [
    ...own('', models.globals.functions),
    ...[...models.namespaces].flatMap(([name, namespace]) => own(`${name}.`, namespace.functions)),
    ...[...models.types.values()].flatMap((type) => own(`${type.name}#`, type.methods)),
    ...[...models.constructors].map(([name, model]): [string, FunctionModel] => [`new ${name}`, model]),
  ];
}

describe('models of JavaScript and Node', () => {
  describe('name only what exists', () => {
    it('global functions and constants', () => {
      for (const name of Object.keys(models.globals.functions)) assert.equal(typeof member(globalThis, name), 'function', name);
      for (const [name, type] of Object.entries(models.globals.constants ?? {})) assert.equal(typeof member(globalThis, name), type, name);
    });

    for (const [name, namespace] of models.namespaces) {
      it(name, () => {
        const found = [namespaceValue(name), moduleOrNull(name)].filter((one) => one != null);
        assert.ok(found.length > 0, `${name} is neither a global nor a module`);
        for (const key of Object.keys(namespace.functions)) {
          assert.ok(
            found.some((one) => typeof member(one, key) === 'function'),
            `${name}.${key}`,
          );
        }
        for (const [key, type] of Object.entries(namespace.constants ?? {})) {
          assert.ok(
            found.some((one) => typeof member(one, key) === type),
            `${name}.${key} is a ${type}`,
          );
        }
      });
    }

    it('constructors', () => {
      for (const name of models.constructors.keys()) {
        const dot = name.lastIndexOf('.');
        const holder = dot < 0 ? globalThis : name.startsWith('Intl.') ? Intl : moduleOrNull(name.slice(0, dot));
        const value = name.endsWith('.default') ? holder : member(holder, name.slice(dot + 1));
        assert.equal(typeof value, 'function', name);
      }
    });

    it('types: each has a sample, and each type that a model names is one', () => {
      assert.deepEqual(Object.keys(SAMPLES).sort(), [...models.types.keys()].sort());
      for (const [name, { type }] of everyModel()) {
        for (const one of typeof type === 'string' ? typeNames(type) : []) {
          assert.ok(RELATIVE.test(one) || models.types.has(one), `${name} gives ${one}`);
        }
      }
      for (const type of models.types.values())
        for (const base of type.bases ?? []) assert.ok(models.types.has(base), `${type.name}: ${base}`);
    });

    for (const type of models.types.values()) {
      it(`methods and attributes of ${type.name}`, async () => {
        const { sample } = await made(type.name);
        for (const name of Object.keys(type.methods)) assert.equal(typeof member(sample, name), 'function', `${type.name}#${name}`);
        for (const [name, attribute] of Object.entries(type.attributes ?? {})) {
          const value = member(sample, name);
          const actual = value instanceof Date ? 'Date' : typeof value;
          assert.equal(actual, attribute, `${type.name}#${name}`);
        }
        release(sample);
      });
    }
  });

  describe('say what a call does', () => {
    for (const type of models.types.values()) {
      if (!PROBED.has(type.name)) continue;
      for (const [name, model] of Object.entries(type.methods)) {
        it(`${type.name}#${name}`, () => {
          let ran = 0;
          for (const args of argumentsFor(type, name)) {
            const receiver = SAMPLES[type.name]!();
            const before = snapshot(receiver);
            const called = new Set<number>();
            const given = args.map((arg, at) => (arg === PROBE ? probe(called, at, type) : arg));
            const given0 = given.map(snapshot);
            let result: unknown;
            try {
              result = (receiver as Record<string, (...args: unknown[]) => unknown>)[name]!(...given);
            } catch {
              continue;
            }
            ran++;
            if (!writes(model, 'receiver')) assert.deepEqual(snapshot(receiver), before, `${name} changed its receiver`);
            given.forEach((arg, at) => {
              if (!writes(model, `arg${at}`)) assert.deepEqual(snapshot(arg), given0[at], `${name} changed its argument ${at}`);
            });
            for (const at of called)
              assert.ok(
                model.calls?.some((c) => c.arg === at),
                `${name} called its argument ${at}`,
              );
            assertReturns(model, result, receiver, given);
          }
          assert.ok(ran > 0, `no sample call of ${name} succeeded`);
        });
      }
    }

    for (const namespace of [
      'Math',
      'JSON',
      'Object',
      'Array',
      'Float64Array',
      'Number',
      'String',
      'BigInt',
      'Date',
      'path',
      'util',
      'querystring',
      'Buffer',
    ]) {
      for (const [name, model] of Object.entries(models.namespaces.get(namespace)!.functions)) {
        it(`${namespace}.${name}`, () => {
          let ran = 0;
          for (const make of STATIC_ARGUMENTS) {
            const called = new Set<number>();
            const given = make().map((arg, at) => (arg === PROBE ? probe(called, at, models.types.get('Array')!) : arg));
            const before = given.map((arg) => JSON.stringify(describeArgument(arg)));
            let result: unknown;
            try {
              result = (namespaceValue(namespace) as Record<string, (...args: unknown[]) => unknown>)[name]!(...given);
            } catch {
              continue;
            }
            ran++;
            given.forEach((arg, at) => {
              if (!writes(model, `arg${at}`))
                assert.equal(JSON.stringify(describeArgument(arg)), before[at], `${name} changed its argument ${at}`);
            });
            for (const at of called)
              assert.ok(
                model.calls?.some((c) => c.arg === at),
                `${name} called its argument ${at}`,
              );
            if (model.returns === 'arg0') assert.ok(result === given[0] || isPrimitive(given[0]));
            else assertReturns(model, result, undefined, given);
          }
          assert.ok(ran > 0, `no sample call of ${name} succeeded`);
        });
      }
    }

    it('methods that write their receiver do so in some call', () => {
      const silent: string[] = [];
      for (const name of ['Array', 'Map', 'Set', 'Date', 'Float64Array', 'RegExp', 'URLSearchParams', 'DataView', 'Buffer']) {
        const type = models.types.get(name)!;
        for (const [method, model] of Object.entries(type.methods)) {
          if (!writes(model, 'receiver')) continue;
          const changed = argumentsFor(type, method).some((args) => {
            const receiver = SAMPLES[name]!();
            const before = JSON.stringify(snapshot(receiver));
            const called = new Set<number>();
            try {
              (receiver as Record<string, (...args: unknown[]) => unknown>)[method]!(
                ...args.map((a, at) => (a === PROBE ? probe(called, at, type) : a)),
              );
            } catch {
              return false;
            }
            return JSON.stringify(snapshot(receiver)) !== before;
          });
          if (!changed) silent.push(`${name}#${method}`);
        }
      }
      assert.deepEqual(silent, []);
    });
  });

  describe('say what reaches a worker', () => {
    for (const type of models.types.values()) {
      if (type.transfer === undefined) continue;
      it(`${type.name}: ${type.transfer}`, async () => {
        const { sample } = await made(type.name);
        assert.equal(transferred(sample), type.transfer);
        if (type.transfer !== 'serializable') assert.ok(type.transferReason, 'a reason');
        release(sample);
      });
    }
  });
});

/** Wrapped, since a promise would be awaited on the way. */
async function made(type: string): Promise<{ readonly sample: unknown }> {
  const sample = SAMPLES[type]!();
  return { sample: type === 'Promise' ? sample : await sample };
}

/** Sends a value through a port, as a pool would, and compares what arrives. */
function transferred(value: unknown): TypeModel['transfer'] {
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(value);
    const received = receiveMessageOnPort(port2)!.message as unknown;
    const shape = (one: unknown): unknown => (Object(one) === one ? Object.getPrototypeOf(one)?.constructor?.name : one);
    return shape(received) === shape(value) ? 'serializable' : 'lossy';
  } catch {
    return 'not-serializable';
  } finally {
    port1.close();
  }
}

function probe(called: Set<number>, at: number, type: TypeModel): (...args: unknown[]) => unknown {
  return (first) => {
    called.add(at);
    return type.name === 'string' ? 'z' : typeof first === 'bigint' ? 0n : 0;
  };
}

/** Argument lists to try, so that each method is called as it is meant to be at least once. */
function argumentsFor(type: TypeModel, method: string): unknown[][] {
  const big = type.name === 'BigInt64Array' || /BigU?[Ii]nt64/.test(method);
  const number = big ? 1n : 1;
  return [
    [],
    [PROBE],
    [PROBE, number],
    [1],
    [0, number],
    [1, 1],
    [0, 2, number],
    ['b'],
    ['b', 'y'],
    [/b/g],
    [/b/g, PROBE],
    ['b', PROBE],
    [[2, 1]],
    [big ? [2n, 1n] : new Uint8Array([9])],
    [new Uint8Array(8)],
    ['ab', new Uint8Array(8)],
    [Buffer.alloc(4)],
    [5, 1],
    [5n],
    [5n, 0],
    ['a'],
    [0x7fffff, 0, 3],
    ['hex'],
    ['NFC'],
    ['sha1'],
    [3, 'c'],
  ];
}

const STATIC_ARGUMENTS: readonly (() => unknown[])[] = [
  () => [1, 2],
  () => ['a', 'b'],
  () => ['a/b', '/c'],
  () => ['{"a":[1]}', PROBE],
  () => [{ a: 1 }, { b: 2 }],
  () => [{ a: 1 }, 'c', { value: 1 }],
  () => [{ a: 1 }, { c: { value: 1 } }],
  () => [{ dir: '/a', base: 'b' }],
  () => [[3, 1], PROBE],
  () => [[['a', 1]]],
  () => [[Buffer.from('a')]],
  () => [Buffer.from('a'), Buffer.from('b')],
  () => [new Uint8Array(2)],
  () => [8, 5n],
  () => [{ raw: ['a'] }],
  () => [PROBE],
  () => [class A {}, class B {}],
  () => [],
];

/** What can be seen of an argument: its properties with their attributes, whether it can be extended, its prototype. */
function describeArgument(value: unknown): unknown {
  if (isPrimitive(value)) return String(value);
  return [
    Object.entries(Object.getOwnPropertyDescriptors(value)).map(([key, d]) => [key, String(d.value), d.writable]),
    Object.isExtensible(value),
    String(Object.getPrototypeOf(value)?.constructor?.name),
  ];
}

function writes(model: FunctionModel, place: string): boolean {
  return (model.writes ?? []).some(
    (written) => written.replace('.shallow', '') === place || (written === 'args' && place.startsWith('arg')),
  );
}

/** What can be seen of a value, so that a change shows. */
function snapshot(value: unknown): unknown {
  if (value instanceof Map || value instanceof Set || value instanceof URLSearchParams) return [...value].map(String);
  if (value instanceof Date) return value.getTime();
  if (value instanceof RegExp) return [value.source, value.flags, value.lastIndex];
  if (value instanceof DataView) return [...new Uint8Array(value.buffer)];
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
  if (ArrayBuffer.isView(value)) return [...(value as Uint8Array)].map(String);
  if (Array.isArray(value)) return value.map(String);
  if (value instanceof URL) return value.href;
  return typeof value === 'function' || typeof value === 'object' || typeof value === 'symbol' ? null : value;
}

const isPrimitive = (value: unknown): boolean => Object(value) !== value;

function assertReturns(model: FunctionModel, result: unknown, receiver: unknown, args: readonly unknown[]): void {
  if (model.returns === 'value') assert.ok(isPrimitive(result) || result === receiver, `gave ${String(result)}`);
  if (model.returns === 'receiver') assert.equal(result, receiver);
  if (/^fresh/.test(model.returns ?? 'fresh') && !isPrimitive(result)) {
    assert.notEqual(result, receiver);
    for (const arg of args) assert.notEqual(result, arg);
    if (ArrayBuffer.isView(result) && ArrayBuffer.isView(receiver) && result.buffer.byteLength < 4096)
      assert.notEqual(result.buffer, receiver.buffer);
  }
}
