"""Samples the stacks of this process from a thread of its own: what takes over where py-spy cannot be used.

It runs when the interpreter hands over the GIL, which it does at loop back-edges and calls: a line that never does
either gets none of its samples, its loop does.
"""
import atexit
import os
import sys
import threading
import time

import _fanout_events as events

INTERVAL = 0.005
#: Threads that wait are not running: their innermost frame is in one of these.
_WAITING = ("threading.py", "selectors.py", "queue.py", os.path.join("concurrent", "futures", "thread.py"), os.path.join("multiprocessing", "connection.py"), "popen_fork.py")

_stacks = {}
_lock = threading.Lock()
_stop = False


def _sample(own):
    for thread, frame in sys._current_frames().items():
        if thread == own or frame.f_code.co_filename.endswith(_WAITING):
            continue
        stack = []
        while frame is not None:
            stack.append((frame.f_code.co_filename, frame.f_lineno or 0, frame.f_code.co_name))
            frame = frame.f_back
        key = tuple(reversed(stack))
        with _lock:
            _stacks[key] = _stacks.get(key, 0) + 1


def _flush():
    with _lock:
        stacks = list(_stacks.items())
        _stacks.clear()
    if stacks:
        events.emit("samples", interval=INTERVAL, stacks=stacks)


def _run():
    own = threading.get_ident()
    flushed = time.perf_counter()
    while not _stop:
        time.sleep(INTERVAL)
        try:
            _sample(own)
        except RuntimeError:
            continue
        # A worker may end without a chance to write what it has.
        if time.perf_counter() - flushed > 0.5:
            _flush()
            flushed = time.perf_counter()


def _end():
    global _stop
    _stop = True
    _flush()


def start():
    global _lock
    _lock = threading.Lock()
    _stacks.clear()
    threading.Thread(target=_run, name="fanout-sampler", daemon=True).start()


def install():
    start()
    atexit.register(_end)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=start)
