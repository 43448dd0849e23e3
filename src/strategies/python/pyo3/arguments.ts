/** How the Rust module reads Python's values: exactly those types with which it computes as Python does, and None for all others. */
import { needsWide, needsWritable, type KParam, type Kernel } from '../kernel/model';
import { isArray } from '../kernel/typing';

const NUMBER = `
/// A value that is exactly of Python's type: no subclass, no conversion.
trait Number: Copy + Send + Sync {
    fn of(value: &Bound<'_, PyAny>) -> Option<Self>;
}`;

const KINDS = {
  int: `
impl Number for i64 {
    fn of(value: &Bound<'_, PyAny>) -> Option<Self> {
        value.cast_exact::<PyInt>().ok()?.extract().ok()
    }
}`,
  float: `
impl Number for f64 {
    fn of(value: &Bound<'_, PyAny>) -> Option<Self> {
        Some(value.cast_exact::<PyFloat>().ok()?.value())
    }
}`,
  bool: `
impl Number for bool {
    fn of(value: &Bound<'_, PyAny>) -> Option<Self> {
        Some(value.cast_exact::<PyBool>().ok()?.is_true())
    }
}`,
};

const COLLECT = `
/// A list of what \`read\` makes of the items of a Python list.
fn read_list<T>(value: &Bound<'_, PyAny>, read: impl Fn(&Bound<'_, PyAny>) -> Option<T>) -> Option<Vec<T>> {
    let list = value.cast_exact::<PyList>().ok()?;
    let mut items = Vec::new();
    items.try_reserve_exact(list.len()).ok()?;
    for item in list {
        items.push(read(&item)?);
    }
    Some(items)
}`;

const NUMBERS = `
fn list_of<T: Number>(value: &Bound<'_, PyAny>) -> Option<Vec<T>> {
    read_list(value, T::of)
}`;

const ROWS = `
fn list_of_rows<T: Number>(value: &Bound<'_, PyAny>) -> Option<Vec<Vec<T>>> {
    read_list(value, list_of)
}`;

const PLANES = `
fn list_of_planes<T: Number>(value: &Bound<'_, PyAny>) -> Option<Vec<Vec<Vec<T>>>> {
    read_list(value, list_of_rows)
}`;

const DISTINCT = `
/// No row stands in the list twice: two iterations would change it.
fn has_distinct_rows(value: &Bound<'_, PyAny>) -> bool {
    let Ok(list) = value.cast_exact::<PyList>() else { return false };
    let mut seen = HashSet::new();
    list.iter().all(|row| seen.insert(row.as_ptr() as usize))
}`;

const BUFFER = `
/// The elements of a buffer as nested lists, when it is of one of these types, exactly, and its elements have one of these formats.
fn read_buffer<'py>(value: &Bound<'py, PyAny>, types: &[&str], formats: &str) -> Option<Bound<'py, PyAny>> {
    let name = value.get_type().fully_qualified_name().ok()?;
    if !types.iter().any(|one| name == *one) {
        return None;
    }
    let view = PyMemoryView::from(value).ok()?;
    let format: String = view.getattr("format").ok()?.extract().ok()?;
    if format.len() != 1 || !formats.contains(&format) {
        return None;
    }
    // Where \`l\` is narrow, it overflows earlier.
    if formats == "lq" && view.getattr("itemsize").ok()?.extract::<usize>().ok()? != 8 {
        return None;
    }
    view.call_method0("tolist").ok()
}`;

const WRITABLE = `
fn is_writable(value: &Bound<'_, PyAny>) -> bool {
    let read_only = PyMemoryView::from(value).and_then(|view| view.getattr("readonly")?.extract::<bool>());
    matches!(read_only, Ok(false))
}`;

const INDICES = `
/// A \`range\` whose numbers all fit 64 bits.
struct Indices {
    start: i64,
    step: i64,
    count: usize,
}

impl Indices {
    fn of(range: &Bound<'_, PyAny>) -> Option<Self> {
        let field = |name| i64::of(&range.getattr(name).ok()?);
        field("stop")?;
        Some(Self { start: field("start")?, step: field("step")?, count: range.len().ok()? })
    }

    fn at(&self, turn: usize) -> i64 {
        self.start.wrapping_add(self.step.wrapping_mul(turn as i64))
    }
}`;

const BUFFER_TYPES = '&["array.array", "memoryview"]';
const NUMPY_TYPES = '&["numpy.ndarray"]';
const FORMATS = { int: 'bBhHiIlq', float: 'd', bool: '?' };

/** The expression that reads a parameter: an `Option`. */
export function reading(param: KParam, name: string): string {
  const { type, from, distinctRows } = param;
  if (!isArray(type)) return `${RUST[type]}::of(${name})`;
  const read = `${{ 1: 'list_of', 2: 'list_of_rows', 3: 'list_of_planes' }[type.dims]}::<${RUST[type.element]}>`;
  if (from === 'list') return distinctRows ? `${read}(${name}).filter(|_| has_distinct_rows(${name}))` : `${read}(${name})`;
  const formats = needsWide(param) ? 'lq' : FORMATS[type.element];
  const list = `read_buffer(${name}, ${from === 'numpy' ? NUMPY_TYPES : BUFFER_TYPES}, "${formats}").and_then(|list| ${read}(&list))`;
  return needsWritable(param) ? `${list}.filter(|_| is_writable(${name}))` : list;
}

const RUST = { int: 'i64', float: 'f64', bool: 'bool' };

/** What `reading` calls for these parameters. */
export function readers({ params }: Kernel): { readonly texts: readonly string[]; readonly types: readonly string[]; readonly imports: readonly string[] } {
  const arrays = params.filter((p) => isArray(p.type));
  const elements = new Set(params.map(({ type }) => (isArray(type) ? type.element : type)));
  elements.add('int');
  const kinds = (['int', 'float', 'bool'] as const).filter((k) => elements.has(k));
  const distinct = arrays.some((p) => p.distinctRows && p.from === 'list');
  const buffers = arrays.some((p) => p.from !== 'list');
  const texts = [NUMBER, ...kinds.map((k) => KINDS[k])];
  if (arrays.length > 0) texts.push(COLLECT, NUMBERS);
  if (arrays.some((p) => isArray(p.type) && p.type.dims > 1)) texts.push(ROWS);
  if (arrays.some((p) => isArray(p.type) && p.type.dims > 2)) texts.push(PLANES);
  if (distinct) texts.push(DISTINCT);
  if (buffers) texts.push(BUFFER);
  if (arrays.some(needsWritable)) texts.push(WRITABLE);
  texts.push(INDICES);
  const types = kinds.map((k) => ({ int: 'PyInt', float: 'PyFloat', bool: 'PyBool' })[k]);
  if (arrays.length > 0) types.push('PyList');
  if (buffers) types.push('PyMemoryView');
  return { texts: texts.map((t) => t.trim()), types: types.sort(), imports: distinct ? ['std::collections::HashSet'] : [] };
}
