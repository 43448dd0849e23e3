"""The matrix of distances between points of any dimension."""
import math


def distance(p: list[float], q: list[float]) -> float:
    total = 0.0
    for a, b in zip(p, q):
        total += (a - b) ** 2
    return math.sqrt(total)


def distances(points: list[list[float]]) -> list[list[float]]:
    matrix = []
    for p in points:
        matrix.append([distance(p, q) for q in points])
    return matrix


def result(size: int) -> object:
    return distances([[math.sin(i + k), i / 3.0, (i * k) % 5 * 1.0] for i in range(size) for k in range(1)])


if __name__ == "__main__":
    print(result(20))
