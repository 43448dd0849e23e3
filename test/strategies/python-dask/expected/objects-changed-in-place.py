import os
from collections import deque
from functools import partial
from itertools import islice

from dask.distributed import Client


class Particle:
    def __init__(self, x, v):
        self.x = x
        self.v = v
        self.name = str(x)

    def step(self, dt):
        self.x += self.v * dt
        if self.x > 10:
            self.v = -self.v


def _advance_item(dt, p):
    try:
        p.step(dt)
        return (p.x, p.v), None
    except Exception as error:
        return None, error


def _dask_client():
    """Joins the cluster that DASK_SCHEDULER_ADDRESS names, or starts one on this machine."""
    if os.environ.get("DASK_SCHEDULER_ADDRESS"):
        return Client()
    return Client(threads_per_worker=1, dashboard_address=None)


def _run_batch(function, items):
    return [function(item) for item in items]


def _map_in_batches(client, function, items):
    """Yields the function's result for each item, in order. Each core has two batches at a time."""
    items = list(items)
    cores = sum(client.ncores().values()) or 1
    size = max(1, min(32, len(items) // (4 * cores)))
    shared = client.submit(partial, function, pure=False)
    tasks = (client.submit(_run_batch, shared, items[i : i + size], pure=False) for i in range(0, len(items), size))
    running = deque(islice(tasks, 2 * cores))
    while running:
        results = running.popleft().result()
        running.extend(islice(tasks, 1))
        yield from results


def advance(particles: list[Particle], dt):
    with _dask_client() as client:
        results = _map_in_batches(client, partial(_advance_item, dt), particles)
        for p, (result, error) in zip(particles, results):
            if error is not None:
                raise error
            x, v = result
            p.x = x
            p.v = v


if __name__ == "__main__":
    particles = [Particle(float(i), i * 2.0) for i in range(6)]
    first = particles[0]
    advance(particles, 1.5)
    print([(p.x, p.v, p.name) for p in particles], first is particles[0])
