from collections import deque
from itertools import islice

import ray


def digest(word):
    total = 7
    for letter in word:
        total = (total * 31 + ord(letter)) % 1009
    return total


def _digests_word(word):
    return digest(word), word.upper()


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


def digests(words: list):
    unique = {digest(word) for word in words}
    by_word = {word: digest(word) for word in words}
    with ray.init(logging_level="error"):
        by_digest = dict(_map_in_batches(_digests_word, words))
    return sorted(unique), by_word, by_digest


if __name__ == "__main__":
    print(digests(["one", "two", "three", "one"]))
