import math
from collections import deque
from functools import partial
from itertools import chain, islice

import ray


def wave(i, n):
    return math.sin(i / n) * 1e-3


def area(n):
    return sum(wave(i, n) for i in range(n))


def _total_of_pairs_item(n, i):
    return [wave(i, n) * j for j in range(i)]


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


def total_of_pairs(n):
    with ray.init(logging_level="error"):
        results = chain.from_iterable(
            _map_in_batches(partial(_total_of_pairs_item, n), range(n))
        )
        return sum(results)


if __name__ == "__main__":
    print(area(100).hex(), total_of_pairs(20).hex())
