from functools import partial

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


def overlap(rows, scale):
    total = 0.0
    items = list(rows)
    with ray.init():
        for terms in _map_in_batches(partial(_overlap_row, scale), items):
            for term in terms:
                total += term
    return total


if __name__ == "__main__":
    print(overlap([[0.1, 0.2, 0.3], [], [1e16, 1.0, -1e16]], 0.7).hex())
