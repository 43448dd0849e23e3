/** From a loop to the rewrite for a pool of workers: plan, text, package.json, and a last look at what came out. */
import { applyEdits, type FileEdit, type NewFile } from '../../edit/edit';
import { javaScriptStyle } from '../../edit/javascript';
import type { Rewrite, StrategyContext } from '../types';
import type { PoolDialect } from './dialect';
import { emitParent } from './emitParent';
import { emitWorker, shapeOfTask } from './emitWorker';
import { planRewrite } from './plan';
import { dependencyEdit } from './project';
import { Source } from './syntax';

/** @throws Refusal when the loop cannot be rewritten so that its meaning stays. */
export function rewriteWithPool(context: StrategyContext, dialect: PoolDialect): Rewrite {
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
  return { edits, newFiles: [worker], dependencies: [{ name, range }], notes, region: parent.region };
}

/** All that was written parses. @throws Refusal when it does not: the loop has a form that was not thought of. */
function check(context: StrategyContext, edits: readonly FileEdit[], worker: NewFile): void {
  for (const { path, edits: own } of edits) {
    const before = path === context.path ? context.text : context.workspace.read(path);
    if (before !== null && /\.[cm]?[jt]sx?$/.test(path)) new Source(path, applyEdits(before, own));
  }
  new Source(worker.path, worker.text);
}
