/** Takes snapshots of expressions with the harness of each language. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { neverCancelled } from '../../src/analysis/cancellation';
import { harnessPath } from '../../src/measure/harness-path';
import { run } from '../../src/measure/run';
import { folderOf, options } from './helpers';

export interface Snapshot {
  readonly hash: string;
  readonly lines: readonly string[];
  readonly skipped: readonly (readonly [string, string])[];
}

export type Pair = readonly [title: string, left: string, right: string];

/** Snapshots of expressions, each evaluated for itself after a preamble. */
export async function python(preamble: string, expressions: readonly string[], interpreter = options.python): Promise<readonly Snapshot[]> {
  const script = `import sys, json, types
sys.path.insert(0, ${JSON.stringify(harnessPath('python'))})
sys.dont_write_bytecode = True
import _fanout_events
_fanout_events.manifest.update({"roots": [], "maxEntries": 9, "events": "."})
import _fanout_snapshot as snapshot
${preamble}
for text in json.load(open(sys.argv[1])):
    scope = dict(globals())
    *first, last = [part.strip() for part in text.split(";;")]
    for part in first: exec(part, scope)
    taken = snapshot.take([("v", eval(last, scope))], None)
    row = next(r for r in taken["names"] if r["name"] == "v")
    print(json.dumps({"hash": row["hash"], "lines": row["lines"][:50], "skipped": taken["skipped"]}))
`;
  return answers('script.py', script, expressions, interpreter);
}

export async function node(preamble: string, expressions: readonly string[]): Promise<readonly Snapshot[]> {
  const script = `const events = require(${JSON.stringify(harnessPath('node', 'events.cjs'))});
events.manifest = { roots: [], maxEntries: 9 };
const snapshot = require(${JSON.stringify(harnessPath('node', 'snapshot.cjs'))});
${preamble}
for (const text of JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'))) {
  const taken = snapshot.take([['v', eval('(() => { ' + text.replace(/(^|;;)([^;]*)$/, '$1 return ($2)').replaceAll(';;', ';') + ' })()')]]);
  console.log(JSON.stringify({ hash: taken.names[0].hash, lines: taken.names[0].lines.slice(0, 50), skipped: taken.skipped }));
}
`;
  return answers('script.cjs', script, expressions, options.node);
}

async function answers(name: string, script: string, expressions: readonly string[], interpreter: string): Promise<readonly Snapshot[]> {
  const folder = folderOf({ [name]: script, 'in.json': JSON.stringify(expressions) });
  try {
    const result = await run({ command: [interpreter, folder.file(name), folder.file('in.json')], cwd: folder.path, env: process.env, timeoutMs: 60_000, token: neverCancelled });
    assert.equal(result.exitCode, 0, result.stderr.tail);
    return result.stdout.text!.trim().split('\n').map((line) => JSON.parse(line) as Snapshot);
  } finally {
    folder.remove();
    assert.ok(!fs.existsSync(folder.path));
  }
}
