"""Prints values so that two runs can be compared: by value and by type, every object that is reachable, no addresses."""

import sys
from itertools import islice

LONGEST = 2000


def show(value):
    """One line for a value, or for an exception."""
    print(text(value))


def text(value, above=()):
    kind = type(value)
    name = kind.__name__
    if id(value) in above:
        return f'<{name} that holds itself>'
    if value is None or kind in (bool, int, float, complex, str, bytes, range):
        return repr(value)
    above = (*above, id(value))
    if isinstance(value, BaseException):
        return f'{name}{text(value.args, above)}'
    if isinstance(value, (list, tuple)) or name == 'deque':
        inner = ', '.join(text(each, above) for each in value)
        return f'[{inner}]' if kind is list else f'({inner})' if kind is tuple else f'{name}({inner})'
    if isinstance(value, (set, frozenset)):
        return f'{name}{{{", ".join(sorted(text(each, above) for each in value))}}}'
    if isinstance(value, dict):
        inner = ', '.join(f'{text(key, above)}: {text(each, above)}' for key, each in value.items())
        return f'{{{inner}}}' if kind is dict else f'{name}({inner})'
    numpy = sys.modules.get('numpy')
    if numpy and isinstance(value, numpy.ndarray):
        return f'array({value.dtype}, {value.shape}, {text(value.tolist(), above)})'
    if numpy and isinstance(value, numpy.generic):
        return f'{name}({value.item()!r})'
    if isinstance(value, type) or callable(value) and hasattr(value, '__qualname__'):
        return f'<{value.__qualname__}>'
    if hasattr(value, '__next__'):
        return f'<{name} of {text(list(islice(value, LONGEST)), above)}>'
    fields = dict(getattr(value, '__dict__', {}))
    for base in kind.__mro__:
        slots = base.__dict__.get('__slots__', ())
        for slot in [slots] if isinstance(slots, str) else slots:
            if hasattr(value, slot):
                fields[slot] = getattr(value, slot)
    if fields or ' at 0x' in repr(value):
        return f'{name}({", ".join(f"{field}={text(each, above)}" for field, each in fields.items())})'
    return f'{name}:{value!r}'
