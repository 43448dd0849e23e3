"""Escape times of the Mandelbrot set, totalled by row."""


def escape(cr: float, ci: float, limit: int) -> int:
    zr = zi = 0.0
    n = 0
    while n < limit and zr * zr + zi * zi <= 4.0:
        zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
        n += 1
    return n


def mandelbrot(width: int, height: int, limit: int) -> list[int]:
    rows = []
    for y in range(height):
        ci = 2.0 * y / height - 1.0
        total = 0
        for x in range(width):
            total += escape(3.0 * x / width - 2.0, ci, limit)
        rows.append(total)
    return rows


def result(size: int) -> object:
    return mandelbrot(size, size, 200)


if __name__ == "__main__":
    print(result(60))
