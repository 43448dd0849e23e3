/** The numba module of a kernel. */
import { MAX_DEPTH, type KParam, type Kernel, type Scalar } from '../kernel/model';
import { functionsOf } from '../kernel/walk';
import { helpersFor } from './helpers';
import { argumentsFor, neutral, Printer } from './print';

const DTYPES: Readonly<Record<Scalar, string>> = { int: 'np.int64', float: 'np.float64', bool: 'np.bool_' };

export function numbaFile(kernel: Kernel): string {
  const functions = functionsOf(kernel).map((fn) => new Printer(kernel, fn).definition());
  const own = functions.join('\n\n\n');
  const helpers = helpersFor(own);
  const code = [...helpers, own].join('\n\n\n');
  const libm = [...new Set([...own.matchAll(/_finite\(_(\w+)\(/g)].map((m) => m[1]!).concat(/ = _fmod\(/.test(code) ? ['fmod'] : []))];
  const constants = [
    ...(/\bSMALLEST\b/.test(code) ? ['SMALLEST = -(2**63)'] : []),
    ...(/\bLARGEST\b/.test(code) ? ['LARGEST = 2**63 - 1'] : []),
    ...(/\bHALF\b/.test(code) ? ['HALF = 2**31'] : []),
    ...(/\bMAX_DEPTH\b/.test(code) ? ["# Python's own limit decides about deeper calls.", `MAX_DEPTH = ${MAX_DEPTH}`] : []),
  ];
  const imports = [
    ...(libm.length > 0 ? ['import ctypes'] : []),
    ...(/\bmath\./.test(code) ? ['import math'] : []),
    ...(libm.length > 0 ? ['from ctypes.util import find_library'] : []),
  ];
  const parts = [
    `"""${kernel.title}: one call runs its turns on all cores, compiled by numba when it is first called.

What Python does and machine code does not (ints beyond 64 bits, exceptions) makes a turn give up; its result is then None, and the
program runs its own code for it.
"""
${imports.join('\n')}${imports.length > 0 ? '\n\n' : ''}import numpy as np
from numba import njit, prange

# Division by zero and indices outside a list raise, as in Python; floats are never reordered.
kernel = njit(error_model="python", boundscheck=True, fastmath=False)${constants.length > 0 ? `\n\n${constants.join('\n')}` : ''}`,
    ...(libm.length > 0 ? [libmText(libm)] : []),
    ...helpers,
    ...functions,
    attempt(kernel),
    driver(kernel),
    ...guards(kernel),
    entry(kernel),
  ];
  return `${parts.join('\n\n\n')}\n`;
}

/** The functions that the interpreter's own `math` calls: numba's could be others, and LLVM could compute their results itself. */
function libmText(names: readonly string[]): string {
  const two = new Set(['pow', 'fmod', 'atan2']);
  const lines = names.map((n) => `_${n} = _libm_function("${n}", ${two.has(n) ? 2 : 1})`);
  return `def _libm_function(name, count):
    """The function that Python's math calls: numba's own could give other bits."""
    function = getattr(ctypes.CDLL(find_library("m") or "ucrtbase"), name)
    function.restype = ctypes.c_double
    function.argtypes = [ctypes.c_double] * count
    return function


${lines.join('\n')}`;
}

function attempt(kernel: Kernel): string {
  const { iteration, results } = kernel;
  const params = iteration.params.flatMap(argumentsFor).join(', ');
  return `@njit(error_model="python")
def _attempt(${params}):
    try:
        ${results.map((r) => r.name).join(', ')} = ${iteration.name}(${params})
        return True, ${results.map((r) => r.name).join(', ')}
    except Exception:
        return False, ${results.map((r) => neutral(r.type)).join(', ')}`;
}

function driver(kernel: Kernel): string {
  const { iteration, results } = kernel;
  const [, ...captured] = iteration.params;
  const names = results.map((r) => `all_${r.name}`);
  const made = results.map((r, i) => (typeof r.type === 'string' ? `    ${names[i]!} = np.zeros(count, ${DTYPES[r.type]})` : `    ${names[i]!} = [${neutral(r.type)} for _ in range(count)]`));
  const args = ['start + turn * step', ...captured.flatMap(argumentsFor)].join(', ');
  return `@njit(parallel=True)
def _run(${['start', 'step', 'count', ...captured.flatMap(argumentsFor)].join(', ')}):
    done = np.zeros(count, np.bool_)
${made.join('\n')}
    for turn in prange(count):
        ${['done', ...names].map((n) => `${n}[turn]`).join(', ')} = _attempt(${args})
    return done, ${names.join(', ')}`;
}

/** Functions that hand a value over if it is what the kernel was made for, else raise TypeError. */
function guards(kernel: Kernel): string[] {
  const out = new Set<string>([INT]);
  for (const { type, from } of kernel.params) {
    if (typeof type === 'string') out.add(type === 'int' ? INT : scalarGuard(type));
    else if (from === 'list') {
      out.add(LIST.replaceAll('KIND', type.element).replaceAll('DTYPE', DTYPES[type.element]));
      if (type.dims === 2) out.add(ROWS.replaceAll('KIND', type.element).replaceAll('DTYPE', DTYPES[type.element]));
    } else {
      out.add(BUFFER.replaceAll('KIND', type.element));
      if (type.dims === 2) out.add(MATRIX.replaceAll('KIND', type.element));
    }
  }
  return [...out].map((t) => t.trim());
}

const INT = `
def _int(value):
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise TypeError
    return value`;

function scalarGuard(type: Scalar): string {
  return `
def _${type}(value):
    if type(value) is not ${type}:
        raise TypeError
    return value`;
}

const LIST = `
def _KIND_list(values):
    if type(values) is not list or not all(type(value) is KIND for value in values):
        raise TypeError
    return np.array(values, DTYPE)`;

const ROWS = `
def _KIND_rows(rows):
    """All items behind each other, and where each row starts."""
    if type(rows) is not list:
        raise TypeError
    starts = np.zeros(len(rows) + 1, np.int64)
    items = [_KIND_list(row) for row in rows]
    np.cumsum([len(row) for row in items], out=starts[1:])
    return np.concatenate([np.zeros(0, DTYPE), *items]), starts`;

const BUFFER = `
def _KIND_buffer(values, dimensions=1):
    array = np.asarray(values)
    if array.ndim != dimensions or type(array[(0,) * dimensions].item() if array.size else KIND()) is not KIND:
        raise TypeError
    return np.array(array, {int: np.int64, float: np.float64, bool: np.bool_}[KIND])`;

const MATRIX = `
def _KIND_matrix(values):
    """All items behind each other, and where each row starts."""
    array = _KIND_buffer(values, 2)
    return array.ravel(), np.arange(len(array) + 1) * array.shape[1]`;

function guarded(param: KParam): string {
  const { type, from, name } = param;
  if (typeof type === 'string') return `_${type}(${name})`;
  if (from === 'list') return type.dims === 1 ? `_${type.element}_list(${name})` : `*_${type.element}_rows(${name})`;
  return type.dims === 1 ? `_${type.element}_buffer(${name})` : `*_${type.element}_matrix(${name})`;
}

function entry(kernel: Kernel): string {
  const { params, results, name } = kernel;
  const lists = results.map((r) => `all_${r.name}${typeof r.type === 'string' ? '.tolist()' : ''}`);
  const distinct = params.filter((p) => p.distinctRows && p.from === 'list');
  const names = results.map((r) => `all_${r.name}`);
  const given = ['_int(indices.start)', '_int(indices.step)', 'len(indices)', ...params.map(guarded)];
  const answer =
    results.length === 1
      ? `[value if ok else None for ok, value in zip(done.tolist(), ${lists[0]!})]`
      : `[values if ok else None for ok, *values in zip(done.tolist(), ${lists.join(', ')})]`;
  return `def ${name}(${['indices', ...params.map((p) => p.name)].join(', ')}):
    """The result of each turn in a list, None where Python has to compute it."""
    try:
        _int(indices.stop)
        ${distinct.map((p) => `if len(set(map(id, ${p.name}))) < len(${p.name}):\n            raise TypeError  # A row would be changed by two turns.\n        `).join('')}arguments = (
${given.map((g) => `            ${g},`).join('\n')}
        )
    except (TypeError, OverflowError):
        return [None] * len(indices)
    done, ${names.join(', ')} = _run(*arguments)
    return ${answer}`;
}

