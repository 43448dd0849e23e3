import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { findRoot } from '../../src/session/root';

describe('the project around a file', () => {
  let top: string;
  before(() => {
    top = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-root-'));
    fs.mkdirSync(path.join(top, 'project', 'src', 'deep'), { recursive: true });
    fs.writeFileSync(path.join(top, 'project', 'pyproject.toml'), '');
    fs.writeFileSync(path.join(top, 'project', 'src', 'deep', 'a.py'), '');
  });
  after(() => fs.rmSync(top, { recursive: true, force: true }));

  const table: [start: string, root: string][] = [
    ['project/src/deep/a.py', 'project'],
    ['project/src/deep', 'project'],
    ['project', 'project'],
    ['project/src/absent.py', 'project'],
  ];
  for (const [start, root] of table) {
    it(`${start} belongs to ${root}`, () => assert.equal(findRoot(path.join(top, start)), path.join(top, root)));
  }
});
