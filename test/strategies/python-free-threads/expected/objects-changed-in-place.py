import os
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from functools import partial


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
    p = copy(p)
    p.step(dt)
    return p.x, p.v


def advance(particles: list[Particle], dt):
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = pool.map(partial(_advance_item, dt), particles)
        for p, (x, v) in zip(particles, results):
            p.x = x
            p.v = v


if __name__ == "__main__":
    particles = [Particle(float(i), i * 2.0) for i in range(6)]
    first = particles[0]
    advance(particles, 1.5)
    print([(p.x, p.v, p.name) for p in particles], first is particles[0])
