/** Where the files lie that run inside the user's interpreter. They ship as files beside the bundle. */
import * as path from 'node:path';

/**
 * Absolute path of a harness file: `<folder of the running bundle>/harness/…`, which is `src/measure/harness/…` when run from source.
 * @param parts e.g. `'python'`, or `'node', 'register.cjs'`
 */
export function harnessPath(...parts: readonly string[]): string {
  return path.join(__dirname, 'harness', ...parts);
}
