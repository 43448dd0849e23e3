import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { rulePages } from '../../scripts/lib/rule-pages';
import { applyEdits } from '../../src/edit/edit';
import { ruleIds, rules } from '../../src/rules';
import type { RuleExample, RuleMeta } from '../../src/rules/types';
import { Session } from '../../src/session/session';

const ENDINGS = { python: '.py', javascript: '.mjs', typescript: '.ts' } as const;

describe('the examples of the rules', () => {
  let root: string;

  before(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-rules-'));
  });

  after(() => {
    fs.rmSync(root, { recursive: true, force: true });
  });

  async function findings(id: string, example: RuleExample, code = example.code) {
    const session = new Session({ root, overrides: { rules: { [id]: rules[id as keyof typeof rules].meta.severity } } });
    const file = path.join(root, `example${ENDINGS[example.language]}`);
    session.open(file, code, 1);
    const { document, findings, report } = await session.analyze(file);
    return { document, found: findings.filter((f) => f.rule === id), file, problems: report.module.problems };
  }

  for (const id of ruleIds) {
    describe(id, () => {
      const meta: RuleMeta = rules[id].meta;

      it('shows what it finds and what is fine', () => {
        assert.ok(meta.examples.some((e) => e.findings.length > 0));
        assert.ok(meta.examples.some((e) => e.findings.length === 0));
      });

      for (const example of meta.examples) {
        it(`${example.title} (${example.language})`, async () => {
          const { document, found, file } = await findings(id, example);
          assert.deepEqual(
            found.map((f) => ({ line: document.positionAt(f.range.start).line + 1, message: f.message })),
            example.findings,
          );
          for (const finding of found) assert.equal(finding.severity, meta.severity);
          const fix = found.flatMap((f) => f.fixes).find((f) => f.kind === 'edit');
          if (example.fixed === undefined) return assert.equal(fix, undefined, 'a quick fix that the example does not show');
          assert.ok(fix?.kind === 'edit');
          assert.deepEqual(fix.edits.map((e) => e.path), [file]);
          assert.equal(applyEdits(example.code, fix.edits[0]!.edits), example.fixed);
          const after = await findings(id, example, example.fixed);
          assert.deepEqual({ found: after.found, problems: after.problems }, { found: [], problems: [] }, 'the fixed code is fine');
        });
      }
    });
  }
});

describe('docs/rules', () => {
  const root = path.join(__dirname, '../..');

  for (const [file, text] of rulePages()) {
    it(`${path.basename(file)} is what npm run docs writes`, () => {
      assert.equal(fs.readFileSync(path.join(root, file), 'utf8').replace(/\r\n/g, '\n'), text);
    });
  }

  it('has no page without a rule', () => {
    const known = new Set([...rulePages().keys()].map((file) => path.basename(file)));
    assert.deepEqual(fs.readdirSync(path.join(root, 'docs/rules')).filter((file) => !known.has(file)), []);
  });
});
