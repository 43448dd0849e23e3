import os
from collections import deque
from functools import partial
from itertools import islice

from dask.distributed import Client


def _sample_point(a, b, i):
    """One iteration of the loop in `sample`, run by a worker process."""
    try:
        x = i / 10
        return a * x * x + b, None
    except Exception as error:
        return None, error


def _dask_client():
    """Joins the cluster that DASK_SCHEDULER_ADDRESS names, or starts one on this machine."""
    if os.environ.get("DASK_SCHEDULER_ADDRESS"):
        return Client()
    return Client(threads_per_worker=1, dashboard_address=None)


def _run_batch(function, items):
    return [function(item) for item in items]


def _map_in_batches(client, function, items):
    """Yields the function's result for each item, in order. Each core has two batches at a time."""
    items = list(items)
    cores = sum(client.ncores().values()) or 1
    size = max(1, min(32, len(items) // (4 * cores)))
    shared = client.submit(partial, function, pure=False)
    tasks = (client.submit(_run_batch, shared, items[i : i + size], pure=False) for i in range(0, len(items), size))
    running = deque(islice(tasks, 2 * cores))
    while running:
        results = running.popleft().result()
        running.extend(islice(tasks, 1))
        yield from results


class Curve:
    """A parabola."""

    def __init__(self, a, b, steps):
        self.a = a
        self.b = b
        self.steps = steps
        self.points = []

    def sample(self):
        """Fills the points."""
        with _dask_client() as client:
            results = _map_in_batches(
                client,
                partial(_sample_point, self.a, self.b),
                range(self.steps),
            )
            for point, error in results:
                if error is not None:
                    raise error
                self.points.append(point)
        return len(self.points)


if __name__ == "__main__":
    curve = Curve(2.0, 1.0, 6)
    points = curve.points
    print(curve.sample(), curve.points, points is curve.points)
