/** Makes a list or dictionary that is given to processes one that a manager shares. */
import type { TaskSite } from '../../analysis/workers';
import { importNames } from '../../edit/python-imports';
import type { Assign } from '../../ir/ir';
import { parentsOf } from '../../ir/parents';
import type { Lost } from '../lost-python';
import { absolute, takenNames } from '../workers';
import type { Fix, RuleContext } from '../types';

/** The fix, for an empty display of the function that starts the processes. */
export function sharedInstead(task: TaskSite, lost: Lost, context: RuleContext): Fix | null {
  const { fn } = task.site;
  const { module } = context.report;
  const variable = fn.variables.get(lost.variable);
  if (!lost.argument || lost.name.includes('.') || !variable || fn.id === '') return null;
  const made = [...parentsOf(fn).keys()].find(
    (node): node is Assign => node.type === 'assign-stmt' && node.targets.length === 1 && node.targets[0]!.type === 'name' && node.targets[0]!.variable === variable.id,
  );
  const value = made?.value;
  const kind = value?.type === 'collection' && value.kind === 'list' && value.items.length === 0 ? 'list' : value?.type === 'mapping' && value.properties.length === 0 ? 'dict' : null;
  if (!made || kind === null) return null;
  const taken = takenNames(module);
  const { names, edits } = importNames(module, context.text, [{ module: 'multiprocessing', name: 'Manager' }], (name) => !taken.has(name));
  return {
    id: 'shared-instead',
    kind: 'edit',
    title: `Let a manager's process hold the ${kind}, if a proxy of it will do`,
    applicability: 'assumes',
    edits: [{ path: module.path, edits: [...edits, { ...absolute(fn, made.value), text: `${names[0]}().${kind}()` }] }],
  };
}
