import ray


def invert(value):
    return 1 / value


def _fill_value(value):
    try:
        return invert(value), None
    except Exception as error:
        return None, error


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


def fill(out, values):
    items = list(values)
    with ray.init():
        for result, error in _map_in_batches(_fill_value, items):
            if error is not None:
                raise error
            out.append(result)


if __name__ == "__main__":
    out = []
    try:
        fill(out, [4, 2, 0, 1, 0.0, 8])
    except ZeroDivisionError as error:
        print(type(error).__name__, error)
    print(out)
