import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { CancelledError } from '../../src/analysis/cancellation';
import { benchTable } from '../../src/cli/bench-table';
import { reportHtml } from '../../src/measure/report-html';
import type { FixOutcome } from '../../src/protocol/results';
import { Session, UsageError } from '../../src/session/session';
import { options } from '../measure/helpers';

const SOURCE = `def work(x):
    total = 0
    for i in range(1000):
        total += (i * x) % 7
    return total


def main(xs):
    out = []
    for x in xs:
        out.append(work(x))
    return out


if __name__ == "__main__":
    print(main([1, 2, 3, 4]))
`;
const LINE = SOURCE.split('\n').indexOf('    for x in xs:') + 1;

/** Rewrites that give another result in one place: what a defect of a strategy would do. */
class Corrupting extends Session {
  override async fix(...args: Parameters<Session['fix']>): Promise<FixOutcome> {
    const outcome = await super.fix(...args);
    if (!outcome.ok) return outcome;
    return { ...outcome, files: outcome.files.map((file) => ({ ...file, after: file.after.replace('% 7', '% 8') })) };
  }
}

describe('a comparison', function () {
  this.timeout(180_000);
  let folder: string;
  let file: string;
  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-compare-')));
    file = path.join(folder, 'app.py');
    fs.writeFileSync(file, SOURCE);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const compare = async (session: Session, strategies: readonly ('python/process-pool' | 'python/asyncio')[]) =>
    session.bench({ loop: await session.loopOnLine(file, LINE), program: { command: ['python', 'app.py'], cwd: folder }, assume: true, strategies, workers: [2], pairs: 1 }, options);

  it('measures what fits, says why the rest does not, and recommends in words', async () => {
    const report = await compare(new Session({ root: folder }), ['python/asyncio', 'python/process-pool']);
    assert.deepEqual(report.rows.map((row) => [row.strategy, row.verified, row.error]), [['python/process-pool', 'equal', null]]);
    assert.deepEqual(report.rows[0]!.cost!.dependencies, []);
    assert.ok(report.rows[0]!.cost!.lines > 0);
    assert.equal(report.leftOut!.length, 1);
    const left = report.leftOut![0]!;
    assert.equal(`${left.strategy} ${left.because}`, 'python/asyncio loop');
    assert.match(left.why, /computes/);
    assert.equal(report.recommendation!.strategy, null, 'so little work is not worth a pool');
    assert.match(report.recommendation!.reason, /leave the loop as it is/);
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report, 'plain JSON');

    const table = benchTable(report);
    assert.match(table, /sequential +│ 1 +│ 1 \(/);
    assert.match(table, /python\/process-pool/);
    const html = reportHtml(report);
    assert.match(html, /<h3>Not compared<\/h3>.*python\/asyncio/s);
    assert.match(html, /leave the loop as it is/);
    assert.deepEqual(fs.readdirSync(folder), ['app.py'], 'nothing is written beside the file');
  });

  it('shows a rewrite that gives another result as different, does not time it, and never recommends it', async () => {
    const report = await compare(new Corrupting({ root: folder }), ['python/process-pool']);
    const [row] = report.rows;
    assert.equal(row!.verified, 'different');
    assert.equal(row!.loopRatio, null);
    assert.match(row!.error!, /out\[\d\].* in the original, .* in the candidate/);
    assert.equal(report.recommendation!.strategy, null);
    assert.match(report.recommendation!.reason, /python\/process-pool gave other results than the original/);
    assert.match(benchTable(report), /DIFFERENT/);
  });

  it('that is cancelled ends at once, with no report', async () => {
    const session = new Session({ root: folder });
    const token = { cancelled: false };
    const onProgress = (message: string) => (token.cancelled ||= /run 1/.test(message));
    const loop = await session.loopOnLine(file, LINE);
    const request = { loop, program: { command: ['python', 'app.py'], cwd: folder }, assume: true, strategies: ['python/process-pool', 'python/multiprocessing'] as const, workers: [2], pairs: 1 };
    await assert.rejects(session.bench(request, { ...options, token, onProgress }), CancelledError);
  });

  it('of nothing that fits is an error with every reason', async () => {
    await assert.rejects(compare(new Session({ root: folder }), ['python/asyncio']), (error) => error instanceof UsageError && /^python\/asyncio does not fit: .*computes/.test(error.message));
  });
});
