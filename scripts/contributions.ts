/** Writes package.json's contributions and package.nls.json from their source: `npx tsx scripts/contributions.ts`. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { activationEvents, capabilities, contributes, nls } from '../src/extension/contributions';

const root = path.join(__dirname, '..');
const manifest = path.join(root, 'package.json');
const json = JSON.parse(fs.readFileSync(manifest, 'utf8')) as Record<string, unknown>;
Object.assign(json, { activationEvents: activationEvents(), capabilities: capabilities(), contributes: contributes() });
fs.writeFileSync(manifest, `${JSON.stringify(json, null, 2)}\n`);
fs.writeFileSync(path.join(root, 'package.nls.json'), `${JSON.stringify(nls(), null, 2)}\n`);
