"""Looks at the names that the models mention in the interpreter that runs this. JSON on stdin, JSON on stdout."""
import array, builtins, collections, copy, datetime, decimal, fractions, importlib, io, json, random, re, sys, types, zlib, hashlib


def resolve(dotted):
    """The object with this dotted name; a builtin when it has no dot."""
    parts = dotted.split('.')
    if hasattr(builtins, parts[0]):
        found = builtins
        for name in parts:
            found = getattr(found, name)
        return found
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module('.'.join(parts[:cut]))
        except ImportError:
            continue
        for name in parts[cut:]:
            found = getattr(found, name)
        return found
    raise AttributeError(dotted)


# Types that have no name of their own to import.
ANONYMOUS = {
    'generator': types.GeneratorType,
    'iterator': type(iter([])),
    'function': types.FunctionType,
    'file': io.TextIOWrapper,
    'dict_keys': type({}.keys()),
    'dict_values': type({}.values()),
    'dict_items': type({}.items()),
    'hashlib.HASH': type(hashlib.md5()),
    'zlib.Compress': type(zlib.compressobj()),
    'zlib.Decompress': type(zlib.decompressobj()),
    'csv.reader': type(importlib.import_module('csv').reader([])),
    'csv.writer': type(importlib.import_module('csv').writer(io.StringIO())),
    'None': type(None),
    'threading.Condition': importlib.import_module('threading').Condition(),
    'threading.Lock': type(importlib.import_module('threading').Lock()),
    'threading.RLock': type(importlib.import_module('threading').RLock()),
}
# Attributes that instances have and their class does not show.
INSTANCE_ONLY = {'http.client.HTTPResponse', 'subprocess.Popen', 'subprocess.CompletedProcess', 'requests.Response', 'file', 'io.TextIOWrapper', 'io.FileIO'}


def type_named(name):
    return ANONYMOUS[name] if name in ANONYMOUS else resolve(name)


def missing_names(request):
    """Names that the interpreter does not have."""
    out = []
    for dotted in request['names']:
        try:
            resolve(dotted)
        except Exception:
            out.append(dotted)
    for kind in request['types']:
        try:
            found = type_named(kind['name'])
        except Exception:
            out.append(kind['name'])
            continue
        members = list(kind['methods'])
        if kind['name'] not in INSTANCE_ONLY:
            members += kind['attributes']
        out += ['%s.%s' % (kind['name'], member) for member in members if not hasattr(found, member)]
    return out


def samples():
    """Makers of values to call methods on."""
    return {
        'str': lambda: 'a b\tc',
        'bytes': lambda: b'a b c',
        'bytearray': lambda: bytearray(b'a b c'),
        'int': lambda: 5,
        'bool': lambda: True,
        'float': lambda: 2.5,
        'complex': lambda: 1 + 2j,
        'list': lambda: [3, 1, 2, 1],
        'tuple': lambda: (3, 1, 2),
        'range': lambda: range(3),
        'slice': lambda: slice(1, 5, 2),
        'dict': lambda: {'a': 1, 'b': [2], 1: 2},
        'dict_keys': lambda: {'a': 1}.keys(),
        'dict_items': lambda: {'a': 1}.items(),
        'set': lambda: {1, 2, 3},
        'frozenset': lambda: frozenset({1, 2, 3}),
        'collections.deque': lambda: collections.deque([3, 1, 2, 1]),
        'collections.Counter': lambda: collections.Counter('abca'),
        'collections.defaultdict': lambda: collections.defaultdict(list, a=[1]),
        'collections.OrderedDict': lambda: collections.OrderedDict(a=1, b=2),
        'array.array': lambda: array.array('i', [3, 1, 2]),
        'fractions.Fraction': lambda: fractions.Fraction(3, 4),
        'decimal.Decimal': lambda: decimal.Decimal('2.5'),
        're.Pattern': lambda: re.compile('(a)(?P<n>b)?'),
        're.Match': lambda: re.match('(a)(?P<n>b)?', 'ab'),
        'random.Random': lambda: random.Random(1),
        'datetime.date': lambda: datetime.date(2024, 2, 29),
        'datetime.datetime': lambda: datetime.datetime(2024, 2, 29, 1, 2, 3),
        'datetime.time': lambda: datetime.time(1, 2, 3),
        'datetime.timedelta': lambda: datetime.timedelta(1, 2, 3),
        'datetime.timezone': lambda: datetime.timezone.utc,
        'hashlib.HASH': lambda: hashlib.sha256(b'abc'),
        'io.StringIO': lambda: io.StringIO('one\ntwo\n'),
        'io.BytesIO': lambda: io.BytesIO(b'one\ntwo\n'),
    }


# Arguments to try, in this order, until a call is accepted.
CANDIDATES = [
    (), ('a',), (1,), (b'a',), (2.5,), ([4, 5],), ({'z': 1},), ('a', 'b'), (1, 2), ([1],), (b'a', b'b'), (b' ',), ('utf-8',), (1, 'x'), ('ab',),
    (['x', 'y'],), ([b'x'],), ('%Y',), (2, 'little'), ({97: 98},), (bytes(256),), (decimal.Decimal(1),), (decimal.Decimal(1), decimal.Decimal(2)),
    (datetime.timezone.utc,), (datetime.datetime(2024, 1, 1),), ('x', 'ab'), (10,), (0, 1), ([1, 2, 3], 2), (1, 2, 3), ('b',), ([3, 1, 2],), ((1, 2),),
    (random.Random(1).getstate(),), (datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc),), ([], 0), (1.0, 2.0), (1.0, 1.0),
]
# Calls that no candidate fits, or that show an effect only so.
SPECIAL = {
    ('str', 'join'): (['x', 'y'],),
    ('bytes', 'join'): ([b'x', b'y'],),
    ('bytearray', 'join'): ([b'x', b'y'],),
    ('list', 'remove'): (1,),
    ('list', 'pop'): (),
    ('list', 'sort'): (),
    ('dict', 'pop'): ('a',),
    ('dict', 'setdefault'): ('new', 1),
    ('dict', 'update'): ({'z': 1},),
    ('dict', 'get'): ('a',),
    ('set', 'remove'): (1,),
    ('set', 'discard'): (1,),
    ('set', 'add'): (9,),
    ('set', 'update'): ([9],),
    ('set', 'difference_update'): ([1],),
    ('set', 'intersection_update'): ([1],),
    ('set', 'symmetric_difference_update'): ([1],),
    ('collections.deque', 'remove'): (1,),
    ('collections.deque', 'rotate'): (1,),
    ('collections.Counter', 'update'): ('z',),
    ('collections.Counter', 'subtract'): ('a',),
    ('collections.Counter', 'pop'): ('a',),
    ('collections.OrderedDict', 'move_to_end'): ('a',),
    ('collections.OrderedDict', 'pop'): ('a',),
    ('array.array', 'extend'): (array.array('i', [7]),),
    ('array.array', 'frombytes'): (b'\0\0\0\1',),
    ('array.array', 'fromlist'): ([7],),
    ('array.array', 'remove'): (1,),
    ('array.array', 'insert'): (0, 9),
    ('bytearray', 'append'): (9,),
    ('bytearray', 'extend'): (b'z',),
    ('bytearray', 'insert'): (0, 9),
    ('bytearray', 'remove'): (97,),
    ('random.Random', 'choices'): ([1, 2],),
    ('random.Random', 'shuffle'): ([1, 2, 3],),
    ('random.Random', 'seed'): (7,),
    ('io.StringIO', 'writelines'): (['x'],),
    ('io.BytesIO', 'writelines'): ([b'x'],),
    ('io.StringIO', 'seek'): (3,),
    ('io.BytesIO', 'seek'): (3,),
    ('io.StringIO', 'truncate'): (1,),
    ('io.BytesIO', 'truncate'): (1,),
    ('io.StringIO', '__exit__'): (None, None, None),
    ('io.BytesIO', '__exit__'): (None, None, None),
    ('dict', 'fromkeys'): ([1],),
}


def state(value):
    """What can be told of a value."""
    if isinstance(value, random.Random):
        return value.getstate()
    if isinstance(value, (io.StringIO, io.BytesIO)):
        return None if value.closed else (value.getvalue(), value.tell())
    if hasattr(value, 'hexdigest'):
        return value.hexdigest()
    if isinstance(value, collections.OrderedDict):
        return repr(value)
    if isinstance(value, (type({}.keys()), type({}.items()))):
        return list(value)
    return (type(value).__name__, copy.deepcopy(value)) if not isinstance(value, (re.Match,)) else value.group()


def run_methods(request):
    """For each method: whether the receiver changed, the type of the result, and whether the result is the receiver."""
    out = {}
    makers = samples()
    for kind in request['types']:
        make = makers.get(kind['name'])
        if not make:
            continue
        for method in kind['methods']:
            special = SPECIAL.get((kind['name'], method))
            result = {'error': 'no candidate fits'}
            for args in [special] if special is not None else CANDIDATES:
                receiver = make()
                before = state(receiver)
                try:
                    value = getattr(receiver, method)(*copy.deepcopy(args))
                except Exception as error:
                    result = {'error': repr(error)}
                    continue
                after = state(receiver)
                result = {'changed': before != after, 'type': type(value).__name__, 'same': value is receiver and not isinstance(value, (str, bytes, int, float))}
                break
            out['%s.%s' % (kind['name'], method)] = result
    return out


def result_types(request):
    """Type of the result of each function that takes one of the candidates."""
    out = {}
    for dotted in request['calls']:
        function = resolve(dotted)
        seen = set()
        for args in CANDIDATES:
            try:
                seen.add(type(function(*copy.deepcopy(args))).__name__)
            except Exception:
                continue
        out[dotted] = sorted(seen)
    return out


request = json.load(sys.stdin)
json.dump({'missing': missing_names(request), 'methods': run_methods(request), 'results': result_types(request)}, sys.stdout)
