"""Escape counts of the Mandelbrot set, row by row."""


def escape_count(x, y, limit):
    real = imaginary = 0.0
    for count in range(limit):
        real, imaginary = real * real - imaginary * imaginary + x, 2.0 * real * imaginary + y
        if real * real + imaginary * imaginary > 4.0:
            return count
    return limit


def draw(size, limit):
    rows = []
    for j in range(size):
        row = []
        for i in range(size):
            row.append(escape_count(3.0 * i / size - 2.0, 2.0 * j / size - 1.0, limit))
        rows.append(row)
    return rows


def main():
    rows = draw(48, 60)
    print(sum(map(sum, rows)))


if __name__ == "__main__":
    main()
