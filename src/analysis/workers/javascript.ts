/** Worker threads and their pools in JavaScript and TypeScript. */
import type { Expr } from '../../ir/ir';
import { dottedName } from '../captures/dotted';
import type { Flow } from '../captures/flow';
import { normalizeJs } from '../captures/javascript-library';
import type { CallAt } from '../captures/module-index';
import { Candidates } from './candidates';
import type { PoolSite, TaskSite, WorkerReport } from '../workers';

const CLASS = /^(piscina|tinypool)(\.(Piscina|Tinypool))?$/;

export function javascriptWorkers(flow: Flow): WorkerReport {
  const pools: PoolSite[] = [];
  const tasks: TaskSite[] = [];
  const workers: { site: CallAt; call: CallAt['call']; node: boolean }[] = [];
  const candidates = new Candidates(flow, ({ callee, construct }) => libraryOf(dottedName(flow.module, callee) ?? '', construct === true) !== null);
  for (const site of flow.index.calls) {
    const { call } = site;
    const { callee } = call;
    if (callee.type !== 'name' && callee.type !== 'attribute') continue;
    const name = call.construct || callee.name === 'pool' ? dottedName(flow.module, callee) : null;
    const library = name === null ? null : libraryOf(name, call.construct === true);
    if (library !== null) pools.push({ site, kind: 'isolates', library, name: textOf(site, callee) });
    else if (name === 'worker_threads.Worker' || name === 'builtins.Worker') workers.push({ site, call, node: name === 'worker_threads.Worker' });
    if (callee.type === 'attribute' && (callee.name === 'run' || callee.name === 'runTask' || callee.name === 'exec') && candidates.mayBe(callee.object)) {
      const task = given(flow, site, callee.object, callee.name);
      if (task) tasks.push(task);
    }
  }
  return { flow, pools, tasks, workers };
}

function libraryOf(name: string, construct: boolean): string | null {
  if (construct && CLASS.test(name)) return name.replace(/\..*$/, '');
  return !construct && name === 'workerpool.pool' ? 'workerpool' : null;
}

function given(flow: Flow, site: CallAt, receiver: Expr, method: string): TaskSite | null {
  flow.flows.steps = 0;
  const value = flow.evaluate(receiver, flow.at(site));
  if (value.kind !== 'made') return null;
  const by = normalizeJs(value.by);
  const library = CLASS.test(by.replace(/\.default$/, '')) ? by.replace(/\..*$/, '') : /^workerpool(\.default)?\.pool$/.test(by) ? 'workerpool' : null;
  if (library === null || (library === 'workerpool') !== (method === 'exec')) return null;
  const args = site.call.args.flatMap((a) => (a.spread ? [] : [a.value]));
  return { site, kind: 'isolates', library, method, api: textOf(site, site.call.callee), pool: receiver, work: null, target: null, args };
}

function textOf(site: CallAt, expr: Expr): string {
  return site.fn.text?.slice(expr.span.start, expr.span.end) ?? '';
}
