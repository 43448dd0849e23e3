from collections import deque
from itertools import islice

import ray


def last(values):
    squares = []
    for value in values:
        square = value * value
        squares.append(square)
    return squares, value, square


def _last_or_unbound_value(value):
    return value * value


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


def last_or_unbound(values):
    squares = []
    items = list(values)
    with ray.init(logging_level="error"):
        for value, result in zip(items, _map_in_batches(_last_or_unbound_value, items)):
            squares.append(result)
    try:
        return squares, value
    except NameError as error:
        return squares, type(error).__name__


if __name__ == "__main__":
    print(last([1, 2, 3]))
    print(last_or_unbound([4, 5]))
    print(last_or_unbound([]))
