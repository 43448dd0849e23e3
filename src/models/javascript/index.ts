import type { LanguageModels } from '../types';
export const javascriptModels: LanguageModels = { globals: { functions: {} }, namespaces: new Map(), types: new Map(), constructors: new Map() };
