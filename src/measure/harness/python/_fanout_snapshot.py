"""Writes down everything that is reachable from a set of names: types, order, -0.0, NaN, sharing and cycles.

Each name gives a hash of all of it, and the first values as readable lines `depth, label, token`, from which the
first difference is shown as `out[3].x: 1.0 != 2.0`. Nothing of the user's is called: containers are read by the
methods of the builtin types, instances by their fields.
"""
import copyreg
import hashlib
import io
import os
import sys
import time
import types

import _fanout_events as events

#: Values read per name, lines kept per name, lines kept per process, seconds per entry.
MAX_VALUES = 3_000_000
MAX_LINES = 20_000
MAX_PROCESS_LINES = 400_000
MAX_SECONDS = 20.0

_BASES = (list, tuple, dict, set, frozenset, int, float, complex, str, bytes)
_HEAP_TYPE = 1 << 9
_OPAQUE_TYPES = (
    types.GeneratorType,
    types.CoroutineType,
    types.AsyncGeneratorType,
    types.FrameType,
    types.TracebackType,
    types.CodeType,
    io.IOBase,
)
_lines_left = MAX_PROCESS_LINES
_MISSING = object()


def type_name(kind):
    module = kind.__module__
    # A module run as a script has two names; a class of it is the same class for the person.
    if module in ("builtins", "__mp_main__"):
        module = "" if module == "builtins" else "__main__"
    return module + "." + kind.__qualname__ if module else kind.__qualname__


def scalar(value):
    """Token of a value without parts; None if it has some. Subclasses are not scalars: they have a type of their own."""
    kind = type(value)
    if kind is float:
        return "float " + ("nan" if value != value else repr(value))
    if kind is int:
        return "int " + (repr(value) if -(1 << 400) < value < (1 << 400) else hex(value))
    if kind is str:
        return "str " + ascii(value)
    if kind is bool or value is None or value is Ellipsis or value is NotImplemented:
        return repr(value)
    if kind is bytes:
        return "bytes " + repr(value)
    if kind is complex:
        return "complex (%s, %s)" % (scalar(value.real), scalar(value.imag))
    return None


class Writer:
    """Reads one name's value."""

    def __init__(self, name, memo, deadline):
        self.name = name
        self.memo = memo
        self.deadline = deadline
        self.digest = hashlib.blake2b(digest_size=16)
        self.lines = []
        self.line_budget = min(MAX_LINES, max(0, _lines_left))
        self.values = 0
        self.skipped = []
        self.cut = None
        self.pending = []
        #: Labels of the containers around the value that is being read, and its own.
        self.labels = []
        self.label = ""

    def put(self, depth, label, token):
        text = "%d\t%s\t%s" % (depth, label, token)
        self.pending.append(text)
        if len(self.pending) >= 4096:
            self.flush()
        if len(self.lines) < self.line_budget:
            self.lines.append(text if len(text) <= 300 else text[:300] + "... #" + _short(text))
        self.values += 1

    def flush(self):
        self.digest.update(("\n".join(self.pending) + "\n").encode("utf-8", "backslashreplace"))
        self.pending = []

    def skip(self, why):
        """Notes that the value being described is not compared."""
        if len(self.skipped) < 20:
            self.skipped.append(["".join(self.labels) + self.label, why])

    def write(self, value):
        # A stack of iterators instead of recursion: a linked list may be longer than the recursion limit.
        labels = self.labels
        stack = [iter([(self.name, value)])]
        while stack:
            if self.values > MAX_VALUES or (self.values & 1023 == 0 and time.perf_counter() > self.deadline):
                self.cut = "only the first %d values were compared" % self.values
                break
            try:
                label, item = next(stack[-1])
            except StopIteration:
                stack.pop()
                if labels:
                    labels.pop()
                continue
            children = self._one(len(stack) - 1, label, item)
            if children is not None:
                stack.append(iter(children))
                labels.append(label)
        self.flush()

    def _one(self, depth, label, value):
        token = scalar(value)
        if token is not None:
            self.put(depth, label, token)
            return None
        kind = type(value)
        if kind is not tuple and kind is not frozenset and kind is not _Literal:
            seen = self.memo.get(id(value))
            if seen is not None:
                self.put(depth, label, "same object as value %d of %s" % seen[:2])
                return None
            # The memo keeps the object: an id must not be used again while the snapshot is being taken.
            self.memo[id(value)] = (self.values, self.name, value)
        self.label = label
        try:
            header, children = describe(value, self)
        except RecursionError:
            raise
        except Exception as error:
            self.skip("could not be read: %s" % type(error).__name__)
            header, children = "unreadable " + type_name(kind), None
        if children is FLAT:
            self._flat(depth, label, header, value)
            return None
        self.put(depth, label, header)
        return children

    def _flat(self, depth, label, header, value):
        """A list or tuple whose items are all of one scalar type: read at the speed of C."""
        self.put(depth, label, header)
        shown = max(0, min(len(value), self.line_budget - len(self.lines)))
        for index in range(shown):
            self.lines.append("%d\t[%d]\t%s" % (depth + 1, index, scalar(value[index])[:300]))
        self.flush()
        if value and type(value[0]) is float:
            # All NaNs print alike, and repr tells all other floats apart, -0.0 from 0.0 too.
            text = "\n".join(map(float.__repr__, value))
        else:
            text = "\n".join(map(repr, value))
        self.digest.update((text + "\n").encode("utf-8", "backslashreplace"))
        self.values += len(value)


#: Children of a sequence that `Writer._flat` reads.
FLAT = object()


def _short(text):
    return hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()


def _sequence(value, reader):
    kinds = set(map(type, reader(value)))
    if len(kinds) == 1 and kinds <= {float, int, str, bool}:
        return FLAT
    return (("[%d]" % i, item) for i, item in enumerate(reader(value)))


def _key_label(key):
    token = scalar(key)
    if token is None:
        return "[%s]" % element_digest(key)
    return "[%s]" % (repr(key) if len(token) < 80 else repr(key)[:80] + "#" + _short(token))


def element_digest(value):
    """Identifies a set's element or a dict's key by its contents."""
    token = scalar(value)
    if token is not None:
        return token
    writer = Writer("", {}, time.perf_counter() + 1.0)
    writer.line_budget = 6
    writer.write(value)
    first = writer.lines[0].split("\t", 2)[2] if writer.lines else ""
    return "%s #%s" % (first, writer.digest.hexdigest()[:12])


def _set_items(value):
    tokens = sorted(element_digest(item) for item in (set.__iter__(value) if isinstance(value, set) else frozenset.__iter__(value)))
    return ((" contains ", _Literal(token)) for token in tokens)


class _Literal:
    """A token that stands for itself."""

    __slots__ = ("token",)

    def __init__(self, token):
        self.token = token


def _dict_items(value):
    for key, item in dict.items(value):
        yield _key_label(key), item


def _fields(value):
    """Fields of an instance in the order of their names, and how many of its class's slots hold them."""
    found = {}
    slots = 0
    for kind in type(value).__mro__:
        names = kind.__dict__.get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            mangled = "_%s%s" % (kind.__name__.lstrip("_"), name) if name.startswith("__") and not name.endswith("__") else name
            member = kind.__dict__.get(mangled)
            if isinstance(member, types.MemberDescriptorType):
                slots += 1
                try:
                    found[name] = member.__get__(value)
                except AttributeError:
                    pass
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        own = {}
    if isinstance(own, dict):
        found.update(own)
    return sorted(found.items(), key=lambda pair: str(pair[0])), slots


def describe(value, writer):
    """The token of a value with parts, and its children as (label, value) pairs or None."""
    kind = type(value)
    name = type_name(kind)
    if kind is _Literal:
        return value.token, None
    if kind is list or kind is tuple:
        return "%s of %d" % (name, len(value)), _sequence(value, kind.__iter__)
    if kind is dict:
        return "dict of %d" % len(value), _dict_items(value)
    if kind is set or kind is frozenset:
        return "%s of %d" % (name, len(value)), _set_items(value)
    if kind is bytearray:
        return "bytearray " + repr(bytes(value)), None
    if kind is range or kind is slice:
        return repr(value), None
    if kind is memoryview:
        return "memoryview %s %s" % (value.format, bytes(value)), None
    if isinstance(value, type):
        return "class " + type_name(value), _class_data(value)
    if isinstance(value, types.ModuleType):
        writer.skip("a module's own state is not compared")
        return "module " + value.__name__, None
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType)):
        return _function(value)
    if isinstance(value, types.MethodType):
        return "method " + value.__func__.__qualname__, [(".__self__", value.__self__)]
    if isinstance(value, BaseException):
        return "exception " + name, [(".args", value.args)] + [("." + str(key), item) for key, item in _fields(value)[0]]
    array = _array(value)
    if array is not None:
        return array
    if isinstance(value, _OPAQUE_TYPES):
        writer.skip("a %s cannot be compared" % name)
        return "opaque " + name, None
    return _instance(value, kind, name, writer)


def _instance(value, kind, name, writer):
    enum = sys.modules.get("enum")
    if enum is not None and isinstance(value, enum.Enum):
        return "enum %s.%s" % (name, value._name_), None
    base = next((base for base in _BASES if isinstance(value, base)), object)
    fields, slots = _fields(value)
    if not _holds_only(kind, base, slots):
        return _reduced(value, name, writer)
    children = []
    if base in (list, tuple):
        children = [("[%d]" % i, item) for i, item in enumerate(base.__iter__(value))]
    elif base is dict:
        children = list(_dict_items(value))
    elif base in (set, frozenset):
        children = list(_set_items(value))
    elif base in (int, float, complex):
        children = [(".value", base.__pos__(value))]
    elif base in (str, bytes):
        children = [(".value", base.__getitem__(value, slice(None)))]
    return "object " + name, children + [("." + str(key), item) for key, item in fields]


def _holds_only(kind, base, slots):
    """Whether instances hold nothing but their fields and what the builtin base holds: no room for hidden C state."""
    for parent in kind.__mro__:
        # A class statement on a builtin base leaves one of these behind; a type written in C does not.
        if parent not in (base, object) and parent.__base__ in (base, object) and not ("__dict__" in vars(parent) or "__slots__" in vars(parent)):
            return False
    pointer = tuple.__itemsize__
    room = base.__basicsize__ + pointer * (slots + (kind.__dictoffset__ != 0) + (kind.__weakrefoffset__ != 0))
    return bool(kind.__flags__ & _HEAP_TYPE) and kind.__basicsize__ <= room


def _reduced(value, name, writer):
    """Types written in C tell their state as they do for pickle."""
    registered = copyreg.dispatch_table.get(type(value))
    try:
        state = registered(value) if registered is not None else value.__reduce_ex__(4)
    except Exception:
        writer.skip("a %s cannot be compared" % name)
        return "opaque " + name, None
    if isinstance(state, str):
        return "global " + state, None
    arguments = tuple(_Literal("class " + type_name(item)) if isinstance(item, type) else item for item in state[1])
    parts = [(".arguments", arguments)]
    if len(state) > 2 and state[2] is not None:
        parts.append((".state", state[2]))
    if len(state) > 3 and state[3] is not None:
        parts.append(("", list(state[3])))
    if len(state) > 4 and state[4] is not None:
        parts.append(("", dict(state[4])))
    return "object " + name, parts


def _function(value):
    """A function is its name and what it holds on to: closure, defaults and attributes."""
    own = getattr(value, "__qualname__", type(value).__name__)
    code = getattr(value, "__code__", None)
    if code is None:
        return "function " + own, None
    held = []
    for cell_name, cell in zip(code.co_freevars, value.__closure__ or ()):
        try:
            held.append((".<closure>.%s" % cell_name, cell.cell_contents))
        except ValueError:
            pass
    held += [(".<default %d>" % i, item) for i, item in enumerate(value.__defaults__ or ())]
    held += [(".<default>.%s" % key, item) for key, item in sorted((value.__kwdefaults__ or {}).items())]
    held += [("." + key, item) for key, item in sorted(value.__dict__.items()) if key != "__wrapped__"]
    return "function " + own, held or None


def _class_data(value):
    """Data that a class of the program holds: counters and registries that methods change."""
    if not is_project_module(sys.modules.get(value.__module__)):
        return None
    return [
        ("." + name, item)
        for name, item in sorted(vars(value).items())
        if not (name.startswith("__") and name.endswith("__"))
        and not callable(item)
        and not hasattr(type(item), "__get__")
        and not name.startswith("_abc_")
    ]


def _array(value):
    numpy = sys.modules.get("numpy")
    if numpy is None or not hasattr(numpy, "ndarray"):
        return None
    if isinstance(value, numpy.generic):
        return "%s %r" % (type_name(type(value)), value.item()), None
    if not isinstance(value, numpy.ndarray):
        return None
    header = "%s %s %s" % (type_name(type(value)), value.dtype.str if value.dtype.names is None else value.dtype.descr, value.shape)
    flat = numpy.asarray(value).ravel()
    if value.dtype.hasobject or value.dtype.names is not None or flat.size <= 10_000:
        return header, ((_array_label(i, value.shape), item) for i, item in enumerate(flat.tolist()))
    step = 4096
    blocks = ((start, flat[start : start + step]) for start in range(0, flat.size, step))
    return header, (
        ("[%d:%d flat]" % (start, start + len(block)), _Literal("bytes #" + hashlib.blake2b(block.tobytes(), digest_size=12).hexdigest()))
        for start, block in blocks
    )


def _array_label(index, shape):
    parts = []
    for size in reversed(shape):
        index, rest = divmod(index, size)
        parts.append(str(rest))
    return "[%s]" % ", ".join(reversed(parts)) if parts else "[()]"


# ----------------------------------------------------------------------------------------------------------------------
# Which names


_HERE = os.path.normcase(os.path.dirname(os.path.realpath(__file__)))


def is_project_module(module):
    """Whether a module's source lies in the program's folder, and is no installed package."""
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or not file.endswith((".py", ".pyw")):
        return False
    real = os.path.normcase(os.path.realpath(file))
    # In a checkout of Fanout itself the harness lies in the project's folder.
    if os.path.dirname(real) == _HERE:
        return False
    parts = real.split(os.sep)
    if "site-packages" in parts or "dist-packages" in parts:
        return False
    return any(real.startswith(os.path.normcase(root) + os.sep) for root in events.manifest["roots"])


def names_of(frame, spec, error):
    """What to look at when the loop is left: (name, value) pairs."""
    local = frame.f_locals
    scope = frame.f_globals
    module_level = frame.f_code.co_name == "<module>"
    escaping = None
    if error is not None and not spec["caught"]:
        # The exception leaves the function: only what others hold can be seen.
        code = frame.f_code
        count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)
        escaping = set(code.co_varnames[:count]) | set(code.co_freevars)
    found = []
    for name in spec["names"]:
        if name in local and not module_level:
            if escaping is None or name in escaping:
                found.append((name, local[name]))
        elif name in scope:
            if escaping is None or not module_level:
                found.append((name, scope[name]))
        elif escaping is None:
            found.append((name, _Literal("not bound")))
    given = set(spec["names"]) | set(spec["dead"])
    found.extend(_globals(scope, given, module_level))
    return found


def _globals(scope, given, module_level):
    """Data of the program's modules: what a callee may have changed."""
    seen = set()
    for name, module in sorted(sys.modules.items()):
        if module is None or id(module) in seen or not is_project_module(module):
            continue
        seen.add(id(module))
        own = module.__dict__ is scope
        for key, value in sorted(vars(module).items()):
            if own and (key in given or module_level):
                continue
            if key.startswith("__") or isinstance(value, (types.ModuleType, types.FunctionType, types.BuiltinFunctionType)):
                continue
            if isinstance(value, type):
                if value.__module__ == module.__name__:
                    yield "%s.%s" % (_module_label(name), key), value
                continue
            yield "%s.%s" % (_module_label(name), key), value


def _module_label(name):
    return "<module>" if name in ("__main__", "__mp_main__") else name


def hidden_state():
    """State of the shared random generators: compared only if the loop moved it."""
    state = {}
    random = sys.modules.get("random")
    if random is not None and hasattr(random, "getstate"):
        state["random's state"] = random.getstate()
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None and hasattr(numpy_random, "get_state"):
        kind, keys, *rest = numpy_random.get_state()
        state["numpy.random's state"] = (kind, keys.tobytes(), tuple(rest))
    return state


def take(names, before):
    """Reads all names of one entry. Sharing is told across names, in their order."""
    global _lines_left
    memo = {}
    deadline = time.perf_counter() + MAX_SECONDS
    rows = []
    skipped = []
    for name, value in names:
        writer = Writer(name, memo, deadline)
        writer.write(value)
        rows.append({"name": name, "hash": writer.digest.hexdigest(), "values": writer.values, "lines": writer.lines})
        _lines_left -= len(writer.lines)
        skipped.extend(writer.skipped)
        if writer.cut:
            skipped.append([name, writer.cut])
    for name, state in hidden_state().items():
        changed = before is None or before.get(name, _MISSING) != state
        token = _short(repr(state)) if changed and name in (before or {}) else "not moved"
        row = {"name": name, "hash": token, "values": 1, "lines": ["0\t%s\t%s" % (name, token)]}
        if name in (before or {}):
            row["start"] = _short(repr(before[name]))
        rows.append(row)
    return {"names": rows, "skipped": skipped}


def describe_error(error):
    try:
        message = str(error)
    except Exception:
        message = "?"
    return {"type": type_name(type(error)), "message": message[:2000]}
