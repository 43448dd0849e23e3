"""
Finds calls of a function under which a loop in it goes round several times: the examples in its documentation, else generated arguments
that fit annotations, defaults and names.

Reads a request as JSON from the first argument: folder, module, target (`f` or `C.m`), file, first and last line of what the loop repeats,
seconds. Prints as JSON: statements of a driver, names of the module that they need, how they were found, or why there are none.
The called code may read, but not write, start or connect to anything.
"""

import ast
import contextlib
import doctest
import importlib
import inspect
import io
import json
import random
import resource
import signal
import sys
import time

from fanout_show import text

ENOUGH = 4
PLENTY = 12
CALLS = 3
EXAMPLES = 8
CALL_SECONDS = 0.5
MEMORY = 3 << 30
FORBIDDEN = ('os.', 'shutil.', 'subprocess.', 'socket.', 'pty.', 'signal.', 'ftplib.', 'smtplib.', 'urllib.', 'webbrowser.', 'fcntl.', 'ctypes.', 'tempfile.')
ALLOWED = ('os.listdir', 'os.scandir', 'os.walk', 'os.fwalk')

VALUES = {
    'int': ['6', '11', '3', '40', '2', '1', '0', '-5'],
    'float': ['2.5', '0.5', '7.25', '-1.5', '10.0', '3.0'],
    'str': ["'the quick brown fox'", "'101101'", "'HELLO World'", "'abcabcab'", "'3 14 15 92'", "'a=1;b=2;c=3'", "'/usr/share/doc/a.txt'", "'first line\\nsecond: line\\nthird\\n'"],
    'bytes': ["b'the quick brown fox'", "bytes(range(32))"],
    'bool': ['True', 'False'],
    'complex': ['complex(1, 2)'],
    'none': ['None'],
    'numbers': ['[3, 1, 4, 1, 5, 9, 2, 6]', '[1, 2, 3, 4, 5, 6]', '[10, 20, 30, 40, 50]', '[-2, 7, 0, -5, 8, 1]', '(4, 8, 15, 16, 23, 42)'],
    'floats': ['[0.5, 1.5, -2.25, 4.0, 8.5]', '[1.0, 0.0, 2.0, 3.5]', '(0.1, 0.2, 0.3, 0.4)'],
    'words': ["['pear', 'apple', 'fig', 'plum', 'kiwi']", "['a=1', 'b=2', 'c=3', 'd=4']", "['1 2', '3 4', '5 6']", "('x', 'y', 'z', 'w')"],
    'matrix': ['[[3, 1, 2], [6, 4, 5], [9, 7, 8]]', '[[1, 0, 0, 1], [0, 1, 1, 0], [1, 1, 0, 0], [0, 0, 1, 1]]', '[[0.5, 1.5], [2.5, 3.5], [4.5, 5.5]]'],
    'pairs': ["[('a', 1), ('b', 2), ('c', 3), ('d', 4)]", '[(1, 2), (3, 4), (5, 6), (0, 7)]', "[('b', 'x'), ('a', 'y'), ('c', 'z')]"],
    'dict': ["{'a': 1, 'b': 2, 'c': 3, 'd': 4}", "{1: [2, 3], 2: [3, 4], 3: [4], 4: [1]}", "{'a': ['b', 'c'], 'b': ['d'], 'c': ['d'], 'd': []}", "{'x': 'one', 'y': 'two', 'z': 'three'}"],
    'set': ['{1, 2, 3, 5, 8}', "{'a', 'b', 'c'}"],
    'function': ['abs', 'len', 'str', 'max', 'print', 'sorted'],
    'array': ['numpy.arange(1.0, 9.0)', 'numpy.arange(16.0).reshape(4, 4)', 'numpy.array([3, 1, 4, 1, 5, 9, 2, 6])', 'numpy.arange(12.0).reshape(6, 2)', 'numpy.arange(27.0).reshape(3, 3, 3)'],
}
NAMES = {
    'int': 'n k num number size length width height count depth limit start stop end index i j x y iterations degree base target digits position precision level steps max_value rows cols indent',
    'str': 's text string word msg message key name line lines pattern plaintext ciphertext sentence path filename prefix suffix sep value source doc label title header',
    'numbers': 'arr array lst nums numbers values data items seq sequence a b list args collection elements weights prices costs coeffs',
    'floats': 'xs ys points_x points_y samples probabilities',
    'matrix': 'matrix grid graph board m mat table rows matrix_a matrix_b points image',
    'pairs': 'pairs edges fields params attrs entries headers',
    'dict': 'graph dict d mapping options config kwargs counts table map',
    'words': 'words names strings lines keys args parts labels argv',
    'function': 'f func function callback fn predicate key getter',
    'bytes': 'data raw buffer b payload',
    'bool': 'flag verbose reverse strict',
}


class Stop(BaseException):
    """The call took too long."""


class Hits:
    """Counts how often lines of the loop's body begin."""

    def __init__(self, request):
        self.file, self.first, self.last = request['file'], request['first'], request['last']
        self.count = 0

    def __call__(self, frame, event, _):
        code = frame.f_code
        return self.line if code.co_filename == self.file and code.co_firstlineno <= self.last else None

    def line(self, frame, event, _):
        if event == 'line' and self.first <= frame.f_lineno <= self.last:
            self.count += 1
        return self.line


def forbid(event, args):
    if event == 'open' and not (isinstance(args[1], str) and set(args[1]) <= set('rbtU')) and not (args[1] is None and not args[2] & 3):
        raise PermissionError(event)
    if event.startswith(FORBIDDEN) and event not in ALLOWED:
        raise PermissionError(event)


def limited(action, hits):
    """What the action gives, how often the body ran and how it ended: 'ok', 'raised' or 'slow'."""

    def stop(*_):
        raise Stop

    hits.count = 0
    signal.signal(signal.SIGALRM, stop)
    value, end = None, 'ok'
    try:
        signal.setitimer(signal.ITIMER_REAL, CALL_SECONDS)
        sys.settrace(hits)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            value = text(action())
    except Stop:
        end = 'slow'
    except BaseException as error:
        value, end = text(error), 'raised' if isinstance(error, Exception) and not isinstance(error, (PermissionError, RecursionError, MemoryError)) else 'slow'
    finally:
        sys.settrace(None)
        signal.setitimer(signal.ITIMER_REAL, 0)
    return value, hits.count, end


def guarded(source):
    return ['try:', *('    ' + line for line in source.split('\n')), 'except Exception as error:', '    show(error)']


def from_examples(module, objects, hits):
    """Statements of the documentation's examples, and how often they went through the body."""
    best = ([], 0, set())
    for documented in objects:
        scope = dict(vars(module))
        statements, total, names, kept = [], 0, set(), 0
        try:
            examples = doctest.DocTestParser().get_examples(inspect.getdoc(documented) or '')
        except ValueError:
            continue
        for example in examples:
            if kept == EXAMPLES or total >= 6 * PLENTY:
                break
            source = example.source.rstrip('\n')
            try:
                tree = ast.parse(source)
            except SyntaxError:
                continue
            single = len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr)
            code = compile(source, '<example>', 'eval' if single else 'exec')
            value, count, end = limited(lambda: eval(code, scope), hits)
            if end == 'slow' or value.startswith('NameError'):
                continue
            kept += 1
            total += count
            names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and hasattr(module, node.id)}
            statements += guarded(f'show({ast.unparse(tree.body[0].value)})' if single else ast.unparse(tree))
        if total > best[1]:
            best = (statements, total, names)
    return best


def annotation_kinds(annotation):
    if annotation is inspect.Parameter.empty:
        return []
    written = annotation if isinstance(annotation, str) else getattr(annotation, '__name__', '') if isinstance(annotation, type) and not getattr(annotation, '__args__', None) else str(annotation)
    written = written.replace('typing.', '').lower().strip("'\"")
    kinds = []
    for part in written.replace('optional[', '').split('|'):
        part = part.strip()
        if part.startswith(('list[list', 'sequence[sequence', 'list[sequence')):
            kinds += ['matrix']
        elif part.startswith(('list[tuple', 'iterable[tuple', 'sequence[tuple')):
            kinds += ['pairs']
        elif part.startswith(('list', 'sequence', 'iterable', 'tuple', 'collection', 'iterator')):
            kinds += ['words'] if 'str' in part else ['floats', 'numbers'] if 'float' in part else ['numbers'] if 'int' in part else ['numbers', 'words', 'matrix', 'pairs', 'floats']
        elif part.startswith(('dict', 'mapping')):
            kinds += ['dict']
        elif part.startswith(('set', 'frozenset')):
            kinds += ['set']
        elif part.startswith('callable'):
            kinds += ['function']
        elif 'ndarray' in part or 'array' in part:
            kinds += ['array']
        elif part in VALUES:
            kinds += [part]
    return kinds


def candidates(name, parameter, numpy):
    kinds = annotation_kinds(parameter.annotation)
    default = parameter.default
    if not kinds and default is not parameter.empty and default is not None:
        kinds = {bool: ['bool'], int: ['int'], float: ['float', 'int'], str: ['str'], list: ['numbers'], tuple: ['numbers'], dict: ['dict'], bytes: ['bytes']}.get(type(default), [])
    if not kinds:
        plain = name.lower().strip('_')
        kinds = [kind for kind, names in NAMES.items() if plain in names.split()]
        kinds += [kind for kind in VALUES if kind not in kinds and kind != 'array']
    if numpy and (not annotation_kinds(parameter.annotation)):
        kinds = ['array', *kinds]
    return [value for kind in kinds if kind != 'array' or numpy for value in VALUES[kind]]


def draw(random_, parameters, numpy, attempt):
    """Arguments as source text; the earlier the attempt, the likelier the first candidates."""
    written = []
    for name, parameter in parameters:
        if parameter.kind == parameter.VAR_KEYWORD:
            continue
        choices = candidates(name, parameter, numpy)
        reach = min(len(choices), 1 + attempt // 4)
        value = choices[random_.randrange(reach)]
        if parameter.kind == parameter.VAR_POSITIONAL:
            written += [(None, choices[random_.randrange(reach)]) for _ in range(3)]
        elif parameter.default is not parameter.empty and random_.random() < 0.5:
            continue
        else:
            named = parameter.kind == parameter.KEYWORD_ONLY or parameter.default is not parameter.empty
            written.append((name if named and parameter.kind != parameter.POSITIONAL_ONLY else None, value))
    return written


def parameters_of(function, bound):
    if bound and not callable(function):
        return []
    listed = list(inspect.signature(function).parameters.items())
    return listed[1:] if bound else listed


def written_call(callee, arguments):
    return f'{callee}({", ".join(f"{name}={value}" if name else value for name, value in arguments)})'


def generated(module, target, hits, seconds, numpy):
    """The calls that went round most often, as (setup, expression, names to show afterwards)."""
    random_ = random.Random(7)
    head, *rest = target.split('.')
    owner = getattr(module, head)
    static = inspect.getattr_static(owner, rest[0]) if rest else None
    make = parameters_of(owner, False) if rest and not isinstance(static, (staticmethod, classmethod)) else None
    if rest and rest[0] == '__init__':
        own = []
    elif rest:
        own = [] if isinstance(static, property) else parameters_of(getattr(owner, rest[0]), make is not None)
    else:
        own = parameters_of(owner, False)
    found, seen = [], set()
    until = time.monotonic() + seconds
    for attempt in range(600):
        if time.monotonic() > until or len([each for each in found if each[0] >= PLENTY]) >= CALLS:
            break
        making = draw(random_, make, numpy, attempt) if make is not None else []
        passing = draw(random_, own, numpy, attempt)
        key = str((making, passing))
        if key in seen:
            continue
        seen.add(key)
        scope = dict(vars(module))
        if numpy:
            scope['numpy'] = numpy
        try:
            prepared = [(f'given_{index}', name, value) for index, (name, value) in enumerate([*making, *passing])]
            for variable, _, value in prepared:
                scope[variable] = eval(value, scope)
        except Exception:
            continue
        variables = [(name, variable) for variable, name, _ in prepared]
        setup = [f'{variable} = {value}' for variable, _, value in prepared]
        after = [variable for variable, _, _ in prepared]
        if make is not None:
            maker = written_call(head, variables[: len(making)])
            setup.append(f'made = {maker}')
            after.append('made')
            expression = 'made' if rest[0] == '__init__' else f'made.{rest[0]}' if isinstance(static, property) else written_call(f'made.{rest[0]}', variables[len(making) :])
        else:
            expression = written_call(target, variables)

        def run():
            if make is not None:
                scope['made'] = eval(maker, scope)
            return eval(expression, scope)

        value, count, end = limited(run, hits)
        if end != 'slow' and count >= ENOUGH:
            found.append((count if end == 'ok' else count / 1e6, value, setup, expression, after))
    found.sort(key=lambda each: -min(each[0], PLENTY * 4))
    chosen, results = [], set()
    for count, value, setup, expression, after in found:
        if value not in results and len(chosen) < CALLS:
            results.add(value)
            chosen.append((count, setup, expression, after))
    return chosen


def main():
    request = json.loads(sys.argv[1])
    sys.dont_write_bytecode = True
    sys.path[:0] = [request['folder']]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    hits = Hits(request)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            module = importlib.import_module(request['module'])
            objects = [module]
            for part in request['target'].split('.'):
                objects.append(getattr(objects[-1], part))
    except BaseException as error:
        return {'error': f'it cannot be imported: {type(error).__name__}: {error}'}
    try:
        import numpy
    except ImportError:
        numpy = None
    if not (numpy and any(getattr(value, '__name__', None) == 'numpy' for value in vars(module).values())):
        numpy = None
    if inspect.iscoroutinefunction(objects[-1]):
        return {'error': 'it is a coroutine'}
    sys.addaudithook(forbid)
    statements, total, names = from_examples(module, objects[:0:-1], hits)
    how = ['examples of its documentation'] if total >= ENOUGH else []
    if total < ENOUGH:
        statements, names = [], set()
    try:
        calls = [] if total >= PLENTY else generated(module, request['target'], hits, request['seconds'], numpy)
    except (ValueError, TypeError, AttributeError) as error:
        calls = []
        if not how:
            return {'error': f'it cannot be called: {error}'}
    for count, setup, expression, after in calls:
        statements += guarded('\n'.join([*setup, f'show({expression})', *(f'show({variable})' for variable in after)]))
        total += int(count)
    if calls:
        how.append(f'{len(calls)} call{"s" if len(calls) > 1 else ""} with generated arguments')
        names.add(request['target'].split('.')[0])
        if numpy:
            names.add('numpy') if any('numpy.' in line for line in statements) else None
    if not statements:
        return {'error': 'no call was found under which the loop goes round several times'}
    return {'statements': statements, 'names': sorted(names), 'how': ' and '.join(how), 'hits': total}


if __name__ == '__main__':
    answer = json.dumps(main())
    print('\n' + answer, flush=True)
    # Threads and exit handlers of what was imported are none of our business.
    import os

    os._exit(0)
