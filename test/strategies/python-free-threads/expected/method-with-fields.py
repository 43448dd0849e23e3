import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def _sample_point(a, b, i):
    """One iteration of the loop in `sample`, run by a worker thread."""
    x = i / 10
    return a * x * x + b


class Curve:
    """A parabola."""

    def __init__(self, a, b, steps):
        self.a = a
        self.b = b
        self.steps = steps
        self.points = []

    def sample(self):
        """Fills the points."""
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            results = pool.map(
                partial(_sample_point, self.a, self.b),
                range(self.steps),
            )
            for point in results:
                self.points.append(point)
        return len(self.points)


if __name__ == "__main__":
    curve = Curve(2.0, 1.0, 6)
    points = curve.points
    print(curve.sample(), curve.points, points is curve.points)
