/** `npm run bench`: sets up what is needed, then test/bench/bench.ts. */
import { spawn } from 'node:child_process';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
await ensureBuilt(root);
const args = ['--import', 'tsx', path.join(root, 'test', 'bench', 'bench.ts'), ...process.argv.slice(2)];
spawn(process.execPath, args, { stdio: 'inherit', cwd: root }).on('close', (code) => process.exit(code ?? 1));
