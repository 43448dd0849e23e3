from joblib import Parallel, delayed


def _sample_point(a, b, i):
    """One iteration of the loop in `sample`, run by a worker process."""
    try:
        x = i / 10
        return a * x * x + b, None
    except Exception as error:
        return None, error


class Curve:
    """A parabola."""

    def __init__(self, a, b, steps):
        self.a = a
        self.b = b
        self.steps = steps
        self.points = []

    def sample(self):
        """Fills the points."""
        results = Parallel(n_jobs=-1, return_as="generator")(
            delayed(_sample_point)(self.a, self.b, i) for i in range(self.steps)
        )
        for point, error in results:
            if error is not None:
                raise error
            self.points.append(point)
        return len(self.points)


if __name__ == "__main__":
    curve = Curve(2.0, 1.0, 6)
    points = curve.points
    print(curve.sample(), curve.points, points is curve.points)
