/** Numbers, and the modules that calculate with them. */
import type { NamespaceModel, TypeModel } from '../types';
import { all, constants, fresh, type Models, namespace, OK, value } from './make';

const number = (name: string, methods: Models, attributes: Readonly<Record<string, string>>): TypeModel => ({
  name,
  immutable: true,
  ...OK,
  methods,
  attributes,
});

const integerMethods: Models = {
  ...all('bit_length bit_count conjugate', value('int')),
  to_bytes: value('bytes'),
  as_integer_ratio: value('tuple[int, int]'),
};

const integer = number('int', integerMethods, constants('real imag numerator denominator', 'int'));
const bool: TypeModel = { ...integer, name: 'bool' };
const float = number(
  'float',
  { is_integer: value('bool'), hex: value('str'), conjugate: value('float'), as_integer_ratio: value('tuple[int, int]') },
  constants('real imag', 'float'),
);
const complex = number('complex', { conjugate: value('complex') }, constants('real imag', 'float'));

const fraction = number(
  'fractions.Fraction',
  { limit_denominator: value('fractions.Fraction'), conjugate: value('fractions.Fraction'), as_integer_ratio: value('tuple[int, int]') },
  { numerator: 'int', denominator: 'int' },
);

/** Arithmetic reads the context of the thread and leaves flags there that nobody looks at. */
const decimal = number(
  'decimal.Decimal',
  {
    ...all(
      'canonical conjugate copy_abs copy_negate copy_sign exp fma ln log10 logb max max_mag min min_mag next_minus next_plus ' +
        'normalize quantize remainder_near rotate scaleb shift sqrt to_integral_value to_integral_exact compare compare_total',
      value('decimal.Decimal'),
    ),
    ...all('is_canonical is_finite is_infinite is_nan is_normal is_qnan is_signed is_snan is_subnormal is_zero same_quantum', value('bool')),
    adjusted: value('int'),
    as_tuple: value('decimal.DecimalTuple'),
    as_integer_ratio: value('tuple[int, int]'),
    ...all('number_class to_eng_string', value('str')),
  },
  {},
);

export const NUMBER_TYPES: readonly TypeModel[] = [integer, bool, float, complex, fraction, decimal];

export const NUMBER_CONSTRUCTORS: Models = {
  'fractions.Fraction': value('fractions.Fraction'),
  'decimal.Decimal': value('decimal.Decimal'),
};

const CONSUMES = { consumes: [0], cost: 'linear' } as const;

export const math: NamespaceModel = namespace(
  {
    ...all(
      'acos acosh asin asinh atan atan2 atanh cbrt copysign cos cosh degrees dist erf erfc exp exp2 expm1 fabs fmod gamma hypot ldexp ' +
        'lgamma log log10 log1p log2 nextafter pow radians remainder sin sinh sqrt tan tanh ulp',
      value('float'),
    ),
    ...all('comb gcd isqrt lcm perm', value('int')),
    factorial: value('int', { cost: 'linear' }),
    // They ask the value itself, which may answer with something of its own.
    ...all('ceil floor trunc', value('int')),
    ...all('isclose isfinite isinf isnan', value('bool')),
    frexp: value('tuple[float, int]'),
    modf: value('tuple[float, float]'),
    fsum: value('float', CONSUMES),
    prod: fresh(undefined, CONSUMES),
  },
  constants('e inf nan pi tau', 'float'),
);

export const cmath: NamespaceModel = namespace(
  {
    ...all('acos acosh asin asinh atan atanh cos cosh exp log log10 rect sin sinh sqrt tan tanh', value('complex')),
    phase: value('float'),
    polar: value('tuple[float, float]'),
    ...all('isclose isfinite isinf isnan', value('bool')),
  },
  { ...constants('e inf nan pi tau', 'float'), infj: 'complex', nanj: 'complex' },
);

export const statistics: NamespaceModel = namespace({
  ...all('mean geometric_mean harmonic_mean median median_low median_high median_grouped mode stdev pstdev variance pvariance', value(undefined, CONSUMES)),
  fmean: value('float', CONSUMES),
  multimode: fresh('list', CONSUMES),
  quantiles: fresh('list', CONSUMES),
  ...all('correlation covariance', value('float', { consumes: [0, 1], cost: 'linear' })),
});

export const decimalModule: NamespaceModel = namespace(
  { Decimal: value('decimal.Decimal') },
  constants('ROUND_CEILING ROUND_DOWN ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP ROUND_05UP', 'str'),
);
export const fractionsModule: NamespaceModel = namespace({ Fraction: value('fractions.Fraction') });

/** Class methods. */
export const NUMBER_NAMESPACES: Readonly<Record<string, NamespaceModel>> = {
  int: namespace({ from_bytes: value('int') }),
  float: namespace({ fromhex: value('float') }),
  'decimal.Decimal': namespace({ from_float: value('decimal.Decimal') }),
  'fractions.Fraction': namespace({ ...all('from_float from_decimal', value('fractions.Fraction')) }),
};

/** Seeds come from the system when none is given. */
const drawn = { reads: ['args'], writes: ['receiver'] } as const;
const shared = { reads: ['args'], writes: ['random:python'] } as const;
type Draw = { readonly reads: readonly string[]; readonly writes: readonly string[] };

const drawing = (effect: Draw): Models => ({
  ...all(
    'random uniform triangular betavariate expovariate gammavariate gauss lognormvariate normalvariate vonmisesvariate paretovariate weibullvariate',
    value('float', effect),
  ),
  ...all('randint getrandbits', value('int', effect)),
  randrange: value('int', effect),
  randbytes: value('bytes', effect),
  choice: { returns: 'part:arg0', type: 'element:arg0', ...effect },
  sample: { returns: 'fresh-of:arg0', type: 'list', cost: 'linear', ...effect },
  choices: { returns: 'fresh-of:arg0', repeats: true, type: 'list', cost: 'linear', ...effect },
  shuffle: { returns: 'value', type: 'None', cost: 'linear', reads: ['arg0.shallow'], writes: [...effect.writes, 'arg0.shallow'] },
  seed: { returns: 'value', type: 'None', ...effect },
  setstate: { returns: 'value', type: 'None', ...effect },
  getstate: { returns: 'value', type: 'tuple', reads: effect.writes },
});

export const random: NamespaceModel = namespace({ ...drawing(shared), Random: fresh('random.Random', { reads: ['args', 'clock'] }) });

export const randomType: TypeModel = { name: 'random.Random', ...OK, methods: drawing(drawn) };

export const secrets: NamespaceModel = namespace({
  ...all('randbelow randbits', value('int', { reads: ['args', 'clock'] })),
  token_bytes: value('bytes', { reads: ['clock'] }),
  ...all('token_hex token_urlsafe', value('str', { reads: ['clock'] })),
  choice: { returns: 'part:arg0', type: 'element:arg0', reads: ['args', 'clock'] },
  compare_digest: value('bool'),
});

