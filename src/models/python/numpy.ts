/**
 * numpy's commonest functions. Results that may share memory with an argument at other indices (`reshape`, `T`, `ravel`) are
 * `unknown`: what is written through them is not accounted for.
 */
import type { FunctionModel, NamespaceModel, TypeModel } from '../types';
import { all, constants, does, each, fresh, later, type Models, namespace, OK, unknown, value } from './make';

const ARRAY = 'numpy.ndarray';
/** Work on whole arrays runs in C, mostly without the GIL; the result may be written to a given array, by keyword or by position. */
const into = (...places: string[]) => ({ cost: 'linear', releasesGil: true, writes: ['kw:out', ...places] }) as const;
const VECTOR = into();
const HEAVY = { ...VECTOR, cost: 'heavy' } as const;

const array = (more: Omit<FunctionModel, 'returns' | 'type'> = {}): FunctionModel => fresh(ARRAY, { cost: 'linear', ...more });
const view = unknown(ARRAY, { reads: ['args.shallow', 'receiver.shallow'] });
/** A copy unless told otherwise. */
const copying = (more: Omit<FunctionModel, 'returns' | 'type'> = {}): FunctionModel => ({
  ...unknown(ARRAY, { cost: 'linear', ...more }),
  variants: [{ argument: { at: 9, name: 'copy' }, absent: true, model: array(more) }],
});

/** Element by element: an array of arrays, a number of numbers. */
const UNARY =
  'absolute arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil conj conjugate cos cosh deg2rad degrees exp exp2 expm1 fabs floor invert ' +
  'isfinite isinf isnan log log10 log1p log2 logical_not negative positive rad2deg radians reciprocal rint sign signbit sin sinh sqrt square ' +
  'tan tanh trunc abs';
const BINARY =
  'add arctan2 bitwise_and bitwise_or bitwise_xor copysign divide equal float_power floor_divide fmax fmin fmod gcd greater greater_equal hypot ' +
  'lcm ldexp left_shift less less_equal logaddexp logical_and logical_or logical_xor maximum minimum mod multiply nextafter not_equal power ' +
  'remainder right_shift subtract true_divide';
/** By where their `out` stands. */
const REDUCTIONS_OUT_2 = 'all amax amin any argmax argmin max median min nanargmax nanargmin nanmax nanmedian nanmin ptp';
const REDUCTIONS_OUT_3 = 'cumprod cumsum mean nanmean nanprod nanstd nansum nanvar percentile prod quantile std sum var nanpercentile nanquantile';
/** They always copy. */
const MAKERS =
  'append arange argsort argwhere bincount column_stack convolve copy corrcoef correlate cov cross delete digitize dstack empty empty_like eye ' +
  'flatnonzero full full_like geomspace hstack identity in1d insert interp intersect1d isclose isin kron lexsort linspace logspace ones ' +
  'ones_like pad repeat roll searchsorted select setdiff1d sort tile tri tril triu union1d vander vstack zeros zeros_like';

const numpyFunctions: Models = {
  ...all(UNARY, fresh(undefined, into('arg1'))),
  ...all(BINARY, fresh(undefined, into('arg2'))),
  ...all(REDUCTIONS_OUT_2, fresh(undefined, into('arg2'))),
  ...all(REDUCTIONS_OUT_3, fresh(undefined, into('arg3'))),
  ...all('average count_nonzero diff trace', fresh(undefined, VECTOR)),
  ...all(MAKERS, array(VECTOR)),
  ...all('choose concatenate outer round stack', array(into('arg2'))),
  ...all('clip take', array(into('arg3'))),
  array: copying(),
  // With one argument it gives a tuple of indices.
  where: fresh(undefined, { ...VECTOR, variants: [{ count: 3, model: array(VECTOR) }] }),
  ...all('flip fliplr flipud rot90', view),
  ...all('meshgrid gradient histogram unique nonzero diag_indices', fresh(undefined, VECTOR)),
  indices: array(),
  ...all('dot matmul', fresh(undefined, { ...HEAVY, writes: ['kw:out', 'arg2'] })),
  ...all('einsum inner tensordot vdot', fresh(undefined, HEAVY)),
  ...all('asarray asanyarray ascontiguousarray asfortranarray atleast_1d atleast_2d atleast_3d', unknown(ARRAY, { cost: 'linear' })),
  ...all('broadcast_to diag diagonal expand_dims moveaxis ravel reshape rollaxis squeeze swapaxes transpose real imag', view),
  ...all('split array_split hsplit vsplit', unknown('list', { reads: ['args.shallow'] })),
  ...all('fill_diagonal put place copyto', does({ reads: ['args'], writes: ['arg0'] })),
  ...all('allclose array_equal array_equiv isscalar iterable iscomplexobj isrealobj', value('bool', { cost: 'linear' })),
  ...all('ndim size', value('int', { reads: ['args.shallow'] })),
  shape: value('tuple[int]', { reads: ['args.shallow'] }),
  ...all('result_type promote_types can_cast finfo iinfo dtype', value()),
  apply_along_axis: unknown(ARRAY, { calls: each(0), cost: 'linear' }),
  vectorize: unknown('function', { calls: later(0), reads: [] }),
  ...all('fromfunction', unknown(ARRAY, { calls: each(0), cost: 'linear' })),
  fromiter: array({ consumes: [0] }),
  ...all('ndindex ndenumerate', fresh('iterator', { reads: ['args.shallow'], stores: [{ into: 'result', what: 'part:args' }] })),
  nan_to_num: copying(),
  ndarray: fresh(ARRAY, { stores: [{ into: 'result', what: 'args' }] }),
  issubdtype: value('bool', { reads: [] }),
  ...all('load loadtxt genfromtxt', fresh(undefined, { reads: ['args', 'fs:arg0'], bound: 'io', cost: 'linear' })),
  fromfile: array({ reads: ['args', 'fs:arg0'], writes: ['arg0'], bound: 'io' }),
  ...all('save savez savez_compressed savetxt', does({ reads: ['args'], writes: ['fs:arg0', 'arg0'], bound: 'io' })),
  ...all('float64 float32 float16 int64 int32 int16 int8 uint64 uint32 uint16 uint8 intp bool_ complex128 complex64', fresh()),
  ...all('seterr', fresh('dict', { writes: ['process'] })),
};

const linear = fresh(undefined, HEAVY);
const linalg = namespace({
  ...all('norm det matrix_rank cond slogdet', fresh(undefined, HEAVY)),
  ...all('inv solve lstsq eig eigh eigvals eigvalsh svd qr cholesky pinv matrix_power multi_dot', linear),
});
const fft = namespace(all('fft ifft fft2 ifft2 fftn ifftn rfft irfft rfft2 irfft2 hfft ihfft fftfreq rfftfreq', array(HEAVY)));

type Draw = { readonly reads: readonly string[]; readonly writes: readonly string[]; readonly cost: 'linear' };
const DISTRIBUTIONS =
  'beta binomial chisquare dirichlet exponential f gamma geometric gumbel hypergeometric laplace logistic lognormal logseries multinomial ' +
  'multivariate_normal negative_binomial noncentral_chisquare noncentral_f normal pareto poisson power rayleigh standard_cauchy ' +
  'standard_exponential standard_gamma standard_normal standard_t triangular uniform vonmises wald weibull zipf choice permutation bytes';

const drawing = (effect: Draw, extra: string): Models => ({
  ...all(`${DISTRIBUTIONS} ${extra}`, fresh(undefined, effect)),
  shuffle: does({ ...effect, writes: [...effect.writes, 'arg0'] }),
});
const legacy = 'rand randn randint random random_sample ranf sample random_integers';

const random = namespace({
  ...drawing({ reads: ['args'], writes: ['random:numpy'], cost: 'linear' }, legacy),
  seed: does({ writes: ['random:numpy'] }),
  get_state: fresh('tuple', { reads: ['random:numpy'] }),
  set_state: does({ writes: ['random:numpy'] }),
  // Seeded by the system when no seed is given.
  default_rng: fresh('numpy.random.Generator', { reads: ['args', 'clock'] }),
  RandomState: fresh('numpy.random.RandomState', { reads: ['args', 'clock'] }),
  SeedSequence: fresh('numpy.random.SeedSequence', { reads: ['args', 'clock'] }),
});
const own: Draw = { reads: ['args', 'receiver'], writes: ['receiver'], cost: 'linear' };

export const generator: TypeModel = {
  name: 'numpy.random.Generator',
  ...OK,
  methods: {
    ...drawing(own, 'integers random permuted multivariate_hypergeometric'),
    spawn: fresh('list[numpy.random.Generator]', own),
  },
};
const randomState: TypeModel = {
  name: 'numpy.random.RandomState',
  ...OK,
  methods: { ...drawing(own, legacy.replace(' ranf sample', '')), seed: does({ reads: ['args'], writes: ['receiver'] }) },
};
const seedSequence: TypeModel = {
  name: 'numpy.random.SeedSequence',
  ...OK,
  methods: {
    // Counts the children it made.
    spawn: fresh('list[numpy.random.SeedSequence]', { reads: ['args', 'receiver'], writes: ['receiver'] }),
    generate_state: array({ reads: ['args', 'receiver'] }),
  },
};

/** Elements are numbers unless the array is one of objects, of which nothing is claimed here. */
export const ndarray: TypeModel = {
  name: ARRAY,
  indexable: true,
  ...OK,
  attributes: { shape: 'tuple[int]', ndim: 'int', size: 'int', itemsize: 'int', nbytes: 'int', dtype: 'numpy.dtype', strides: 'tuple[int]' },
  views: ['T', 'base', 'flat', 'imag', 'real'],
  methods: {
    ...all('all any argmax argmin max min', fresh(undefined, into('arg1'))),
    ...all('cumprod cumsum mean prod std sum var', fresh(undefined, into('arg2'))),
    trace: fresh(undefined, into('arg4')),
    ...all('argpartition argsort copy flatten repeat searchsorted', array(VECTOR)),
    ...all('conj conjugate', unknown(ARRAY, { cost: 'linear' })),
    ...all('choose round', array(into('arg1'))),
    ...all('clip compress take', array(into('arg2'))),
    astype: copying(),
    nonzero: fresh('tuple', VECTOR),
    dot: fresh(undefined, { ...HEAVY, writes: ['kw:out', 'arg1'] }),
    ...all('diagonal ravel reshape squeeze swapaxes transpose view', view),
    ...all('fill put partition sort setfield', does({ reads: ['args', 'receiver'], writes: ['receiver'], cost: 'linear', releasesGil: true })),
    // The memory may move, and other views with it.
    resize: does({ reads: ['args', 'receiver'], writes: ['receiver'] }),
    byteswap: unknown(ARRAY, { reads: ['receiver'], writes: ['receiver'] }),
    item: value(undefined, { reads: ['args', 'receiver'] }),
    tolist: fresh('list', { cost: 'linear', reads: ['receiver'] }),
    tobytes: value('bytes', { cost: 'linear', reads: ['receiver'] }),
    tofile: does({ reads: ['args', 'receiver'], writes: ['arg0', 'fs:arg0'], bound: 'io' }),
  },
};

const numpy = namespace(numpyFunctions, { ...constants('pi e euler_gamma inf nan', 'float'), newaxis: 'None', ...constants('integer floating number inexact generic complexfloating signedinteger unsignedinteger', 'type') });

export const NUMPY_NAMESPACES: Readonly<Record<string, NamespaceModel>> = { numpy, 'numpy.linalg': linalg, 'numpy.fft': fft, 'numpy.random': random };
export const NUMPY_TYPES: readonly TypeModel[] = [ndarray, generator, randomState, seedSequence];
