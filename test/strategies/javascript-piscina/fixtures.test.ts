import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { sourceOf } from '../../../src/strategies/javascript/syntax';
import { filesIn, remove, rewriteIn, run, scratch, typeErrors } from './support';

/**
 * One folder a case: `input/` is the program, `expected/` the files that the rewrite changes or adds. In `case.json` stand the file and
 * the line of the loop. UPDATE_FIXTURES=1 writes `expected/` anew.
 */
interface Case {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  /** What is run, when it is another file. */
  readonly run?: string;
  /** Built with a compiler before it runs. */
  readonly build?: boolean;
}

const FIXTURES = path.join(__dirname, 'fixtures');

describe('javascript/piscina: programs and their rewrites', () => {
  for (const name of fs.readdirSync(FIXTURES).sort()) {
    describe(name, () => {
      const folder = path.join(FIXTURES, name);
      const { file, line, column, build, run: entry = file } = JSON.parse(fs.readFileSync(path.join(folder, 'case.json'), 'utf8')) as Case;
      const how = build ? 'build' : 'source';
      let given = '';
      let made = '';
      let result: Awaited<ReturnType<typeof rewriteIn>>;

      it('is rewritten as expected', async () => {
        given = scratch(filesIn(path.join(folder, 'input')));
        result = await rewriteIn(given, file, line, column);
        if ('why' in result) assert.fail(`refused: ${result.why}; ${result.remedy ?? ''}`);
        const input = filesIn(given);
        const changed = Object.fromEntries(Object.entries(result.files).filter(([f, text]) => input[f] !== text));
        const expected = path.join(folder, 'expected');
        if (process.env.UPDATE_FIXTURES) {
          fs.rmSync(expected, { recursive: true, force: true });
          for (const [f, text] of Object.entries(changed)) {
            fs.mkdirSync(path.dirname(path.join(expected, f)), { recursive: true });
            fs.writeFileSync(path.join(expected, f), text);
          }
        }
        assert.deepEqual(changed, filesIn(expected));
      });

      it('runs in the region that it names', () => {
        assert.ok(!('why' in result));
        const text = result.files[file]!;
        const { start, end } = result.region;
        const region = text.slice(start, end);
        assert.match(region, /^(?:const|let|export|for)\b/);
        assert.match(region, /[};)\]]$|\w$/);
        assert.ok(region.includes('new Piscina('), region);
        assert.ok(region.includes('.close()'), region);
        // Whole statements: between its ends the same text parses when it stands alone in an async function.
        sourceOf('region.ts', `async function region() {\n${region.replace(/^export /, '')}\n}`);
      });

      if (/\.[cm]?ts$/.test(file)) {
        it('type-checks as before', () => {
          assert.ok(!('why' in result));
          made = scratch(result.files);
          assert.deepEqual(typeErrors(made), typeErrors(given));
        });
      }

      it('gives the same when it runs', async () => {
        assert.ok(!('why' in result));
        made ||= scratch(result.files);
        const [original, rewritten] = [await run(given, entry, how), await run(made, entry, how)];
        assert.equal(original.code, 0, original.stderr);
        assert.equal(rewritten.stderr, original.stderr);
        assert.equal(rewritten.stdout, original.stdout);
        assert.equal(rewritten.code, 0);
        assert.notEqual(original.stdout, '');
      });

      after(() => {
        for (const used of [given, made]) if (used) remove(used);
      });
    });
  }
});
