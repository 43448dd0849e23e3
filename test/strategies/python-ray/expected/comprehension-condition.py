from itertools import chain as _chain

import ray


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def _long_chains_item(n):
    if n % 3 != 0:
        return [(n, collatz(n))]
    return []


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


def long_chains(limit, least):
    with ray.init():
        results = _chain.from_iterable(
            _map_in_batches(_long_chains_item, range(1, limit))
        )
        chains = list(results)
    return [chain for chain in chains if chain[1] > least]


if __name__ == "__main__":
    print(long_chains(30, 15))
