import assert from 'node:assert/strict';
import * as vm from 'node:vm';
import { probeJavaScript } from '../../src/measure/probe-js';
import { marked } from './helpers';

interface Entry {
  ticks: number;
  returned: unknown[];
  error: unknown;
  names: Record<string, unknown>;
}

/** Runs a probed text with a probe that only writes down. */
async function probed(source: string, options: { names?: readonly string[]; enter?: readonly string[]; dead?: readonly string[]; count?: boolean; path?: string } = {}) {
  const { text, region } = marked(source);
  const result = await probeJavaScript(options.path ?? '/app.js', text, {
    region,
    loop: options.count ? region : null,
    names: options.names ?? [],
    sweep: false,
    enter: options.enter ?? [],
    dead: options.dead ?? [],
  });
  assert.ok(result);
  const entries: Entry[] = [];
  const open: Entry[] = [];
  const read = (getters: Record<string, () => unknown>) =>
    Object.fromEntries(
      Object.entries(getters).map(([name, get]) => {
        try {
          return [name, get()];
        } catch (error) {
          return [name, (error as Error).name];
        }
      }),
    );
  const api = {
    enter: () => {
      const entry: Entry = { ticks: 0, returned: [], error: null, names: {} };
      entries.push(entry);
      open.push(entry);
      return entry;
    },
    leave: (entry: Entry, getters: { names: Record<string, () => unknown> }) => (entry.names = read(getters.names)),
    threw: (entry: Entry, error: unknown) => (entry.error = error),
    ret: (entry: Entry, value: unknown) => (entry.returned.push(value), value),
    suspend: (entry: Entry, value: unknown) => (open.splice(open.indexOf(entry), 1), value),
    resume: (entry: Entry, value: unknown) => (open.push(entry), value),
    tick: (entry: Entry) => entry.ticks++,
    counted: (entry: Entry, f: (...args: unknown[]) => unknown) =>
      function (this: unknown, ...args: unknown[]) {
        entry.ticks++;
        return f.apply(this, args);
      },
  };
  const context = vm.createContext({ __fanout: api });
  const original = vm.createContext({});
  const run = (code: string, where: vm.Context) => {
    try {
      return { value: vm.runInContext(code, where) as unknown };
    } catch (error) {
      return { threw: String(error) };
    }
  };
  const [value, plain] = /\.ts$/.test(options.path ?? '') ? [{ value: undefined }, { value: undefined }] : [run(result.text, context), run(text, original)];
  assert.deepEqual(JSON.stringify([await value.value, value.threw]), JSON.stringify([await plain.value, plain.threw]), `the program does the same:\n${result.text}`);
  assert.equal(result.text.split('\n').length, text.split('\n').length, 'no line moves');
  return { text: result.text, entries, counted: result.counted, limits: result.limits };
}

describe('probes in JavaScript', () => {
  it('names declared in the region are seen after it, and by what follows', async () => {
    const { entries } = await probed('{ «const out = [], { a, b: [c] } = { a: 1, b: [2] }; let d\nfor (const x of [1, 2]) out.push(x)» \n out.push(a, c, d); out }', { names: ['out', 'a', 'c', 'd', 'x'] });
    assert.deepEqual({ ...entries[0]!.names, out: [...(entries[0]!.names.out as number[])].slice(0, 2) }, { out: [1, 2], a: 1, c: 2, d: undefined, x: 'ReferenceError' });
  });

  it('a statement without a semicolon before it, and one that is the body of an if', async () => {
    await probed('let t = 0\n«for (const x of [1, 2]) t += x»\nt');
    const { entries } = await probed('let t = 0; if (true) «for (const x of [1, 2]) t += x;» else t = 9; t', { names: ['t'] });
    assert.equal(entries[0]!.names.t, 3);
  });

  it('a region inside a larger statement takes that statement', async () => {
    const { entries } = await probed('const f = (xs) => { return «xs.map((x) => x + 1)»; }; f([1, 2])', { count: true });
    assert.equal(JSON.stringify(entries[0]!.returned), '[[2,3]]');
    assert.equal(entries[0]!.ticks, 2);
  });

  it('returned values, but not those of functions inside', async () => {
    const { entries } = await probed('function f(xs) { «for (const x of xs) { const g = () => { return 5; }; if (x > 1) return g() + x; }» return 0; } f([1, 2])');
    assert.deepEqual(entries[0]!.returned, [7]);
  });

  it('exceptions, break and continue of outer loops', async () => {
    const { entries } = await probed('let n = 0; outer: for (const a of [1, 2, 3]) { «for (const b of [1, 2]) { if (a === 2) continue outer; if (a === 3) break outer; n += b; }» } n');
    assert.equal(entries.length, 3);
    const failed = await probed('«for (const x of [1]) { null.f; }»');
    assert.equal((failed.entries[0]!.error as Error).name, 'TypeError');
  });

  it('iterations of every kind of loop', async () => {
    for (const [source, ticks] of [
      ['«for (let i = 0; i < 3; i++);»', 3],
      ['let n = 0; «while (n < 4) n++;»', 4],
      ['let n = 0; «do { n++ } while (n < 5)»', 5],
      ['«for (const k in { a: 1, b: 2 }) { k }»', 2],
      ['«[1, 2, 3].forEach(function (x) { this.y = x }, {});»', 3],
      ['const f = (x) => x; «const out = [1, 2].map(f).filter(Boolean);» out', 2],
      ['«const out = Array.from({ length: 6 }, (_, i) => i);» out', 6],
      ['«const t = [1, 2, 3].reduce((a, b) => a + b);» t', 2],
    ] as const) {
      const { entries, counted } = await probed(`${source}; 0`, { count: true });
      assert.deepEqual([counted, entries[0]!.ticks], [true, ticks], source);
    }
  });

  it('awaits inside: an entry that waits is not open', async () => {
    const { entries, text } = await probed('(async () => { const out = []; «for (const x of [1, 2]) { out.push(await Promise.resolve(await x)); }» return out; })()', { names: ['out'], count: true });
    assert.match(text, /resume\(__fanout_entry, await globalThis\.__fanout\.suspend/);
    assert.equal(entries[0]!.ticks, 2);
  });

  it('a loop body that is one awaited call', async () => {
    const { entries } = await probed('(async () => { let n = 0; const f = async (x) => { n += x; }; «for (const x of [1, 2]) await f(x);» return n; })()', { count: true });
    assert.equal(entries[0]!.ticks, 2);
  });

  it('a class that the region declares is left where it is, and that is told', async () => {
    const { limits } = await probed('{ «class P {}\nfor (const x of [1]) new P();» \n P.name }');
    assert.equal(limits.length, 1);
  });

  it('TypeScript: annotations go with the declaration', async () => {
    const { text } = await probed('function f(xs: number[]): number[] { «const out: Array<number> = [];\nlet last!: number;\nfor (const x of xs) out.push(x);» return out; }', { path: '/app.ts', names: ['out'] });
    assert.match(text, /let out, last; try \{ ;\(out = \[\]\);\n;\(last = undefined\);/);
  });

  it('dead names are not looked at; names that are no identifiers neither', async () => {
    const { entries } = await probed('«for (var x of [1]);»', { names: ['x', 'a-b', '<comprehension>'], dead: ['x'] });
    assert.deepEqual(entries[0]!.names, {});
  });

  it('no statement, no probe', async () => {
    assert.equal(await probeJavaScript('/a.js', '// nothing', { region: { start: 0, end: 4 }, loop: null, names: [], sweep: true, enter: [], dead: [] }), null);
  });
});
