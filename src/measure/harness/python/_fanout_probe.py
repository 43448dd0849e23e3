"""Probes around the loop: a `with` block put into the syntax tree, so that no line of the source moves.

`time` mode adds up the wall time during which the loop runs; `verify` mode writes down every value that can be
seen after it (see `_fanout_snapshot`); `sample` mode measures how long the loop's data takes to travel.
"""
import ast
import atexit
import builtins
import contextvars
import functools
import importlib.util
import os
import sys
import threading
import time

import _fanout_events as events
import _fanout_guard as guard

_clock = time.perf_counter
_lock = threading.Lock()
_mode = "none"
_snapshot = None
_orders = None

# Time mode: the loop's time is the union of the intervals in which at least one entry is open.
_open = 0
_opened_at = 0.0
_seconds = 0.0
_entries = 0
_iterations = 0
#: The first entry is written at once: a program may end without a chance to write more.
_flushed_at = float("-inf")
_entry_number = 0
#: Seconds of the first entry, and those that went into compiling while the loop ran; None and 0 once they are written.
_first = None
_first_known = False
_compiling = 0.0
_sampled = 0
#: Entries whose data `sample` mode looks at.
MAX_SAMPLED = 3
#: What each region of this process looks at, by the number in its call of `__fanout_enter__`.
_regions = []
#: Entries open around this point, innermost last: of this thread and task.
_around = contextvars.ContextVar("fanout", default=())


class Region:
    """One entry of the loop."""

    __slots__ = ("names", "started", "nested", "returned", "before", "ticks", "frame")

    def __init__(self, names):
        self.names = names
        self.returned = None
        self.ticks = 0
        self.frame = None

    def __enter__(self):
        global _open, _opened_at
        around = _around.get()
        self.nested = bool(around) or events.inside_worker()
        _around.set(around + (self,))
        if self.names["order"]:
            self.frame = sys._getframe(1)
        if not self.nested:
            self.before = _snapshot.hidden_state() if _mode == "verify" else None
            if _mode == "sample":
                _transfer(sys._getframe(1), self.names["enter"], "enter")
            elif _mode == "time" and _flushed_at < 0:
                events.emit("enter")
            with _lock:
                _open += 1
                if _open == 1:
                    os.environ["FANOUT_INSIDE"] = "1"
                    guard.active = True
                    _opened_at = _clock()
            self.started = _clock()
        return self

    def __exit__(self, kind, error, trace):
        global _open, _seconds, _entries, _first, _first_known
        ended = _clock()
        if self.names["order"] and not self.nested:
            _orders.left(error)
        self.frame = None
        _around.set(tuple(entry for entry in _around.get() if entry is not self))
        if self.nested:
            return False
        with _lock:
            _open -= 1
            _entries += 1
            if _open == 0:
                _seconds += ended - _opened_at
                if not _first_known:
                    _first, _first_known = ended - _opened_at, True
                os.environ.pop("FANOUT_INSIDE", None)
                guard.active = False
        if _mode == "verify":
            self._record(sys._getframe(1), error, ended - self.started)
            return False
        if _mode == "sample":
            _transfer(sys._getframe(1), self.names["leave"], "leave")
        if ended - _flushed_at > 0.5:
            _flush()
        return False

    def _record(self, frame, error, seconds):
        global _entry_number
        with _lock:
            _entry_number += 1
            number = _entry_number
        if number > events.manifest["maxEntries"]:
            events.emit("entry", number=number, seconds=seconds, iterations=self.ticks, names=[], compared=False)
            return
        names = _snapshot.names_of(frame, self.names, error)
        if self.returned is not None:
            names.append(("return value", self.returned[0]))
        fields = _snapshot.take(names, self.before)
        fields["error"] = None if error is None else _snapshot.describe_error(error)
        events.emit("entry", number=number, seconds=seconds, iterations=self.ticks, compared=True, **fields)


def _transfer(frame, names, phase):
    """Writes values as a pool would and reads them back: bytes and seconds of each name."""
    global _sampled
    _sampled += phase == "enter"
    if _sampled > MAX_SAMPLED:
        return
    import pickle

    for name in names:
        value = frame.f_locals.get(name, frame.f_globals.get(name, _sampled))
        try:
            started = _clock()
            data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
            pickle.loads(data)
            events.emit("transfer", name=name, phase=phase, bytes=len(data), seconds=_clock() - started)
        except Exception as error:
            events.emit("transfer", name=name, phase=phase, bytes=0, seconds=0, error=type(error).__name__)


def _returned(value):
    """Stands around the value of a `return` inside the loop's region."""
    around = _around.get()
    if around:
        around[-1].returned = (value,)
    return value


def _tick():
    around = _around.get()
    if around:
        around[-1].ticks += 1


def _ordered(iterable, key):
    around = _around.get()
    return _orders.ordered(iterable, around[-1] if around else None, _regions[key])


def _counted(iterable):
    for item in iterable:
        _tick()
        yield item


def _counted_call(function):
    def call(*args, **keywords):
        _tick()
        return function(*args, **keywords)

    return call


def _flush():
    global _seconds, _entries, _flushed_at, _first, _compiling
    with _lock:
        seconds, entries, first, compiling = _seconds, _entries, _first, _compiling
        _seconds, _entries, _first, _compiling = 0.0, 0, None, 0.0
        _flushed_at = _clock()
    if entries:
        more = {} if first is None else {"first": first}
        if compiling:
            more["compiling"] = compiling
        events.emit("time", seconds=seconds, entries=entries, **more)


def _after_fork():
    """A child forked while the loop runs is one of its workers; what it inherits was not measured by it."""
    global _lock, _seconds, _entries, _open, _first, _compiling
    _lock = threading.Lock()
    events.after_fork()
    inside = _open > 0 or events.inside_worker()
    _seconds, _entries, _open, _first, _compiling = 0.0, 0, 0, None, 0.0
    if inside:
        events.mark_inside_worker()
    events.emit("process", how="fork", inside=inside)


def install(here):
    global _mode, _snapshot, _orders
    _mode = events.manifest["mode"]
    if _mode in ("none", "profile"):
        return
    if _mode == "verify":
        _snapshot = load_beside(here, "_fanout_snapshot")
        if any((record.get("probe") or {}).get("order") for record in events.manifest["files"]):
            _orders = load_beside(here, "_fanout_orders")
            _orders.snapshot = _snapshot
            builtins.__fanout_ordered__ = _ordered
            builtins.__fanout_element__ = _orders.element
            builtins.__fanout_restored__ = _orders.restored
    builtins.__fanout_enter__ = lambda key: Region(_regions[key])
    builtins.__fanout_returned__ = _returned
    builtins.__fanout_tick__ = _tick
    builtins.__fanout_counted__ = _counted
    builtins.__fanout_counted_call__ = _counted_call
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_after_fork)
    if _mode in ("time", "sample"):
        atexit.register(_flush)


def announce_workers():
    """A pool's worker says when it is ready for its first task: `at` of the event, held against that of `enter`."""

    def watch(module, attribute):
        original = getattr(module, attribute)

        @functools.wraps(original)
        def ready(*args, **keywords):
            events.emit("ready")
            return original(*args, **keywords)

        setattr(module, attribute, ready)

    return {
        "concurrent.futures.process": lambda module: watch(module, "_process_worker"),
        "multiprocessing.pool": lambda module: watch(module, "worker"),
        "numba.core.event": _watch_numba,
    }


def _watch_numba(module):
    """Numba tells when it compiles: what of it falls into the loop is no part of a warm run."""

    class Listener(module.Listener):
        depth = 0
        started = 0.0

        def on_start(self, _event):
            self.depth += 1
            if self.depth == 1:
                self.started = _clock()

        def on_end(self, _event):
            global _compiling
            self.depth -= 1
            if self.depth == 0 and _open:
                _compiling += _clock() - self.started

    module.register("numba:compile", Listener())


def load_beside(here, name):
    """Imports a module of the harness that only some runs need."""
    spec = importlib.util.spec_from_file_location(name, os.path.join(here, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


# ----------------------------------------------------------------------------------------------------------------------
# The syntax tree


def _start(node):
    return (node.lineno, node.col_offset)


def _end(node):
    return (node.end_lineno, node.end_col_offset)


def _blocks(tree):
    """Every list of statements with the nodes around it, outermost first."""
    pending = [(tree, ())]
    while pending:
        node, above = pending.pop(0)
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                if value and isinstance(value[0], ast.stmt):
                    yield value, above + ((node, name),)
                pending.extend((child, above + ((node, name),)) for child in value if isinstance(child, ast.AST))
            elif isinstance(value, ast.AST):
                pending.append((value, above + ((node, name),)))


def _find_region(tree, start, end, text):
    """The whole statements, side by side in the innermost block where they do, that cover a range."""
    lines = [line.encode("utf-8", "surrogatepass") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    found = None
    for block, above in _blocks(tree):
        inside = [i for i, stmt in enumerate(block) if _start(stmt) < end and _end(stmt) > start]
        if not inside:
            continue
        first, last = _start(block[inside[0]]), _end(block[inside[-1]])
        if (first <= start or _is_blank(lines, start, first)) and (last >= end or _is_blank(lines, last, end)):
            found = (block, inside[0], inside[-1] + 1, above)
    return found


def _is_blank(lines, start, end):
    """Whether there are only white space, comments and semicolons between two positions."""
    part = lines[start[0] - 1 : end[0]]
    part[-1] = part[-1][: end[1]]
    part[0] = part[0][start[1] :]
    return all(not line.strip(b" \t\f;\\") or line.strip(b" \t\f;").startswith(b"#") for line in part)


def _is_caught(above):
    """Whether an exception that leaves the region may be handled in the same function, which can then look at its locals."""
    for node, field in reversed(above):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return False
        if field == "body" and isinstance(node, (ast.Try, ast.With, ast.AsyncWith)):
            return True
        if type(node).__name__ == "TryStar" and field == "body":
            return True
    return False


class _Returns(ast.NodeTransformer):
    def visit_Return(self, node):
        value = node.value or ast.copy_location(ast.Constant(value=None), node)
        node.value = _call("__fanout_returned__", [value], node)
        return node

    def _leave(self, node):
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = visit_ClassDef = _leave


def _call(name, arguments, where):
    call = ast.Call(func=ast.Name(id=name, ctx=ast.Load()), args=arguments, keywords=[])
    ast.copy_location(call, where)
    return ast.fix_missing_locations(call)


_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _outermost(statements, start, end):
    """The outermost loop of the range; None when there is none."""
    best = None
    for statement in statements:
        for node in ast.walk(statement):
            if not isinstance(node, (ast.For, ast.AsyncFor, ast.While, ast.Call) + _COMPREHENSIONS):
                continue
            if _start(node) < start or _end(node) > end:
                continue
            if isinstance(node, ast.Call) and not (_is_map(node) and node.args):
                continue
            if best is None or (_start(node), [-n for n in _end(node)]) < (_start(best), [-n for n in _end(best)]):
                best = node
    return best


class _Replace(ast.NodeTransformer):
    def __init__(self, old, new):
        self.old = old
        self.new = new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)


def _reorder(statements, start, end, how, key):
    """Lets the harness hand out what the loop walks over. Returns the statements, or why that cannot be."""
    best = _outermost(statements, start, end)
    if best is None or isinstance(best, (ast.While, ast.AsyncFor, ast.Call)):
        return None, "what the loop walks over is not known before it runs"
    where = best.iter if isinstance(best, ast.For) else best.generators[0].iter
    wrapped = _call("__fanout_ordered__", [where, ast.copy_location(ast.Constant(value=key), where)], where)
    if isinstance(best, ast.For):
        best.iter = wrapped
        return statements, None
    if best.generators[0].is_async or (how != "alone" and not isinstance(best, ast.ListComp)):
        return None, "the order shows in what takes the values"
    best.generators[0].iter = wrapped
    if isinstance(best, ast.DictComp):
        best.value = _call("__fanout_element__", [best.value], best.value)
    else:
        best.elt = _call("__fanout_element__", [best.elt], best.elt)
    if how == "alone":
        return statements, None
    replace = _Replace(best, _call("__fanout_restored__", [best], best))
    return [replace.visit(statement) for statement in statements], None


def _count_iterations(statements, start, end):
    """Puts a counter into the outermost loop of the range. Returns whether one was found."""
    best = _outermost(statements, start, end)
    if best is None:
        return False
    if isinstance(best, (ast.For, ast.AsyncFor, ast.While)):
        tick = ast.copy_location(ast.Expr(value=_call("__fanout_tick__", [], best.body[0])), best.body[0])
        best.body.insert(0, tick)
    elif isinstance(best, ast.Call):
        best.args[0] = _call("__fanout_counted_call__", [best.args[0]], best.args[0])
    elif best.generators[0].is_async:
        return False
    else:
        clause = best.generators[0]
        clause.iter = _call("__fanout_counted__", [clause.iter], clause.iter)
    return True


def _is_map(call):
    return isinstance(call.func, ast.Name) and call.func.id in ("map", "filter")


def instrument(tree, entry):
    """Puts the probe around the entry's region, and a counter into its loop if one is asked for."""
    spec = entry.probe
    found = _find_region(tree, tuple(spec["start"]), tuple(spec["end"]), entry.text)
    if found is None:
        events.emit("no-region", path=entry.path)
        return tree
    block, first, last, above = found
    statements = block[first:last]
    if _mode == "verify" and spec.get("loop"):
        if not _count_iterations(statements, tuple(spec["loop"][0]), tuple(spec["loop"][1])):
            events.emit("no-counter", path=entry.path)
    where = statements[0]
    order = spec.get("order")
    if order:
        changed, why = _reorder(statements, tuple(spec["loop"][0]), tuple(spec["loop"][1]), order["how"], len(_regions))
        statements = changed or statements
        if why:
            events.emit("no-order", why=why)
    names = {
        "path": entry.path,
        "names": tuple(spec.get("names") or ()),
        "dead": tuple(spec.get("dead") or ()),
        "enter": tuple(spec.get("enter") or ()),
        "leave": tuple(spec.get("leave") or ()),
        "caught": _is_caught(above),
        "order": order,
    }
    key = len(_regions)
    _regions.append(names)
    transform = _Returns()
    body = [transform.visit(statement) for statement in statements]
    context = _call("__fanout_enter__", [ast.Constant(value=key)], where)
    block[first:last] = [ast.copy_location(ast.With(items=[ast.withitem(context_expr=context)], body=body), where)]
    # Generated nodes span what they wrap, so that tracebacks and profiles keep their lines.
    block[first].end_lineno, block[first].end_col_offset = _end(statements[-1])
    return tree
