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


def digests(words: list):
    unique = {digest(word) for word in words}
    by_word = {word: digest(word) for word in words}
    with ray.init():
        by_digest = dict(_map_in_batches(_digests_word, words))
    return sorted(unique), by_word, by_digest


if __name__ == "__main__":
    print(digests(["one", "two", "three", "one"]))
