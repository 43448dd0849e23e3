/** The Cython module of a kernel: its `.pyx`, the header with its helpers, and the script that builds it. */
import { boundaryReads, conversions, freed, objectOf, PLAIN_BUFFER, TAKE_RANGE } from '../c-extension/boundary';
import { partsOf } from '../c-extension/expressions';
import { ALLOCATE, COMPILER_FLAGS, elementsOf, types, usesMemory } from '../c-extension/file';
import { forKind, helpersFor } from '../c-extension/helpers';
import { variableName } from '../c-extension/names';
import type { Kernel } from '../kernel/model';
import { functionsOf } from '../kernel/walk';
import { cythonName, cythonType, Printer } from './print';

export interface CythonFiles {
  readonly pyx: string;
  readonly header: string;
  readonly setup: string;
}

export function cythonFiles(kernel: Kernel): CythonFiles {
  const functions = functionsOf(kernel).map((fn) => new Printer(kernel, fn).definition());
  const own = functions.join('\n\n\n');
  const numeric = [...(usesMemory(kernel) ? [ALLOCATE] : []), ...helpersFor(own)];
  const objects = [...conversions(kernel), TAKE_RANGE, ...(kernel.params.some((p) => p.from === 'buffer') ? [PLAIN_BUFFER] : []), objectOf(kernel)];
  return { pyx: pyx(kernel, functions, own, numeric.join('\n\n'), objects.join('\n\n')), header: header(kernel, numeric, objects), setup: setup(kernel) };
}

function header(kernel: Kernel, numeric: readonly string[], objects: readonly string[]): string {
  return `${[
    `/* What ${kernel.module}.pyx needs of C: arithmetic as Python does it, and values from and to Python's objects. */
#include <Python.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if FLT_EVAL_METHOD != 0
#error "floats are calculated with more digits than Python's on this machine"
#endif`,
    types(kernel),
    ...numeric,
    ...objects,
  ].join('\n\n')}\n`;
}

/** Cython's form of the C functions that a text defines, those among them that `code` calls. */
function prototypes(text: string, code: string): string[] {
  const found: string[] = [];
  for (const [, result, name, params] of text.matchAll(/^static (?:inline )?([\w ]+?[ *]+)(\w+)\(([^)]*)\) \{/gm)) {
    if (!new RegExp(`\\b${name!}\\(`).test(code)) continue;
    const plain = (t: string): string => t.replace(/\bconst /g, '').replace(/\bbool\b/g, 'bint').replace(/PyObject \*\w*/g, 'object ').replace(/object ,/g, 'object,');
    found.push(`    ${plain(result!)}${name!}(${plain(params!)})`);
  }
  return found;
}

function pyx(kernel: Kernel, functions: readonly string[], own: string, numeric: string, objects: string): string {
  const { module, results, name } = kernel;
  const recursive = kernel.functions.filter((f) => f.recursive);
  const entryText = [turn(kernel), entry(kernel)].join('\n\n\n');
  const code = `${own}\n${entryText}`;
  const math = [...new Set([...own.matchAll(/\b(sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|exp|expm1|log|log2|log10|log1p|pow|fmod|hypot|fabs|copysign|isnan|isinf|isfinite|floor|ceil|nearbyint)\(/g)].map((m) => m[1]!)), ...(/\bINFINITY\b/.test(own) ? ['INFINITY'] : []), ...(/\bNAN\b/.test(own) ? ['NAN'] : [])].sort();
  const structs = [
    '    ctypedef struct Block:\n        pass',
    `    ctypedef struct State:\n        bint gave_up\n${recursive.length > 0 ? '        int depth\n' : ''}        Block *blocks`,
    ...[...elementsOf(kernel)].flatMap(([element, dims]) => [
      forKind(`    ctypedef struct %A:\n        ${element === 'bool' ? 'bool_t' : '%T'} *items\n        int64_t length`, element),
      ...(dims > 1 ? [forKind('    ctypedef struct %R:\n        %A *rows\n        int64_t length', element)] : []),
      ...(dims > 2 ? [forKind('    ctypedef struct %P:\n        %R *planes\n        int64_t length', element)] : []),
      forKind('    %A no_%s', element),
    ]),
    `    ctypedef struct Result:\n${results.map((r) => `        ${cythonType(r.type)}${variableName(r.name)}`).join('\n')}\n        bint done${results.some((r) => typeof r.type !== 'string') ? '\n        Block *blocks' : ''}`,
    ...(recursive.length > 0 ? ['    const int MAX_DEPTH'] : []),
    ...([...elementsOf(kernel).keys()].includes('bool') ? ['    ctypedef bint bool_t "bool"'] : []),
    '    void release(State *state, Block *until)',
    ...prototypes(numeric, code),
  ];
  return `# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""${kernel.title}: one call of ${name} runs its turns on all cores, without the GIL.

What Python does and C does not (ints beyond 64 bits, exceptions) makes a turn give up; its result is then None, and the program runs
its own code for it. Results have Python's bits only when the compiler leaves floats alone: build it with setup_${module}.py.
"""
from cython.parallel cimport prange
from libc.stdint cimport int64_t
from libc.stdlib cimport calloc, free
${math.length > 0 ? `from libc.math cimport ${math.join(', ')}\n` : ''}
cdef extern from "${module}.h" nogil:
${structs.sort((a, b) => Number(b.includes('bool_t "bool"')) - Number(a.includes('bool_t "bool"'))).join('\n')}

cdef extern from "${module}.h":
${prototypes(objects, code).join('\n')}


${recursive.length > 0 ? `${recursive.map((f) => `cdef ${new Printer(kernel, f).signature()}`).join('\n')}\n\n\n` : ''}${functions.join('\n\n\n')}


${entryText}
`;
}

/** One turn with a state of its own. */
function turn(kernel: Kernel): string {
  const { iteration, results } = kernel;
  const params = iteration.params.map((p) => `${cythonType(p.type)}${cythonName(p.name)}`);
  const args = iteration.params.map((p) => cythonName(p.name));
  const keeps = results.some((r) => typeof r.type !== 'string');
  return `cdef void run_turn(${[...params, 'Result *out'].join(', ')}) noexcept nogil:
    cdef State state = State(${kernel.functions.some((f) => f.recursive) ? 'gave_up=False, depth=0, blocks=NULL' : 'gave_up=False, blocks=NULL'})
    ${cythonName(iteration.name)}(${[...args, 'out', ...(iteration.mayGiveUp ? ['&state'] : [])].join(', ')})
    out.done = not state.gave_up
    ${keeps ? 'out.blocks = state.blocks' : 'release(&state, NULL)'}`;
}

function entry(kernel: Kernel): string {
  const { params, results, name } = kernel;
  const keeps = results.some((r) => typeof r.type !== 'string');
  const value = (n: string): string => `${cythonName(n)}_value`;
  const reads = boundaryReads(kernel, (n) => cythonName(n), value);
  const call = ['start + turn * step', ...params.map((p) => (typeof p.type === 'string' ? '' : '&') + value(p.name)), '&results[turn]'];
  const cleanup = params
    .filter((p) => typeof p.type !== 'string')
    .map((p) => `        ${freed(p, value(p.name))}`);
  const state = kernel.functions.some((f) => f.recursive) ? 'gave_up=False, depth=0, blocks=results[turn].blocks' : 'gave_up=False, blocks=results[turn].blocks';
  const zeros = params.flatMap((p) => (typeof p.type === 'string' ? [] : [`    ${value(p.name)}.${partsOf(p.type.dims - 1)} = NULL\n    ${value(p.name)}.length = 0`]));
  return `def ${name}(${['indices', ...params.map((p) => cythonName(p.name))].join(', ')}):
    """The result of each turn in a list, None where Python has to compute it."""
    cdef int64_t start, step, count, turn
${params.map((p) => `    cdef ${typeof p.type === 'string' ? cythonType(p.type) : cythonType(p.type).replace(' *', ' ')}${value(p.name)}`).join('\n')}${params.length > 0 ? '\n' : ''}${keeps ? '    cdef State state\n' : ''}${zeros.length > 0 ? `${zeros.join('\n')}\n` : ''}    cdef Result *results = <Result *>calloc(len(indices) + 1, sizeof(Result))
    if results == NULL:
        raise MemoryError
    try:
        if not (
            ${reads.join('\n            and ')}
        ):
            return [None] * len(indices)
        for turn in prange(count, nogil=True, schedule="dynamic", chunksize=count // 256 + 1):
            run_turn(${call.join(', ')})
        return [object_of(&results[turn]) if results[turn].done else None for turn in range(count)]
    finally:
${keeps ? `        for turn in range(len(indices)):\n            state = State(${state})\n            release(&state, NULL)\n` : ''}${cleanup.length > 0 ? `${cleanup.join('\n')}\n` : ''}        free(results)`;
}

function setup({ module }: Kernel): string {
  return `"""Builds ${module}: \`python setup_${module}.py build_ext --inplace\`."""
import sys

from Cython.Build import cythonize
from setuptools import Extension, setup

${COMPILER_FLAGS}

extension = Extension(
    "${module}",
    ["${module}.pyx"],
    extra_compile_args=compile_args,
    extra_link_args=link_args,
)
setup(name="${module}", ext_modules=cythonize([extension], quiet=True))
`;
}
