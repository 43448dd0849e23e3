from collections import deque
from functools import partial
from itertools import islice

import ray


def _sample_point(a, b, i):
    """One iteration of the loop in `sample`, run by a worker process."""
    try:
        x = i / 10
        return a * x * x + b, None
    except Exception as error:
        return None, error


@ray.remote
def _run_batch(function, items):
    return [function(item) for item in items]


def _map_in_batches(function, items):
    """Yields the function's result for each item, in order. Each core has two batches at a time."""
    items = list(items)
    cores = int(ray.cluster_resources().get("CPU", 0)) or 1
    size = max(1, min(32, len(items) // (4 * cores)))
    shared = ray.put(function)
    tasks = (_run_batch.remote(shared, items[i : i + size]) for i in range(0, len(items), size))
    running = deque(islice(tasks, 2 * cores))
    first = 0
    while running:
        try:
            results = ray.get(running.popleft())
        except ray.exceptions.RayTaskError as error:
            raise error.cause
        except (ray.exceptions.WorkerCrashedError, ray.exceptions.NodeDiedError) as error:
            raise RuntimeError(f"a worker died while it computed the items from number {first} on") from error
        running.extend(islice(tasks, 1))
        yield from results
        first += size


class Curve:
    """A parabola."""

    def __init__(self, a, b, steps):
        self.a = a
        self.b = b
        self.steps = steps
        self.points = []

    def sample(self):
        """Fills the points."""
        with ray.init(logging_level="error"):
            results = _map_in_batches(
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
