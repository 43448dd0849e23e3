from functools import partial

import ray


def lookup(table, index):
    return table[index % len(table)] * 2


def _gather_index(table, index):
    return lookup(table, index)


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


def gather(table, indices):
    out = []
    items = list(indices)
    with ray.init():
        for value in _map_in_batches(partial(_gather_index, table), items):
            out.append(value)
    return out


if __name__ == "__main__":
    print(gather([1, 2, 3], [5, 6, 7, 8]))
