import type { Site } from './site';

export function checkValue(_site: Site, _expr: import('../../ir/ir').Expr, _items: ReadonlySet<string>, _fn?: import('../../ir/ir').FunctionIR): void {
  return;
}
