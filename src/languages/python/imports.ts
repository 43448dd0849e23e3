/** `import` in its forms. */
import type { Import, ImportSource } from '../../ir/ir';
import type { Lowering } from './lowering';

/** `import a.b, c as d`: one statement for each module. */
export function importModules(l: Lowering, node: number): Import[] {
  const { tree, fields } = l;
  const names = tree.childrenWith(node, fields.name);
  return names.map((child): Import => {
    const span = names.length === 1 ? l.span(node) : l.span(child);
    const aliased = tree.kind(child) === 'aliased_import';
    const path = aliased ? tree.child(child, fields.name) : child;
    const module = dotted(l, path);
    l.imports.push({ module, name: null });
    // `import a.b` binds `a`.
    const bound = aliased ? tree.child(child, fields.alias) : tree.firstNamed(path);
    const source: ImportSource = { module: aliased ? module : tree.textOf(bound), name: null };
    const target = l.bind(bound, { kind: 'import', source });
    return { type: 'import', span, bindings: [{ target, source }], module };
  });
}

/** `from m import a, b as c` and `from .m import *`. */
export function importFrom(l: Lowering, node: number): Import {
  const { tree, fields } = l;
  const from = tree.child(node, fields.moduleName);
  let level = 0;
  let path = from;
  if (tree.kind(from) === 'relative_import') {
    level = tree.textOf(tree.firstNamed(from)).replace(/[^.]/g, '').length;
    path = tree.children(from)[1] ?? 0;
  }
  const module = path ? dotted(l, path) : '';
  const source = (name: string | null): ImportSource => ({ module, name, ...(level ? { level } : {}) });
  const specifier = '.'.repeat(level) + module;
  if (tree.children(node).some((child) => tree.kind(child) === 'wildcard_import')) {
    l.imports.push(source(null));
    l.starImports.push(source(null));
    return { type: 'import', span: l.span(node), bindings: [], module: specifier, star: true };
  }
  return bindings(l, node, specifier, source);
}

/** `from __future__ import …` binds names too, but nobody uses them. */
export function importFuture(l: Lowering, node: number): Import {
  return bindings(l, node, '__future__', (name) => ({ module: '__future__', name }));
}

function bindings(l: Lowering, node: number, module: string, source: (name: string) => ImportSource): Import {
  const { tree, fields } = l;
  const bound = tree.childrenWith(node, fields.name).map((child) => {
    const aliased = tree.kind(child) === 'aliased_import';
    const from = source(dotted(l, aliased ? tree.child(child, fields.name) : child));
    l.imports.push(from);
    const name = aliased ? tree.child(child, fields.alias) : tree.firstNamed(child);
    return { target: l.bind(name, { kind: 'import', source: from }), source: from };
  });
  return { type: 'import', span: l.span(node), bindings: bound, module };
}

function dotted(l: Lowering, node: number): string {
  return l.tree
    .children(node)
    .map((name) => l.tree.textOf(name))
    .join('.');
}
