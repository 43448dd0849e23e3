/** The entry that VS Code calls in its extension host: runs every `*.test.js` beside it and writes what comes out line by line. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import Mocha from 'mocha';

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false });
  for (const file of fs.readdirSync(__dirname).filter((name) => name.endsWith('.test.js')).sort()) mocha.addFile(path.join(__dirname, file));
  const out = process.env.FANOUT_HOST_RESULTS;
  const write = (line: object) => {
    if (out) fs.appendFileSync(out, `${JSON.stringify(line)}\n`);
    else console.log(JSON.stringify(line));
  };
  const failures = await new Promise<number>((resolve, reject) => {
    try {
      mocha
        .run(resolve)
        .on('pass', (test) => write({ state: 'passed', title: test.fullTitle(), ms: test.duration }))
        .on('pending', (test) => write({ state: 'skipped', title: test.fullTitle() }))
        .on('fail', (test, error) => write({ state: 'failed', title: test.fullTitle(), error: String(error.stack ?? error) }));
    } catch (error) {
      reject(error);
    }
  }).catch((error: unknown) => {
    write({ state: 'failed', title: 'the tests could be loaded', error: String((error as Error).stack ?? error) });
    return 1;
  });
  write({ state: 'end', failures });
  if (failures > 0) throw new Error(`${failures} of the tests failed`);
}
