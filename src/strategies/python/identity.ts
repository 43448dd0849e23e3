import type { ForEach } from '../../ir/ir';
import type { BodyPlan } from './body';
import type { Site } from './site';

export function checkIdentity(_site: Site, _node: ForEach, _body: BodyPlan): void {
  return;
}

export function checkValue(_site: Site, _expr: import('../../ir/ir').Expr, _items: ReadonlySet<string>, _fn?: import('../../ir/ir').FunctionIR): void {
  return;
}
