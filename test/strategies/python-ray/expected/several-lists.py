"""Splits numbers into parts."""
import math
from collections import deque
from functools import partial
from itertools import islice

import ray


def _split_value(base, value):
    whole = math.floor(value / base)
    rest = value - whole * base
    return whole, rest


@ray.remote
def _run_batch(function, items):
    return [function(item) for item in items]


def _map_in_batches(function, items):
    """Yields the function's result for each item, in order. Each core has two batches at a time."""
    items = list(items)
    cores = int(ray.cluster_resources().get('CPU', 0)) or 1
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
            raise RuntimeError(f'a worker died while it computed the items from number {first} on') from error
        running.extend(islice(tasks, 1))
        yield from results
        first += size


def split(values, base):
    wholes = []
    parts = []
    items = list(values)
    with ray.init(logging_level='error'):
        results = _map_in_batches(partial(_split_value, base), items)
        for value, (whole, rest) in zip(items, results):
            wholes.append(whole)
            parts.append((value, rest))
    return wholes, parts


def main():
    print(split([1.5, 2.25, 17.0, 9.125], 2))
    print(split([], 2))


if __name__ == '__main__':
    main()
