/** Names that mean something in Mojo, or in the files that are written here, and must not name a variable. */
import type { Kernel } from '../kernel/model';
import { namesOf, type Names } from '../kernel/names';
import { HELPER_NAMES } from './helpers';

const RESERVED = (
  'and as assert async await break capturing case class comptime continue def deinit del elif else except extension finally fn for from global if imm import in inout is ' +
  'lambda let match mut nonlocal not or out owned pass raise raises read ref return self struct thin trait try type unified var where while with yield abi alias ' +
  'abs all any bool chr divmod float hash hex index input int iter len list max min next oct ord pow print range repr reversed round slice sort str sum swap tuple zip ' +
  'ceil copysign floor inf isfinite isinf isnan nan sqrt external_call inlined_assembly num_logical_cores std ' +
  'give_up turn turns work worker depth args module count start step results next_turn first last'
).split(' ');

/** Types and constants are written with capitals. */
const CAPITALS = ['GiveUp', 'Turn', 'Work', 'Address', 'MAX_DEPTH', 'Int', 'UInt', 'Int128', 'Float64', 'Bool', 'List', 'Optional', 'Pointer', 'PythonObject', 'PyObjectPtr', 'Python', 'Error', 'String', 'None', 'True', 'False', 'Self', 'DType', 'SIMD', 'Scalar'];

export function mojoNames(kernel: Kernel): Names {
  return namesOf(kernel, [...RESERVED, ...CAPITALS, ...HELPER_NAMES]);
}
