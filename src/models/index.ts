/** Library models by language. */
import type { Language } from '../ir/ir';
import { javascriptModels } from './javascript';
import { pythonModels } from './python';
import type { LanguageModels } from './types';

/** What is known of the libraries of a language. TypeScript's are JavaScript's. */
export function modelsFor(language: Language): LanguageModels {
  return language === 'python' ? pythonModels : javascriptModels;
}
