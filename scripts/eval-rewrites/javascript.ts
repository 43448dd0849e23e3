/** Makes a program that drives one JavaScript loop. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LoopReport } from '../../src/analysis/report';
import type { FunctionIR, TypeIR } from '../../src/ir/ir';
import { pieceFor, topLevelName } from './pieces';
import { copyFolder } from './python';
import { run } from './run';
import { NotRun, type Driven, type FoundLoop, type Prepared } from './types';

const HERE = __dirname;
const MODULES = path.join(__dirname, '..', '..', 'node_modules');
const SEARCH_SECONDS = 3;

interface Answer {
  readonly error?: string;
  readonly calls: readonly { readonly making: readonly string[]; readonly passing: readonly string[] }[];
}

interface Target {
  readonly head: string;
  readonly method: string | null;
  readonly fn: FunctionIR;
  readonly static: boolean;
  readonly getter: boolean;
  readonly make: FunctionIR | null;
}

/** Imports the module as it stands and calls what it exports. */
export async function wholeJavaScript(found: FoundLoop, folder: string): Promise<Prepared> {
  const { loop } = found;
  const target = targetOf(loop);
  if (loop.module.system !== 'esm') throw new NotRun('it is a CommonJS module');
  const exported = loop.module.exports.find((each) => each.variable === `/${target.head}`);
  if (!exported) throw new NotRun(`${target.head} is not exported`);
  const relative = path.relative(found.root, loop.module.path);
  project(folder);
  copyFolder(found.root, folder);
  const file = path.join(folder, relative);
  const before = fs.readFileSync(file, 'utf8');
  completeImports(folder);
  // All of what was added is in the imports at the head.
  const moved = fs.readFileSync(file, 'utf8').length - before.length;
  const drive = async (): Promise<Driven> => {
    const answer = await search(loop, target, exported.name, file, folder, moved);
    const entry = path.join(folder, 'main.js');
    const from = `./${relative.split(path.sep).join('/')}`;
    const imported = exported.name === 'default' ? target.head : exported.name === target.head ? `{ ${target.head} }` : `{ ${exported.name} as ${target.head} }`;
    fs.writeFileSync(entry, [`import ${imported} from '${from}';`, "import { show } from './fanout-show.cjs';", '', ...mainOf(target, answer), ''].join('\n'));
    return { entry, offset: loop.range.start + moved, args: [], how: `${spoken(target)} imported; ${calls(answer)}` };
  };
  return { folder, file, offset: loop.range.start + moved, drive };
}

/** The function with what it needs, and the driver, in one file. */
export async function aloneJavaScript(found: FoundLoop, folder: string): Promise<Prepared> {
  const { loop } = found;
  const target = targetOf(loop);
  const piece = pieceFor(loop.module, fs.readFileSync(loop.module.path, 'utf8'), new Set([target.head]));
  const esm = loop.module.system === 'esm';
  project(folder);
  const bare = found.aloneOnly || !/\bfrom\s+['"]\./.test(piece.text);
  if (!bare) {
    copyFolder(found.root, folder);
    completeImports(folder);
  }
  const beside = bare ? folder : path.dirname(path.join(folder, path.relative(found.root, loop.module.path)));
  const place = (text: string): string => (found.aloneOnly ? absolute(text, loop.module.path) : complete(text, path.join(beside, 'main.js')));
  const body = place(piece.text);
  const moved = place(piece.text.slice(0, piece.at(loop.range.start))).length - loop.range.start;
  const entry = path.join(beside, `fanout-main.${esm ? 'mjs' : 'cjs'}`);
  const trial = path.join(beside, `fanout-trial.${esm ? 'mjs' : 'cjs'}`);
  const show = path.relative(beside, path.join(folder, 'fanout-show.cjs')).replace(/^(?!\.)/, './');
  const text = esm ? `import { show } from '${show}';\n` : `const { show } = require('${show}');\n`;
  fs.writeFileSync(entry, text + body);
  const offset = text.length + moved + loop.range.start;
  const drive = async (): Promise<Driven> => {
    fs.writeFileSync(trial, `${body}\n${esm ? `export { ${target.head} };` : `exports.${target.head} = ${target.head};`}\n`);
    let answer: Answer;
    try {
      answer = await search(loop, target, target.head, trial, folder, moved);
    } finally {
      fs.rmSync(trial);
    }
    fs.writeFileSync(entry, `${text}${body}\n${mainOf(target, answer).join('\n')}\n`);
    return { entry, offset, args: [], how: `${spoken(target)} in a file of its own; ${calls(answer)}` };
  };
  return { folder, file: entry, offset, drive };
}

function targetOf(loop: LoopReport): Target {
  const { module } = loop;
  const head = topLevelName(module, loop.fn);
  if (head === null) throw new NotRun('the loop stands in the module itself, not in a function');
  const direct = module.functions.get(head);
  if (direct) {
    if (direct.async || direct.generator) throw new NotRun(`${head} is ${direct.async ? 'async' : 'a generator'}`);
    return { head, method: null, fn: direct, static: false, getter: false, make: null };
  }
  const method = /^[\w$]+\.([\w$]+)/.exec(loop.fn.id);
  const cls = module.classes.get(head);
  const fn = method ? module.functions.get(`${head}.${method[1]}`) : undefined;
  if (!cls || !method || !fn) throw new NotRun(`${loop.fn.id} is not reached by a name`);
  if (fn.async || fn.generator) throw new NotRun(`${fn.id} is ${fn.async ? 'async' : 'a generator'}`);
  const constructor = cls.methods.get('constructor');
  return { head, method: method[1]!, fn, static: fn.decorators.includes('static'), getter: fn.kind === 'getter', make: constructor ? module.functions.get(constructor)! : null };
}

async function search(loop: LoopReport, target: Target, exported: string, file: string, folder: string, moved: number): Promise<Answer> {
  const trial = path.join(path.dirname(file), `fanout-trial-${path.basename(file)}`);
  const text = fs.readFileSync(file, 'utf8');
  const counting = withCounter(loop, text, moved);
  fs.writeFileSync(trial, counting ?? text);
  const request = {
    url: pathToFileURL(trial).href,
    target: target.method ? `${target.head}.${target.method}` : target.head,
    exported,
    static: target.static,
    getter: target.getter,
    constructs: target.method === 'constructor',
    make: paramsOf(target.make),
    own: target.method === 'constructor' ? [] : paramsOf(target.fn),
    counted: counting !== null,
    seconds: SEARCH_SECONDS,
  };
  const permissions = ['--experimental-permission', '--allow-fs-read=*'];
  const ran = await run(process.execPath, [...permissions, '--max-old-space-size=1024', path.join(HERE, 'search.mjs'), JSON.stringify(request)], { cwd: folder, env: { NODE_NO_WARNINGS: '1', NODE_OPTIONS: '' }, seconds: 30 });
  fs.rmSync(trial);
  const line = ran.out.trimEnd().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new NotRun(ran.slow ? 'looking for arguments took too long' : `looking for arguments failed: ${/^\w*Error.*$/m.exec(ran.err)?.[0] ?? ran.err.trim().slice(0, 200)}`);
  const answer = JSON.parse(line) as Answer;
  if (answer.error) throw new NotRun(`${spoken(target)}: ${answer.error}`);
  return answer;
}

/** The text with a counter at the head of what the loop repeats; null for a named callback. */
function withCounter(loop: LoopReport, text: string, moved: number): string | null {
  const owner = loop.callback ?? loop.fn;
  const body = loop.callback ? loop.callback.body : loop.body;
  const [first] = body;
  if (!first) return null;
  const start = owner.start + first.span.start + moved;
  const end = owner.start + first.span.end + moved;
  const source = text.slice(start, end);
  const counted = first.type === 'return' && !source.startsWith('return') ? `(globalThis.fanoutHits++, (${source}))` : body.length > 1 ? `globalThis.fanoutHits++; ${source}` : `{ globalThis.fanoutHits++; ${source} }`;
  return text.slice(0, start) + counted + text.slice(end);
}

function paramsOf(fn: FunctionIR | null): { name: string; type: string; optional: boolean; rest: boolean }[] {
  return (fn?.params ?? []).map(({ name, kind, type, default: value }) => ({
    name,
    type: typeText(type ?? (value?.type === 'const' ? { name: value.kind === 'int' || value.kind === 'float' ? 'number' : value.kind } : undefined)),
    optional: value !== null,
    rest: kind === 'rest',
  }));
}

function typeText(type: TypeIR | undefined): string {
  if (!type) return '';
  const args = (type.args ?? []).map(typeText);
  return type.name === 'union' ? args.join('|') : args.length > 0 ? `${type.name}<${args.join(',')}>` : type.name;
}

function mainOf(target: Target, answer: Answer): string[] {
  const lines = ['async function main() {'];
  answer.calls.forEach(({ making, passing }, n) => {
    const name = (i: number): string => `given${n + 1}_${i + 1}`;
    const all = [...making, ...passing];
    const spread = (value: string, i: number): string => (value.startsWith('...') ? `...${name(i)}` : name(i));
    all.forEach((value, i) => lines.push(`  const ${name(i)} = ${value.replace(/^\.\.\./, '')};`));
    const makes = all.slice(0, making.length).map(spread).join(', ');
    const passes = passing.map((value, i) => spread(value, making.length + i)).join(', ');
    lines.push('  try {');
    const made = `made${n + 1}`;
    if (target.method && !target.static) lines.push(`    const ${made} = new ${target.head}(${makes});`);
    const object = target.static ? target.head : made;
    const call = !target.method ? `${target.head}(${passes})` : target.method === 'constructor' ? made : target.getter ? `${object}.${target.method}` : `${object}.${target.method}(${passes})`;
    lines.push(`    show(${call});`);
    if (target.method && !target.static) lines.push(`    show(${made});`);
    lines.push('  } catch (error) {', '    show(error);', '  }');
    all.forEach((_, i) => lines.push(`  show(${name(i)});`));
  });
  return [...lines, '}', '', 'main();'];
}

const spoken = ({ head, method }: Target): string => (method ? `${head}.${method}` : head);
const calls = ({ calls: { length } }: Answer): string => `${length} ${length > 1 ? 'calls' : 'call'} with generated arguments`;

function project(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module", "dependencies": { "piscina": "*" } }\n');
  fs.symlinkSync(MODULES, path.join(folder, 'node_modules'));
  fs.copyFileSync(path.join(HERE, 'show.cjs'), path.join(folder, 'fanout-show.cjs'));
}

/** Projects that are run through a bundler leave out what Node needs: the ending of a relative import. */
function completeImports(folder: string): void {
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(folder, name);
    if (!/\.m?js$/.test(name) || name.startsWith('node_modules')) continue;
    const text = fs.readFileSync(file, 'utf8');
    const completed = complete(text, file);
    if (completed !== text) fs.writeFileSync(file, completed);
  }
}

function complete(text: string, file: string): string {
  return text.replace(/(\bfrom\s+['"])(\.{1,2}\/[^'"]+)(?=['"])/g, (all, from: string, specifier: string) => {
    const target = path.resolve(path.dirname(file), specifier);
    const ending = fs.existsSync(target) && fs.statSync(target).isFile() ? '' : ['.js', '.mjs', '/index.js'].find((each) => fs.existsSync(target + each));
    return ending ? from + specifier + ending : all;
  });
}

/** In another folder, what a module imports relatively is named by its whole path. */
function absolute(text: string, from: string): string {
  return text.replace(/(\bfrom\s+['"]|\brequire\(['"])(\.{1,2}\/[^'"]*)(?=['"])/g, (_, start: string, specifier: string) => start + path.resolve(path.dirname(from), specifier));
}
