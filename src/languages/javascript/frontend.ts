import type { Frontend } from '../frontend';

export async function createJavaScriptFrontend(): Promise<Frontend> {
  throw new Error('not built yet');
}
