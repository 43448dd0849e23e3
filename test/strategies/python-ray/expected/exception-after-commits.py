from collections import deque
from itertools import islice

import ray


def invert(value):
    return 1 / value


def _fill_value(value):
    try:
        return invert(value), None
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


def fill(out, values):
    items = list(values)
    with ray.init(logging_level="error"):
        for result, error in _map_in_batches(_fill_value, items):
            if error is not None:
                raise error
            out.append(result)


if __name__ == "__main__":
    out = []
    try:
        fill(out, [4, 2, 0, 1, 0.0, 8])
    except ZeroDivisionError as error:
        print(type(error).__name__, error)
    print(out)
