import math
from functools import partial
from itertools import chain

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
    """Yields the function's result for each item, in order. The cluster gets four batches of items for each core."""
    items = list(items)
    size = max(1, len(items) // (4 * (int(ray.cluster_resources().get("CPU", 0)) or 1)))
    shared = ray.put(function)
    batches = [_run_batch.remote(shared, items[i : i + size]) for i in range(0, len(items), size)]
    for number, batch in enumerate(batches):
        try:
            results = ray.get(batch)
        except ray.exceptions.RayTaskError as error:
            raise error.cause
        except ray.exceptions.WorkerCrashedError as error:
            raise RuntimeError(f"a worker died while it computed the items from number {number * size} on") from error
        yield from results


def total_of_pairs(n):
    with ray.init():
        results = chain.from_iterable(
            _map_in_batches(partial(_total_of_pairs_item, n), range(n))
        )
        return sum(results)


if __name__ == "__main__":
    print(area(100).hex(), total_of_pairs(20).hex())
