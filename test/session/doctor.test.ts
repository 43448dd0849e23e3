import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { doctorMarkdown } from '../../src/extension/doctor';
import type { DoctorReport } from '../../src/protocol/results';
import { Session } from '../../src/session/session';
import { strategies } from '../../src/strategies';
import { options } from '../measure/helpers';

describe('the doctor', function () {
  this.timeout(180_000);
  let report: DoctorReport;
  before(async () => {
    report = await new Session({ root: path.resolve(__dirname, '../..') }).doctor(options);
  });

  it('has a row for every strategy, in their order', () => {
    assert.deepEqual(report.rows.map((row) => row.strategy), strategies.map(({ meta }) => meta.id));
  });

  for (const { meta } of strategies) {
    it(`${meta.id}: names the interpreter that runs it, or what is lacking and the command that would mend it`, () => {
      const row = report.rows.find(({ strategy }) => strategy === meta.id)!;
      assert.ok(row.message.length > 0);
      if (!row.ok) assert.ok(row.install !== null && row.install.length > 0, row.message);
      else if (meta.language === 'python') {
        assert.match(row.interpreter!.version, /^3\.\d+\.\d+t?$/);
        assert.equal(row.install, null);
      }
      const free = meta.needs.find(({ freeThreaded }) => freeThreaded !== undefined)?.freeThreaded;
      if (row.ok && free !== undefined) assert.equal(row.interpreter!.version.endsWith('t'), free);
    });
  }

  it('tells of the other interpreters that were found, each once', () => {
    const others = report.pythons!.map(({ path: file }) => file);
    assert.equal(new Set(others).size, others.length);
    assert.ok(!others.includes(report.python.path));
    assert.match(doctorMarkdown(report), /python\/process-pool/);
  });

  it('says what stands in the way where there is no Python', async () => {
    const empty = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-doctor-'));
    try {
      const none = await new Session({ root: empty }).doctor({ ...options, python: path.join(empty, 'no-python') });
      assert.equal(none.python.version, null);
      for (const row of none.rows.filter(({ strategy }) => strategy.startsWith('python/'))) {
        assert.equal(row.ok, false, 'another Python is no answer to a wrong path');
        assert.match(row.message, /no-python could not be started: there is no such program/);
      }
    } finally {
      fs.rmSync(empty, { recursive: true, force: true });
    }
  });
});
