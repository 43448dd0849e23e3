"""Forces between bodies in a plane, by their positions and masses."""
import math


def forces(xs: list[float], ys: list[float], masses: list[float], soft: float) -> list[tuple[float, float]]:
    total = []
    for i in range(len(xs)):
        fx = 0.0
        fy = 0.0
        for j in range(len(xs)):
            if i == j:
                continue
            dx = xs[j] - xs[i]
            dy = ys[j] - ys[i]
            distance = math.sqrt(dx * dx + dy * dy + soft)
            pull = masses[i] * masses[j] / distance**3
            fx += pull * dx
            fy += pull * dy
        total.append((fx, fy))
    return total


def result(size: int) -> object:
    xs = [math.sin(i * 1.3) * (i + 1) for i in range(size)]
    ys = [math.cos(i * 0.7) * (i + 2) for i in range(size)]
    masses = [1.0 + i % 5 for i in range(size)]
    return forces(xs, ys, masses, 1e-3)


if __name__ == "__main__":
    print(result(40))
