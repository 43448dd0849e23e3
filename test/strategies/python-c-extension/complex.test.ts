import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pythonCExtension } from '../../../src/strategies/python/c-extension';
import { toolchain } from '../../support/toolchains';
import { operations } from '../python-kernel/complex';
import { compare } from '../python-kernel/native';

describe('python/c-extension: complex numbers', function () {
  this.timeout(600_000);
  const own = { ...process.env };
  afterEach(() => {
    for (const name of ['PYTHONPATH', 'CPATH']) {
      if (own[name] === undefined) delete process.env[name];
      else process.env[name] = own[name];
    }
  });

  for (const [version, name] of [['3.9', 'tools'], ['3.14', 'python314']] as const) {
    it(`are those of Python ${version}`, async function () {
      const tools = toolchain(this, 'tools');
      const python = toolchain(this, name);
      if (name === 'python314') {
        const libraries = path.join(path.dirname(path.dirname(tools)), 'lib');
        // setuptools is written in Python: that of another version does. An unpacked interpreter has a header in a folder for each machine.
        process.env.PYTHONPATH = path.join(libraries, fs.readdirSync(libraries).find((d) => d.startsWith('python'))!, 'site-packages');
        process.env.CPATH = path.join(path.dirname(path.dirname(python)), 'usr', 'include');
      }
      const outcomes = await compare(pythonCExtension, [operations], python, 24, version);
      const each = outcomes.get('operations');
      assert.ok(each?.status === 'equal', JSON.stringify(each));
      assert.ok(each.native > each.turns * 0.8, `${each.native} of ${each.turns}`);
    });
  }
});
