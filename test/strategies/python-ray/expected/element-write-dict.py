from functools import partial

import ray


def fill(size, scale):
    out = [0.0] * size
    for i in range(size):
        out[i] = (i * scale) ** 0.5
    return out


def _transform_value(factor, value):
    return value * factor


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


def transform(values, factor):
    result = {}
    items = list(values)
    with ray.init():
        results = _map_in_batches(partial(_transform_value, factor), items)
        for i, term in enumerate(results):
            result[i] = term
    return result


if __name__ == "__main__":
    print(fill(9, 2.0))
    print(transform([3, 4, 5], 1.5))
