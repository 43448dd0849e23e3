import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Session } from '../../src/session/session';

const SAMPLES = path.resolve(__dirname, '../../samples');
const read = (name: string) => JSON.parse(fs.readFileSync(path.join(SAMPLES, name), 'utf8'));

interface ExpectedLoop {
  readonly line: number;
  readonly column: number;
  readonly verdict: string;
  readonly why: string;
}

interface ExpectedCapture {
  readonly line: number;
  readonly value: string;
  readonly verdict: string;
}

describe('the samples', () => {
  const session = new Session({ root: SAMPLES });

  for (const [name, loops] of Object.entries(read('expected.json') as Record<string, ExpectedLoop[]>)) {
    it(`${name}: ${loops.length} loops and their verdicts`, async () => {
      const result = await session.check(path.join(SAMPLES, name), name, { loops: 'all' });
      assert.equal(result.error, null);
      assert.deepEqual(
        result.loops.map(({ line, column, verdict }) => `${line}:${column} ${verdict}`),
        [...loops].sort((a, b) => a.line - b.line || a.column - b.column).map(({ line, column, verdict }) => `${line}:${column} ${verdict}`),
      );
    });
  }

  for (const [name, captures] of Object.entries(read('expected-captures.json') as Record<string, ExpectedCapture[]>)) {
    it(`${name}: what reaches the workers`, async () => {
      const result = await session.check(path.join(SAMPLES, name), name, { loops: 'findings' });
      const judged = (c: { line: number; value: string; verdict: string }) => `${c.line} ${c.value} ${c.verdict}`;
      const named = result.captures.filter((c) => captures.some((e) => e.line === c.line && e.value === c.value));
      assert.deepEqual(named.map(judged), captures.map(judged));
      const unsafe = (c: { verdict: string }) => c.verdict === 'not-serializable' || c.verdict === 'lossy';
      assert.equal(result.captures.filter(unsafe).length, captures.filter(unsafe).length);
    });
  }
});
