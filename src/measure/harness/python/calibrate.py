"""Measures what pools cost on this machine: start-up, dispatch, serialization, usable cores. Prints JSON."""
import json
import multiprocessing
import pickle
import sys
import time


def nothing(value):
    return value


def spin(seconds):
    """Work done in a stretch of wall time, in turns of a fixed loop."""
    end = time.perf_counter() + seconds
    turns = 0
    while time.perf_counter() < end:
        for _ in range(2000):
            pass
        turns += 1
    return turns


def pool_start(method, workers):
    context = multiprocessing.get_context(method)
    times = []
    for _ in range(3):
        started = time.perf_counter()
        with context.Pool(workers) as pool:
            pool.map(nothing, range(workers), 1)
            times.append(time.perf_counter() - started)
    return sorted(times)[1] * 1000


def usable(method, cores):
    """Throughput of all cores over that of one, while a pool keeps them busy."""
    if cores == 1:
        return 1.0
    with multiprocessing.get_context(method).Pool(cores) as pool:
        pool.map(nothing, range(cores), 1)
        alone, together = [], []
        for _ in range(4):
            alone.append(pool.apply(spin, (0.15,)))
            together.append(sum(pool.map(spin, [0.15] * cores, 1)))
    # The best of each: what others take of the machine comes and goes.
    return max(1.0, min(float(cores), max(together) / max(1, max(alone))))


def dispatch(method):
    with multiprocessing.get_context(method).Pool(1) as pool:
        pool.apply(nothing, (0,))
        started = time.perf_counter()
        for i in range(300):
            pool.apply(nothing, (i,))
        return (time.perf_counter() - started) / 300 * 1e6


def speed(value):
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        pickle.loads(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
        best = min(best, time.perf_counter() - started)
    return len(data) / best


def main(cores, only_usable):
    if only_usable:
        print(json.dumps({"usableCores": usable(multiprocessing.get_context().get_start_method(), cores)}))
        return
    workers = max(2, min(cores, 4))
    methods = multiprocessing.get_all_start_methods()
    starts = {method: pool_start(method, workers) for method in methods}
    default = multiprocessing.get_context().get_start_method()
    shapes = {
        "bytes": b"x" * 2_000_000,
        "str": ["word %d" % i for i in range(50_000)],
        "floats": [i * 0.5 for i in range(100_000)],
        "ints": list(range(1000, 101_000)),
        "dicts": [{"id": i, "name": "n%d" % i} for i in range(20_000)],
    }
    print(
        json.dumps(
            {
                "usableCores": usable(default, cores),
                "poolStartMs": starts[default],
                "poolWorkers": workers,
                "poolStartByMethod": starts,
                "dispatchUs": dispatch(default),
                "bytesPerSecond": {name: speed(value) for name, value in shapes.items()},
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), "usable" in sys.argv)
