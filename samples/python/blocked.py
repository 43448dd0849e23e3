"""A rod that cools down, a walk, a search and a log: loops that must stay as they are.

    python blocked.py [STEPS]

Each of them looks like work that could be shared out, and none can: what stops it is said above it.
"""
import random
import sys
import tempfile
import zlib
from importlib import import_module
from pathlib import Path


def cool(rod, steps, flow):
    """Heat flows to the neighbours, step by step. Every step starts from the one before."""
    for _ in range(steps):
        for i in range(1, len(rod) - 1):
            # Uses the neighbour that this very pass has just changed.
            rod[i] += flow * (rod[i - 1] - 2 * rod[i] + rod[i + 1])
    return rod


def walk(steps, seed):
    """Where a random walk ends. All draws come from one stream: another order would be another walk."""
    rng = random.Random(seed)
    x = y = 0
    for _ in range(steps):
        dx, dy = rng.choice(((1, 0), (-1, 0), (0, 1), (0, -1)))
        x += dx
        y += dy
    return x, y


def scatter(count, seed):
    """Points from one shared stream: in another order other points would come out."""
    rng = random.Random(seed)
    points = []
    for _ in range(count):
        points.append((rng.random(), rng.random()))
    return points


def first_collision(names, buckets):
    """The first two names that fall into the same bucket. It stops as soon as it knows."""
    seen = {}
    for name in names:
        bucket = zlib.crc32(name.encode()) % buckets
        if bucket in seen:
            return seen[bucket], name
        seen[bucket] = name
    return None


def report(rod, every):
    """Prints every n-th value: the lines have an order."""
    for i in range(0, len(rod), every):
        print(f"  {i:4} {rod[i]:.6f}")


def write_log(path, rod):
    """One line for each point; the file grows in the order of the loop."""
    with open(path, "w", encoding="utf-8") as log:
        for i, heat in enumerate(rod):
            log.write(f"{i}\t{heat:.9f}\n")


def count_runs(rod, level):
    """How many separate stretches are hotter than the level. Each point is compared with the one before."""
    runs = 0
    above = False
    for heat in rod:
        if heat > level and not above:
            runs += 1
        above = heat > level
    return runs


def transform(values, name):
    """Runs a function that is only known by its name: nobody can tell here what it does."""
    module, function = name.rsplit(".", 1)
    apply = getattr(import_module(module), function)
    results = []
    for value in values:
        results.append(apply(value))
    return results


def main():
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    rod = cool([0.0] * 100 + [1.0] * 100 + [0.0] * 100, steps, 0.2)
    report(rod, 50)
    print("stretches above 0.2:", count_runs(rod, 0.2))
    print("walk ends at", walk(steps * 5, seed=5))
    print("floors of the points", transform([sum(point) for point in scatter(4, seed=6)], "math.floor"))
    print("collision", first_collision([f"name-{n}" for n in range(100_000)], 1 << 18))

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "rod.log"
        write_log(log, rod)
        print(f"log {zlib.crc32(log.read_bytes()):08x}")


if __name__ == "__main__":
    main()
