from collections import deque
from itertools import islice

import ray


def weight(word):
    return sum(ord(letter) for letter in word)


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


def weights(words: list):
    with ray.init(logging_level="error"):
        return list(_map_in_batches(weight, words))


if __name__ == "__main__":
    print(weights(["a", "bc", "def"]))
