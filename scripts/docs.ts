/** Writes the pages that are made of metadata: `npm run docs`. A test fails where they differ from what is checked in. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { rulePages } from './lib/rule-pages';

const root = path.join(__dirname, '..');
for (const [file, text] of rulePages()) {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), text);
}
