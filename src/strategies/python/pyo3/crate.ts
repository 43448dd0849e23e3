/** The files of the crate. */
import { MAX_DEPTH, type Kernel } from '../kernel/model';
import { readers, reading } from './arguments';
import { Expressions } from './expressions';
import { fallibleFunctions } from '../kernel/fallible';
import { printFunction, printIteration, resultType, signature } from './functions';
import { helpersFor } from './helpers';
import { rustNames } from './names';

export const PYO3 = '0.30.1';
export const RAYON = '1.12.0';
/** The oldest Rust with what the crate is written in (edition 2024), and the first whose cargo builds anew for another interpreter. */
export const RUST = '1.85';

/** `Cargo.toml`, with the versions that the code was written for. */
export function manifest({ module, title }: Kernel): string {
  return `[package]
name = "${module}"
version = "0.1.0"
edition = "2024"
rust-version = "${RUST}"
description = "${title.replace(/["\\]/g, '')}"
publish = false

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = { version = "=${PYO3}", features = ["extension-module"] }
rayon = "=${RAYON}"

[profile.release]
panic = "unwind"
`;
}

/** `pyproject.toml`: what pip and maturin need to build it. */
export function project({ module }: Kernel): string {
  return `[build-system]
requires = ["maturin>=1.9,<2"]
build-backend = "maturin"

[project]
name = "${module}"
version = "0.1.0"
requires-python = ">=3.9"
`;
}

const ON_ALL_CORES = `
/// The threads of this process: one that was forked has none of its parent's.
fn pool() -> Option<Arc<ThreadPool>> {
    static POOL: Mutex<Option<(u32, Arc<ThreadPool>)>> = Mutex::new(None);
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if pool.as_ref().is_some_and(|(owner, _)| *owner != process) {
        std::mem::forget(pool.take());
    }
    if pool.is_none() {
        *pool = Some((process, Arc::new(ThreadPoolBuilder::new()WORKERS.build().ok()?)));
    }
    pool.as_ref().map(|(_, threads)| Arc::clone(threads))
}

/// What each turn computes, in order; None for those that Python has to compute.
fn on_all_cores<T: Send>(indices: &Indices, turn: impl Fn(i64) -> Option<T> + Sync) -> Vec<Option<T>> {
    let run = || (0..indices.count).into_par_iter().map(|k| turn(indices.at(k))).collect();
    match pool() {
        Some(threads) => threads.install(run),
        None => (0..indices.count).map(|_| None).collect(),
    }
}`;

/** `src/lib.rs`. @throws Refusal for what Rust cannot express or would compute otherwise. */
export function library(kernel: Kernel, workers: number | null): string {
  const e = new Expressions(kernel, rustNames(kernel), fallibleFunctions(kernel));
  const functions = [...kernel.functions.map((fn) => printFunction(e, fn)), printIteration(e, kernel)];
  const helpers = helpersFor(e.used);
  const read = readers(kernel);
  const std = ['std::sync::{Arc, Mutex, PoisonError}', ...helpers.imports, ...read.imports].sort();
  const head = [
    `//! ${kernel.title}: its turns run on all cores, without the GIL.`,
    '//!',
    '//! A turn that meets what Rust would do otherwise than Python (an exception, an integer beyond 64 bits) gives None, and the program',
    '//! computes it itself.',
    '#![forbid(unsafe_code)]',
    '',
    ...std.map((s) => `use ${s};`),
    '',
    'use pyo3::prelude::*;',
    `use pyo3::types::${read.types.length === 1 ? read.types[0]! : `{${read.types.join(', ')}}`};`,
    'use rayon::prelude::*;',
    'use rayon::{ThreadPool, ThreadPoolBuilder};',
    '',
    '/// Positions in lists are those of Python, which are 64 bits wide.',
    'const _: () = assert!(usize::BITS == 64);',
  ].join('\n');
  const depth = kernel.functions.some((f) => f.recursive) ? [`/// Python's own limit decides about deeper calls.\nconst MAX_DEPTH: u32 = ${MAX_DEPTH};`] : [];
  const threads = ON_ALL_CORES.trim().replace('WORKERS', workers === null ? '' : `.num_threads(${workers})`);
  return `${[head, ...depth, ...functions, ...helpers.texts, ...read.texts, threads, entry(e, kernel), moduleText(kernel)].join('\n\n')}\n`;
}

/** The function that Python calls. */
function entry(e: Expressions, kernel: Kernel): string {
  const { params, iteration } = kernel;
  const names = params.map((p) => e.names.variable(p.name)).map((n) => (['py', 'indices', 'index', 'count'].includes(n) ? `${n}_` : n));
  const lent = params.map((p, i) => (typeof p.type === 'string' ? names[i]! : `&${names[i]!}`));
  const call = `${e.names.fn(iteration.name)}(${['index', ...lent].join(', ')})`;
  const turn = e.fallible.has(iteration.name) ? call : `Some(${call})`;
  const object = `&Bound<'_, PyAny>`;
  const values = ['Some(indices)', ...names.map((n) => `Some(${n})`)];
  const sources = ['Indices::of(indices)', ...params.map((p, i) => reading(p, names[i]!))];
  const bind = values.length === 1 ? [`    let ${values[0]!} = ${sources[0]!} else {`] : ['    let (', ...values.map((v) => `        ${v},`), '    ) = (', ...sources.map((s) => `        ${s},`), '    ) else {'];
  return [
    `/// One item for each index: what its turn computes, or None.`,
    '#[pyfunction]',
    signature(kernel.name, [`py: Python<'_>`, `indices: ${object}`, ...names.map((n) => `${n}: ${object}`)], `PyResult<Vec<Option<${resultType(kernel)}>>>`),
    '    let count = indices.len()?;',
    ...bind,
    '        // Python computes with values of other types.',
    '        return Ok(vec![None; count]);',
    '    };',
    `    Ok(py.detach(|| on_all_cores(&indices, |index| ${turn})))`,
    '}',
  ].join('\n');
}

function moduleText({ module, name }: Kernel): string {
  return `#[pymodule(gil_used = false)]
fn ${module}(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(${name}, module)?)
}`;
}
