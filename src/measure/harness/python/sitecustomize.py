"""Found first on PYTHONPATH by every Python process of a measured run.

It installs the overlay, then steps aside: its folder leaves ``sys.path`` and the user's own
``sitecustomize``, if there is one, runs as if this file had never been there.
"""
import importlib.machinery
import importlib.util
import os
import sys


def _same(left, right):
    return os.path.normcase(os.path.abspath(left)) == os.path.normcase(os.path.abspath(right))


def _start(here):
    if "FANOUT_RUN" not in os.environ:
        return
    # Loaded by path, so that nothing of the harness can be shadowed by a file in the program's folder.
    modules = {}
    for name in ("_fanout_events", "_fanout_guard", "_fanout_probe", "_fanout_overlay"):
        spec = importlib.util.spec_from_file_location(name, os.path.join(here, name + ".py"))
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        modules[name] = module
    modules["_fanout_overlay"].install(here)


def _chain(here):
    sys.path[:] = [entry for entry in sys.path if not entry or not _same(entry, here)]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", sys.path)
    if spec is None or spec.loader is None:
        # What `site` takes as: there is none.
        raise ImportError("No module named 'sitecustomize'", name="sitecustomize")
    module = importlib.util.module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


_here = os.path.dirname(os.path.abspath(__file__))
try:
    _start(_here)
except Exception:
    import traceback

    sys.stderr.write("fanout: the overlay could not be set up\n" + traceback.format_exc())
    sys.stderr.flush()
    os._exit(97)
_chain(_here)
