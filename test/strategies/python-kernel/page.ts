/** Runs the example of a native strategy's page. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import type { Context } from 'mocha';
import type { Strategy } from '../../../src/strategies/types';
import { toolchain } from '../../support/toolchains';
import { compare, rewritten } from './native';

/** The page's first block becomes its second, and both give the same; all of it is computed by the kernel. */
export async function checkPage(test: Context, strategy: Strategy): Promise<void> {
  const page = fs.readFileSync(`docs/strategies/${strategy.meta.id.replace('/', '-')}.md`, 'utf8');
  const [before, after] = [...page.matchAll(/```python\n([^]*?)```/g)].map((m) => m[1]!);
  assert.equal(await rewritten(strategy, before!, 'for k in range'), after);
  const python = toolchain(test, 'tools');
  const source = before!.replace(/\nprint\(([^]*)\)\n$/, '\ndef result(size):\n    return $1\n');
  const outcomes = await compare(strategy, [{ name: 'page', source, loop: 'for k in range' }], python);
  assert.deepEqual(outcomes.get('page'), { status: 'equal', turns: 8, native: 8, detail: '' });
}
