"""The integral of a function by Simpson's rule, panel by panel."""
import math


def f(x: float) -> float:
    return math.exp(-x * x) * math.cos(3.0 * x) + math.log(1.0 + x)


def integrate(low: float, high: float, panels: int, steps: int) -> float:
    width = (high - low) / panels
    total = 0.0
    for panel in range(panels):
        start = low + panel * width
        h = width / steps
        area = f(start) + f(start + width)
        for k in range(1, steps):
            area += (4.0 if k % 2 == 1 else 2.0) * f(start + k * h)
        total += area * h / 3.0
    return total


def result(size: int) -> object:
    return integrate(0.0, 4.0, size, 20)


if __name__ == "__main__":
    print(result(20))
