"""Keeps a measured program from writing its own sources, and counts what it starts in parallel."""
import errno
import os
import sys

import _fanout_events as events

_protected = set()
_written = set()
#: Set by the probe while the loop runs.
active = False
threads = 0
#: Called with what an iteration that runs alone would do outside the program, in the process that runs it; see `_fanout_orders`.
alone = None


def _real(path):
    try:
        path = os.fspath(path)
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str):
            return None
        return os.path.normcase(os.path.realpath(path))
    except (TypeError, ValueError, OSError):
        return None


def protect(paths):
    for path in paths:
        _protected.add(_real(path))


def _is_source(path):
    real = _real(path)
    if real is None:
        return False
    if real in _protected:
        return True
    if not real.endswith((".py", ".pyw")):
        return False
    return any(_real(getattr(module, "__file__", None) or "") == real for module in list(sys.modules.values()))


def _refuse(path):
    if _is_source(path):
        events.emit("source-write", path=_real(path))
        raise PermissionError(errno.EACCES, "Fanout does not let a measured program change its own source", os.fspath(path))


def _on_open(args):
    path, mode, flags = args
    if isinstance(path, int):
        return
    if isinstance(mode, str):
        writes = any(letter in mode for letter in "wax+")
    else:
        writes = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_TRUNC | os.O_APPEND))
    if writes:
        if alone is not None:
            alone("it writes a file")
        _refuse(path)
        _note_written(path)


def _note_written(path):
    """Says once which file this process writes: what others write meanwhile is not the program's doing."""
    real = _real(path)
    # The harness's own file: to note it would need the file that is just being opened.
    if real is None or real in _written or len(_written) > 2000 or os.path.dirname(real) == _real(events.manifest["events"]):
        return
    _written.add(real)
    events.emit("wrote", path=real)


def _on_rename(args):
    for path in args[:2]:
        _refuse(path)
        _note_written(path)


def _on_path(args):
    if not isinstance(args[0], int):
        _refuse(args[0])
        _note_written(args[0])


def _on_thread(_args):
    global threads
    if active:
        threads += 1
        if threads == 1:
            events.emit("worker", how="python-thread", inside=True)


_handlers = {
    "open": _on_open,
    "os.rename": _on_rename,
    "os.remove": _on_path,
    "os.truncate": _on_path,
    "_thread.start_new_thread": _on_thread,
    # What `threading` starts its threads by from Python 3.13 on.
    "_thread.start_joinable_thread": _on_thread,
}


#: What an iteration does outside the program by these, in words.
_OUTSIDE = {
    "os.rename": "it renames a file",
    "os.remove": "it removes a file",
    "os.truncate": "it writes a file",
    "os.mkdir": "it makes a folder",
    "os.rmdir": "it removes a folder",
    "os.system": "it starts a program",
    "os.exec": "it starts a program",
    "os.posix_spawn": "it starts a program",
    "subprocess.Popen": "it starts a program",
    "socket.connect": "it uses the network",
    "socket.sendto": "it uses the network",
    "sqlite3.connect": "it uses a database",
}


def install():
    handlers = _handlers

    def hook(event, args):
        if alone is not None and event in _OUTSIDE:
            alone(_OUTSIDE[event])
        handler = handlers.get(event)
        if handler is not None:
            handler(args)

    sys.addaudithook(hook)
