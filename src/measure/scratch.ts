/** Folders for one measurement, gone afterwards. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Gives a new empty folder to the work, and removes it whatever happens. Its path is real: links are resolved. */
export async function withScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = fs.realpathSync.native(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-')));
  try {
    return await work(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
