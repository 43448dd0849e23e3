from collections import deque
from functools import partial
from itertools import islice

import ray


def _overlap_row(scale, row):
    terms = []
    for value in row:
        terms.append(value * scale)
    return terms


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


def overlap(rows, scale):
    total = 0.0
    items = list(rows)
    with ray.init(logging_level="error"):
        for terms in _map_in_batches(partial(_overlap_row, scale), items):
            for term in terms:
                total += term
    return total


if __name__ == "__main__":
    print(overlap([[0.1, 0.2, 0.3], [], [1e16, 1.0, -1e16]], 0.7).hex())
