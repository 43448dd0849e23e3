"""What a process of a measured run tells Fanout: lines of JSON in a file of its own, never on the program's output."""
import json
import os
import threading
import time

#: The run's manifest, as src/measure/overlay.ts writes it.
manifest = {}

_lock = threading.Lock()
_file = None
_owner = None
_inside_at_start = os.environ.get("FANOUT_INSIDE") == "1"


def load():
    with open(os.environ["FANOUT_RUN"], encoding="utf-8") as file:
        manifest.update(json.load(file))


def inside_worker():
    """Whether this process was started by a loop that is being measured."""
    return _inside_at_start


def mark_inside_worker():
    global _inside_at_start
    _inside_at_start = True


def emit(event, **fields):
    """Appends one event; safe after fork (each process has its own file) and from several threads."""
    global _file, _owner
    record = {"event": event, "pid": os.getpid(), "at": time.time()}
    record.update(fields)
    line = json.dumps(record, ensure_ascii=True) + "\n"
    with _lock:
        if _owner != os.getpid():
            name = "%d-%d.jsonl" % (time.time_ns(), os.getpid())
            # Unbuffered and binary: a worker that ends by os._exit loses nothing.
            _file = open(os.path.join(manifest["events"], name), "ab", buffering=0)
            _owner = os.getpid()
        _file.write(line.encode("ascii"))


def after_fork():
    """A lock that another thread held at the fork would never be released here."""
    global _lock
    _lock = threading.Lock()
