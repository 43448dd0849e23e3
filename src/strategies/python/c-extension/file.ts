/** The C file of a kernel, and the script that builds it. */
import { MAX_DEPTH, type ArrayType, type Kernel, type Scalar } from '../kernel/model';
import { functionsOf, uses } from '../kernel/walk';
import { conversions, entry, objectOf, PLAIN_BUFFER, TAKE_RANGE } from './boundary';
import { declared } from './expressions';
import { forKind, helpersFor } from './helpers';
import { variableName } from './names';
import { printFunction, signature } from './statements';

/** The whole file. Only those helpers are in it that the kernel uses. */
export function cFile(kernel: Kernel): string {
  const functions = functionsOf(kernel).map((fn) => printFunction(kernel, fn));
  const forward = kernel.functions.filter((fn) => fn.recursive).map((fn) => `${signature(kernel, fn)};`);
  const boundary = [...conversions(kernel), TAKE_RANGE, ...(kernel.params.some((p) => p.from === 'buffer') ? [PLAIN_BUFFER] : []), objectOf(kernel), entry(kernel)];
  const code = functions.join('\n\n');
  const memory = usesMemory(kernel);
  const parts = [
    head(kernel),
    types(kernel),
    ...(memory ? [ALLOCATE] : []),
    ...helpersFor(code),
    ...(forward.length > 0 ? [forward.join('\n')] : []),
    ...functions,
    ...boundary,
    moduleText(kernel),
  ];
  return `${parts.join('\n\n')}\n`;
}

function head(kernel: Kernel): string {
  return `/*
 * ${kernel.title}: one call runs its turns on all cores, without the GIL.
 *
 * What Python does and C does not (ints beyond 64 bits, exceptions) makes a turn give up; its result is then None, and the program
 * runs its own code for it. Results have Python's bits only when the compiler leaves floats alone: build it with setup_${kernel.module}.py.
 */
#define PY_SSIZE_T_CLEAN
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
#endif`;
}

/** The kinds of elements that its arrays have, each with the most dimensions. */
export function elementsOf(kernel: Kernel): Map<Scalar, number> {
  const found = new Map<Scalar, number>();
  const note = (type: unknown): void => {
    if (typeof type !== 'object' || type === null || !('element' in type)) return;
    const { element, dims } = type as ArrayType;
    found.set(element, Math.max(dims, found.get(element) ?? 1));
  };
  for (const fn of functionsOf(kernel)) for (const v of [...fn.params, ...fn.locals]) note(v.type);
  uses(kernel, (node) => {
    if ('op' in node) note(node.type);
    return false;
  });
  return found;
}

export function usesMemory(kernel: Kernel): boolean {
  return uses(kernel, (n) => ('op' in n && (n.op === 'new-array' || n.op === 'copy-array')) || ('do' in n && n.do === 'append'));
}

export function types(kernel: Kernel): string {
  const out: string[] = [];
  const elements = elementsOf(kernel);
  const recursive = kernel.functions.some((f) => f.recursive);
  if (recursive) out.push(`/* Python's own limit decides about deeper calls. */\n#define MAX_DEPTH ${MAX_DEPTH}`);
  out.push('/* Memory that a turn takes, given back when it ends. */\ntypedef struct Block { struct Block *next; } Block;');
  out.push(`typedef struct {\n    bool gave_up;\n${recursive ? '    int depth;\n' : ''}    Block *blocks;\n} State;`);
  for (const [element, dims] of elements) {
    out.push(forKind('typedef struct { %T *items; int64_t length, room; } %A;', element));
    if (dims > 1) out.push(forKind('typedef struct { %A *rows; int64_t length; } %R;', element));
    if (dims > 2) out.push(forKind('typedef struct { %R *planes; int64_t length; } %P;\nstatic %R no_%_rows;', element));
    out.push(forKind('static %A no_%s;', element));
  }
  const fields = kernel.results.map(({ name, type }) => `    ${declared(type)}${variableName(name)};`);
  const keeps = kernel.results.some((r) => typeof r.type !== 'string');
  out.push(`/* What one turn gives; \`done\` is false when it gave up. */\ntypedef struct {\n${fields.join('\n')}\n    bool done;\n${keeps ? '    Block *blocks;\n' : ''}} Result;`);
  out.push(`static void release(State *state, Block *until) {
    while (state->blocks != until) {
        Block *block = state->blocks;
        state->blocks = block->next;
        free(block);
    }
}`);
  return out.join('\n\n');
}

export const ALLOCATE = `static void *allocate(size_t size, State *state) {
    Block *block = malloc(16 + size);
    if (block == NULL) {
        state->gave_up = true;
        return NULL;
    }
    block->next = state->blocks;
    state->blocks = block;
    return (char *)block + 16;
}`;

function moduleText({ name, module, title }: Kernel): string {
  return `static PyMethodDef methods[] = {
    {"${name}", ${name}, METH_VARARGS, "${title.replace(/["\\]/g, '')}: a list with the result of each turn, None where Python has to compute it."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#if PY_VERSION_HEX >= 0x030D0000
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "${module}", NULL, 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_${module}(void) {
    return PyModuleDef_Init(&definition);
}`;
}

/** Lines of a set-up script: how C is compiled on each system so that floats stay as Python's. */
export const COMPILER_FLAGS = `if sys.platform == "win32":
    compile_args = ["/O2", "/fp:strict", "/openmp"]
    link_args = []
else:
    # No fused multiply-add, and no results of libm computed by the compiler: they would not have Python's bits.
    compile_args = ["-O3", "-ffp-contract=off", "-fno-builtin", "-fno-math-errno", "-fwrapv"]
    link_args = []
    if sys.platform != "darwin":  # Apple's compiler has no OpenMP: one core there.
        compile_args.append("-fopenmp")
        link_args.append("-fopenmp")`;

/** Builds the extension with setuptools. Flags keep the compiler from changing what floats become. */
export function setupFile(kernel: Kernel): string {
  const { module } = kernel;
  return `"""Builds ${module}: \`python setup_${module}.py build_ext --inplace\`."""
import sys

from setuptools import Extension, setup

${COMPILER_FLAGS}

setup(
    name="${module}",
    ext_modules=[
        Extension(
            "${module}",
            ["${module}.c"],
            extra_compile_args=compile_args,
            extra_link_args=link_args,
        )
    ],
)
`;
}
