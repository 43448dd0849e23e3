/** Places and operands as the person wrote them. */
import type { Expr, FunctionIR, ModuleIR, Target } from '../ir/ir';
import { SHAPE, type Loc, type Site } from './domain';
import { isConstant } from './symbolic';

const LONGEST = 48;

const clip = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

/** An expression in the language's own spelling, shortened. */
export function written(expr: Expr | Target): string {
  return clip(spell(expr));
}

function spell(expr: Expr | Target): string {
  switch (expr.type) {
    case 'name':
      return expr.name;
    case 'const':
      return expr.kind === 'string' ? `'${String(expr.value)}'` : expr.kind === 'none' ? 'None' : String(expr.value);
    case 'attribute':
      return `${spell(expr.object)}.${expr.name}`;
    case 'index':
      return `${spell(expr.object)}[${expr.index.type === 'collection' ? expr.index.items.map(spell).join(', ') : spell(expr.index)}]`;
    case 'slice':
      return `${expr.lower ? spell(expr.lower) : ''}:${expr.upper ? spell(expr.upper) : ''}${expr.step ? `:${spell(expr.step)}` : ''}`;
    case 'call':
      return `${spell(expr.callee)}(${expr.args.length > 0 ? '…' : ''})`;
    case 'binary':
      return `${spell(expr.left)} ${expr.operator} ${spell(expr.right)}`;
    case 'unary':
      return `${expr.operator}${/[a-z]/.test(expr.operator) ? ' ' : ''}${spell(expr.operand)}`;
    case 'this':
      return expr.kind;
    case 'tuple-target':
      return expr.items.map((item) => (item ? spell(item) : '')).join(', ');
    case 'star':
      return `*${spell(expr.value)}`;
    case 'collection':
      return expr.kind === 'list' ? '[…]' : expr.kind === 'set' ? '{…}' : '(…)';
    case 'mapping':
      return '{…}';
    case 'await':
      return `await ${spell(expr.value)}`;
    default:
      return '…';
  }
}

/** Name for an operand in an assumption: the name it starts from. */
export function operandName(expr: Expr | Target): string {
  let at: Expr | Target = expr;
  while (at.type === 'attribute' || at.type === 'index') {
    if (at.type === 'attribute') return written(at);
    at = at.object;
  }
  return written(at);
}

const WORLD: Readonly<Record<string, string>> = {
  stdout: 'standard output',
  stderr: 'standard error',
  stdin: 'standard input',
  fs: 'the file system',
  'random:python': 'the shared random generator',
  'random:numpy': "NumPy's shared random generator",
  'random:js': 'Math.random',
  environment: 'the environment',
  clock: 'the clock',
  network: 'the network',
  process: 'the process',
  locale: 'the locale',
  warnings: 'the warnings registry',
  'id-counter': 'the id counter',
};

export const worldName = (what: string): string => WORLD[what] ?? (what.startsWith('fs:') ? `the file ${what.slice(3)}` : what.replace(/^random:/, 'the random generator '));

/** A place without its source: used for what a callee touches. */
export function locName(loc: Loc): string {
  const { base } = loc;
  let text: string;
  switch (base.kind) {
    case 'variable':
      text = base.id.replace(/^.*\//, '').replace(/#\d+$/, '').replace(/^class:/, '');
      break;
    case 'this':
      text = 'this';
      break;
    case 'world':
      return worldName(base.what);
    case 'fresh':
      text = 'a new object';
      break;
    case 'unseen':
      text = base.site === 'unseen' ? 'an unseen object' : base.site.replace(/#\d+$/, '(…)');
      break;
  }
  for (const step of loc.path) {
    if (step.kind === 'field') {
      if (step.name !== SHAPE && step.name !== '?') text += `.${step.name}`;
    } else if (step.index.kind === 'number' && isConstant(step.index.value)) text += `[${step.index.value.constant}]`;
    else if (step.index.kind === 'key' && step.index.constant) text += `['${step.index.key}']`;
    else if (step.index.kind === 'range') text += '[:]';
    else text += '[…]';
  }
  return clip(text);
}

/** Lines by offset. Without the source only offsets are known, so the text of the functions is used where it is kept. */
export class Lines {
  constructor(private readonly lineOf: (offset: number) => number) {}

  of(site: Site): number {
    return this.lineOf(site.fn.start + site.start);
  }

  at(offset: number): number {
    return this.lineOf(offset);
  }
}

export type LineIndex = (offset: number) => number;

/** Name of a function for messages. */
export const functionName = (fn: FunctionIR): string => fn.name || fn.id || 'module';

export type { ModuleIR };
