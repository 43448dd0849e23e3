/** From a loop to the rewrite for a pool of workers: plan, text, package.json, and a last look at what came out. */
import { applyEdits, type FileEdit, type NewFile } from '../../edit/edit';
import { javaScriptStyle } from '../../edit/javascript';
import type { Rewrite, StrategyContext } from '../types';
import type { PoolDialect } from './dialect';
import { emitParent } from './emitParent';
import { emitWorker, shapeOfTask } from './emitWorker';
import { planRewrite } from './plan';
import { dependencyEdit } from './project';
import { Refusal } from './refusal';
import { Source } from './syntax';

export interface PooledRewrite {
  readonly rewrite: Omit<Rewrite, 'notes'>;
  /** What it changes besides the loop. */
  readonly notes: readonly string[];
}

interface Known {
  readonly text: string;
  readonly made: PooledRewrite | Refusal;
}

/** Applicability and rewrite ask for the same one after the other. */
const last = new WeakMap<object, Map<PoolDialect, Known>>();

/** @throws Refusal when the loop cannot be rewritten so that its meaning stays. */
export function rewriteWithPool(context: StrategyContext, dialect: PoolDialect): PooledRewrite {
  const byDialect = last.get(context.loop) ?? new Map<PoolDialect, Known>();
  last.set(context.loop, byDialect);
  let known = byDialect.get(dialect);
  if (!known || known.text !== context.text) {
    known = { text: context.text, made: attempt(context, dialect) };
    byDialect.set(dialect, known);
  }
  if (known.made instanceof Refusal) throw known.made;
  return known.made;
}

function attempt(context: StrategyContext, dialect: PoolDialect): PooledRewrite | Refusal {
  try {
    return make(context, dialect);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function make(context: StrategyContext, dialect: PoolDialect): PooledRewrite {
  const plan = planRewrite(context);
  const style = javaScriptStyle(context.text, context.options.indent);
  const shape = shapeOfTask(plan);
  const worker: NewFile = { path: plan.project.worker.path, text: emitWorker(plan, shape, dialect, style) };
  const parent = emitParent(plan, shape, dialect, style);
  const edits: FileEdit[] = [...parent.files];
  const notes = [...plan.notes];
  const { manifest } = plan.project;
  const { name, range } = dialect.package;
  if (!manifest) notes.push(`there is no package.json: install ${name} with npm install ${name}`);
  else {
    const edit = dependencyEdit(manifest, name, range);
    if (edit) edits.push({ path: manifest.path, edits: [edit] });
  }
  check(context, edits, worker);
  return { rewrite: { edits, newFiles: [worker], dependencies: [{ name, range }], region: parent.region }, notes };
}

/** All that was written parses. @throws Refusal when it does not: the loop has a form that was not thought of. */
function check(context: StrategyContext, edits: readonly FileEdit[], worker: NewFile): void {
  for (const { path, edits: own } of edits) {
    const before = path === context.path ? context.text : context.workspace.read(path);
    if (before !== null && /\.[cm]?[jt]sx?$/.test(path)) new Source(path, applyEdits(before, own));
  }
  new Source(worker.path, worker.text);
}
