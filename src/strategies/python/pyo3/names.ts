/** Names that mean something in Rust, or in the files that are written here, and must not name a variable. */
import type { KFunction, Kernel } from '../kernel/model';
import { HELPER_NAMES } from './helpers';

const RESERVED = new Set(
  (
    'as async await box break const continue crate do dyn else enum extern false final fn for gen if impl in let loop macro match mod move mut override priv pub ref ' +
    'return self static struct super trait true try type typeof union unsafe unsized use virtual where while yield abstract become ' +
    'Some None Ok Err Self Vec Option Arc Mutex Send Sync Fn Copy PyResult Python Bound PyAny i64 f64 u32 usize bool vec depth on_all_cores list_of list_of_rows read_list read_buffer has_distinct_rows Number Indices MAX_DEPTH'
  ).split(' '),
);

export interface Names {
  fn(name: string): string;
  /** Of a parameter or local variable. */
  variable(name: string): string;
}

/** Python's names, with an underscore behind those that are taken. */
export function namesOf(kernel: Kernel): Names {
  const functions = new Map<string, string>();
  const taken = new Set([...RESERVED, ...HELPER_NAMES, kernel.name, kernel.module]);
  const free = (name: string): string => {
    let own = name;
    while (taken.has(own)) own += '_';
    return own;
  };
  for (const { name } of [...kernel.functions, kernel.iteration] satisfies readonly KFunction[]) {
    const own = free(name);
    functions.set(name, own);
    taken.add(own);
  }
  const all = new Set([...kernel.functions, kernel.iteration].flatMap((f) => [...f.params, ...f.locals]).map((v) => v.name));
  const variable = (name: string): string => {
    let own = name;
    while (taken.has(own) || (own !== name && all.has(own))) own += '_';
    return own;
  };
  return { fn: (name) => functions.get(name)!, variable };
}
