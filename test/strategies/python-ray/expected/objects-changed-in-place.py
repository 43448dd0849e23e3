from collections import deque
from functools import partial
from itertools import islice

import ray


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


def advance(particles: list[Particle], dt):
    with ray.init(logging_level="error"):
        results = _map_in_batches(partial(_advance_item, dt), particles)
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
