/**
 * How much the rule `parallelizable-loop` says with no profile about code that nobody asked about: findings per 1,000 lines of each folder,
 * and some drawn at random for a person to look at, with their source.
 *
 *   npx tsx scripts/noise.ts DIR… [--sample 40] [--seed 1] [--all] [--out findings.json]
 *
 * Folders of tests (`test`, `tests`, `idle_test`, `__tests__`) are left out, and what the configuration of each folder leaves out.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { expandPaths } from '../src/session/files';
import { Session } from '../src/session/session';

const RULE = 'parallelizable-loop';
const TESTS = /(^|[\\/])(tests?|idle_test|__tests__)[\\/]/;
/** Lines of a loop that are shown. */
const SHOWN = 14;

interface Flagged {
  readonly file: string;
  readonly line: number;
  readonly work: number;
  readonly message: string;
  readonly source: string;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { sample: { type: 'string', default: '40' }, seed: { type: 'string', default: '1' }, all: { type: 'boolean', default: false }, out: { type: 'string' } },
  });
  if (positionals.length === 0) {
    process.stderr.write('usage: npx tsx scripts/noise.ts DIR… [--sample N] [--seed N] [--all] [--out FILE]\n');
    return 2;
  }
  const flagged: Flagged[] = [];
  for (const folder of positionals) {
    const { lines, found } = await survey(folder);
    flagged.push(...found);
    process.stdout.write(`${folder}: ${found.length} findings on ${lines} lines, ${((1000 * found.length) / Math.max(1, lines)).toFixed(2)} per 1,000\n`);
  }
  const drawn = values.all ? flagged : draw(flagged, Number(values.sample), Number(values.seed));
  if (values.out) fs.writeFileSync(values.out, JSON.stringify(drawn, null, 2));
  for (const each of drawn) process.stdout.write(`\n${each.file}:${each.line}  work ${each.work}  ${each.message}\n${each.source}\n`);
  return 0;
}

async function survey(folder: string): Promise<{ readonly lines: number; readonly found: readonly Flagged[] }> {
  const root = path.resolve(folder);
  const session = new Session({ root });
  let lines = 0;
  const found: Flagged[] = [];
  for (const file of expandPaths([root], session.config).files) {
    if (TESTS.test(path.relative(root, file.path))) continue;
    const { document, report, findings } = await session.analyze(file.path);
    const text = document.getText().split('\n');
    lines += text.length - (text[text.length - 1] === '' ? 1 : 0);
    for (const finding of findings) {
      if (finding.rule !== RULE) continue;
      const line = document.positionAt(finding.range.start).line;
      const loop = report.loops.find((each) => finding.fixes.some((fix) => fix.kind === 'strategy' && fix.loop === each.id));
      const end = loop ? document.positionAt(loop.extent.end).line : line;
      found.push({ file: path.relative(path.dirname(root), file.path), line: line + 1, work: loop?.work ?? 0, message: finding.message, source: text.slice(line, Math.min(end + 1, line + SHOWN)).join('\n') });
    }
  }
  return { lines, found };
}

/** The same draw for the same seed: a shuffle by mulberry32. */
function draw<T>(from: readonly T[], count: number, seed: number): T[] {
  const left = [...from];
  let state = seed >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const drawn: T[] = [];
  while (drawn.length < count && left.length > 0) drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  return drawn;
}

void main().then((code) => (process.exitCode = code));
