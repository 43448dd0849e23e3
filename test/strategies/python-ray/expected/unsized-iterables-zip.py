from collections import deque
from itertools import islice

import ray


def sums(values):
    out = []
    for a, b in sorted(values):
        out.append(a + b)
    return out


def lengths(texts):
    out = []
    for text in reversed(texts):
        out.append(len(text) * 2)
    return out


def _zipped_item(item):
    a, b = item
    return a * b + a


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


def zipped(first: list, second: list):
    out = []
    with ray.init(logging_level="error"):
        for value in _map_in_batches(_zipped_item, zip(first, second)):
            out.append(value)
    return out


def entries(table: dict):
    out = []
    for name, value in table.items():
        out.append(f"{name}={value * 2}")
    return out


if __name__ == "__main__":
    print(sums([(3, 4), (1, 2)]))
    print(lengths(["a", "bcd"]))
    print(zipped([1, 2, 3], [4, 5]))
    print(entries({"a": 1, "b": 2}))
