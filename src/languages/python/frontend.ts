import { pythonModels } from '../../models/python';
import type { Frontend } from '../frontend';
import { lowerModule } from './module';
import { PythonParser } from './parser';

/** Loads the grammar; the front end it gives reads Python up to 3.14. */
export async function createPythonFrontend(): Promise<Frontend> {
  const parser = await PythonParser.load();
  return { lower: (path, text, edited) => lowerModule(parser, pythonModels, path, text, edited) };
}
