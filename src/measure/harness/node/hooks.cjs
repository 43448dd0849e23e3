'use strict';
// The loader hooks, for both ways of registering them. `load` runs behind the hooks of tsx and the like, which transform what it returns.
const fs = require('node:fs');
const path = require('node:path');
const { fileURLToPath } = require('node:url');

function nearestPackageType(file) {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    try {
      return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).type === 'module' ? 'module' : 'commonjs';
    } catch {
      if (folder === path.dirname(folder)) return 'commonjs';
    }
  }
}

/** Format of a file that is only in the overlay, as Node would tell it from the name. */
function formatOf(file) {
  const ending = path.extname(file);
  const kind = /^\.m/.test(ending) ? 'module' : /^\.c/.test(ending) ? 'commonjs' : nearestPackageType(file);
  return /ts$/.test(ending) && process.features.typescript ? `${kind}-typescript` : kind;
}

const urlOf = (specifier, parent) => {
  try {
    if (/^(?:\.{0,2}\/|file:)/.test(specifier)) return new URL(specifier, parent);
  } catch {
    // not a URL: a package's name
  }
  return null;
};

/**
 * @param {{ path: string, text: string, isNew: boolean, url: string }[]} list
 * @param {(entry: object) => void} note told when an entry is loaded
 * @param {(file: string) => string | Promise<string>} read
 */
function createHooks(list, note, read) {
  const byUrl = new Map(list.map((entry) => [entry.url, entry]));
  const find = (url) => byUrl.get(url.split(/[?#]/, 1)[0]);

  return {
    resolve(specifier, context, next) {
      const url = urlOf(specifier, context.parentURL);
      if (url !== null) {
        for (const name of [url.href, url.href.replace(/\.([cm]?)js(?=$|[?#])/, '.$1ts')]) {
          const entry = find(name);
          if (entry?.isNew) return { url: name, format: formatOf(entry.path), shortCircuit: true };
        }
      }
      return next(specifier, context);
    },

    load(url, context, next) {
      const entry = find(url);
      if (!entry) return next(url, context);
      note(entry);
      const format = context.format ?? formatOf(fileURLToPath(url));
      // The CommonJS loader reads the text itself, through `fs`.
      if (format.startsWith('commonjs')) return next(url, { ...context, format });
      const source = read(entry.text);
      const answer = (text) => ({ format, source: text, shortCircuit: true });
      return typeof source === 'string' ? answer(source) : source.then(answer);
    },
  };
}

module.exports = { createHooks };
