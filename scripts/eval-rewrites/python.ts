/** Makes a program that drives one Python loop. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { LoopReport } from '../../src/analysis/report';
import { lineNumber } from '../../src/edit/source';
import { pieceFor, topLevelName } from './pieces';
import { run } from './run';
import { NotRun, type Driven, type FoundLoop, type Prepared } from './types';

const HERE = __dirname;
const SEARCH_SECONDS = 3;

interface Answer {
  readonly error?: string;
  readonly statements: readonly string[];
  readonly names: readonly string[];
  readonly how: string;
}

/** Imports the module as it stands and calls the function. */
export async function wholePython(found: FoundLoop, folder: string, python: string): Promise<Prepared> {
  const { loop } = found;
  const relative = path.relative(found.root, loop.module.path);
  const module = relative.replace(/(\/__init__)?\.py$/, '').split(path.sep).join('.');
  if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(module)) throw new NotRun(`${relative} is no name that a program can import`);
  const target = targetOf(loop);
  copyFolder(found.root, folder);
  const file = path.join(folder, relative);
  const text = fs.readFileSync(file, 'utf8');
  const drive = async (): Promise<Driven> => {
    const answer = await search(python, folder, module, target, file, bodyLines(loop, text, 0));
    const names = answer.names.filter((name) => name !== 'numpy');
    const entry = path.join(folder, 'main.py');
    fs.writeFileSync(entry, [
      ...(answer.names.includes('numpy') ? ['import numpy', ''] : []),
      'from fanout_show import show',
      ...(names.length > 0 ? [`from ${module} import ${names.join(', ')}`] : []),
      '', '', ...mainOf(answer.statements), ''].join('\n'));
    return { entry, offset: loop.range.start, args: [], how: `${target} imported; ${answer.how}` };
  };
  return { folder, file, offset: loop.range.start, drive };
}

/** The function with what it needs, and the driver, in one file. */
export async function alonePython(found: FoundLoop, folder: string, python: string): Promise<Prepared> {
  const { loop } = found;
  const text = fs.readFileSync(loop.module.path, 'utf8');
  const target = targetOf(loop);
  const wanted = new Set([target.split('.')[0]!]);
  // The examples in the documentation name what they need.
  const around = [...loop.module.functions.values()].find((fn) => fn.id === target) ?? loop.fn;
  const top = loop.module.functions.get('')!;
  for (const { name } of top.variables.values()) if (new RegExp(`>>>.*\\b${name}\\b`).test(text.slice(around.start, around.start + around.length))) wanted.add(name);
  const piece = pieceFor(loop.module, text, wanted);
  if (!found.aloneOnly && importsFrom(found.root, piece.text)) copyFolder(found.root, folder);
  else fs.mkdirSync(folder, { recursive: true });
  const head = 'from __future__ import annotations\n\n';
  const body = absolute(piece.text.replace(/^from __future__ import .*\n/gm, (line) => `#${line.slice(1)}`), packageOf(found));
  // Imports became longer.
  const shift = absolute(piece.text.slice(0, piece.at(loop.range.start)), packageOf(found)).length - piece.at(loop.range.start);
  const entry = path.join(folder, 'main.py');
  fs.writeFileSync(entry, [head + body, '', ...mainOf(['pass']), ''].join('\n'));
  const offset = head.length + shift + piece.at(loop.range.start);
  const moved = head.length + shift + piece.at(loop.range.start) - loop.range.start;
  const drive = async (): Promise<Driven> => {
    const answer = await search(python, folder, 'main', target, entry, bodyLines(loop, head + body, moved));
    const imports = ['from fanout_show import show', ...(answer.names.includes('numpy') && !/^import numpy$/m.test(body) ? ['import numpy'] : [])];
    fs.writeFileSync(entry, [head + body, '', ...imports, '', '', ...mainOf(answer.statements), ''].join('\n'));
    return { entry, offset, args: [], how: `${target} in a file of its own; ${answer.how}` };
  };
  return { folder, file: entry, offset, drive };
}

/** `f` or `C.m`: what the driver calls to reach the loop. */
function targetOf(loop: LoopReport): string {
  const { module } = loop;
  const head = topLevelName(module, loop.fn);
  if (head === null) throw new NotRun('the loop stands in the module itself, not in a function');
  const method = /^[\w]+\.(\w+)/.exec(loop.fn.id);
  const target = module.functions.has(head) ? head : method ? `${head}.${method[1]}` : head;
  if (loop.fn.async) throw new NotRun('its function is a coroutine');
  return target;
}

function bodyLines(loop: LoopReport, text: string, moved: number): readonly [number, number] {
  const [first] = loop.body;
  const start = first ? loop.fn.start + first.span.start : loop.extent.start;
  const line = lineNumber(text, start + moved);
  return [line, first ? line : lineNumber(text, loop.extent.end + moved)];
}

async function search(python: string, folder: string, module: string, target: string, file: string, [first, last]: readonly [number, number]): Promise<Answer> {
  fs.copyFileSync(path.join(HERE, 'show.py'), path.join(folder, 'fanout_show.py'));
  const request = JSON.stringify({ folder, module, target, file, first, last, seconds: SEARCH_SECONDS });
  const ran = await run(python, [path.join(HERE, 'search.py'), request], { cwd: folder, env: { PYTHONPATH: folder, PYTHONHASHSEED: '0' }, seconds: 40 });
  const line = ran.out.trimEnd().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new NotRun(ran.slow ? 'looking for arguments took too long' : `looking for arguments failed: ${ran.err.trim().split('\n').at(-1)}`);
  const answer = JSON.parse(line) as Answer;
  if (answer.error) throw new NotRun(`${target}: ${answer.error}`);
  return answer;
}

function mainOf(statements: readonly string[]): string[] {
  return ['def main():', ...statements.flatMap((each) => each.split('\n')).map((line) => `    ${line}`.trimEnd()), '', '', "if __name__ == '__main__':", '    main()'];
}

/** Whether a piece needs other modules of its project. */
function importsFrom(root: string, piece: string): boolean {
  return [...piece.matchAll(/^\s*(?:from|import) (\.|\w+)/gm)].some(([, name]) => name === '.' || fs.existsSync(path.join(root, name!)) || fs.existsSync(path.join(root, `${name}.py`)));
}

/** A file of its own has no package: its relative imports name theirs. */
function absolute(text: string, from: readonly string[]): string {
  return text.replace(/^(\s*from )(\.+)(\w*)/gm, (_, start: string, dots: string, module: string) => start + [...from.slice(0, from.length + 1 - dots.length), ...(module ? [module] : [])].join('.'));
}

function packageOf(found: FoundLoop): string[] {
  const relative = path.dirname(path.relative(found.root, found.loop.module.path));
  return relative === '.' ? [] : relative.split(path.sep);
}

export function copyFolder(from: string, to: string): void {
  fs.cpSync(from, to, { recursive: true, filter: (file) => !/[\\/](node_modules|__pycache__|\.git)([\\/]|$)/.test(file.slice(from.length)) });
}
