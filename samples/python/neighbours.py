"""Finds the nearest known place of every query point and prints how far away they are.

    python neighbours.py [QUERIES]

A grid of buckets keeps the search short; points in empty surroundings look further out, ring by ring.
"""
import math
import random
import sys


class Grid:
    """Points in the unit square, sorted into square buckets."""

    def __init__(self, points, cells):
        self.points = points
        self.cells = cells
        self.buckets = [[] for _ in range(cells * cells)]
        for index, (x, y) in enumerate(points):
            self.buckets[self.bucket_of(x, y)].append(index)

    def bucket_of(self, x, y):
        """Number of the bucket that holds a place."""
        column = min(int(x * self.cells), self.cells - 1)
        row = min(int(y * self.cells), self.cells - 1)
        return row * self.cells + column

    def ring(self, column, row, radius):
        """The buckets whose larger distance from the middle one is the radius."""
        found = []
        for r in range(max(row - radius, 0), min(row + radius, self.cells - 1) + 1):
            for c in range(max(column - radius, 0), min(column + radius, self.cells - 1) + 1):
                if max(abs(r - row), abs(c - column)) == radius:
                    found.append(r * self.cells + c)
        return found

    def nearest(self, x, y):
        """Index of the nearest point and its distance; of equals the one with the lowest index in its bucket."""
        column = min(int(x * self.cells), self.cells - 1)
        row = min(int(y * self.cells), self.cells - 1)
        best = -1
        best_distance = math.inf
        radius = 0
        while radius < self.cells:
            for bucket in self.ring(column, row, radius):
                for index in self.buckets[bucket]:
                    px, py = self.points[index]
                    distance = math.hypot(px - x, py - y)
                    if distance < best_distance:
                        best = index
                        best_distance = distance
            if best >= 0 and best_distance <= radius / self.cells:
                break
            radius += 1
        return best, best_distance

    def nearest_of_all(self, queries):
        """The nearest point of every query, in order."""
        return [self.nearest(x, y) for x, y in queries]


def make_points(count, seed):
    """Points in the unit square from one generator, denser towards the corner at 0, 0."""
    rng = random.Random(seed)
    return [(rng.random() ** 1.5, rng.random() ** 1.5) for _ in range(count)]


def spread_of_distances(found, bins):
    """How many queries fall into each class of distance."""
    counts = [0] * bins
    for _, distance in found:
        counts[min(int(distance * 400), bins - 1)] += 1
    return counts


def most_wanted(found, size):
    """The point that is nearest to the most queries, and how often it is."""
    hits = [0] * size
    for index, _ in found:
        hits[index] += 1
    best = 0
    for index in range(size):
        if hits[index] > hits[best]:
            best = index
    return best, hits[best]


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 34_000
    points = make_points(20_000, seed=3)
    queries = make_points(count, seed=4)

    grid = Grid(points, cells=48)
    found = grid.nearest_of_all(queries)

    total = sum(distance for _, distance in found)
    print(f"{count} queries, mean distance {total / count:.12f}")
    print("spread:", spread_of_distances(found, 8))
    index, times = most_wanted(found, len(points))
    print(f"point {index} is the nearest of {times} queries")


if __name__ == "__main__":
    main()
