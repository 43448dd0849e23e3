import assert from 'node:assert/strict';
import * as path from 'node:path';
import { Session } from '../../../src/session/session';
import { release, writeProgram } from '../python-process-pool/support';

const SOURCE = `import asyncio
import pathlib
import urllib.request
import zlib


async def ask(k: int):
    await asyncio.sleep(0.1)
    return k


async def independent(keys: list[int]):
    out = []
    for key in keys:
        out.append(await ask(key))
    return out


async def chained(keys: list[int]):
    last = 0
    for key in keys:
        last = await ask(key + last)
    return last


async def unseen(client, keys):
    out = []
    for key in keys:
        out.append(await client.get(key))
    return out


def pages(urls: list[str]):
    return [urllib.request.urlopen(url).read() for url in urls]


def packed(paths: list[str]):
    return [zlib.compress(pathlib.Path(path).read_bytes()) for path in paths]
`;

/** What the session answers for the loop on a line. */
async function fixed(line: number, strategy: 'python/asyncio' | 'python/process-pool', assume = false): Promise<{ ok: boolean; told: string; needsAssume: boolean }> {
  const program = writeProgram({ 'main.py': SOURCE }, 'main.py');
  try {
    const session = new Session({ root: program.directory });
    const loop = await session.loopOnLine(path.join(program.directory, 'main.py'), line);
    const outcome = await session.fix(loop, strategy, { assume });
    return outcome.ok ? { ok: true, told: outcome.files[0]!.after, needsAssume: false } : { ok: false, told: outcome.why, needsAssume: outcome.needsAssume };
  } finally {
    release(program);
  }
}

describe('python/asyncio: loops that await', () => {
  it('are offered, although they are sequential for other strategies', async () => {
    const { ok, told } = await fixed(14, 'python/asyncio');
    assert.ok(ok, told);
    assert.match(told, /for \w+ in await _gather_limited\(ask, keys\):/);
    const pool = await fixed(14, 'python/process-pool', true);
    assert.equal(pool.ok, false);
    assert.match(pool.told, /the loop is sequential: `await` on line 15/);
  });

  it('and loops that wait are left to it by pools of processes', async () => {
    const { ok, told } = await fixed(34, 'python/process-pool', true);
    assert.equal(ok, false);
    assert.match(told, /line 34 waits for a device, a network or the clock, and computes little: worker processes would wait as well; .*python\/asyncio/);
    assert.ok((await fixed(34, 'python/asyncio', true)).ok);
    // Files that are worked on are worth a pool.
    assert.ok((await fixed(38, 'python/process-pool', true)).ok);
  });

  it('are refused where an iteration needs an earlier one', async () => {
    const { ok, told } = await fixed(21, 'python/asyncio', true);
    assert.equal(ok, false);
    assert.match(told, /the loop is sequential/);
  });

  it('rest on an assumption where a call is not known', async () => {
    const refused = await fixed(28, 'python/asyncio');
    assert.equal(refused.ok, false);
    assert.equal(refused.needsAssume, true);
    assert.match(refused.told, /client\.get/);
    assert.ok((await fixed(28, 'python/asyncio', true)).ok);
  });
});
