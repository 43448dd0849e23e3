/** The numba module of a kernel. */
import { MAX_DEPTH, needsWide, needsWritable, type KParam, type Kernel, type Scalar } from '../kernel/model';
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
    ...(kernel.params.some((p) => p.from === 'buffer') ? ['from array import array'] : []),
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
  const two = new Set(['pow', 'fmod', 'atan2', 'hypot']);
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
      if (type.dims > 1) out.add(ROWS.replaceAll('KIND', type.element).replaceAll('DTYPE', DTYPES[type.element]));
      if (type.dims > 2) out.add(PLANES.replaceAll('KIND', type.element));
    } else {
      out.add(from === 'numpy' ? ARRAY : BUFFER);
      if (type.dims > 1) out.add(type.dims === 2 ? MATRIX : CUBE);
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
    np.cumsum([len(row) for row in items], dtype=np.int64, out=starts[1:])
    return np.concatenate([np.zeros(0, DTYPE), *items]), starts`;

const PLANES = `
def _KIND_planes(planes):
    """All items behind each other, where each row starts, and at which row each plane does."""
    if type(planes) is not list or not all(type(plane) is list for plane in planes):
        raise TypeError
    firsts = np.zeros(len(planes) + 1, np.int64)
    np.cumsum([len(plane) for plane in planes], dtype=np.int64, out=firsts[1:])
    return *_KIND_rows([row for plane in planes for row in plane]), firsts`;

const ARRAY = `
def _array(values, dtype, dimensions, writable=False):
    """A copy: numpy calculates with narrower elements in their own width."""
    if type(values) is not np.ndarray or values.dtype != dtype or values.ndim != dimensions:
        raise TypeError
    if writable and not values.flags.writeable:
        raise TypeError
    return np.array(values, order="C")`;

const BUFFER = `
def _buffer(values, dtype, dimensions, formats, writable=False):
    """The elements of an array.array or a memoryview."""
    if type(values) not in (array, memoryview):
        raise TypeError
    view = memoryview(values)
    # Where "l" is narrow, it overflows earlier.
    if view.format not in formats or view.ndim != dimensions or (formats == "lq" and view.itemsize != 8):
        raise TypeError
    if writable and view.readonly:
        raise TypeError
    return np.array(view, dtype, order="C")`;

const MATRIX = `
def _matrix(items):
    """All items behind each other, and where each row starts."""
    return items.ravel(), np.arange(len(items) + 1) * items.shape[1]`;

const CUBE = `
def _cube(items):
    """All items behind each other, where each row starts, and at which row each plane does."""
    planes, rows, columns = items.shape
    return items.ravel(), np.arange(planes * rows + 1) * columns, np.arange(planes + 1) * rows`;

const FORMATS: Readonly<Record<Scalar, string>> = { int: 'bBhHiIlq', float: 'd', bool: '?' };

function guarded(param: KParam): string {
  const { type, from, name } = param;
  if (typeof type === 'string') return `_${type}(${name})`;
  if (from === 'list') return type.dims === 1 ? `_${type.element}_list(${name})` : `*_${type.element}_${type.dims === 2 ? 'rows' : 'planes'}(${name})`;
  const what = `${name}, ${DTYPES[type.element]}, ${type.dims}`;
  const writable = needsWritable(param) ? ', writable=True' : '';
  const array = from === 'numpy' ? `_array(${what}${writable})` : `_buffer(${what}, "${needsWide(param) ? 'lq' : FORMATS[type.element]}"${writable})`;
  return type.dims === 1 ? array : `*${type.dims === 2 ? '_matrix' : '_cube'}(${array})`;
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

