/** Names that mean something in Rust, or in the files that are written here, and must not name a variable. */
import type { Kernel } from '../kernel/model';
import { namesOf, type Names } from '../kernel/names';
import { HELPER_NAMES } from './helpers';

const RESERVED = (
  'as async await box break const continue crate do dyn else enum extern false final fn for gen if impl in let loop macro match mod move mut override priv pub ref ' +
  'return self static struct super trait true try type typeof union unsafe unsized use virtual where while yield abstract become ' +
  'Some None Ok Err Self Vec Option Arc Mutex Send Sync Fn Copy PyResult Python Bound PyAny i64 f64 u32 usize bool vec depth on_all_cores list_of list_of_rows list_of_planes is_writable read_list read_buffer has_distinct_rows Number Indices MAX_DEPTH'
).split(' ');

export function rustNames(kernel: Kernel): Names {
  return namesOf(kernel, [...RESERVED, ...HELPER_NAMES]);
}
