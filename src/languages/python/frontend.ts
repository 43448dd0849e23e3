import type { Frontend } from '../frontend';

export async function createPythonFrontend(): Promise<Frontend> {
  throw new Error('not built yet');
}
