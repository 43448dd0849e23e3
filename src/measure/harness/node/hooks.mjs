// Node 20's hooks thread.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const { createHooks } = createRequire(import.meta.url)('./hooks.cjs');
let hooks = null;

export function initialize({ entries, events }) {
  const file = path.join(events, `${Date.now()}000000-${process.pid}-hooks.jsonl`);
  const note = (entry) => fs.appendFileSync(file, `${JSON.stringify({ event: 'loaded', pid: process.pid, path: entry.path })}\n`);
  hooks = createHooks(entries, note, (text) => fs.promises.readFile(text, 'utf8'));
}

export const resolve = (specifier, context, next) => hooks.resolve(specifier, context, next);
export const load = (url, context, next) => hooks.load(url, context, next);
