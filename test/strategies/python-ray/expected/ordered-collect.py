from functools import partial

import ray


def area(width, height):
    return width * height


def _table_item(width, y):
    # The area is worked out row by row.
    value = area(width, y)
    return value


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


def table(width, rows):
    areas = []
    with ray.init():
        for value in _map_in_batches(partial(_table_item, width), range(rows)):
            areas.append(value)  # in order
    return areas


if __name__ == "__main__":
    print(table(3, 10))
    print(table(3, 1), table(3, 0))
