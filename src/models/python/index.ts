import type { LanguageModels } from '../types';

export const pythonModels: LanguageModels = { globals: { functions: {} }, namespaces: new Map(), types: new Map(), constructors: new Map() };
