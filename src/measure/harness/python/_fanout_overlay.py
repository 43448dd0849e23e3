"""Makes candidate texts stand in for files, in this process and in all Python processes that it starts.

Every way in which CPython reads a source goes through one of the doors below:

* imports, ``python -m`` and packages: ``SourceFileLoader`` reads by ``_io.open_code`` and calls ``compile``;
* ``runpy.run_path`` (spawned and forkserver workers that import ``__main__`` again): ``io.open_code`` and ``compile``;
* pytest's assertion rewriting: ``ast.parse``, which is ``compile``;
* ``python app.py``: C code that opens the file itself. It first asks the path hooks whether the script is a
  package (a zip file, a folder); a hook answers for this one path and hands over a loader.
"""
import builtins
import importlib.abc
import importlib.machinery
import importlib.util
import io
import os
import sys
import _io
import tokenize

import _fanout_events as events
import _fanout_guard as guard
import _fanout_probe as probe

_files = {}
_names = set()
_loaded = set()
_compile = builtins.compile
_open_code = _io.open_code
#: Bits by which `compile` takes over the future statements of its caller.
_FUTURES = 0x1FE0000 | 0x20 | 0x2000
_ONLY_AST = 0x400


class _Entry:
    def __init__(self, record):
        self.path = record["path"]
        self.new = record["new"]
        self.probe = record.get("probe")
        with open(record["text"], "rb") as file:
            data = file.read()
        # The text arrives as UTF-8; a file that declares another encoding must be read in that one.
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0] if not self.new else "utf-8"
        self.text = data.decode("utf-8-sig")
        self.data = data if encoding in ("utf-8", "utf-8-sig") else self.text.encode(encoding, "xmlcharrefreplace")


def lookup(filename):
    """The overlay's entry for a path, or None. Cheap for all other paths."""
    if type(filename) is bytes:
        filename = os.fsdecode(filename)
    elif type(filename) is not str:
        try:
            filename = os.fspath(filename)
        except TypeError:
            return None
    if os.path.normcase(os.path.basename(filename)) not in _names:
        # A symbolic link may have another name.
        if not (os.path.islink(filename) if filename.endswith(".py") else False):
            return None
    return _files.get(os.path.normcase(os.path.realpath(filename)))


def _note(entry):
    if entry.path not in _loaded:
        _loaded.add(entry.path)
        events.emit("loaded", path=entry.path)


def _is_whole_file(source, entry):
    """Whether a text given to `compile` under the file's name is that file, and not a snippet."""
    if isinstance(source, str):
        data = source.encode("utf-8", "surrogatepass")
    elif isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(source)
    else:
        return False
    if data in (entry.data, entry.text.encode("utf-8")):
        return True
    try:
        with open(entry.path, "rb") as file:
            disk = file.read()
    except OSError:
        return False

    def plain(text):
        return text.replace(b"\r\n", b"\n").strip()

    return plain(data) == plain(disk) or plain(data) == plain(entry.data)


class _Compile:
    """`compile` with candidate texts. An object, not a function: it must not turn into a method as a class attribute."""

    __name__ = "compile"
    __doc__ = _compile.__doc__

    def __call__(self, source, filename, mode, flags=0, dont_inherit=False, optimize=-1, **more):
        if not dont_inherit:
            flags |= sys._getframe(1).f_code.co_flags & _FUTURES
        entry = lookup(filename) if mode == "exec" else None
        if entry is None or not _is_whole_file(source, entry):
            return _compile(source, filename, mode, flags, True, optimize, **more)
        _note(entry)
        if entry.probe is None:
            return _compile(entry.data, filename, mode, flags, True, optimize, **more)
        tree = _compile(entry.data, filename, mode, flags | _ONLY_AST, True, optimize)
        tree = probe.instrument(tree, entry)
        if flags & _ONLY_AST:
            return tree
        return _compile(tree, filename, mode, flags, True, optimize, **more)

    def __reduce__(self):
        return "compile"


def _overlaid_open_code(path):
    entry = lookup(path)
    return _open_code(path) if entry is None else io.BytesIO(entry.data)


def _patch_path_stats():
    # Without a modification time the loader neither reads nor writes a cached .pyc of a candidate's text.
    original = importlib.machinery.SourceFileLoader.path_stats

    def path_stats(self, path):
        if lookup(path) is not None:
            raise OSError("a candidate's text has no file")
        return original(self, path)

    importlib.machinery.SourceFileLoader.path_stats = path_stats


class _NewModules(importlib.abc.MetaPathFinder):
    """Finds modules whose file is only in the overlay."""

    def __init__(self, paths):
        self._paths = paths

    def find_spec(self, fullname, path=None, target=None):
        name = fullname.rpartition(".")[2] + ".py"
        for folder in sys.path if path is None else path:
            file = os.path.join(folder or os.getcwd(), name)
            if os.path.normcase(os.path.realpath(file)) in self._paths:
                return importlib.util.spec_from_file_location(fullname, file)
        return None


class _BuiltModules(importlib.abc.MetaPathFinder):
    """Finds the modules that were built for a candidate, before an older build beside the user's files is."""

    def __init__(self, modules, target):
        self._modules = modules
        self._target = target

    def find_spec(self, fullname, path=None, target=None):
        parts = fullname.split(".")
        if fullname not in self._modules and parts[-1] not in self._modules:
            return None
        # In a package the build may have made the package's folders or not.
        folders = [os.path.join(self._target, *parts[depth:-1]) for depth in range(len(parts))]
        return importlib.machinery.PathFinder.find_spec(fullname, [folder for folder in folders if os.path.isdir(folder)])


class _ScriptFinder:
    """Stands where the importer of a zip file would, for the program's script; see the module's docstring."""

    def __init__(self, path):
        self.path = path

    def find_spec(self, fullname, target=None):
        if fullname != "__main__":
            return None
        return importlib.machinery.ModuleSpec("__main__", self, origin=self.path)

    def get_code(self, _fullname):
        """Code that, run in `__main__`, gives it a script's attributes and runs the script in it."""
        _script_path_hooks_off(self)
        code = builtins.compile(lookup(self.path).data, self.path, "exec", dont_inherit=True)
        _hand_over(self.path, code)
        return _compile("__fanout_script__(globals())", __file__, "exec")


def _script_path_hooks_off(finder):
    sys.path_hooks[:] = [hook for hook in sys.path_hooks if getattr(hook, "fanout", None) is None]
    sys.path_importer_cache.pop(finder.path, None)
    if sys.path and sys.path[0] == finder.path:
        if getattr(sys.flags, "safe_path", False):
            del sys.path[0]
        else:
            sys.path[0] = os.path.dirname(os.path.realpath(finder.path))


def _hand_over(path, code):
    def run(scope):
        del builtins.__fanout_script__
        # What a script sees of itself when CPython runs it from a file.
        scope["__spec__"] = None
        scope["__package__"] = None
        scope["__cached__"] = None
        scope["__file__"] = path
        scope["__loader__"] = importlib.machinery.SourceFileLoader("__main__", path)
        if sys.version_info >= (3, 15):
            scope.pop("__cached__", None)
        exec(code, scope)

    builtins.__fanout_script__ = run
    _hide_frames()


def _hide_frames():
    """The traceback of a script that fails starts in the script, as it does without Fanout."""
    here = os.path.dirname(__file__)

    def excepthook(kind, value, trace):
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if not (name.startswith(here) or name == "<frozen runpy>" or name.endswith(os.sep + "runpy.py")):
                break
            trace = trace.tb_next
        if value is not None:
            value.__traceback__ = trace
        sys.__excepthook__(kind, value, trace)

    sys.excepthook = excepthook


def _offer_script():
    script = sys.argv[0] if getattr(sys, "argv", None) else ""
    if script in ("", "-c", "-m") or lookup(script) is None:
        return
    wanted = os.path.normcase(os.path.realpath(script))

    def hook(path):
        if os.path.normcase(os.path.realpath(path)) == wanted:
            return _ScriptFinder(path)
        raise ImportError("not the script")

    hook.fanout = True
    sys.path_hooks.insert(0, hook)


class _AfterImport(importlib.abc.MetaPathFinder):
    """Calls a function with a module right after it was imported for the first time."""

    def __init__(self, callbacks):
        self._callbacks = callbacks

    def find_spec(self, fullname, path=None, target=None):
        callback = self._callbacks.pop(fullname, None)
        if callback is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            callback(module)

        spec.loader.exec_module = exec_module
        return spec


def _start_method(method):
    """Sets multiprocessing's default, as another platform or version has it; a program that chooses keeps its choice."""

    def callback(module):
        module._default_context._default_context = module._concrete_contexts[method]

    return callback


def _limit_workers(count):
    """What a pool takes as its size by default."""
    os.cpu_count = lambda: count
    if hasattr(os, "process_cpu_count"):
        os.process_cpu_count = lambda: count
    if hasattr(os, "sched_getaffinity"):
        original = os.sched_getaffinity
        os.sched_getaffinity = lambda pid: set(sorted(original(pid))[:count]) if pid == 0 else original(pid)


def install(here):
    events.load()
    manifest = events.manifest
    for record in manifest["files"]:
        entry = _Entry(record)
        _files[os.path.normcase(os.path.realpath(entry.path))] = entry
        _names.add(os.path.normcase(os.path.basename(entry.path)))
    guard.protect(manifest["protect"])
    guard.install()
    if _files:
        builtins.compile = _Compile()
        _io.open_code = io.open_code = _overlaid_open_code
        _patch_path_stats()
        fresh = {path for path, entry in _files.items() if entry.new}
        if fresh:
            sys.meta_path.insert(0, _NewModules(fresh))
        _offer_script()
    built = manifest.get("built")
    if built:
        sys.meta_path.insert(0, _BuiltModules(frozenset(built["modules"]), built["target"]))
    callbacks = probe.announce_workers() if manifest["mode"] == "time" else {}
    if manifest.get("startMethod"):
        callbacks["multiprocessing.context"] = _start_method(manifest["startMethod"])
    if callbacks:
        sys.meta_path.insert(0, _AfterImport(callbacks))
    if manifest.get("workers"):
        _limit_workers(manifest["workers"])
    probe.install(here)
    if manifest["mode"] == "profile":
        probe.load_beside(here, "_fanout_sampler").install()
    events.emit("process", how="start", inside=events.inside_worker(), argv=list(getattr(sys, "argv", [])))
