/** What a call is said to do, by how it is written. */
import assert from 'node:assert/strict';
import type { Call } from '../../src/ir/ir';
import { createPythonFrontend } from '../../src/languages/python/frontend';
import { pythonModels } from '../../src/models/python';
import type { FunctionModel } from '../../src/models/types';
import { variantOf } from '../../src/models/variants';

describe('models of one call', () => {
  let call: (text: string) => Call;
  before(async () => {
    const frontend = await createPythonFrontend();
    call = (text) => {
      const [stmt] = frontend.lower('m.py', text).functions.get('')!.body;
      assert.ok(stmt?.type === 'expr' && stmt.value.type === 'call');
      return stmt.value;
    };
  });

  const builtin = (name: string): FunctionModel => pythonModels.globals.functions[name]!;
  const cases: readonly (readonly [string, () => FunctionModel, Partial<FunctionModel>])[] = [
    ['open(p)', () => builtin('open'), { type: 'io.TextIOWrapper', writes: undefined }],
    ["open(p, 'r', encoding='utf-8')", () => builtin('open'), { type: 'io.TextIOWrapper', writes: undefined }],
    ["open(p, mode='rb')", () => builtin('open'), { type: 'io.BufferedReader', writes: undefined }],
    ["open(p, 'w')", () => builtin('open'), { type: 'file', writes: ['fs:arg0'] }],
    ["open(p, 'r+')", () => builtin('open'), { type: 'file', writes: ['fs:arg0'] }],
    ['open(p, mode)', () => builtin('open'), { type: 'file', writes: ['fs:arg0'] }],
    ['open(*args)', () => builtin('open'), { type: 'file', writes: ['fs:arg0'] }],
    ['min(xs)', () => builtin('min'), { returns: 'part:arg0' }],
    ['min(a, b)', () => builtin('min'), { returns: 'unknown' }],
    ['d.get(k)', () => pythonModels.types.get('dict')!.methods['get']!, { returns: 'part:receiver' }],
    ['d.get(k, 0)', () => pythonModels.types.get('dict')!.methods['get']!, { returns: 'part:receiver' }],
    ['d.get(k, -1)', () => pythonModels.types.get('dict')!.methods['get']!, { returns: 'part:receiver' }],
    ['d.get(k, other)', () => pythonModels.types.get('dict')!.methods['get']!, { returns: 'unknown' }],
    ['json.loads(s)', () => pythonModels.namespaces.get('json')!.functions['loads']!, { returns: 'fresh' }],
    ['json.loads(s, object_hook=f)', () => pythonModels.namespaces.get('json')!.functions['loads']!, { returns: 'unknown' }],
    ['np.array(x)', () => pythonModels.namespaces.get('numpy')!.functions['array']!, { returns: 'fresh' }],
    ['np.array(x, copy=False)', () => pythonModels.namespaces.get('numpy')!.functions['array']!, { returns: 'unknown' }],
  ];
  for (const [text, model, expected] of cases) {
    it(`${text}: ${Object.entries(expected).map(([key, said]) => `${key} ${String(said)}`).join(', ')}`, () => {
      const found = variantOf(model(), call(text).args);
      for (const [key, said] of Object.entries(expected)) assert.deepEqual(found[key as keyof FunctionModel], said);
    });
  }
});
