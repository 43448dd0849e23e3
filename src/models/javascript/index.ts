/** What is known of JavaScript's own library and of Node's. */
import type { LanguageModels } from '../types';
import { collectionTypes } from './collections';
import { constructors } from './constructors';
import { globalNamespaces, globals } from './globals';
import { nodeNamespaces } from './node';
import { platformTypes } from './platform';
import { primitiveTypes } from './primitives';

export const javascriptModels: LanguageModels = {
  globals,
  namespaces: new Map([...globalNamespaces, ...nodeNamespaces]),
  types: new Map([...primitiveTypes, ...collectionTypes, ...platformTypes].map((type) => [type.name, type])),
  constructors,
};
