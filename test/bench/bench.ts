/** `npm run bench`: the table of the samples, profiled, rewritten, verified and measured from end to end. */
import { spawn } from 'node:child_process';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

const args = [path.join(ROOT, 'dist', 'cli.js'), 'survey', path.join(ROOT, 'samples'), '--yes', '--install', '--pairs', '7'];
spawn(process.execPath, args, { stdio: 'inherit' }).on('close', (code) => (process.exitCode = code ?? 1));
